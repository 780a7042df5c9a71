/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_DENTRY_CACHE_H
#define LSTAR_VFS_DENTRY_CACHE_H
/*
 * The hash table behind dentry.h; for src/vfs only.
 */
#include "vfs/dentry.h"
#include "vfs/vfs.h"

MUST_CHECK long dentry_cache_init(struct vfs *vfs);
/* As dentry_find() with the name's hash known. */
struct dentry *dentry_find_hashed(struct vfs *vfs, const struct dentry *parent, const char *name,
                                  size_t length, uint32_t hash);
/* As dentry_lookup() with the name's hash known. */
MUST_CHECK long dentry_lookup_hashed(struct fs_context *context, struct dentry *parent,
                                     const char *name, size_t length, uint32_t hash,
                                     struct dentry **out);

#endif
