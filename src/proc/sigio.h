/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_SIGIO_H
#define LSTAR_PROC_SIGIO_H
/*
 * Signals of files with O_ASYNC to whoever F_SETOWN named.
 */
#include "vfs/file.h"

/* vfs.signal_owner: what happened is `code`, LX_POLL_*. */
void sigio_send(struct file *file, int code);

#endif
