/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_PROGRAM_H
#define LSTAR_MACHINE_PROGRAM_H
/* The first task and its program. */
#include "machine/machine.h"

#define PROGRAM_PATH_MAX 260

/* Where a host file that is the program stands in the guest's tree: /<its name>. */
void program_path(const char *host_path, char out[PROGRAM_PATH_MAX]);

MUST_CHECK long boot_program(struct machine *machine, const struct machine_config *config,
                             char reason[200]);

#endif
