/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_ASYNC_H
#define LSTAR_VFS_ASYNC_H
/*
 * O_ASYNC: the owner of an open file is signalled when it may be read or written (fcntl(2)).
 */
#include "vfs/file.h"

/* Listen on the queues that the file's poll() names. -LX_ENOMEM. */
MUST_CHECK long file_async_start(struct file *file);
/* O_ASYNC is taken away, or the file goes. */
void file_async_stop(struct file *file);

#endif
