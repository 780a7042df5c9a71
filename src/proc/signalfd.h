/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SIGNALFD_H
#define LSTAR_PROC_SIGNALFD_H
/* signalfd(2): pending signals of whoever reads, as records. */
#include "proc/task.h"

/* `mask`: the signals to take. `flags`: LX_O_NONBLOCK or 0. -LX_ENOMEM. */
MUST_CHECK long signalfd_create(struct kernel *kernel, uint64_t mask, unsigned flags,
                                struct file **out);
/* -LX_EINVAL: the file is no signalfd. */
MUST_CHECK long signalfd_set_mask(struct file *file, uint64_t mask);

#endif
