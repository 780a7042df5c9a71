/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_CPU_CPUID_H
#define LSTAR_CPU_CPUID_H
/* What the CPUID instruction answers: the same on every host. */
#include "base/compiler.h"

/* out: eax, ebx, ecx, edx. */
void cpuid_leaf(uint32_t leaf, uint32_t subleaf, uint32_t out[4]);

#endif
