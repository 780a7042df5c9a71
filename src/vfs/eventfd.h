/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_EVENTFD_H
#define LSTAR_VFS_EVENTFD_H
/* eventfd(2). */
#include "vfs/file.h"

#define LX_EFD_SEMAPHORE 1u
#define LX_EFD_NONBLOCK LX_O_NONBLOCK
#define LX_EFD_CLOEXEC LX_O_CLOEXEC

/*
 * Create an eventfd whose counter starts at `initval`.
 * `flags`: LX_EFD_*, already checked. On success *out holds one reference, the caller's.
 * Errors: -LX_ENOMEM. Never blocks.
 */
MUST_CHECK long eventfd_create(struct vfs *vfs, uint32_t initval, unsigned flags,
                               struct file **out);

#endif
