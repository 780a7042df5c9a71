/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_INTERNAL_H
#define LSTAR_MACHINE_INTERNAL_H
/* What the files of this room share. */
#include <stdatomic.h>

#include "machine/machine.h"

struct machine_snapshot;

struct machine {
    struct arena *arena;
    struct ram *ram;
    struct cpu *cpu;
    struct host *host;
    struct kernel *kernel;             /* in the arena */
    struct machine_snapshot *snapshot; /* NULL: none */
    atomic_bool stop_requested;        /* machine_stop() */
};

/* End whatever still runs and write shared mappings back, so that host files are complete. */
void kernel_shutdown(struct kernel *kernel);

#endif
