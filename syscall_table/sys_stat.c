/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attributes: stat(2), statx(2), statfs(2), chmod(2), chown(2), utimensat(2) and their kin.
 */
#include <string.h>

#include "abi/stat.h"
#include "abi/time.h"
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"
#include "vfs/mount.h"

static struct lx_timespec_stat stat_time(struct timestamp time)
{
    return (struct lx_timespec_stat){time.sec, time.nsec};
}

static long put_stat(struct task *task, gva_t to, const struct kstat *stat)
{
    struct lx_stat out = {
        .st_dev = stat->dev,
        .st_ino = stat->ino,
        .st_nlink = stat->nlink,
        .st_mode = stat->mode,
        .st_uid = stat->uid,
        .st_gid = stat->gid,
        .st_rdev = stat->rdev,
        .st_size = (int64_t)stat->size,
        .st_blksize = stat->blksize,
        .st_blocks = (int64_t)stat->blocks,
        .st_atime = stat_time(stat->atime),
        .st_mtime = stat_time(stat->mtime),
        .st_ctime = stat_time(stat->ctime),
    };
    return user_put(task->mm, to, &out);
}

/* By path; an empty one with LX_AT_EMPTY_PATH is the descriptor's own file. */
static long stat_at(struct task *task, int dirfd, gva_t path, unsigned flags, struct kstat *out)
{
    char name[LX_PATH_MAX];
    long err = get_name_or_null(task, path, flags, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_stat(&context, dirfd, name, flags, out);
}

static long stat_into(struct task *task, int dirfd, gva_t path, unsigned flags, gva_t to)
{
    struct kstat stat = {0};
    long err = stat_at(task, dirfd, path, flags, &stat);
    return err ? err : put_stat(task, to, &stat);
}

long sys_stat(struct task *task, gva_t path, gva_t statbuf)
{
    return stat_into(task, LX_AT_FDCWD, path, 0, statbuf);
}

long sys_lstat(struct task *task, gva_t path, gva_t statbuf)
{
    return stat_into(task, LX_AT_FDCWD, path, LX_AT_SYMLINK_NOFOLLOW, statbuf);
}

long sys_newfstatat(struct task *task, int dirfd, gva_t path, gva_t statbuf, uint32_t flags)
{
    if (flags &
        ~(LX_AT_SYMLINK_NOFOLLOW | LX_AT_NO_AUTOMOUNT | LX_AT_EMPTY_PATH | LX_AT_STATX_SYNC_TYPE))
        return -LX_EINVAL;
    return stat_into(task, dirfd, path, flags, statbuf);
}

long sys_fstat(struct task *task, int fd, gva_t statbuf)
{
    struct file *file = fdtable_get_any(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct kstat stat = {0};
    long err = file_stat(file, &stat);
    return err ? err : put_stat(task, statbuf, &stat);
}

static struct lx_statx_timestamp statx_time(struct timestamp time)
{
    return (struct lx_statx_timestamp){.tv_sec = time.sec, .tv_nsec = time.nsec};
}

/* Numbers of mounts that are never used again begin here, above all that are. */
#define UNIQUE_MOUNT_BASE (UINT64_C(1) << 31)

static long put_statx(struct task *task, gva_t to, uint32_t mask, const struct kstat *stat)
{
    struct lx_statx out = {
        .stx_mask = LX_STATX_BASIC_STATS | LX_STATX_MNT_ID,
        .stx_blksize = stat->blksize,
        .stx_attributes = stat->attributes,
        .stx_attributes_mask = stat->attributes_mask,
        .stx_nlink = (uint32_t)stat->nlink,
        .stx_uid = stat->uid,
        .stx_gid = stat->gid,
        .stx_mode = (uint16_t)stat->mode,
        .stx_ino = stat->ino,
        .stx_size = stat->size,
        .stx_blocks = stat->blocks,
        .stx_atime = statx_time(stat->atime),
        .stx_ctime = statx_time(stat->ctime),
        .stx_mtime = statx_time(stat->mtime),
        .stx_rdev_major = lx_major(stat->rdev),
        .stx_rdev_minor = lx_minor(stat->rdev),
        .stx_dev_major = lx_major(stat->dev),
        .stx_dev_minor = lx_minor(stat->dev),
        .stx_mnt_id = stat->mount_id,
    };
    if (stat->has_btime) {
        out.stx_mask |= LX_STATX_BTIME;
        out.stx_btime = statx_time(stat->btime);
    }
    if (mask & LX_STATX_MNT_ID_UNIQUE) {
        out.stx_mask ^= LX_STATX_MNT_ID | LX_STATX_MNT_ID_UNIQUE;
        out.stx_mnt_id += UNIQUE_MOUNT_BASE;
    }
    return user_put(task->mm, to, &out);
}

long sys_statx(struct task *task, int dirfd, gva_t path, uint32_t flags, uint32_t mask,
               gva_t statxbuf)
{
    if (mask & LX_STATX__RESERVED)
        return -LX_EINVAL;
    if ((flags & LX_AT_STATX_SYNC_TYPE) == LX_AT_STATX_SYNC_TYPE)
        return -LX_EINVAL;
    if (flags &
        ~(LX_AT_SYMLINK_NOFOLLOW | LX_AT_NO_AUTOMOUNT | LX_AT_EMPTY_PATH | LX_AT_STATX_SYNC_TYPE))
        return -LX_EINVAL;
    struct kstat stat = {0};
    long err = stat_at(task, dirfd, path, flags, &stat);
    return err ? err : put_statx(task, statxbuf, mask, &stat);
}

long sys_statfs(struct task *task, gva_t path, gva_t buf)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    struct lx_statfs stat;
    err = vfs_statfs(&context, name, &stat);
    return err ? err : user_put(task->mm, buf, &stat);
}

long sys_ustat(struct task *task, uint32_t dev, gva_t ubuf)
{
    struct lx_statfs stat;
    long err = vfs_statfs_device(&task->kernel->vfs, dev, &stat);
    if (err)
        return err;
    struct lx_ustat answer = {.f_tfree = (int32_t)stat.f_bfree, .f_tinode = stat.f_ffree};
    return user_put(task->mm, ubuf, &answer);
}

/* The number of the file system type that `name` is of. */
static long filesystem_index(struct task *task, gva_t name)
{
    const struct vfs *vfs = &task->kernel->vfs;
    char wanted[LX_PATH_MAX];
    long err = get_name(task, name, wanted);
    if (err)
        return err;
    if (!wanted[0])
        return -LX_ENOENT;
    for (unsigned i = 0; i < vfs->filesystem_count; i++)
        if (strcmp(vfs->filesystems[i]->name, wanted) == 0)
            return (long)i;
    return -LX_EINVAL;
}

/* sysfs(2): the types of /proc/filesystems by number. */
long sys_sysfs(struct task *task, int option, uint64_t arg1, uint64_t arg2)
{
    const struct vfs *vfs = &task->kernel->vfs;
    unsigned index = (unsigned)arg1;
    switch (option) {
    case 1:
        return filesystem_index(task, arg1);
    case 2:
        if (index >= vfs->filesystem_count)
            return -LX_EINVAL;
        return user_write(task->mm, arg2, vfs->filesystems[index]->name,
                          strlen(vfs->filesystems[index]->name) + 1);
    case 3:
        return (long)vfs->filesystem_count;
    default:
        return -LX_EINVAL;
    }
}

long sys_fstatfs(struct task *task, int fd, gva_t buf)
{
    struct file *file = fdtable_get_any(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct lx_statfs stat;
    long err = file_statfs(file, &stat);
    return err ? err : user_put(task->mm, buf, &stat);
}

/* --- chmod(2), chown(2) --- */

static long change_mode(struct task *task, int dirfd, gva_t path, uint32_t mode, unsigned flags)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_chmod(&context, dirfd, name, mode, flags);
}

long sys_chmod(struct task *task, gva_t path, uint16_t mode)
{
    return change_mode(task, LX_AT_FDCWD, path, mode, 0);
}

long sys_fchmodat(struct task *task, int dirfd, gva_t path, uint16_t mode)
{
    return change_mode(task, dirfd, path, mode, 0);
}

long sys_fchmodat2(struct task *task, int dirfd, gva_t path, uint16_t mode, uint32_t flags)
{
    if (flags & ~(LX_AT_SYMLINK_NOFOLLOW | LX_AT_EMPTY_PATH))
        return -LX_EINVAL;
    return change_mode(task, dirfd, path, mode, flags);
}

long sys_fchmod(struct task *task, int fd, uint16_t mode)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct fs_context context = task_fs_context(task);
    return file_chmod(&context, file, mode);
}

static long change_owner(struct task *task, int dirfd, gva_t path, uint32_t uid, uint32_t gid,
                         unsigned flags)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_chown(&context, dirfd, name, uid, gid, flags);
}

long sys_chown(struct task *task, gva_t path, uint32_t owner, uint32_t group)
{
    return change_owner(task, LX_AT_FDCWD, path, owner, group, 0);
}

long sys_lchown(struct task *task, gva_t path, uint32_t owner, uint32_t group)
{
    return change_owner(task, LX_AT_FDCWD, path, owner, group, LX_AT_SYMLINK_NOFOLLOW);
}

long sys_fchownat(struct task *task, int dirfd, gva_t path, uint32_t owner, uint32_t group,
                  uint32_t flags)
{
    if (flags & ~(LX_AT_SYMLINK_NOFOLLOW | LX_AT_EMPTY_PATH))
        return -LX_EINVAL;
    return change_owner(task, dirfd, path, owner, group, flags);
}

long sys_fchown(struct task *task, int fd, uint32_t owner, uint32_t group)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct fs_context context = task_fs_context(task);
    return file_chown(&context, file, owner, group);
}

/* --- times --- */

/* `times` NULL: both are now. `path` 0: the descriptor itself, except of the current directory. */
static long change_times(struct task *task, int dirfd, gva_t path, const struct timestamp *times,
                         unsigned flags)
{
    struct fs_context context = task_fs_context(task);
    if (!path && dirfd != LX_AT_FDCWD)
        return vfs_utimens(&context, dirfd, NULL, times, flags);
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    return err ? err : vfs_utimens(&context, dirfd, name, times, flags);
}

long sys_utimensat(struct task *task, int dirfd, gva_t path, gva_t times_at, uint32_t flags)
{
    struct timestamp times[2];
    if (times_at) {
        struct lx_timespec given[2];
        long err = user_get(task->mm, &given, times_at);
        if (err)
            return err;
        for (unsigned i = 0; i < 2; i++) {
            times[i].sec = given[i].sec;
            /* What does not fit is as invalid as a billion. */
            times[i].nsec =
                (uint64_t)given[i].nsec > UINT32_MAX ? UINT32_MAX : (uint32_t)given[i].nsec;
        }
        if (times[0].nsec == LX_UTIME_OMIT && times[1].nsec == LX_UTIME_OMIT)
            return 0;
    }
    if (flags & ~(LX_AT_SYMLINK_NOFOLLOW | LX_AT_EMPTY_PATH))
        return -LX_EINVAL;
    return change_times(task, dirfd, path, times_at ? times : NULL, flags);
}

static long change_times_us(struct task *task, int dirfd, gva_t path, gva_t times_at)
{
    if (!times_at)
        return change_times(task, dirfd, path, NULL, 0);
    struct lx_timeval given[2];
    long err = user_get(task->mm, &given, times_at);
    if (err)
        return err;
    struct timestamp times[2];
    for (unsigned i = 0; i < 2; i++) {
        if (given[i].usec < 0 || given[i].usec >= 1000000)
            return -LX_EINVAL;
        times[i] = (struct timestamp){given[i].sec, (uint32_t)given[i].usec * 1000u};
    }
    return change_times(task, dirfd, path, times, 0);
}

long sys_utimes(struct task *task, gva_t path, gva_t times)
{
    return change_times_us(task, LX_AT_FDCWD, path, times);
}

long sys_futimesat(struct task *task, int dirfd, gva_t path, gva_t times)
{
    return change_times_us(task, dirfd, path, times);
}

long sys_utime(struct task *task, gva_t path, gva_t times_at)
{
    if (!times_at)
        return change_times(task, LX_AT_FDCWD, path, NULL, 0);
    struct lx_utimbuf given;
    long err = user_get(task->mm, &given, times_at);
    if (err)
        return err;
    const struct timestamp times[2] = {{given.actime, 0}, {given.modtime, 0}};
    return change_times(task, LX_AT_FDCWD, path, times, 0);
}
