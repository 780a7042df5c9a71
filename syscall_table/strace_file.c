/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of what calls on files fill: stat, statx, statfs, directory entries, offsets, pairs of
 * descriptors; openat2's request.
 */
#include "syscall_table/strace_show.h"

#include "abi/dirent.h"
#include "abi/fcntl.h"
#include "abi/stat.h"
#include "mem/uaccess.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

PRINTER(stat)
{
    struct lx_stat st;
    if (!show_read_result(show, &st, ARG, sizeof st))
        return;
    show_puts(show, "{st_mode=");
    show_mode(show, st.st_mode);
    if (LX_S_ISCHR(st.st_mode) || LX_S_ISBLK(st.st_mode))
        show_printf(show, ", st_rdev=makedev(%#x, %#x)", lx_major(st.st_rdev),
                    lx_minor(st.st_rdev));
    else
        show_printf(show, ", st_size=%lld", (long long)st.st_size);
    show_puts(show, ", ...}");
}

PRINTER(statx)
{
    struct lx_statx stx;
    if (!show_read_result(show, &stx, ARG, sizeof stx))
        return;
    show_puts(show, "{stx_mask=");
    show_flags(show, KIND_FLAGS_statx_mask, stx.stx_mask);
    show_puts(show, ", stx_attributes=");
    show_flags(show, KIND_FLAGS_statx_attr, stx.stx_attributes);
    show_puts(show, ", stx_mode=");
    show_mode(show, stx.stx_mode);
    show_printf(show, ", stx_size=%llu, ...}", (unsigned long long)stx.stx_size);
}

static void show_magic(struct show *show, int64_t magic)
{
    static const struct name_value names[] = {
        {LX_TMPFS_MAGIC, 0, "TMPFS_MAGIC"},
        {LX_PROC_SUPER_MAGIC, 0, "PROC_SUPER_MAGIC"},
        {LX_SYSFS_MAGIC, 0, "SYSFS_MAGIC"},
        {LX_PIPEFS_MAGIC, 0, "PIPEFS_MAGIC"},
        {LX_ANON_INODE_FS_MAGIC, 0, "ANON_INODE_FS_MAGIC"},
        {LX_SOCKFS_MAGIC, 0, "SOCKFS_MAGIC"},
        {LX_DEVPTS_SUPER_MAGIC, 0, "DEVPTS_SUPER_MAGIC"},
        {0xef53, 0, "EXT2_SUPER_MAGIC"},
        {0x58465342, 0, "XFS_SUPER_MAGIC"},
        {0x9123683e, 0, "BTRFS_SUPER_MAGIC"},
        {0x794c7630, 0, "OVERLAYFS_SUPER_MAGIC"},
        {0x01021997, 0, "V9FS_MAGIC"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if ((uint32_t)magic == (uint32_t)names[i].value) {
            show_puts(show, names[i].name);
            return;
        }
    }
    show_hex(show, (uint64_t)magic);
}

PRINTER(statfs)
{
    struct lx_statfs fs;
    if (!show_read_result(show, &fs, ARG, sizeof fs))
        return;
    show_puts(show, "{f_type=");
    show_magic(show, fs.f_type);
    show_printf(show, ", f_bsize=%lld, f_blocks=%llu, f_bfree=%llu, f_bavail=%llu",
                (long long)fs.f_bsize, (unsigned long long)fs.f_blocks,
                (unsigned long long)fs.f_bfree, (unsigned long long)fs.f_bavail);
    show_printf(show, ", f_files=%llu, f_ffree=%llu, f_fsid={val=[%#x, %#x]}, f_namelen=%lld",
                (unsigned long long)fs.f_files, (unsigned long long)fs.f_ffree,
                (unsigned)fs.f_fsid[0], (unsigned)fs.f_fsid[1], (long long)fs.f_namelen);
    show_printf(show, ", f_frsize=%lld, f_flags=", (long long)fs.f_frsize);
    show_flags(show, KIND_FLAGS_statfs, (uint64_t)fs.f_flags);
    show_puts(show, "}");
}

/* `modern`: getdents64's records; both kinds have their length at the same place. */
PRINTER(dirents)
{
    unsigned count = 0;
    uint64_t at = 0, size = (uint64_t)show->result;
    uint16_t length;

    show_pointer(show, ARG);
    if (show_failed(show) || !show->task->mm)
        return;
    while (at < size) {
        gva_t field = ARG + at + offsetof(struct lx_dirent64, d_reclen);
        if (user_get(show->task->mm, &length, field) || length == 0)
            break;
        at += length;
        count++;
    }
    show_printf(show, " /* %u entries */", count);
}

PRINTER(offset_ptr)
{
    int64_t offset;
    if (show_read(show, &offset, ARG, sizeof offset))
        show_printf(show, "[%lld]", (long long)offset);
}

/* "[before]" when the call begins, " => [after]" when it has moved. */
PRINTER(offset_inout)
{
    struct task_trace *trace = &show->task->trace;
    int64_t offset;

    if (!trace->partial) {
        if (show_read(show, &offset, ARG, sizeof offset)) {
            show_printf(show, "[%lld]", (long long)offset);
            trace->saved = (uint64_t)offset;
        }
        return;
    }
    if (show_failed(show) || show->result == 0 || user_get(show->task->mm, &offset, ARG))
        return;
    if ((uint64_t)offset != trace->saved)
        show_printf(show, " => [%lld]", (long long)offset);
}

PRINTER(fd_pair)
{
    int32_t fds[2];
    if (show_read_result(show, fds, ARG, sizeof fds))
        show_printf(show, "[%d, %d]", fds[0], fds[1]);
}

PRINTER(open_how)
{
    struct lx_open_how how = {0};
    if (show->args[index + 1] < sizeof how) {
        show_pointer(show, ARG);
        return;
    }
    if (!show_read(show, &how, ARG, sizeof how))
        return;
    show_puts(show, "{flags=");
    show_flags(show, KIND_FLAGS_open, how.flags);
    if (how.mode || (how.flags & (LX_O_CREAT | LX___O_TMPFILE)))
        show_printf(show, ", mode=%#03llo", (unsigned long long)how.mode);
    show_puts(show, ", resolve=");
    show_flags(show, KIND_FLAGS_resolve, how.resolve);
    show_puts(show, "}");
}

PRINTER(mincore)
{
    uint64_t pages = PAGE_ALIGN_UP(show->args[index - 1]) >> PAGE_SHIFT;
    uint8_t page;

    if (show_failed(show) || !ARG) {
        show_pointer(show, ARG);
        return;
    }
    show_puts(show, "[");
    for (uint64_t i = 0; i < pages; i++) {
        if (i == STRACE_STRING || user_get(show->task->mm, &page, ARG + i)) {
            show_puts(show, ", ...");
            break;
        }
        show_printf(show, "%s%d", i ? ", " : "", page & 1);
    }
    show_puts(show, "]");
}
