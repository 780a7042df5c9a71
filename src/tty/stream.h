/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_TTY_STREAM_H
#define LSTAR_TTY_STREAM_H
/*
 * A descriptor of the host as an open file of the guest: stdin, stdout, stderr. A terminal is
 * passed through: its modes and its size are the host's, its process group is whatever the guest
 * says.
 */
#include "vfs/file.h"

/*
 * An open file around `handle` (host_open_stream(); consumed, also on error). -LX_ENFILE,
 * -LX_ENOMEM.
 */
MUST_CHECK long stream_create(struct vfs *vfs, host_handle_t handle, struct file **out);

#endif
