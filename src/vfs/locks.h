/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_LOCKS_H
#define LSTAR_VFS_LOCKS_H
/*
 * Advisory locks: flock(2), and the record locks of fcntl(2), which belong to a descriptor table
 * (POSIX) or to an open file (OFD).
 */
#include "abi/fcntl.h"
#include "vfs/file.h"

struct fdtable;

/*
 * operation: LX_LOCK_SH, EX, UN, with NB; `pid` asks. May return BLOCKED. -LX_EAGAIN, -LX_EINVAL,
 * -LX_ENOLCK.
 */
MUST_CHECK long file_flock(struct file *file, unsigned operation, int pid);
/*
 * F_SETLK, F_SETLKW (`wait`), and their OFD forms (`owner` NULL). `lock` is a copy. May return
 * BLOCKED when `wait`. -LX_EAGAIN, -LX_EBADF (access mode), -LX_EINVAL, -LX_EOVERFLOW, -LX_ENOLCK.
 */
MUST_CHECK long file_set_lock(struct file *file, const struct lx_flock *lock, struct fdtable *owner,
                              int pid, bool wait);
/*
 * Who has the lock that `lock` would have to wait for: a descriptor table or an open file. NULL:
 * nobody. Whoever waits in a circle would wait for ever: -LX_EDEADLK of F_SETLKW.
 */
const void *file_lock_blocker(const struct file *file, const struct lx_flock *lock,
                              const struct fdtable *owner);
/* F_GETLK, F_OFD_GETLK: *lock becomes the first conflicting lock, or l_type LX_F_UNLCK. `owner`
 * NULL: of the open file; LX_F_UNLCK then asks for a lock that the file itself has. */
MUST_CHECK long file_get_lock(struct file *file, struct lx_flock *lock, struct fdtable *owner);
/* A descriptor of `file` in `owner` was closed: its POSIX locks on the inode end. */
void file_locks_close(struct file *file, struct fdtable *owner);
/* The open file ends: flock and OFD locks. */
void file_locks_release(struct file *file);
/* The text of /proc/locks: proc_locks(5). */
void vfs_show_locks(const struct vfs *vfs, struct strbuf *out);
/* The inode's end. */
void inode_locks_free(struct inode *inode);

#endif
