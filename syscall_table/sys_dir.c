/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Directories: getdents(2), getcwd(2), chdir(2), chroot(2), umask(2).
 */
#include <string.h>

#include "abi/dirent.h"
#include "base/strbuf.h"
#include "syscall_table/sys_files.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"

/* Entries on their way to the guest. An entry's d_off is the next one's position: known when that
 * one comes. */
struct entries {
    struct dirent_sink sink;
    struct mm *mm;
    gva_t at;      /* where the next entry goes */
    uint64_t left; /* bytes behind it */
    gva_t last;    /* the entry before; 0: none */
    long err;      /* why it stopped, unless the directory ended */
    bool old;      /* getdents(2): the type is the record's last byte */
};

static long put_offset(struct entries *entries, uint64_t pos)
{
    uint64_t offset = pos;
    return user_put(entries->mm, entries->last + offsetof(struct lx_dirent64, d_off), &offset);
}

static bool put_entry(struct dirent_sink *sink, const char *name, size_t length, uint64_t ino,
                      unsigned type, uint64_t pos)
{
    struct entries *entries = container_of(sink, struct entries, sink);
    union {
        struct lx_dirent64 head;
        uint8_t bytes[24 + LX_NAME_MAX + 8];
    } record;
    const size_t name_at =
        entries->old ? offsetof(struct lx_dirent, d_name) : offsetof(struct lx_dirent64, d_name);
    /* Both: NUL, and the old one's type byte behind it. */
    size_t size = (name_at + length + (entries->old ? 2 : 1) + 7) & ~(size_t)7;
    if (length > LX_NAME_MAX) {
        entries->err = -LX_EIO;
        return false;
    }
    if (size > entries->left) {
        entries->err = -LX_EINVAL;
        return false;
    }
    memset(record.bytes, 0, size);
    record.head.d_ino = ino;
    record.head.d_reclen = (uint16_t)size;
    memcpy(record.bytes + name_at, name, length);
    if (entries->old)
        record.bytes[size - 1] = (uint8_t)type;
    else
        record.head.d_type = (uint8_t)type;
    entries->err = entries->last ? put_offset(entries, pos) : 0;
    if (!entries->err)
        entries->err = user_write(entries->mm, entries->at, record.bytes, size);
    if (entries->err)
        return false;
    entries->last = entries->at;
    entries->at += size;
    entries->left -= size;
    return true;
}

static long read_entries(struct task *task, int fd, gva_t dirp, uint32_t count, bool old)
{
    struct file *file = fdtable_get(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    struct entries entries = {.sink = {.emit = put_entry},
                              .mm = task->mm,
                              .at = dirp,
                              .left = count <= INT32_MAX ? count : 0, /* to Linux less than none */
                              .old = old};
    long err = file_iterate(file, &entries.sink);
    if (!err)
        err = entries.err;
    if (!entries.last)
        return err;
    err = put_offset(&entries, file->pos);
    return err ? err : (long)(entries.at - dirp);
}

long sys_getdents64(struct task *task, int fd, gva_t dirp, uint32_t count)
{
    return read_entries(task, fd, dirp, count, false);
}

long sys_getdents(struct task *task, int fd, gva_t dirp, uint32_t count)
{
    return read_entries(task, fd, dirp, count, true);
}

long sys_getcwd(struct task *task, gva_t buf, uint64_t size)
{
    struct fs_context context = task_fs_context(task);
    struct strbuf text;
    strbuf_init(&text, task->kernel->arena, LX_PATH_MAX);
    long err = vfs_getcwd(&context, &text);
    if (!err) {
        size_t length = text.length + 1;
        err = length > size ? -LX_ERANGE : user_write(task->mm, buf, strbuf_string(&text), length);
        if (!err)
            err = (long)length;
    }
    strbuf_fini(&text);
    return err;
}

long sys_chdir(struct task *task, gva_t path)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_chdir(&context, name);
}

long sys_fchdir(struct task *task, int fd)
{
    struct fs_context context = task_fs_context(task);
    return vfs_fchdir(&context, fd);
}

long sys_chroot(struct task *task, gva_t path)
{
    char name[LX_PATH_MAX];
    long err = get_name(task, path, name);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    return vfs_chroot(&context, name);
}

long sys_umask(struct task *task, int mask)
{
    unsigned old = task->fs->umask;
    task->fs->umask = (unsigned)mask & 0777u;
    return (long)old;
}
