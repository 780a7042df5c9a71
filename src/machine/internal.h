/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_INTERNAL_H
#define LSTAR_MACHINE_INTERNAL_H
/* What the files of this room share. */
#include "machine/machine.h"

struct machine_snapshot;

struct machine {
    struct arena *arena;
    struct ram *ram;
    struct cpu *cpu;
    struct host *host;
    struct kernel *kernel;             /* in the arena */
    struct machine_snapshot *snapshot; /* NULL: none */
};

/* What the host shall keep is written: shared mappings of its files. Nothing else is tidied up. */
void kernel_shutdown(struct kernel *kernel);

#endif
