/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar_machine: from the public configuration to the machine room's, and back from the kernel's
 * state to a result.
 */
#include "machine/machine.h"
#include "abi/errno.h"
#include "api/api.h"
#include "machine/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A bound below the longest block of straight code would never get anywhere. */
#define SLICE_MIN 1024

struct lstar_machine {
    struct machine *machine;
    lstar_text_fn *trace; /* may be NULL */
    void *trace_opaque;
};

static void set_error(struct lstar_error *error, const char *text)
{
    if (error)
        snprintf(error->text, sizeof error->text, "%s", text);
}

/* Of machine_create()'s errors. */
static lstar_status status_of(long err)
{
    switch (-err) {
    case LX_ENOMEM:
        return LSTAR_NO_MEMORY;
    case LX_ENXIO:
        return LSTAR_HOST_ERROR;
    case LX_ENOENT:
    case LX_ENOTDIR:
        return LSTAR_NOT_FOUND;
    default:
        return LSTAR_NOT_EXECUTABLE;
    }
}

static void fill_mounts(const struct lstar_config *config, struct machine_mount *mounts)
{
    for (unsigned i = 0; i < config->mount_count; i++) {
        const struct api_mount *mount = &config->mounts[i];
        mounts[i] = (struct machine_mount){
            .host_path = mount->host,
            .guest_path = mount->guest,
            .mode = mount->access == LSTAR_READ_WRITE ? MACHINE_MOUNT_RW : MACHINE_MOUNT_RO,
        };
    }
}

static void pass_trace(void *opaque, const char *text, size_t length)
{
    const struct lstar_machine *machine = opaque;
    machine->trace(machine->trace_opaque, text, length);
}

static long create(const struct lstar_config *config, struct lstar_machine *machine,
                   char reason[200])
{
    static const char *const none[] = {NULL};
    const char *const program[] = {config->program, NULL};
    struct machine_mount mounts[API_MOUNTS_MAX];
    fill_mounts(config, mounts);

    struct machine_config inner = {
        .ram_bytes = config->memory,
        .insn_limit = config->insn_limit,
        .time_limit_ns = config->time_limit,
        .deterministic = config->deterministic,
        .seed = config->seed,
        .no_aslr = !config->aslr,
        .job_control = config->job_control,
        .host_mode = config->host_tree,
        .root = config->root,
        .root_writable = config->root_access == LSTAR_READ_WRITE,
        .mounts = mounts,
        .mount_count = config->mount_count,
        .uid = config->uid,
        .gid = config->gid,
        .cwd = config->cwd,
        .program_host = config->program_is_guest ? NULL : config->program,
        .program_guest = config->program_is_guest ? config->program : NULL,
        .argv = config->args.count ? (const char *const *)config->args.items : program,
        .envp = config->env.items ? (const char *const *)config->env.items : none,
        .descriptors = config->descriptors,
        .descriptor_count = config->descriptor_count,
        .trace = config->trace ? pass_trace : NULL,
        .trace_opaque = machine,
        .trace_json = config->trace_format == LSTAR_TRACE_JSON,
    };
    memcpy(inner.stdio, config->stdio, sizeof inner.stdio);
    return machine_create(&inner, &machine->machine, reason);
}

lstar_status lstar_machine_create(const struct lstar_config *config, struct lstar_machine **out,
                                  struct lstar_error *error)
{
    if (!config || !out)
        return LSTAR_INVALID;
    if (!config->program) {
        set_error(error, "no program: call lstar_config_set_program_host() or _guest()");
        return LSTAR_INVALID;
    }
    if (config->host_tree && config->root) {
        set_error(error, "both a root folder and the host's own tree: choose one");
        return LSTAR_INVALID;
    }
    struct lstar_machine *machine = calloc(1, sizeof *machine);
    if (!machine)
        return LSTAR_NO_MEMORY;
    machine->trace = config->trace;
    machine->trace_opaque = config->trace_opaque;

    char reason[200] = "";
    long err = create(config, machine, reason);
    if (err < 0) {
        free(machine);
        lstar_status status = status_of(err);
        set_error(error, reason[0] ? reason : lstar_status_text(status));
        return status;
    }
    *out = machine;
    return LSTAR_OK;
}

void lstar_machine_destroy(struct lstar_machine *machine)
{
    if (!machine)
        return;
    machine_destroy(machine->machine);
    free(machine);
}

static void fill_exit(int wait_status, struct lstar_result *result)
{
    result->signal = wait_status & 0x7f;
    result->end = result->signal ? LSTAR_END_SIGNALED : LSTAR_END_EXITED;
    result->exit_code = (wait_status >> 8) & 0xff;
}

static void fill_end(const struct kernel *kernel, struct lstar_result *result)
{
    switch (kernel->stop) {
    case KERNEL_RUNNING:
        result->end = LSTAR_END_NONE;
        break;
    case KERNEL_EXITED:
        fill_exit(kernel->stop_status, result);
        break;
    case KERNEL_INSNS:
        result->end = LSTAR_END_INSNS;
        break;
    case KERNEL_TIME:
        result->end = LSTAR_END_TIME;
        break;
    case KERNEL_DEADLOCK:
        result->end = LSTAR_END_DEADLOCK;
        break;
    case KERNEL_NO_MEMORY:
        result->end = LSTAR_END_MEMORY;
        break;
    case KERNEL_HOST:
        result->end = LSTAR_END_STOPPED;
        break;
    case KERNEL_SUSPENDED:
        result->end = LSTAR_END_SUSPENDED;
        result->signal = kernel->stop_status;
        break;
    case KERNEL_BROKEN:
        result->end = LSTAR_END_FAILED;
        break;
    }
}

static void fill_result(const struct kernel *kernel, struct lstar_result *result)
{
    *result = (struct lstar_result){
        .insns = kernel->clock.insns,
        .syscalls = kernel->syscalls,
        .refused = kernel->enosys_other,
        .peak_memory = ram_peak(kernel->ram) * PAGE_SIZE,
        .peak_kernel = arena_peak(kernel->arena),
    };
    for (size_t i = 0; i < SYSCALL_NUMBERS; i++)
        result->refused += kernel->enosys[i];
    fill_end(kernel, result);
    if (kernel->stop == KERNEL_NO_MEMORY && !kernel->stop_reason[0])
        snprintf(result->reason, sizeof result->reason, "no memory is left (--mem)");
    else if (kernel->stop != KERNEL_EXITED)
        snprintf(result->reason, sizeof result->reason, "%s", kernel->stop_reason);
}

lstar_status lstar_machine_run(struct lstar_machine *machine, uint64_t insns,
                               struct lstar_result *result)
{
    if (!machine)
        return LSTAR_INVALID;
    struct kernel *kernel = machine_kernel(machine->machine);
    if (kernel->stop == KERNEL_HOST || kernel->stop == KERNEL_SUSPENDED)
        machine_continue(machine->machine);
    lstar_status status = kernel->stop == KERNEL_RUNNING ? LSTAR_OK : LSTAR_ENDED;
    if (status == LSTAR_OK)
        machine_run(machine->machine, insns && insns < SLICE_MIN ? SLICE_MIN : insns);
    if (result)
        fill_result(kernel, result);
    return status;
}

void lstar_machine_stop(struct lstar_machine *machine)
{
    machine_stop(machine->machine);
}

void lstar_machine_key(struct lstar_machine *machine, enum lstar_key key)
{
    static const enum host_key keys[] = {
        [LSTAR_KEY_INTERRUPT] = HOST_KEY_INTERRUPT, [LSTAR_KEY_QUIT] = HOST_KEY_QUIT,
        [LSTAR_KEY_SUSPEND] = HOST_KEY_SUSPEND,     [LSTAR_KEY_WINDOW] = HOST_KEY_WINDOW,
        [LSTAR_KEY_HANGUP] = HOST_KEY_HANGUP,
    };
    if ((unsigned)key < sizeof keys / sizeof keys[0])
        machine_key(machine->machine, keys[key]);
}

lstar_status lstar_machine_report(struct lstar_machine *machine, lstar_text_fn *fn, void *opaque)
{
    if (!machine || !fn)
        return LSTAR_INVALID;
    machine_report(machine->machine, fn, opaque);
    return LSTAR_OK;
}

uint64_t lstar_machine_refused(const struct lstar_machine *machine, int number)
{
    if (number < 0 || number >= SYSCALL_NUMBERS)
        return 0;
    return machine_kernel(machine->machine)->enosys[number];
}
