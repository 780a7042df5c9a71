/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building a machine in boot order: memory and kernel, CPU and trap entry, scheduler and clock,
 * file systems and mounts, then the first task. What it owns outside the arena: RAM, engine, host
 * handles.
 */
#include "machine/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "machine/internal.h"
#include "machine/mounts.h"
#include "machine/program.h"
#include "proc/pid.h"
#include "syscall_table/strace.h"

#define DEFAULT_RAM (UINT64_C(4) << 30)
#define DEFAULT_ARENA (UINT64_C(256) << 20)

static bool translate(void *opaque, gva_t addr, enum cpu_access access, struct cpu_translation *out)
{
    struct kernel *kernel = opaque;
    return kernel->loaded_mm && mm_translate(kernel->loaded_mm, addr, access, out);
}

static bool tsc(void *opaque, uint64_t *value)
{
    struct kernel *kernel = opaque;
    if (kernel->current && kernel->current->tsc_forbidden)
        return false;
    *value = clock_tsc(&kernel->clock);
    return true;
}

/* The arena, RAM, and in the arena the kernel. */
static long boot_memory(struct machine *machine, const struct machine_config *config)
{
    long err =
        arena_create(config->arena_bytes ? config->arena_bytes : DEFAULT_ARENA, &machine->arena);
    if (err)
        return err;
    err = ram_create(config->ram_bytes ? config->ram_bytes : DEFAULT_RAM, &machine->ram);
    if (err)
        return err;
    struct kernel *kernel = arena_alloc(machine->arena, sizeof *kernel);
    if (!kernel)
        return -LX_ENOMEM;
    kernel->arena = machine->arena;
    kernel->ram = machine->ram;
    kernel->aslr = !config->no_aslr;
    kernel->job_control = config->job_control;
    kernel->deterministic = config->deterministic;
    kernel->insn_limit = config->insn_limit;
    kernel->last_pid = config->deterministic ? 99 : 0;
    list_init(&kernel->tasks);
    list_init(&kernel->processes);
    list_init(&kernel->dead_tasks);
    list_init(&kernel->dead_processes);
    err = pid_init(kernel);
    if (err)
        return err;
    snprintf(kernel->hostname, sizeof kernel->hostname, "lstar");
    snprintf(kernel->domainname, sizeof kernel->domainname, "(none)");
    wait_queue_init(&kernel->names_changed);
    machine->kernel = kernel;
    return 0;
}

static long boot_cpu(struct machine *machine)
{
    struct cpu_config cpu = {
        .ram = ram_base(machine->ram),
        .ram_size = ram_size(machine->ram),
        .translate = translate,
        .tsc = tsc,
        .opaque = machine->kernel,
    };
    long err = cpu_create(&cpu, &machine->cpu);
    if (err)
        return err;
    machine->kernel->cpu = machine->cpu;
    ram_set_cpu(machine->ram, machine->cpu);
    return 0;
}

static bool task_lives(void *opaque, uint32_t tid)
{
    return pid_find_task(opaque, (int)tid) != NULL;
}

/* Who sends and receives, for the sockets. */
static struct unix_caller socket_caller(void *opaque)
{
    struct kernel *kernel = opaque;
    struct task *task = container_of(kernel->sched.current, struct task, sched);
    return (struct unix_caller){{task->process->tgid, task->cred.uid, task->cred.gid},
                                &task->call.deadline,
                                &task->call.on_signal};
}

static long boot_time(struct machine *machine, const struct machine_config *config)
{
    struct host_config host = {.deterministic = config->deterministic, .seed = config->seed};
    long err = host_create(&host, &machine->host);
    if (err)
        return err;
    struct kernel *kernel = machine->kernel;
    kernel->host = machine->host;
    clock_init(&kernel->clock, machine->host, config->deterministic);
    sched_init(&kernel->sched, kernel->arena, kernel->host, &kernel->clock);
    wait_queue_init(&kernel->cpu_time_waiters);
    kernel->sched.varied = config->deterministic && config->seed != 0;
    kernel->sched.chance = (uint32_t)(config->seed ^ config->seed >> 32);
    futex_table_init(&kernel->futexes, kernel->arena, &kernel->sched);
    unix_domain_init(&kernel->sockets, kernel->arena);
    kernel->sockets.caller = socket_caller;
    kernel->sockets.opaque = kernel;
    kernel->futexes.task_lives = task_lives;
    kernel->futexes.opaque = kernel;
    kernel->time_limit = UINT64_MAX;
    ram_set_host(machine->ram, machine->host);
    if (!config->time_limit_ns)
        return 0;
    kernel->time_limit = clock_monotonic(&kernel->clock) + config->time_limit_ns;
    if (!config->deterministic)
        host_stop_at(machine->host, host_monotonic(machine->host) + config->time_limit_ns);
    return 0;
}

/* The tracer sees the first program as an execve(2) that succeeded. */
static long boot_trace(struct machine *machine, const struct machine_config *config)
{
    struct kernel *kernel = machine->kernel;
    if (!config->trace)
        return 0;
    long err = strace_start(kernel, config->trace_json, config->trace, config->trace_opaque);
    if (err)
        return err;
    kernel->strace_signal = strace_signal;
    kernel->strace_exit = strace_ended;
    unsigned env_count = 0;
    while (config->envp && config->envp[env_count])
        env_count++;
    const char *name = config->program_guest ? config->program_guest : config->argv[0];
    strace_exec(kernel->init, name, config->argv, env_count);
    return 0;
}

long machine_create(const struct machine_config *config, struct machine **out, char reason[200])
{
    struct machine *machine = calloc(1, sizeof *machine);
    if (!machine)
        return -LX_ENOMEM;
    snprintf(reason, 200, "the host has no memory for a machine");
    long err = boot_memory(machine, config);
    if (!err)
        err = boot_time(machine, config);
    if (!err)
        err = boot_cpu(machine);
    if (!err)
        err = boot_mounts(machine, config, reason);
    if (!err)
        err = boot_program(machine, config, reason);
    if (!err)
        err = boot_trace(machine, config);
    if (err) {
        machine_destroy(machine);
        return err;
    }
    *out = machine;
    return 0;
}

void machine_destroy(struct machine *machine)
{
    if (!machine)
        return;
    machine_snapshot_drop(machine);
    if (machine->kernel && machine->kernel->init)
        kernel_shutdown(machine->kernel);
    cpu_destroy(machine->cpu);
    if (machine->host)
        host_destroy(machine->host);
    if (machine->ram)
        ram_destroy(machine->ram);
    if (machine->arena)
        arena_destroy(machine->arena);
    free(machine);
}

struct kernel *machine_kernel(struct machine *machine)
{
    return machine->kernel;
}
