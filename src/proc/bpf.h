/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_BPF_H
#define LSTAR_PROC_BPF_H
/*
 * Classic BPF as seccomp(2) allows it: a program over one struct seccomp_data. It has no backward
 * jumps, so it ends.
 */
#include "abi/seccomp.h"
#include "base/compiler.h"

/* Is the program one that bpf_run() may run? -LX_EINVAL. */
MUST_CHECK long bpf_check(const struct lx_sock_filter *insns, unsigned count);
/* What a checked program returns. */
uint32_t bpf_run(const struct lx_sock_filter *insns, const struct lx_seccomp_data *data);

#endif
