/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_ASYNC_H
#define LSTAR_VFS_ASYNC_H
/*
 * O_ASYNC: the owner of an open file is signalled when it may be read or written (fcntl(2)).
 */
#include "vfs/file.h"

/* O_ASYNC is set: into the lists that ops->async names. False: this kind of file does not know it.
 */
bool file_async_start(struct file *file);
/* O_ASYNC is taken away, or the file goes. */
void file_async_stop(struct file *file);
/* Something happened to what these files are of; `code`: LX_POLL_IN, LX_POLL_OUT, LX_POLL_HUP. */
void async_signal(struct list *files, int code);

#endif
