/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_REPORT_H
#define LSTAR_MACHINE_REPORT_H
/*
 * What became of a machine, for people: lstar run --report.
 */
#include "machine/machine.h"

/*
 * Write how the run ended; of a death by signal the signal and its address, the registers, the
 * instructions around rip with the nearest symbol, the mappings; refused system calls; instructions
 * and memory. The text comes in pieces, each handed to `write` once. It needs a little of the
 * kernel's arena; what finds no room is left out.
 */
void machine_report(struct machine *machine,
                    void (*write)(void *opaque, const char *text, size_t length), void *opaque);

#endif
