/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Freezing a machine between two runs, and setting it back: the arena's used pages, the frames
 * written since, the handle table. The CPU's registers are in the arena (task->cpu); everything
 * else in the engine is a cache.
 */
#include <stdlib.h>

#include "abi/errno.h"
#include "machine/internal.h"
#include "proc/task.h"

struct machine_snapshot {
    struct arena_snapshot *arena;
};

long machine_snapshot(struct machine *machine)
{
    struct kernel *kernel = machine->kernel;
    if (machine->snapshot)
        return -LX_EBUSY;
    struct machine_snapshot *snapshot = calloc(1, sizeof *snapshot);
    if (!snapshot)
        return -LX_ENOMEM;
    if (kernel->current)
        task_save_cpu(kernel->current);

    long err = host_pin(machine->host);
    if (err)
        goto out_free;
    err = ram_snapshot(machine->ram);
    if (err)
        goto out_unpin;
    err = arena_snapshot(machine->arena, &snapshot->arena);
    if (err)
        goto out_drop;
    machine->snapshot = snapshot;
    return 0;

out_drop:
    ram_snapshot_drop(machine->ram);
out_unpin:
    host_unpin(machine->host);
out_free:
    free(snapshot);
    return err;
}

void machine_restore(struct machine *machine)
{
    struct kernel *kernel = machine->kernel;
    arena_restore(machine->arena, machine->snapshot->arena);
    ram_restore(machine->ram);
    host_restore(machine->host);
    if (kernel->current)
        cpu_set_state(machine->cpu, &kernel->current->cpu);
    cpu_flush_tlb(machine->cpu);
}

void machine_snapshot_drop(struct machine *machine)
{
    if (!machine->snapshot)
        return;
    arena_snapshot_free(machine->snapshot->arena);
    ram_snapshot_drop(machine->ram);
    host_unpin(machine->host);
    free(machine->snapshot);
    machine->snapshot = NULL;
}
