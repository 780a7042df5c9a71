/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes by path and by open file: stat(2), chmod(2), chown(2), utimensat(2), truncate(2),
 * access(2), readlink(2), statfs(2).
 */
#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/prctl.h"
#include "base/strbuf.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"
#include "vfs/may.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

static long stat_path(struct fs_context *context, const struct path *path, struct kstat *out)
{
    struct inode *inode = path->dentry->inode;
    long err = 0;
    out->dev = inode->sb->dev;
    if (inode->ops->getattr)
        err = inode->ops->getattr(context, inode, out);
    else
        inode_fill_stat(inode, out);
    out->mount_id = path->mount->id;
    if (path->dentry == path->mount->root)
        out->attributes |= LX_STATX_ATTR_MOUNT_ROOT;
    out->attributes_mask |= LX_STATX_ATTR_MOUNT_ROOT;
    return err;
}

long file_stat(struct file *file, struct kstat *out)
{
    struct path path = {file->mount, file->dentry};
    if (!file->dentry)
        path = (struct path){file->vfs->anonymous, file->vfs->anonymous->root};
    static const struct cred nobody;
    struct fs_context context = {.vfs = file->vfs, .cred = &nobody};
    return stat_path(&context, &path, out);
}

static unsigned walk_flags(unsigned at_flags)
{
    return (at_flags & LX_AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW) |
           (at_flags & LX_AT_EMPTY_PATH ? PATH_EMPTY : 0);
}

long vfs_stat(struct fs_context *context, int dirfd, const char *name, unsigned flags,
              struct kstat *out)
{
    struct path path;
    long err = path_walk(context, dirfd, name, walk_flags(flags), &path);
    if (err)
        return err;
    err = stat_path(context, &path, out);
    path_put(&path);
    return err;
}

/* access(2) asks for the real ids, with the capabilities that they would have. */
static struct cred real_cred(const struct cred *cred)
{
    struct cred real = *cred;
    real.fsuid = cred->uid;
    real.fsgid = cred->gid;
    if (!(cred->securebits & LX_SECBIT_NO_SETUID_FIXUP))
        real.cap_effective = cred->uid == 0 ? cred->cap_permitted : 0;
    return real;
}

static long access_path(struct fs_context *context, const struct path *path, unsigned mode)
{
    struct inode *inode = path->dentry->inode;
    if (mode & MAY_EXEC && LX_S_ISREG(inode->mode) &&
        (path->mount->flags | path->mount->sb->flags) & LX_MS_NOEXEC)
        return -LX_EACCES;
    long err = mode ? inode_permission(context, inode, mode) : 0;
    if (err || !(mode & MAY_WRITE))
        return err;
    if (LX_S_ISREG(inode->mode) || LX_S_ISDIR(inode->mode) || LX_S_ISLNK(inode->mode))
        return mount_writable(path->mount);
    return 0;
}

long vfs_access(struct fs_context *context, int dirfd, const char *name, unsigned mode,
                unsigned flags)
{
    struct fs_context asking = *context;
    struct cred real;
    if (!(flags & LX_AT_EACCESS)) {
        real = real_cred(context->cred);
        asking.cred = &real;
    }
    struct path path;
    long err = path_walk(&asking, dirfd, name, walk_flags(flags), &path);
    if (err)
        return err;
    err = access_path(&asking, &path, mode);
    path_put(&path);
    return err;
}

static long read_link(struct fs_context *context, const struct path *path, struct strbuf *out)
{
    struct inode *inode = path->dentry->inode;
    if (!LX_S_ISLNK(inode->mode) || !inode->ops->get_link)
        return -LX_EINVAL;
    inode_accessed(inode, path->mount);
    struct link_target target = {0};
    long err = inode->ops->get_link(context, inode, &target);
    if (err)
        return err;
    if (target.text)
        strbuf_puts(out, target.text);
    else if (target.jump.dentry)
        path_format(context->vfs, &target.jump, &context->fs->root, out);
    if (target.jump.dentry)
        path_put(&target.jump);
    if (target.text_owned)
        arena_free(context->vfs->arena, (void *)(uintptr_t)target.text);
    return out->failed ? -LX_ENOMEM : 0;
}

long vfs_readlink(struct fs_context *context, int dirfd, const char *name, struct strbuf *out)
{
    struct path path;
    long err = path_walk(context, dirfd, name, PATH_EMPTY, &path);
    if (err)
        return err;
    err = read_link(context, &path, out);
    if (err == -LX_EINVAL && !*name && !LX_S_ISLNK(path.dentry->inode->mode))
        err = -LX_ENOENT; /* Linux: "" of what is no link (guest/file/readlink) */
    path_put(&path);
    return err;
}

/* --- changes --- */

static long set_attr_now(struct fs_context *context, struct inode *inode, struct attr *attr)
{
    attr->ctime = vfs_now(context->vfs);
    attr->valid |= ATTR_CTIME;
    return inode_set_attr(context, inode, attr);
}

static long chmod_path(struct fs_context *context, const struct path *path, uint32_t mode)
{
    struct inode *inode = path->dentry->inode;
    long err = mount_writable(path->mount);
    if (err)
        return err;
    if (!inode_owner_or_capable(context->cred, inode))
        return -LX_EPERM;
    if (LX_S_ISLNK(inode->mode))
        return -LX_EOPNOTSUPP;
    struct attr attr = {.valid = ATTR_MODE, .mode = mode & LX_S_IALLUGO};
    if (!cred_in_group(context->cred, inode->gid) && !cred_capable(context->cred, LX_CAP_FSETID))
        attr.mode &= ~LX_S_ISGID;
    return set_attr_now(context, inode, &attr);
}

long vfs_chmod(struct fs_context *context, int dirfd, const char *name, uint32_t mode,
               unsigned flags)
{
    struct path path;
    long err = path_walk(context, dirfd, name, walk_flags(flags), &path);
    if (err)
        return err;
    err = chmod_path(context, &path, mode);
    path_put(&path);
    return err;
}

long file_chmod(struct fs_context *context, struct file *file, uint32_t mode)
{
    struct path path;
    file_jump(file, &path);
    long err = chmod_path(context, &path, mode);
    path_put(&path);
    return err;
}

/* chown(2): the owner may give the file to one of its groups; everything else takes LX_CAP_CHOWN.
 */
static bool may_chown(const struct cred *cred, const struct inode *inode, const struct attr *attr)
{
    if (cred_capable(cred, LX_CAP_CHOWN))
        return true;
    bool owner = cred->fsuid == inode->uid;
    if (attr->valid & ATTR_UID && (!owner || attr->uid != inode->uid))
        return false;
    if (attr->valid & ATTR_GID &&
        (!owner || (attr->gid != inode->gid && !cred_in_group(cred, attr->gid))))
        return false;
    return true;
}

static long chown_path(struct fs_context *context, const struct path *path, uint32_t uid,
                       uint32_t gid)
{
    struct inode *inode = path->dentry->inode;
    long err = mount_writable(path->mount);
    if (err)
        return err;
    struct attr attr = {.uid = uid, .gid = gid};
    if (uid != UINT32_MAX)
        attr.valid |= ATTR_UID;
    if (gid != UINT32_MAX)
        attr.valid |= ATTR_GID;
    if (!may_chown(context->cred, inode, &attr))
        return -LX_EPERM;
    if (!LX_S_ISDIR(inode->mode)) {
        /* Whoever changes the owner, set-ID bits fall: the exemption of add_setid_drop() is for
         * contents. */
        uint32_t drop = inode->mode & LX_S_ISUID;
        if (inode->mode & LX_S_IXGRP || (!cred_in_group(context->cred, inode->gid) &&
                                         !cred_capable(context->cred, LX_CAP_FSETID)))
            drop |= inode->mode & LX_S_ISGID;
        if (drop && !inode_owner_or_capable(context->cred, inode))
            return -LX_EPERM;
        if (drop) {
            attr.valid |= ATTR_MODE;
            attr.mode = (inode->mode & LX_S_IALLUGO) & ~drop;
        }
    }
    return set_attr_now(context, inode, &attr);
}

long vfs_chown(struct fs_context *context, int dirfd, const char *name, uint32_t uid, uint32_t gid,
               unsigned flags)
{
    struct path path;
    long err = path_walk(context, dirfd, name, walk_flags(flags), &path);
    if (err)
        return err;
    err = chown_path(context, &path, uid, gid);
    path_put(&path);
    return err;
}

long file_chown(struct fs_context *context, struct file *file, uint32_t uid, uint32_t gid)
{
    struct path path;
    file_jump(file, &path);
    long err = chown_path(context, &path, uid, gid);
    path_put(&path);
    return err;
}

static bool time_is_valid(const struct timestamp *time)
{
    return time->nsec < 1000000000u || time->nsec == LX_UTIME_NOW || time->nsec == LX_UTIME_OMIT;
}

static long utimens_path(struct fs_context *context, const struct path *path,
                         const struct timestamp times[2])
{
    struct inode *inode = path->dentry->inode;
    long err = mount_writable(path->mount);
    if (err)
        return err;
    struct timestamp now = vfs_now(context->vfs);
    struct attr attr = {.valid = ATTR_ATIME | ATTR_MTIME, .atime = now, .mtime = now};
    bool both_now = !times;
    if (times) {
        both_now = times[0].nsec == LX_UTIME_NOW && times[1].nsec == LX_UTIME_NOW;
        if (times[0].nsec == LX_UTIME_OMIT)
            attr.valid &= ~(unsigned)ATTR_ATIME;
        else if (times[0].nsec != LX_UTIME_NOW)
            attr.atime = times[0];
        if (times[1].nsec == LX_UTIME_OMIT)
            attr.valid &= ~(unsigned)ATTR_MTIME;
        else if (times[1].nsec != LX_UTIME_NOW)
            attr.mtime = times[1];
    }
    if (both_now) {
        /* Whoever may write may touch. */
        if (!inode_owner_or_capable(context->cred, inode)) {
            err = inode_permission(context, inode, MAY_WRITE);
            if (err)
                return err;
        }
    } else if (!inode_owner_or_capable(context->cred, inode)) {
        return -LX_EPERM;
    }
    return set_attr_now(context, inode, &attr);
}

long vfs_utimens(struct fs_context *context, int dirfd, const char *name,
                 const struct timestamp times[2], unsigned flags)
{
    if (times) {
        if (times[0].nsec == LX_UTIME_OMIT && times[1].nsec == LX_UTIME_OMIT)
            return 0; /* Linux looks at nothing else then (guest/file/utimens) */
        if (!time_is_valid(&times[0]) || !time_is_valid(&times[1]))
            return -LX_EINVAL;
    }
    struct path path;
    if (name) {
        long err = path_walk(context, dirfd, name, walk_flags(flags), &path);
        if (err)
            return err;
    } else {
        if (flags)
            return -LX_EINVAL;
        struct file *file = fdtable_get(context->fds, dirfd);
        if (!file)
            return -LX_EBADF;
        file_jump(file, &path);
    }
    long err = utimens_path(context, &path, times);
    path_put(&path);
    return err;
}

/* --- sizes --- */

static long truncate_inode(struct fs_context *context, struct inode *inode, uint64_t length,
                           bool keep_setid)
{
    struct attr attr = {.valid = ATTR_SIZE, .size = length};
    if (length > inode->sb->max_bytes)
        return -LX_EFBIG;
    /* Linux: the times change even when the size does not (guest/file/truncate). */
    attr.valid |= ATTR_MTIME;
    attr.mtime = vfs_now(inode->sb->vfs);
    if (!keep_setid)
        add_setid_drop(context, inode, &attr);
    attr.ctime = attr.mtime;
    attr.valid |= ATTR_CTIME;
    return inode_set_attr(context, inode, &attr);
}

static long truncate_path(struct fs_context *context, const struct path *path, int64_t length)
{
    struct inode *inode = path->dentry->inode;
    if (LX_S_ISDIR(inode->mode))
        return -LX_EISDIR;
    if (!LX_S_ISREG(inode->mode))
        return -LX_EINVAL;
    long err = mount_writable(path->mount);
    if (!err)
        err = inode_permission(context, inode, MAY_WRITE);
    if (!err && inode->writers < 0)
        err = -LX_ETXTBSY;
    if (!err && (uint64_t)length > inode->size && (uint64_t)length > context->file_size_limit)
        err = -LX_EFBIG;
    return err ? err : truncate_inode(context, inode, (uint64_t)length, false);
}

long vfs_truncate(struct fs_context *context, const char *name, int64_t length)
{
    if (length < 0)
        return -LX_EINVAL;
    struct path path;
    long err = path_walk(context, LX_AT_FDCWD, name, PATH_FOLLOW, &path);
    if (err)
        return err;
    err = truncate_path(context, &path, length);
    path_put(&path);
    return err;
}

long file_truncate(struct file *file, int64_t length, uint64_t size_limit)
{
    if (length < 0)
        return -LX_EINVAL;
    if (!file->inode || !LX_S_ISREG(file->inode->mode) || !file_writable(file))
        return -LX_EINVAL;
    if ((uint64_t)length > file->inode->size && (uint64_t)length > size_limit)
        return -LX_EFBIG;
    return truncate_inode(NULL, file->inode, (uint64_t)length, file->keep_setid);
}

/* --- file systems --- */

static long statfs_mount(const struct mount *mount, struct lx_statfs *out)
{
    struct superblock *sb = mount->sb;
    *out = (struct lx_statfs){
        .f_type = sb->magic,
        .f_bsize = sb->block_size,
        .f_frsize = sb->block_size,
        .f_namelen = sb->name_max,
    };
    out->f_fsid[0] = (int32_t)lx_minor(sb->dev);
    out->f_flags = LX_ST_VALID;
    unsigned flags = mount->flags | sb->flags;
    static const unsigned map[][2] = {
        {LX_MS_RDONLY, LX_ST_RDONLY},   {LX_MS_NOSUID, LX_ST_NOSUID},
        {LX_MS_NODEV, LX_ST_NODEV},     {LX_MS_NOEXEC, LX_ST_NOEXEC},
        {LX_MS_NOATIME, LX_ST_NOATIME}, {LX_MS_RELATIME, LX_ST_RELATIME},
    };
    for (unsigned i = 0; i < ARRAY_SIZE(map); i++)
        if (flags & map[i][0])
            out->f_flags |= map[i][1];
    return sb->ops && sb->ops->statfs ? sb->ops->statfs(sb, out) : 0;
}

long vfs_statfs_device(struct vfs *vfs, uint64_t dev, struct lx_statfs *out)
{
    struct mount *mount;
    list_for_each (mount, &vfs->mounts, all_link) {
        if (mount->sb->dev == dev)
            return statfs_mount(mount, out);
    }
    return -LX_EINVAL;
}

long vfs_statfs(struct fs_context *context, const char *name, struct lx_statfs *out)
{
    struct path path;
    long err = path_walk(context, LX_AT_FDCWD, name, PATH_FOLLOW, &path);
    if (err)
        return err;
    err = statfs_mount(path.mount, out);
    path_put(&path);
    return err;
}

long file_statfs(struct file *file, struct lx_statfs *out)
{
    return statfs_mount(file->mount ? file->mount : file->vfs->anonymous, out);
}
