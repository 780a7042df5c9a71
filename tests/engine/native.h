/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_TESTS_ENGINE_NATIVE_H
#define LSTAR_TESTS_ENGINE_NATIVE_H
/*
 * Runs one instruction on the host's CPU with a given register state, and gives the state after it.
 * The instruction may use memory and stack at fixed addresses that the engine maps as well.
 */
#include "cpu/cpu.h"

#define AREA ((gva_t)0x10000000) /* data and stack, the same addresses natively and in the engine  \
                                  */
#define AREA_PAGES 8
#define AREA_SIZE (AREA_PAGES * PAGE_SIZE)

/* Set up the page for instructions, the area at AREA, and the handlers for faults. False: not
 * possible here. */
bool native_init(void);

/*
 * Execute `insn` from *state, which receives the result (all but rip, r15 and the selectors). The
 * vector of the fault that it caused, or -1; then *state is as before.
 */
int native_run(const uint8_t *insn, size_t size, struct cpu_state *state);

#endif
