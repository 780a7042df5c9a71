/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in the registers at a program's first instruction? Zeros, and a stack pointer. */
#include "guest_test.h"

#include <elf.h>
#include <stddef.h>
#include <sys/stat.h>

/* A program of one page: exits with the number of the first check that fails, 0 when none does. */
__asm__(".pushsection .rodata\n"
        "code:\n"
        "    mov %rax, %r15\n" /* rax is shown by or-ing: all must be 0 but rsp */
        "    or %rbx, %r15\n    or %rcx, %r15\n    or %rdx, %r15\n    or %rsi, %r15\n"
        "    or %rdi, %r15\n    or %rbp, %r15\n    or %r8, %r15\n     or %r9, %r15\n"
        "    or %r10, %r15\n    or %r11, %r15\n    or %r12, %r15\n    or %r13, %r15\n"
        "    or %r14, %r15\n"
        "    mov $1, %edi\n    test %r15, %r15\n    jnz 9f\n"
        "    mov $2, %edi\n    test $15, %spl\n    jnz 9f\n"
        "    mov $3, %edi\n    cmpq $1, (%rsp)\n    jne 9f\n" /* argc */
        "    cld\n"
        "    mov $4, %edi\n    stmxcsr -16(%rsp)\n    cmpl $0x1f80, -16(%rsp)\n    jne 9f\n"
        "    mov $5, %edi\n    fnstcw -16(%rsp)\n    cmpw $0x37f, -16(%rsp)\n    jne 9f\n"
        "    mov $6, %edi\n    fnstsw -16(%rsp)\n    cmpw $0, -16(%rsp)\n    jne 9f\n"
        "    fnstenv -64(%rsp)\n" /* tags: all empty */
        "    mov $7, %edi\n    cmpw $-1, -56(%rsp)\n    jne 9f\n"
        "    por %xmm1, %xmm0\n    por %xmm2, %xmm0\n    por %xmm3, %xmm0\n    por %xmm4, %xmm0\n"
        "    por %xmm5, %xmm0\n    por %xmm6, %xmm0\n    por %xmm7, %xmm0\n    por %xmm8, %xmm0\n"
        "    por %xmm9, %xmm0\n    por %xmm10, %xmm0\n   por %xmm11, %xmm0\n   por %xmm12, %xmm0\n"
        "    por %xmm13, %xmm0\n   por %xmm14, %xmm0\n   por %xmm15, %xmm0\n"
        "    movdqu %xmm0, -32(%rsp)\n    mov -32(%rsp), %rax\n    or -24(%rsp), %rax\n"
        "    mov $8, %edi\n    test %rax, %rax\n    jnz 9f\n"
        "    mov %ds, %eax\n    mov %es, %ebx\n    or %ebx, %eax\n"
        "    mov %fs, %ebx\n    or %ebx, %eax\n    mov %gs, %ebx\n    or %ebx, %eax\n"
        "    mov $9, %edi\n    test %eax, %eax\n    jnz 9f\n"
        "    mov $10, %edi\n    mov %cs, %eax\n    cmp $0x33, %eax\n    jne 9f\n"
        "    mov $11, %edi\n    mov %ss, %eax\n    cmp $0x2b, %eax\n    jne 9f\n"
        /* arch_prctl(ARCH_GET_FS, ARCH_GET_GS): 0 */
        "    movq $1, -16(%rsp)\n    lea -16(%rsp), %rsi\n    mov $0x1003, %edi\n"
        "    mov $158, %eax\n"
        "    syscall\n    mov $12, %edi\n    cmpq $0, -16(%rsp)\n    jne 9f\n"
        "    movq $1, -16(%rsp)\n    lea -16(%rsp), %rsi\n    mov $0x1004, %edi\n"
        "    mov $158, %eax\n"
        "    syscall\n    mov $13, %edi\n    cmpq $0, -16(%rsp)\n    jne 9f\n"
        "    xor %edi, %edi\n"
        "9:  mov $60, %eax\n    syscall\n"
        "code_end:\n"
        ".popsection\n");

extern const char code[], code_end[];

int main(void)
{
    static struct {
        Elf64_Ehdr header;
        Elf64_Phdr segment;
        char code[1024];
    } file = {
        .header = {.e_ident = ELFMAG "\2\1\1",
                   .e_type = ET_EXEC,
                   .e_machine = EM_X86_64,
                   .e_version = 1,
                   .e_phoff = sizeof(Elf64_Ehdr),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1},
        .segment = {.p_type = PT_LOAD,
                    .p_flags = PF_R | PF_X,
                    .p_vaddr = 0x10000000,
                    .p_filesz = sizeof file,
                    .p_memsz = sizeof file,
                    .p_align = 4096},
    };
    file.header.e_entry = 0x10000000 + offsetof(__typeof__(file), code);
    EXPECT((size_t)(code_end - code) <= sizeof file.code);
    memcpy(file.code, code, (size_t)(code_end - code));
    char name[] = "/tmp/registersXXXXXX";
    int fd = CHECK(mkstemp(name));
    EXPECT_EQ(sizeof file, write(fd, &file, sizeof file));
    CHECK(fchmod(fd, 0700));
    CHECK(close(fd));
    fd = CHECK(open(name, O_RDONLY | O_CLOEXEC));
    CHECK(unlink(name));
    /* Leave something in every register that could be handed on. */
    double number = 3.25;
    __asm__ volatile("fldl %0; movsd %0, %%xmm9; std; cld" ::"m"(number) : "xmm9");
    char *argv[] = {"x", NULL}, *envp[] = {NULL};
    CHECK(fexecve(fd, argv, envp));
    return 99;
}
