/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_TMPFS_H
#define LSTAR_FS_TMPFS_H
/*
 * tmpfs(5): files that are frames of the machine's RAM. And memfd_create(2), whose files live on an
 * instance of it in no tree.
 */
#include "vfs/mount.h"

struct file;

/* Options: size=BYTES[k|m|g|%], nr_blocks=, nr_inodes=, mode=OCTAL, uid=, gid=. -LX_EINVAL: another
 * one. */
extern const struct filesystem tmpfs_filesystem;

/* What filesystem->mount does, for types that begin as a tmpfs (devfs). */
MUST_CHECK long tmpfs_mount(struct fs_context *context, struct superblock *sb, const char *source,
                            const char *options, const void *data);

/*
 * memfd_create(2): a file that shows as /memfd:NAME. flags: LX_MFD_ALLOW_SEALING, EXEC,
 * NOEXEC_SEAL, checked. -LX_ENFILE, -LX_ENOMEM.
 */
MUST_CHECK long memfd_create_file(struct fs_context *context, const char *name, unsigned flags,
                                  struct file **out);

#endif
