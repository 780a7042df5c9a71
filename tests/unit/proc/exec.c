/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * execve without memory: whichever allocation fails, of the arena or of RAM, the old program is
 * told or the new one is killed; and what fails for other reasons leaves nothing behind. In whole
 * machines, with programs of a few instructions.
 */
#include "machine/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/elf.h"
#include "abi/errno.h"
#include "abi/signal.h"

#define BASE 0x10000
#define DONE 42

/*
 * "start": execve(argv[1], argv + 1, envp); when that fails, exit with its errno. "done": exit with
 * 42. "rounds": try each argument as a program, as often as argv[0] has characters; exit with 42.
 */
__asm__(".pushsection .rodata\n"
        "start: mov 16(%rsp), %rdi\n    lea 16(%rsp), %rsi\n    xor %edx, %edx\n"
        "    mov $59, %eax\n    syscall\n"
        "    neg %eax\n    mov %eax, %edi\n    mov $60, %eax\n    syscall\n"
        "done: mov $42, %edi\n    mov $60, %eax\n    syscall\n"
        "rounds: mov 8(%rsp), %rbx\n"
        "1:  cmpb $0, (%rbx)\n    je done\n    inc %rbx\n    lea 16(%rsp), %r12\n"
        "2:  mov (%r12), %rdi\n    test %rdi, %rdi\n    jz 1b\n    lea 8(%rsp), %rsi\n"
        "    lea 8(%rsp), %rdx\n    mov $59, %eax\n    syscall\n    add $8, %r12\n    jmp 2b\n"
        "end:\n"
        ".popsection\n");
extern const char start[], done[], rounds[], end[];

struct program {
    struct lx_elf_header header;
    struct lx_elf_segment segments[2];
    char interpreter[64];
    char code[1024 - 64 - 2 * 56 - 64];
};

static char folder[] = "/tmp/lstar-unit-exec-XXXXXX";

static void put(const char *name, const void *bytes, size_t size)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    assert_int_equal(fchmod(fd, 0755), 0);
    close(fd);
}

static void put_program(const char *name, const char *code, const char *interpreter)
{
    struct program program = {
        .header = {.ident = LX_ELF_MAGIC,
                   .type = LX_ET_EXEC,
                   .machine = LX_EM_X86_64,
                   .phoff = 64,
                   .phentsize = 56,
                   .phnum = 2,
                   .entry = BASE + offsetof(struct program, code) + (uint64_t)(code - start)},
        .segments[0] = {.type = LX_PT_LOAD,
                        .flags = LX_PF_R | LX_PF_W | LX_PF_X,
                        .vaddr = BASE,
                        .filesz = sizeof program,
                        .memsz = sizeof program + 3 * PAGE_SIZE},
    };
    if (interpreter) {
        program.header.type = LX_ET_DYN;
        program.segments[1] =
            (struct lx_elf_segment){.type = LX_PT_INTERP,
                                    .offset = offsetof(struct program, interpreter),
                                    .filesz = strlen(interpreter) + 1};
        strcpy(program.interpreter, interpreter);
    }
    memcpy(program.code, start, (size_t)(end - start));
    put(name, &program, sizeof program);
}

static int setup(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    put_program("start", start, NULL);
    put_program("ld", done, NULL);
    put_program("rounds", rounds, NULL);
    put_program("dynamic", start, "/ld");
    put_program("no-ld", start, "/nowhere/ld");
    put_program("bad-ld", start, "/text");
    put("script", "#!/dynamic argument\n", 20);
    put("loop", "#!/loop\n", 8);
    put("no-script", "#!/nowhere/sh\n", 14);
    put("text", "text text text text text text text text text text text text text\n", 66);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static struct machine *boot(const char *program, const char *const *argv)
{
    struct machine_config config = {
        .ram_bytes = 16u << 20,
        .arena_bytes = 16u << 20,
        .insn_limit = 1000000,
        .deterministic = true,
        .root = folder,
        .stdio = {-1, -1, -1},
        .program_guest = program,
        .argv = argv,
    };
    struct machine *machine = NULL;
    char reason[200];
    assert_int_equal(machine_create(&config, &machine, reason), 0);
    return machine;
}

/* Let the n-th allocation from now on fail. */
typedef void fail_at_fn(struct kernel *kernel, uint64_t n);

static void fail_arena(struct kernel *kernel, uint64_t n)
{
    arena_fail_at(kernel->arena, n);
}

static void fail_ram(struct kernel *kernel, uint64_t n)
{
    ram_fail_at(kernel->ram, n);
}

/*
 * Run `start` on a script with an interpreter with an interpreter, the n-th allocation failing. 42
 * or how it ended instead.
 */
static int run_failing(fail_at_fn *fail_at, uint64_t n)
{
    static const char *const argv[] = {"/start", "/script", "more", NULL};
    struct machine *machine = boot(argv[0], argv);
    struct kernel *kernel = machine_kernel(machine);
    fail_at(kernel, n);
    while (!machine_run(machine, 0))
        ;
    int status = kernel->stop == KERNEL_EXITED ? kernel->stop_status : -(int)kernel->stop;
    machine_destroy(machine);
    return status;
}

static void check_every_failure(fail_at_fn *fail_at, unsigned at_least)
{
    for (uint64_t n = 1;; n++) {
        int status = run_failing(fail_at, n);
        if (status == LX_WAIT_EXITED(DONE) && n > at_least)
            return;
        bool told = status == LX_WAIT_EXITED(LX_ENOMEM) || status == LX_WAIT_EXITED(LX_ENFILE);
        bool killed = status == LX_WAIT_KILLED(LX_SIGSEGV) ||
                      status == LX_WAIT_KILLED(LX_SIGKILL) || status == LX_WAIT_KILLED(LX_SIGBUS) ||
                      status == -(int)KERNEL_NO_MEMORY;
        if (!told && !killed && status != LX_WAIT_EXITED(DONE))
            fail_msg("allocation %u: status %#x", (unsigned)n, (unsigned)status);
        assert_in_range(n, 1, 500);
    }
}

static void test_arena(void **state)
{
    (void)state;
    check_every_failure(fail_arena, 10);
}

static void test_ram(void **state)
{
    (void)state;
    check_every_failure(fail_ram, 5);
}

struct level {
    size_t arena;
    uint64_t ram;
    unsigned handles;
};

static struct level level_after(const char *rounds_wanted)
{
    const char *const argv[] = {rounds_wanted, "/no-ld",   "/bad-ld", "/loop", "/no-script",
                                "/text",       "/nothing", "/",       NULL};
    struct machine *machine = boot("/rounds", argv);
    struct kernel *kernel = machine_kernel(machine);
    while (!machine_run(machine, 0))
        ;
    assert_int_equal(kernel->stop, KERNEL_EXITED);
    assert_int_equal(kernel->stop_status, LX_WAIT_EXITED(DONE));
    struct level level = {arena_used(kernel->arena), ram_used(kernel->ram),
                          host_handles(kernel->host)};
    machine_destroy(machine);
    return level;
}

static void test_nothing_left(void **state)
{
    (void)state;
    struct level few = level_after("three");
    struct level many = level_after("manymanymanymanymanymanymanymanymanymanymanymanymanymanymany");
    assert_int_equal(few.ram, many.ram);
    assert_int_equal(few.handles, many.handles);
    assert_int_equal(few.arena, many.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_ram),
        cmocka_unit_test(test_nothing_left),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
