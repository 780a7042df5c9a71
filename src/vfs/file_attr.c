/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What system calls ask of an open file besides reading and writing: fsync(2), fallocate(2),
 * getdents(2), fcntl(2)'s F_SETFL, mmap(2).
 */
#include "vfs/file_attr.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/mman.h"
#include "mem/uaccess.h"
#include "vfs/async.h"
#include "vfs/mount.h"

long file_sync(struct file *file, bool data_only)
{
    return file->ops->sync ? file->ops->sync(file, data_only) : -LX_EINVAL;
}

long file_syncfs(struct file *file)
{
    struct superblock *sb = file->mount ? file->mount->sb : NULL;
    return sb && sb->ops && sb->ops->sync ? sb->ops->sync(sb) : 0;
}

long file_iterate(struct file *file, struct dirent_sink *sink)
{
    if (!file->ops->iterate)
        return -LX_ENOTDIR;
    if (file->dentry && file->dentry->flags & DENTRY_UNLINKED)
        return -LX_ENOENT;
    long err = file->ops->iterate(file, sink);
    if (!err)
        file_accessed(file);
    return err;
}

/* fallocate(2): which modes go together. */
static long check_allocate_mode(unsigned mode)
{
    const unsigned known = LX_FALLOC_FL_KEEP_SIZE | LX_FALLOC_FL_PUNCH_HOLE |
                           LX_FALLOC_FL_COLLAPSE_RANGE | LX_FALLOC_FL_ZERO_RANGE |
                           LX_FALLOC_FL_INSERT_RANGE | LX_FALLOC_FL_UNSHARE_RANGE |
                           LX_FALLOC_FL_WRITE_ZEROES;
    if (mode & ~known)
        return -LX_EOPNOTSUPP;
    switch (mode & ~LX_FALLOC_FL_KEEP_SIZE) {
    case 0:
    case LX_FALLOC_FL_UNSHARE_RANGE:
    case LX_FALLOC_FL_ZERO_RANGE:
        return 0;
    case LX_FALLOC_FL_PUNCH_HOLE:
        return mode & LX_FALLOC_FL_KEEP_SIZE ? 0 : -LX_EOPNOTSUPP;
    case LX_FALLOC_FL_COLLAPSE_RANGE:
    case LX_FALLOC_FL_INSERT_RANGE:
    case LX_FALLOC_FL_WRITE_ZEROES:
        return mode & LX_FALLOC_FL_KEEP_SIZE ? -LX_EOPNOTSUPP : 0;
    default:
        return -LX_EOPNOTSUPP;
    }
}

long file_allocate(struct file *file, unsigned mode, int64_t offset, int64_t length,
                   uint64_t size_limit)
{
    if (offset < 0 || length <= 0)
        return -LX_EINVAL;
    long err = check_allocate_mode(mode);
    if (err)
        return err;
    if (!file_writable(file))
        return -LX_EBADF;
    struct inode *inode = file->inode;
    if (!inode)
        return -LX_ENODEV;
    if (LX_S_ISFIFO(inode->mode))
        return -LX_ESPIPE;
    if (LX_S_ISDIR(inode->mode))
        return -LX_EISDIR;
    if (!LX_S_ISREG(inode->mode))
        return -LX_ENODEV;
    uint64_t end;
    if (__builtin_add_overflow((uint64_t)offset, (uint64_t)length, &end) ||
        end > inode->sb->max_bytes)
        return -LX_EFBIG;
    if (!file->ops->allocate)
        return -LX_EOPNOTSUPP;
    if (!(mode & LX_FALLOC_FL_KEEP_SIZE) && end > inode->size && end > size_limit)
        return -LX_EFBIG;
    return file->ops->allocate(file, mode, (uint64_t)offset, (uint64_t)length);
}

long file_set_flags(struct fs_context *context, struct file *file, unsigned flags)
{
    const unsigned settable = LX_O_APPEND | LX_O_NONBLOCK | LX_O_DIRECT | LX_O_NOATIME;
    if (flags & LX_O_NOATIME && !(file->flags & LX_O_NOATIME) && file->inode &&
        !inode_owner_or_capable(context->cred, file->inode))
        return -LX_EPERM;
    if (flags & LX_O_DIRECT && !file->ops->direct)
        return -LX_EINVAL;
    unsigned old = file->flags;
    file->flags = (flags & settable) | (file->flags & ~settable);
    long err = file->ops->set_flags ? file->ops->set_flags(file, old) : 0;
    if (err) {
        file->flags = old;
        return err;
    }
    /* Linux: the flag shows only where it is known (guest/file/async_signal). */
    if (flags & LX_FASYNC && !(old & LX_FASYNC) && file_async_start(file))
        file->flags |= LX_FASYNC;
    if (!(flags & LX_FASYNC) && old & LX_FASYNC) {
        file_async_stop(file);
        file->flags &= ~LX_FASYNC;
    }
    return 0;
}

long file_map(struct file *file, unsigned prot, unsigned flags, struct vm_object **out)
{
    bool shared = (flags & LX_MAP_TYPE) != LX_MAP_PRIVATE;
    if (shared && prot & LX_PROT_WRITE && !file_writable(file))
        return -LX_EACCES;
    if (!file_readable(file))
        return -LX_EACCES;
    if (file->mount && (file->mount->flags | file->mount->sb->flags) & LX_MS_NOEXEC &&
        prot & LX_PROT_EXEC)
        return -LX_EPERM;
    return file->ops->map ? file->ops->map(file, prot, flags, out) : -LX_ENODEV;
}

/* FIONREAD of a regular file: what is left. */
static long bytes_left(struct file *file, struct mm *mm, gva_t to)
{
    int64_t left = (int64_t)file->inode->size - (int64_t)file->pos;
    int32_t value = (int32_t)left;
    return user_put(mm, to, &value);
}

/* FS_IOC_GETFLAGS, FS_IOC_SETFLAGS where the file system knows such flags. */
static long inode_flags_ioctl(struct mm *mm, bool set, gva_t at)
{
    uint32_t flags = 0;
    if (!set)
        return user_put(mm, at, &flags);
    long err = user_get(mm, &flags, at);
    if (err)
        return err;
    return flags ? -LX_EOPNOTSUPP : 0;
}

long file_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    bool regular = file->inode && LX_S_ISREG(file->inode->mode);
    bool flagged =
        file->inode && file->inode->sb->inode_flags && (regular || LX_S_ISDIR(file->inode->mode));
    if (flagged && (request == LX_FS_IOC_GETFLAGS || request == LX_FS_IOC_SETFLAGS))
        return inode_flags_ioctl(mm, request == LX_FS_IOC_SETFLAGS, arg);
    if (request == LX_FIONREAD && regular)
        return bytes_left(file, mm, arg);
    if (request == LX_FIGETBSZ) {
        int32_t size = file->inode ? (int32_t)file->inode->sb->block_size : (int32_t)PAGE_SIZE;
        return user_put(mm, arg, &size);
    }
    return file->ops->ioctl ? file->ops->ioctl(file, mm, request, arg) : -LX_ENOTTY;
}
