/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_PROGRAM_H
#define LSTAR_MACHINE_PROGRAM_H
/* The first task and its program. */
#include "machine/machine.h"

MUST_CHECK long boot_program(struct machine *machine, const struct machine_config *config, char reason[200]);

#endif
