/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does the kernel survive whatever calls a guest makes, and is everything given back when the
 * guest's processes are gone? fuzz_syscalls PROGRAM [CALLS [SEED [EPISODE]]] makes CALLS calls
 * (100,000) with arguments at random and nearly right ones, which the table's kinds tell. In
 * episodes: a child of the machine's first process makes calls (so do its children), half of them
 * traced; then all of them are killed, their files removed, and arena and RAM must be back at their
 * level. PROGRAM is any static program; it is loaded, not executed. With EPISODE: only this one,
 * every call printed before it is made; its first CALLS.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "syscalls_arguments.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "machine/machine.h"
#include "proc/exit.h"
#include "proc/pid.h"
#include "proc/signal.h"
#include "syscall_table/dispatch.h"
#include "syscall_table/strace.h"
#include "syscall_table/table.h"
#include "vfs/dentry.h"

enum { EPISODE_CALLS = 5000, TASKS_MAX = 24, LAST = 12, HANG_SECONDS = 60 };
enum {
    NR_FORK = 57,
    NR_WAIT4 = 61,
    NR_GETDENTS64 = 217,
    NR_OPENAT = 257,
    NR_UNLINKAT = 263,
    NR_CLOSE = 3,
    NR_MLOCKALL = 151,
    NR_MUNLOCKALL = 152
};

static struct kernel *kernel;
static struct machine *machine;
static unsigned long episode, calls;
static bool verbose;
static struct {
    int tid;
    uint64_t number, args[6];
} last[LAST];

/* --- what went wrong --- */

static void print_call(unsigned long index)
{
    unsigned i = (unsigned)(index % LAST);
    const struct syscall_row *row = syscall_find(last[i].number);
    fprintf(stderr, "  [%d] %s(", last[i].tid, row ? row->name : "?");
    for (unsigned a = 0; a < 6; a++)
        fprintf(stderr, "%s%#llx", a ? ", " : "", (unsigned long long)last[i].args[a]);
    fprintf(stderr, ") %llu\n", (unsigned long long)last[i].number);
}

static void print_last(void)
{
    fprintf(stderr, "episode %lu, call %lu; the last calls:\n", episode, calls);
    for (unsigned long i = calls > LAST ? calls - LAST : 0; i < calls; i++)
        print_call(i);
}

static void on_signal(int sig)
{
    fprintf(stderr, sig == SIGALRM ? "no end: a hang\n" : "signal %d\n", sig);
    print_last();
    _exit(1);
}

extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void watch(void)
{
    signal(SIGALRM, on_signal);
    if (__sanitizer_set_death_callback) {
        __sanitizer_set_death_callback(print_last);
        return;
    }
    signal(SIGSEGV, on_signal);
    signal(SIGBUS, on_signal);
    signal(SIGABRT, on_signal);
    signal(SIGFPE, on_signal);
    signal(SIGILL, on_signal);
}

static void fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    print_last();
    exit(1);
}

/* --- making calls --- */

/* Put the task into the CPU as the run loop would. */
static void run_as(struct task *task)
{
    if (task->sched.state == SCHED_WAITING)
        sched_wake(&kernel->sched, &task->sched);
    task_load_cpu(task);
    kernel->sched.current = &task->sched;
}

static void set_call(struct task *task, uint64_t number, const uint64_t args[6])
{
    static const enum cpu_gpr order[6] = {CPU_RDI, CPU_RSI, CPU_RDX, CPU_R10, CPU_R8, CPU_R9};
    uint64_t *gpr = cpu_gprs(kernel->cpu);

    gpr[CPU_RAX] = number;
    for (int i = 0; i < 6; i++)
        gpr[order[i]] = args[i];
    gpr[CPU_RSP] = FUZZ_STACK;
    last[calls % LAST].tid = task->tid;
    last[calls % LAST].number = number;
    memcpy(last[calls % LAST].args, args, sizeof last[0].args);
    if (verbose)
        print_call(calls);
    calls++;
    kernel->clock.insns += 1000;
}

/* The calling task waits: let its deadline come, or a signal, until the call has ended. False:
 * nothing helps. */
static bool end_wait(struct task *task)
{
    for (int tries = 0; tries < 4; tries++) {
        if (task->sched.state == SCHED_DEAD || kernel->stop)
            return false;
        if (fuzz_random() % 2 && task->sched.has_deadline) {
            uint64_t now = clock_monotonic(&kernel->clock);
            if (task->sched.deadline > now && task->sched.deadline - now < UINT64_C(1) << 60)
                kernel->clock.skipped += task->sched.deadline - now;
            sched_tick(&kernel->sched);
        } else {
            task->sigmask &= ~LX_SIGMASK(LX_SIGUSR1);
            task->pending.set |= LX_SIGMASK(LX_SIGUSR1);
        }
        run_as(task);
        bool done = syscall_dispatch(task);
        task->pending.set &= ~LX_SIGMASK(LX_SIGUSR1);
        if (done)
            return true;
    }
    return false;
}

/* A signal that is pending is delivered, as it would be on the way back to the guest. */
static void settle(struct task *task)
{
    if (task->sched.state == SCHED_DEAD)
        return;
    if (signal_pending(task) || task->restart_number || task->process->exiting)
        (void)signal_deliver(task);
}

static void make_call(struct task *task, uint64_t number, const uint64_t args[6])
{
    run_as(task);
    set_call(task, number, args);
    if (!syscall_dispatch(task) && !end_wait(task) && task->sched.state != SCHED_DEAD) {
        /* It waits for what only another task can do: its process ends. */
        process_exit(task->process, LX_WAIT_KILLED(LX_SIGKILL));
    }
    settle(task);
}

/* A call of the first process that does not fail or wait; its result. */
static long own_call(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    struct task *init = kernel->init;
    run_as(init);
    set_call(init, number, (const uint64_t[6]){a, b, c, d, 0, 0});
    if (!syscall_dispatch(init))
        fail("the first process waits");
    return (long)cpu_gprs(kernel->cpu)[CPU_RAX];
}

/* --- who makes them --- */

static bool may_call(const struct task *task)
{
    return task->process != kernel->init->process && task->mm && !task->process->stopped &&
           !task->process->exiting &&
           (task->sched.state == SCHED_READY ||
            (task->sched.state == SCHED_WAITING && task->call.number < 0));
}

static struct task *choose_task(void)
{
    struct task *task, *candidates[TASKS_MAX];
    unsigned count = 0;
    list_for_each (task, &kernel->tasks, all_link) {
        if (count < TASKS_MAX && may_call(task))
            candidates[count++] = task;
    }
    return count ? candidates[fuzz_random() % count] : NULL;
}

static void end_all(void)
{
    struct task *task, *next;

    for (int rounds = 0; rounds < 100; rounds++) {
        bool any = false;
        list_for_each_safe (task, next, &kernel->tasks, all_link) {
            if (task->process == kernel->init->process || task->sched.state == SCHED_DEAD)
                continue;
            any = true;
            run_as(task);
            process_exit(task->process, LX_WAIT_KILLED(LX_SIGKILL));
            break;
        }
        if (!any)
            break;
        /* The others of the process end on their own way back. */
        list_for_each_safe (task, next, &kernel->tasks, all_link) {
            if (task->process == kernel->init->process || task->sched.state == SCHED_DEAD)
                continue;
            run_as(task);
            settle(task);
        }
    }
    run_as(kernel->init);
    tasks_reap(kernel);
    while (own_call(NR_WAIT4, (uint64_t)-1, 0, 1, 0) > 0)
        ;
    kernel->init->pending.set = 0;
    sigpending_flush(kernel->init->process, &kernel->init->process->pending, UINT64_MAX);
    tasks_reap(kernel);
}

/* --- what is left of files --- */

static void put_string(gva_t at, const char *text)
{
    if (user_write(kernel->init->mm, at, text, strlen(text) + 1))
        fail("the first process has lost its memory");
}

static void remove_below(const char *folder, int depth);

/* Remove what one name stands for; mounts stay, and so do the folders above them. */
static void remove_name(const char *folder, const char *name, int depth)
{
    char path[4200];

    int n = snprintf(path, sizeof path, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
    if (n >= 4096 || strcmp(path, "/proc") == 0 || strcmp(path, "/dev") == 0 ||
        strcmp(path, "/sys") == 0)
        return;
    put_string(FUZZ_REGION, path);
    if (own_call(NR_UNLINKAT, (uint64_t)LX_AT_FDCWD, FUZZ_REGION, 0, 0) != -LX_EISDIR)
        return;
    remove_below(path, depth + 1);
    put_string(FUZZ_REGION, path);
    own_call(NR_UNLINKAT, (uint64_t)LX_AT_FDCWD, FUZZ_REGION, LX_AT_REMOVEDIR, 0);
}

static void remove_below(const char *folder, int depth)
{
    char names[2048];
    long size;

    if (depth > 40)
        return;
    put_string(FUZZ_REGION, folder);
    long fd =
        own_call(NR_OPENAT, (uint64_t)LX_AT_FDCWD, FUZZ_REGION, LX_O_DIRECTORY | LX_O_NOFOLLOW, 0);
    while (fd >= 0 &&
           (size = own_call(NR_GETDENTS64, (uint64_t)fd, FUZZ_REGION, sizeof names, 0)) > 0) {
        if (user_read(kernel->init->mm, names, FUZZ_REGION, (size_t)size))
            fail("no entries");
        for (long at = 0; at < size; at += *(uint16_t *)(void *)(names + at + 16)) {
            const char *name = names + at + 19;
            if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
                remove_name(folder, name, depth);
        }
    }
    if (fd >= 0)
        own_call(NR_CLOSE, (uint64_t)fd, 0, 0, 0);
}

/* --- an episode --- */

static void ignore_text(void *opaque, const char *text, size_t length)
{
    (void)opaque, (void)text, (void)length;
}

/* The process may have seen to it that it gets no more memory: then its pointers are bad ones. */
static void map_region(struct task *task)
{
    struct mm_map_request request = {
        .addr = FUZZ_REGION,
        .length = FUZZ_REGION_SIZE,
        .prot = 3,     /* read and write */
        .flags = 0x32, /* private, fixed, anonymous */
    };
    long addr = mm_map(task->mm, &request);
    (void)addr;
}

struct level {
    size_t arena;
    uint64_t frames;
};

static struct level measure(void)
{
    dentry_prune(&kernel->vfs, NULL);
    return (struct level){arena_used(kernel->arena), ram_used(kernel->ram)};
}

static struct task *spawn(void)
{
    long pid = own_call(NR_FORK, 0, 0, 0, 0);
    return pid > 0 ? pid_find_task(kernel, (int)pid) : NULL;
}

static void run_calls(unsigned count)
{
    uint64_t args[6];

    for (unsigned i = 0; i < count && !kernel->stop; i++) {
        if (calls % 512 == 0)
            alarm(HANG_SECONDS);
        struct task *task = kernel->task_count < TASKS_MAX ? choose_task() : NULL;
        if (!task) {
            end_all();
            task = spawn();
            if (!task)
                return; /* no memory: the machine is full of files */
        }
        run_as(task);
        if (i % 64 == 0 || !mm_find(task->mm, FUZZ_REGION))
            map_region(task);
        uint64_t number = fuzz_call(task, args);
        make_call(task, number, args);
        if (i % 256 == 0 && !kernel->stop)
            tasks_reap(kernel);
    }
}

/* What may stay: folders' tables that have grown, inode and dentry caches of what was there before.
 */
static const struct level slack = {32768, 24};

static void run_episode(unsigned count, struct level *worst)
{
    fuzz_seed(episode);
    bool traced = episode % 2;
    if (traced && strace_start(kernel, episode % 4 == 1, ignore_text, NULL))
        fail("no trace");
    map_region(kernel->init);
    put_string(FUZZ_REGION, "x");
    own_call(NR_MLOCKALL, 1, 0, 0, 0); /* all of the program's file is read now, not later */
    own_call(NR_MUNLOCKALL, 0, 0, 0, 0);
    end_all();
    struct level before = measure();
    run_calls(count);
    if (kernel->stop) /* the first process was killed: as good as any other end */
        return;
    end_all();
    remove_below("/", 0);
    struct level after = measure();
    size_t arena = after.arena > before.arena ? after.arena - before.arena : 0;
    uint64_t frames = after.frames > before.frames ? after.frames - before.frames : 0;
    worst->arena = MAX(worst->arena, arena);
    worst->frames = MAX(worst->frames, frames);
    if (arena > slack.arena || frames > slack.frames) {
        fprintf(stderr, "episode %lu: %zu bytes of arena and %llu frames were not given back\n",
                episode, arena, (unsigned long long)frames);
        exit(1);
    }
}

static void boot(const char *program)
{
    char reason[200];
    const struct machine_config config = {
        .ram_bytes = UINT64_C(48) << 20,
        .arena_bytes = UINT64_C(48) << 20,
        .deterministic = true,
        .seed = 1,
        .cwd = "/",
        .stdio = {-1, -1, -1},
        .program_host = program,
        .argv = (const char *const[]){"program", NULL},
    };
    if (machine_create(&config, &machine, reason)) {
        fprintf(stderr, "%s\n", reason);
        exit(2);
    }
    kernel = machine_kernel(machine);
    kernel->vfs.stdio[0] = kernel->vfs.stdio[1] = kernel->vfs.stdio[2] = HOST_NONE;
}

int main(int argc, char **argv)
{
    unsigned long wanted = argc > 2 ? strtoul(argv[2], NULL, 0) : 100000;
    unsigned long first = argc > 3 ? strtoul(argv[3], NULL, 0) * 1000000 : 0;
    struct level worst = {0, 0};

    if (argc < 2) {
        fprintf(stderr, "usage: fuzz_syscalls PROGRAM [CALLS [SEED [EPISODE]]]\n");
        return 2;
    }
    watch();
    verbose = argc > 4;
    if (verbose)
        first = strtoul(argv[4], NULL, 0);
    for (episode = first; calls < wanted && !(verbose && episode > first); episode++) {
        boot(argv[1]);
        run_episode(verbose ? (unsigned)MIN(wanted, EPISODE_CALLS) : EPISODE_CALLS, &worst);
        machine_destroy(machine);
    }
    printf("%lu calls in %lu episodes; at most %zu bytes and %llu frames stayed\n", calls,
           episode - first, worst.arena, (unsigned long long)worst.frames);
    return 0;
}
