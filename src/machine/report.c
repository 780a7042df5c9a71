/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar run --report: how a machine ended, in sections. Of a death by signal it reads what the
 * kernel kept (kernel->death): the registers, and the address space with its mappings. Nothing here
 * changes what the guest could see.
 */
#include "machine/report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "abi/mman.h"
#include "host/disassemble.h"
#include "machine/symbols.h"
#include "mem/uaccess.h"
#include "procfs/procfs.h"
#include "syscall_table/table.h"

#define LINES_BEFORE 6
#define LINES_AFTER 4
#define CODE_BEFORE 4096 /* bytes before rip that are decoded at most */
#define STACK_WORDS 16
#define MAPPINGS_MAX 500

struct out {
    void (*write)(void *opaque, const char *text, size_t length);
    void *opaque;
};

static PRINTF_LIKE(2, 3) void put(const struct out *out, const char *format, ...)
{
    char text[640];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length > 0)
        out->write(out->opaque, text, MIN((size_t)length, sizeof text - 1));
}

static const char *signal_name(int signal)
{
    switch (signal) {
#define X(name, number, text)                                                                      \
    case number:                                                                                   \
        return #name " (" text ")";
        LX_SIGNAL_LIST(X)
#undef X
    default:
        return "a real-time signal";
    }
}

static const char *code_name(int signal, int code)
{
#define X(name, value)                                                                             \
    if (code == (value))                                                                           \
        return #name;
    LX_SI_CODE_LIST(X)
#undef X
#define X(of, name, value)                                                                         \
    if (signal == LX_##of && code == (value))                                                      \
        return #name;
    LX_SIGNAL_CODE_LIST(X)
#undef X
    return "unknown";
}

static bool has_address(int signal, int code)
{
    return code > 0 && code != LX_SI_KERNEL &&
           (signal == LX_SIGSEGV || signal == LX_SIGBUS || signal == LX_SIGILL ||
            signal == LX_SIGFPE || signal == LX_SIGTRAP);
}

/* " <name+0x12>", or nothing. */
static void put_symbol(const struct out *out, struct mm *mm, gva_t addr)
{
    struct symbol symbol;
    if (symbol_find(mm, addr, &symbol))
        put(out, " <%s+%#" PRIx64 ">", symbol.name, addr - symbol.start);
}

static void put_death(const struct out *out, const struct kernel_death *death)
{
    put(out, "process %d was killed by %s, code %d (%s)", death->pid, signal_name(death->signal),
        death->code, code_name(death->signal, death->code));
    if (has_address(death->signal, death->code))
        put(out, ", address %#" PRIx64, death->addr);
    put(out, "\nat rip %#" PRIx64, death->state.rip);
    put_symbol(out, death->mm, death->state.rip);
    put(out, "\n");
}

static void put_registers(const struct out *out, const struct cpu_state *state)
{
    static const char *const names[CPU_GPR_COUNT] = {"rax", "rcx", "rdx", "rbx", "rsp", "rbp",
                                                     "rsi", "rdi", "r8",  "r9",  "r10", "r11",
                                                     "r12", "r13", "r14", "r15"};
    put(out, "\nregisters\n");
    for (unsigned i = 0; i < CPU_GPR_COUNT; i++)
        put(out, "  %-3s %016" PRIx64 "%s", names[i], state->gpr[i], i % 4 == 3 ? "\n" : "");
    put(out, "  rip %016" PRIx64 "  flags %08" PRIx64 "  fs %016" PRIx64 "  gs %016" PRIx64 "\n",
        state->rip, state->rflags, state->fs_base, state->gs_base);
}

/*
 * Instructions have no beginnings to be found backwards. Decode forwards from `start` and see
 * whether an instruction begins at `rip`; `lines` becomes the last starts before it, oldest first.
 */
static unsigned decode_up_to(const struct disassembler *disassembler, const uint8_t *bytes,
                             gva_t start, gva_t rip, gva_t lines[LINES_BEFORE])
{
    unsigned count = 0;
    gva_t at = start;
    while (at < rip) {
        size_t size =
            disassembler_decode(disassembler, bytes + (at - start), rip - at, at, NULL, 0);
        if (size == 0)
            break;
        if (count == LINES_BEFORE)
            memmove(lines, lines + 1, --count * sizeof *lines);
        lines[count++] = at;
        at += size;
    }
    return at == rip ? count : 0;
}

/* The starts of the instructions before rip: from the function's start when it is known and near,
 * else the longest guess. */
static unsigned find_lines(const struct disassembler *disassembler, struct mm *mm, gva_t rip,
                           gva_t lines[LINES_BEFORE])
{
    uint8_t bytes[CODE_BEFORE];
    struct symbol symbol;
    if (symbol_find(mm, rip, &symbol) && rip - symbol.start <= sizeof bytes &&
        user_read_some(mm, bytes, symbol.start, rip - symbol.start) == rip - symbol.start) {
        unsigned count = decode_up_to(disassembler, bytes, symbol.start, rip, lines);
        if (count > 0 || rip == symbol.start)
            return count;
    }
    for (gva_t back = MIN(rip, 64); back > 0; back--) {
        if (user_read_some(mm, bytes, rip - back, back) != back)
            continue;
        unsigned count = decode_up_to(disassembler, bytes, rip - back, rip, lines);
        if (count > 0)
            return count;
    }
    return 0;
}

static size_t put_instruction(const struct out *out, const struct disassembler *disassembler,
                              struct mm *mm, gva_t addr, bool here)
{
    uint8_t bytes[16];
    char text[200];
    size_t length = user_read_some(mm, bytes, addr, sizeof bytes);
    size_t size =
        length ? disassembler_decode(disassembler, bytes, length, addr, text, sizeof text) : 0;
    if (size > 0)
        put(out, "  %c %12" PRIx64 "  %s\n", here ? '>' : ' ', addr, text);
    else if (here)
        put(out, "  > %12" PRIx64 "  (%s)\n", addr,
            length ? "no instruction" : "there is no memory");
    return size;
}

static void put_instructions(const struct out *out, const struct kernel_death *death)
{
    struct symbol symbol;
    gva_t rip = death->state.rip;
    gva_t lines[LINES_BEFORE];
    bool named = symbol_find(death->mm, rip, &symbol);
    put(out, "\ninstructions%s%s\n", named ? " of " : "", named ? symbol.name : "");

    struct disassembler *disassembler;
    if (disassembler_open(&disassembler) < 0) {
        put(out, "  (no disassembler: install capstone, on Debian the package libcapstone4)\n");
        return;
    }
    unsigned count = find_lines(disassembler, death->mm, rip, lines);
    for (unsigned i = 0; i < count; i++)
        put_instruction(out, disassembler, death->mm, lines[i], false);
    size_t size = put_instruction(out, disassembler, death->mm, rip, true);
    for (unsigned i = 0; i < LINES_AFTER && size > 0; i++) {
        rip += size;
        size = put_instruction(out, disassembler, death->mm, rip, false);
    }
    disassembler_close(disassembler);
}

/* The words at rsp; what points to code has its symbol beside it, and may be a caller. */
static void put_stack(const struct out *out, const struct kernel_death *death)
{
    uint64_t words[STACK_WORDS];
    gva_t rsp = death->state.gpr[CPU_RSP];
    size_t count = user_read_some(death->mm, words, rsp, sizeof words) / sizeof words[0];
    put(out, "\nstack%s\n", count ? "" : ": there is no memory at rsp");
    for (size_t i = 0; i < count; i++) {
        put(out, "  rsp+%02zx  %016" PRIx64, i * sizeof words[0], words[i]);
        struct vma *vma = mm_find(death->mm, words[i]);
        if (vma && vma->start <= words[i] && (vma->prot & LX_PROT_EXEC))
            put_symbol(out, death->mm, words[i]);
        put(out, "\n");
    }
}

static void put_mappings(const struct out *out, struct mm *mm)
{
    put(out, "\nmappings\n");
    unsigned count = 0;
    for (struct vma *vma = mm_first(mm); vma && count < MAPPINGS_MAX; vma = mm_next(vma), count++) {
        struct strbuf line;
        strbuf_init(&line, mm->arena, 2 * PAGE_SIZE);
        proc_format_vma(vma, "", &line);
        put(out, "  %s", strbuf_string(&line));
        strbuf_fini(&line);
    }
    if (count == MAPPINGS_MAX)
        put(out, "  ... of %u in all\n", mm->vma_count);
}

static void put_refused(const struct out *out, const struct kernel *kernel)
{
    bool any = kernel->enosys_other > 0;
    for (unsigned i = 0; i < SYSCALL_NUMBERS; i++)
        any |= kernel->enosys[i] > 0;
    put(out, "\nsystem calls that lstar does not have (answered with ENOSYS)%s\n",
        any ? "" : ": none");
    for (unsigned i = 0; i < SYSCALL_NUMBERS; i++) {
        const struct syscall_row *row = syscall_find(i);
        if (kernel->enosys[i] > 0)
            put(out, "  %s: %" PRIu32 "\n", row ? row->name : "?", kernel->enosys[i]);
    }
    if (kernel->enosys_other > 0)
        put(out, "  unknown numbers: %" PRIu64 "\n", kernel->enosys_other);
}

static void put_end(const struct out *out, const struct kernel *kernel)
{
    int status = kernel->stop_status;
    if (kernel->stop == KERNEL_RUNNING)
        put(out, "the program is running\n");
    else if (kernel->stop == KERNEL_NO_MEMORY)
        put(out, "the run was ended: no memory is left of %" PRIu64 " MiB\n",
            ram_size(kernel->ram) >> 20);
    else if (kernel->stop != KERNEL_EXITED)
        put(out, "the run was ended: %s\n", kernel->stop_reason);
    else if ((status & 0x7f) == 0)
        put(out, "the program exited with %d\n", (status >> 8) & 0xff);
    else if (!kernel->death)
        put(out, "the program was killed by %s\n", signal_name(status & 0x7f));
}

void machine_report(struct machine *machine,
                    void (*write)(void *opaque, const char *text, size_t length), void *opaque)
{
    const struct kernel *kernel = machine_kernel(machine);
    const struct out out = {write, opaque};
    /* Reading the guest's memory may fault pages in: the figures come from before. */
    uint64_t peak = ram_peak(kernel->ram) * PAGE_SIZE;
    uint64_t arena = arena_peak(kernel->arena);

    put(&out, "---- lstar report ----\n");
    put_end(&out, kernel);
    if (kernel->death) {
        put_death(&out, kernel->death);
        put_registers(&out, &kernel->death->state);
        put_instructions(&out, kernel->death);
        put_stack(&out, kernel->death);
        put_mappings(&out, kernel->death->mm);
    }
    put_refused(&out, kernel);
    put(&out,
        "\n%" PRIu64 " instructions, %" PRIu64 " system calls, peak memory %" PRIu64
        " KiB, of the simulated kernel %" PRIu64 " KiB\n",
        kernel->clock.insns, kernel->syscalls, peak >> 10, arena >> 10);
}
