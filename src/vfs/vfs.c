/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's one struct vfs: its limits at boot, its time, and fs_struct, what tasks share with
 * CLONE_FS.
 */
#include "vfs/vfs.h"

#include "abi/errno.h"
#include "vfs/anon.h"
#include "vfs/dentry_cache.h"
#include "vfs/path.h"

long vfs_init(struct vfs *vfs, struct arena *arena, struct ram *ram, struct sched *sched,
              struct clock *clock, struct host *host)
{
    *vfs = (struct vfs){
        .arena = arena,
        .ram = ram,
        .sched = sched,
        .clock = clock,
        .host = host,
        .lru_limit = 1024,
        .file_limit = 65536,
        .inode_limit = 4u << 20,
        .lock_limit = 65536,
        .mount_limit = 4096,
        .pipe_pages_limit = 16384,
        .next_mount_id = 20,
        .next_dev = 20,
        .next_ino = 1000,
        .stdio = {HOST_NONE, HOST_NONE, HOST_NONE},
    };
    list_init(&vfs->lru);
    list_init(&vfs->mounts);
    list_init(&vfs->superblocks);
    list_init(&vfs->locks);
    long err = dentry_cache_init(vfs);
    return err ? err : anon_init(vfs);
}

struct timestamp vfs_now(struct vfs *vfs)
{
    uint64_t now = clock_realtime(vfs->clock);
    return (struct timestamp){(int64_t)(now / 1000000000u), (uint32_t)(now % 1000000000u)};
}

long fs_struct_create(struct vfs *vfs, const struct path *root, struct fs_struct **out)
{
    struct fs_struct *fs = arena_alloc(vfs->arena, sizeof *fs);
    if (!fs)
        return -LX_ENOMEM;
    *fs = (struct fs_struct){.refs = 1, .root = *root, .cwd = *root, .umask = 022};
    path_get(root);
    path_get(root);
    *out = fs;
    return 0;
}

long fs_struct_clone(struct vfs *vfs, const struct fs_struct *fs, struct fs_struct **out)
{
    struct fs_struct *copy = arena_alloc(vfs->arena, sizeof *copy);
    if (!copy)
        return -LX_ENOMEM;
    *copy = *fs;
    copy->refs = 1;
    path_get(&copy->root);
    path_get(&copy->cwd);
    *out = copy;
    return 0;
}

void fs_struct_put(struct vfs *vfs, struct fs_struct *fs)
{
    if (--fs->refs > 0)
        return;
    path_put(&fs->root);
    path_put(&fs->cwd);
    arena_free(vfs->arena, fs);
}
