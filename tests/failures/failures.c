/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each allocation of a program's run fails once: failures PROGRAM [STEP [FIRST]]. The machine is
 * booted and frozen; then, for every STEP-th n, the n-th allocation of the arena fails, and in
 * another run that of RAM, and the program runs to its end: by itself or killed for want of memory.
 * It never hangs, and the kernel never falls over.
 */
#include "machine/machine.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST_INSNS UINT64_C(200000000)
#define HANG_SECONDS 120

static const char *volatile what = "boot";
static volatile unsigned long at;

static void on_signal(int sig)
{
    fprintf(stderr, "signal %d: %s, allocation %lu\n", sig, what, at);
    _exit(1);
}

static struct machine *boot(const char *program)
{
    static const char *const env[] = {NULL};
    const char *const words[] = {"failures", NULL};
    struct machine_config config = {
        .ram_bytes = UINT64_C(64) << 20,
        .arena_bytes = UINT64_C(64) << 20,
        .insn_limit = MOST_INSNS,
        .deterministic = true,
        .seed = 1,
        .stdio = {-1, open("/dev/null", O_WRONLY | O_CLOEXEC), 2},
        .program_host = program,
        .argv = words,
        .envp = env,
    };
    struct machine *machine;
    char reason[200] = "";
    if (machine_create(&config, &machine, reason)) {
        fprintf(stderr, "%s\n", reason);
        exit(2);
    }
    return machine;
}

/* Run to the end. False: not an end that may be. */
static bool finish(struct machine *machine)
{
    struct kernel *kernel = machine_kernel(machine);
    while (!machine_run(machine, 0))
        ;
    bool good = kernel->stop == KERNEL_EXITED || kernel->stop == KERNEL_NO_MEMORY;
    if (!good)
        fprintf(stderr, "%s, allocation %lu: ended by %d: %s\n", what, at, (int)kernel->stop,
                kernel->stop_reason);
    return good;
}

static unsigned fail_each(struct machine *machine, unsigned long first, unsigned long count,
                          unsigned long step, void (*fail_at)(struct machine *machine, uint64_t n))
{
    unsigned bad = 0;
    for (at = first; at <= count && bad < 5; at += step) {
        alarm(HANG_SECONDS);
        machine_restore(machine);
        fail_at(machine, at);
        bad += !finish(machine);
        fail_at(machine, 0);
    }
    return bad;
}

static void fail_arena(struct machine *machine, uint64_t n)
{
    arena_fail_at(machine_kernel(machine)->arena, n);
}

static void fail_ram(struct machine *machine, uint64_t n)
{
    ram_fail_at(machine_kernel(machine)->ram, n);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    unsigned long step = argc > 2 ? strtoul(argv[2], NULL, 0) : 1;
    unsigned long first = argc > 3 ? strtoul(argv[3], NULL, 0) : 1;
    signal(SIGALRM, on_signal);
    struct machine *machine = boot(argv[1]);
    struct kernel *kernel = machine_kernel(machine);
    uint64_t arena = arena_attempts(kernel->arena);
    if (machine_snapshot(machine))
        return 2;
    what = "whole run";
    if (!finish(machine) || kernel->stop_status != 0)
        return 1;
    arena = arena_attempts(kernel->arena) - arena;
    uint64_t frames = ram_peak(kernel->ram) * 2;

    what = "arena";
    unsigned bad = fail_each(machine, first, arena, step, fail_arena);
    what = "RAM";
    bad += fail_each(machine, first, frames, step, fail_ram);
    printf("%llu allocations of the arena, %llu of RAM, every %lu. failed: %u bad ends\n",
           (unsigned long long)arena, (unsigned long long)frames, step, bad);
    machine_destroy(machine);
    return bad != 0;
}
