/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do siginfo and sigcontext say of each kind of fault? */
#include "fault_test.h"

static char *page;   /* readable only */
static char *hole;   /* not mapped */
static char *beyond; /* of a file, behind its end */
static char *none;   /* PROT_NONE */

static void read_hole(void)
{
    (void)*(volatile char *)(hole + 5);
}
static void write_hole(void)
{
    *(volatile char *)(hole + 6) = 1;
}
static void jump_hole(void)
{
    ((void (*)(void))(uintptr_t)(hole + 7))();
}
static void write_readonly(void)
{
    *(volatile char *)(page + 9) = 1;
}
static void jump_data(void)
{
    ((void (*)(void))(uintptr_t)(page + 16))();
}
static void read_none(void)
{
    (void)*(volatile char *)(none + 1);
}
static void write_none(void)
{
    *(volatile char *)(none + 2) = 1;
}
static void read_beyond(void)
{
    (void)*(volatile char *)(beyond + 11);
}
static void write_beyond(void)
{
    *(volatile char *)(beyond + 12) = 1;
}
static void read_wild(void)
{
    (void)*(volatile char *)0x8000000000000000;
}
static void write_wild(void)
{
    *(volatile char *)0x1234567800000000 = 1;
}
static void read_kernel(void)
{
    (void)*(volatile char *)0xffffffff80000000;
}
static void write_kernel(void)
{
    *(volatile char *)0xffff800000000010 = 1;
}
static void jump_wild(void)
{
    ((void (*)(void))0x8000000000000000)();
}
static void jump_last(void)
{
    ((void (*)(void))0x7ffffffff010)();
}
static void null_page(void)
{
    (void)*(volatile char *)8;
}
static void crossing(void)
{
    (void)*(volatile uint64_t *)(hole - 4);
}
static void divide(void)
{
    asm volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" ::
                     : "rax", "rcx", "rdx");
}
static void overflow(void)
{
    asm volatile("mov $0x80000000, %%eax; cdq; mov $-1, %%ecx; idiv %%ecx" ::: "rax", "rcx", "rdx");
}
static void ud2(void)
{
    asm volatile("ud2");
}
static void bad_opcode(void)
{
    asm volatile(".byte 0x06");
}
static void int3(void)
{
    asm volatile("int3");
}
static void int3_long(void)
{
    asm volatile(".byte 0xcd, 3");
}
static void int4(void)
{
    asm volatile(".byte 0xcd, 4");
}
static void int1(void)
{
    asm volatile(".byte 0xf1");
}
static void int1_long(void)
{
    asm volatile(".byte 0xcd, 1");
}
static void int5(void)
{
    asm volatile("int $5");
}
static void int255(void)
{
    asm volatile("int $255");
}
static void hlt(void)
{
    asm volatile("hlt");
}
static void cli(void)
{
    asm volatile("cli");
}
static void in(void)
{
    asm volatile("in $0x10, %%al" ::: "rax");
}
static void rdmsr(void)
{
    asm volatile("xor %%ecx, %%ecx; rdmsr" ::: "rax", "rcx", "rdx");
}
static void cr3(void)
{
    asm volatile("mov %%cr3, %%rax" ::: "rax");
}
static void movaps(void)
{
    asm volatile("movaps (%0), %%xmm0" ::"r"(page + 1) : "xmm0");
}
static void trace(void)
{
    asm volatile("pushf; orl $0x100, (%%rsp); popf; nop; nop" ::: "memory", "cc");
}
static void load_segment(void)
{
    asm volatile("mov $0x123, %%eax; mov %%eax, %%ds" ::: "rax");
}

/* What may be compared: ADDR an address, RIP that of the instruction (si_addr), ANY is not
 * compared. */
enum { NULL_ADDR, AT, RIP };

static const struct {
    const char *name;
    void (*run)(void);
    int signo, code;
    unsigned trapno, err;
    int what;
    char **base;
    long offset; /* from *base, or the address itself */
} cases[] = {
    {"read of a hole", read_hole, SIGSEGV, SEGV_MAPERR, 14, 4, AT, &hole, 5},
    {"write to a hole", write_hole, SIGSEGV, SEGV_MAPERR, 14, 6, AT, &hole, 6},
    {"jump to a hole", jump_hole, SIGSEGV, SEGV_MAPERR, 14, 0x14, AT, &hole, 7},
    {"write to a read-only page", write_readonly, SIGSEGV, SEGV_ACCERR, 14, 7, AT, &page, 9},
    {"jump to data", jump_data, SIGSEGV, SEGV_ACCERR, 14, 0x15, AT, &page, 16},
    {"read of PROT_NONE", read_none, SIGSEGV, SEGV_ACCERR, 14, 4, AT, &none, 1},
    {"write to PROT_NONE", write_none, SIGSEGV, SEGV_ACCERR, 14, 6, AT, &none, 2},
    {"read behind a file's end", read_beyond, SIGBUS, BUS_ADRERR, 14, 4, AT, &beyond, 11},
    {"write behind a file's end", write_beyond, SIGBUS, BUS_ADRERR, 14, 6, AT, &beyond, 12},
    {"null page", null_page, SIGSEGV, SEGV_MAPERR, 14, 4, AT, NULL, 8},
    {"read across into a hole", crossing, SIGSEGV, SEGV_MAPERR, 14, 4, AT, &hole, 0},
    {"read of a non-canonical address", read_wild, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"write to a non-canonical address", write_wild, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"jump to a non-canonical address", jump_wild, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"read of the kernel's half", read_kernel, SIGSEGV, SEGV_MAPERR, 14, 5, AT, NULL,
     (long)0xffffffff80000000},
    {"jump to the last user page", jump_last, SIGSEGV, SEGV_MAPERR, 14, 0x15, AT, NULL,
     0x7ffffffff010},
    {"write to the kernel's half", write_kernel, SIGSEGV, SEGV_MAPERR, 14, 7, AT, NULL,
     (long)0xffff800000000010},
    {"division by zero", divide, SIGFPE, FPE_INTDIV, 0, 0, RIP, NULL, 0},
    {"division that overflows", overflow, SIGFPE, FPE_INTDIV, 0, 0, RIP, NULL, 0},
    {"ud2", ud2, SIGILL, ILL_ILLOPN, 6, 0, RIP, NULL, 0},
    {"an opcode that long mode lost", bad_opcode, SIGILL, ILL_ILLOPN, 6, 0, RIP, NULL, 0},
    {"int3", int3, SIGTRAP, SI_KERNEL, 3, 0, NULL_ADDR, NULL, 0},
    {"int $3, two bytes", int3_long, SIGTRAP, SI_KERNEL, 3, 0, NULL_ADDR, NULL, 0},
    {"int $4", int4, SIGSEGV, SI_KERNEL, 4, 0, NULL_ADDR, NULL, 0},
    {"int1", int1, SIGTRAP, TRAP_BRKPT, 1, 0, RIP, NULL, 0},
    {"int $1, two bytes", int1_long, SIGSEGV, SI_KERNEL, 13, 8 + 2, NULL_ADDR, NULL, 0},
    {"int $5", int5, SIGSEGV, SI_KERNEL, 13, 5 * 8 + 2, NULL_ADDR, NULL, 0},
    {"int $255", int255, SIGSEGV, SI_KERNEL, 13, 255 * 8 + 2, NULL_ADDR, NULL, 0},
    {"hlt", hlt, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"cli", cli, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"in", in, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"rdmsr", rdmsr, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"mov from cr3", cr3, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"movaps of an odd address", movaps, SIGSEGV, SI_KERNEL, 13, 0, NULL_ADDR, NULL, 0},
    {"single step", trace, SIGTRAP, TRAP_TRACE, 1, 0, RIP, NULL, 0},
    {"a selector that is not there", load_segment, SIGSEGV, SI_KERNEL, 13, 0x120, NULL_ADDR, NULL,
     0},
};

static int check(unsigned i)
{
    int bad = 0;
#define SAME(want, got)                                                                            \
    do {                                                                                           \
        unsigned long long want_ = (unsigned long long)(want), got_ = (unsigned long long)(got);   \
        if (want_ != got_) {                                                                       \
            fprintf(stderr, "%s: %s is %#llx, not %#llx\n", cases[i].name, #got, got_, want_);     \
            bad = 1;                                                                               \
        }                                                                                          \
    } while (0)
    if (!fault_of(cases[i].run)) {
        fprintf(stderr, "%s: no fault\n", cases[i].name);
        return 1;
    }
    uint64_t addr =
        (uint64_t)cases[i].offset + (cases[i].base ? (uint64_t)(uintptr_t)*cases[i].base : 0);
    if (cases[i].what == RIP)
        addr = REG(&fault_uc, RIP);
    if (cases[i].what == NULL_ADDR)
        addr = 0;
    SAME(cases[i].signo, fault_info.si_signo);
    SAME(cases[i].code, fault_info.si_code);
    SAME(0, fault_info.si_errno);
    SAME(addr, (uintptr_t)fault_info.si_addr);
    SAME(cases[i].trapno, REG(&fault_uc, TRAPNO));
    SAME(cases[i].err, REG(&fault_uc, ERR));
    if (cases[i].trapno == 14)
        SAME(addr, REG(&fault_uc, CR2));
    return bad;
}

int main(void)
{
    page = CHECK(mmap(NULL, 3 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    (void)*(volatile char *)page;
    hole = page + 4096;
    CHECK(munmap(hole, 4096));
    none = page + 2 * 4096;
    CHECK(mprotect(none, 4096, PROT_NONE));
    int fd = CHECK(memfd_create("x", 0));
    CHECK(ftruncate(fd, 10));
    beyond = (char *)CHECK(mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)) + 4096;
    fault_setup();
    int bad = 0;
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
        bad |= check(i);
    return bad;
}
