/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_MOUNTS_H
#define LSTAR_MACHINE_MOUNTS_H
/* The machine's tree of files: root, /dev, /proc, /tmp, and what the user granted. */
#include "machine/machine.h"

MUST_CHECK long boot_mounts(struct machine *machine, const struct machine_config *config,
                            char reason[200]);

#endif
