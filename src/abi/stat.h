/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_STAT_H
#define LSTAR_ABI_STAT_H
/*
 * stat(2), statx(2), statfs(2), inode(7), and the device numbers of makedev(3).
 */
#include <stddef.h>
#include <stdint.h>

#define LX_S_IFMT 0170000u
#define LX_S_IFSOCK 0140000u
#define LX_S_IFLNK 0120000u
#define LX_S_IFREG 0100000u
#define LX_S_IFBLK 0060000u
#define LX_S_IFDIR 0040000u
#define LX_S_IFCHR 0020000u
#define LX_S_IFIFO 0010000u
#define LX_S_ISUID 04000u
#define LX_S_ISGID 02000u
#define LX_S_ISVTX 01000u
#define LX_S_IRWXU 0700u
#define LX_S_IXGRP 0010u
#define LX_S_IXUGO 0111u
#define LX_S_IALLUGO 07777u

#define LX_S_ISREG(mode) (((mode)&LX_S_IFMT) == LX_S_IFREG)
#define LX_S_ISDIR(mode) (((mode)&LX_S_IFMT) == LX_S_IFDIR)
#define LX_S_ISLNK(mode) (((mode)&LX_S_IFMT) == LX_S_IFLNK)
#define LX_S_ISCHR(mode) (((mode)&LX_S_IFMT) == LX_S_IFCHR)
#define LX_S_ISBLK(mode) (((mode)&LX_S_IFMT) == LX_S_IFBLK)
#define LX_S_ISFIFO(mode) (((mode)&LX_S_IFMT) == LX_S_IFIFO)
#define LX_S_ISSOCK(mode) (((mode)&LX_S_IFMT) == LX_S_IFSOCK)

struct lx_timespec_stat {
    int64_t sec;
    int64_t nsec;
};

struct lx_stat {
    uint64_t st_dev;
    uint64_t st_ino;
    uint64_t st_nlink;
    uint32_t st_mode;
    uint32_t st_uid;
    uint32_t st_gid;
    uint32_t pad0;
    uint64_t st_rdev;
    int64_t st_size;
    int64_t st_blksize;
    int64_t st_blocks; /* of 512 bytes */
    struct lx_timespec_stat st_atime;
    struct lx_timespec_stat st_mtime;
    struct lx_timespec_stat st_ctime;
    int64_t reserved[3];
};
_Static_assert(sizeof(struct lx_stat) == 144, "struct stat");
_Static_assert(offsetof(struct lx_stat, st_size) == 48, "st_size");

#define LX_STATX_TYPE 0x1u
#define LX_STATX_MODE 0x2u
#define LX_STATX_NLINK 0x4u
#define LX_STATX_UID 0x8u
#define LX_STATX_GID 0x10u
#define LX_STATX_ATIME 0x20u
#define LX_STATX_MTIME 0x40u
#define LX_STATX_CTIME 0x80u
#define LX_STATX_INO 0x100u
#define LX_STATX_SIZE 0x200u
#define LX_STATX_BLOCKS 0x400u
#define LX_STATX_BASIC_STATS 0x7ffu
#define LX_STATX_BTIME 0x800u
#define LX_STATX_MNT_ID 0x1000u
#define LX_STATX_DIOALIGN 0x2000u
#define LX_STATX_MNT_ID_UNIQUE 0x4000u
#define LX_STATX__RESERVED 0x80000000u

#define LX_STATX_ATTR_IMMUTABLE 0x10u
#define LX_STATX_ATTR_APPEND 0x20u
#define LX_STATX_ATTR_NODUMP 0x40u
#define LX_STATX_ATTR_AUTOMOUNT 0x1000u
#define LX_STATX_ATTR_MOUNT_ROOT 0x2000u

struct lx_statx_timestamp {
    int64_t tv_sec;
    uint32_t tv_nsec;
    int32_t reserved;
};

struct lx_statx {
    uint32_t stx_mask;
    uint32_t stx_blksize;
    uint64_t stx_attributes;
    uint32_t stx_nlink;
    uint32_t stx_uid;
    uint32_t stx_gid;
    uint16_t stx_mode;
    uint16_t spare0;
    uint64_t stx_ino;
    uint64_t stx_size;
    uint64_t stx_blocks;
    uint64_t stx_attributes_mask;
    struct lx_statx_timestamp stx_atime;
    struct lx_statx_timestamp stx_btime;
    struct lx_statx_timestamp stx_ctime;
    struct lx_statx_timestamp stx_mtime;
    uint32_t stx_rdev_major;
    uint32_t stx_rdev_minor;
    uint32_t stx_dev_major;
    uint32_t stx_dev_minor;
    uint64_t stx_mnt_id;
    uint32_t stx_dio_mem_align;
    uint32_t stx_dio_offset_align;
    uint64_t spare3[12];
};
_Static_assert(sizeof(struct lx_statx) == 256, "struct statx");
_Static_assert(offsetof(struct lx_statx, stx_mnt_id) == 144, "stx_mnt_id");

struct lx_statfs {
    int64_t f_type;
    int64_t f_bsize;
    uint64_t f_blocks;
    uint64_t f_bfree;
    uint64_t f_bavail;
    uint64_t f_files;
    uint64_t f_ffree;
    int32_t f_fsid[2];
    int64_t f_namelen;
    int64_t f_frsize;
    int64_t f_flags; /* LX_ST_* */
    int64_t f_spare[4];
};
_Static_assert(sizeof(struct lx_statfs) == 120, "struct statfs");

struct lx_ustat {
    int32_t f_tfree;
    uint32_t padding;
    uint64_t f_tinode;
    char f_fname[6], f_fpack[6]; /* never filled */
    uint32_t padding2;
};
_Static_assert(sizeof(struct lx_ustat) == 32, "struct ustat");

#define LX_ST_RDONLY 1u
#define LX_ST_NOSUID 2u
#define LX_ST_NODEV 4u
#define LX_ST_NOEXEC 8u
#define LX_ST_VALID 0x20u
#define LX_ST_NOATIME 1024u
#define LX_ST_RELATIME 4096u

#define LX_TMPFS_MAGIC 0x01021994
#define LX_PROC_SUPER_MAGIC 0x9fa0
#define LX_SYSFS_MAGIC 0x62656572
#define LX_PIPEFS_MAGIC 0x50495045
#define LX_ANON_INODE_FS_MAGIC 0x09041934
#define LX_SOCKFS_MAGIC 0x534f434b
#define LX_DEVPTS_SUPER_MAGIC 0x1cd1

/* Device numbers as the kernel keeps them here: what st_rdev shows. */
static inline uint64_t lx_makedev(uint32_t major, uint32_t minor)
{
    return ((uint64_t)(major & 0xfffff000u) << 32) | ((uint64_t)(major & 0xfffu) << 8) |
           ((uint64_t)(minor & 0xffffff00u) << 12) | (minor & 0xffu);
}

static inline uint32_t lx_major(uint64_t dev)
{
    return (uint32_t)((dev >> 8) & 0xfffu) | (uint32_t)((dev >> 32) & 0xfffff000u);
}

static inline uint32_t lx_minor(uint64_t dev)
{
    return (uint32_t)(dev & 0xffu) | (uint32_t)((dev >> 12) & 0xffffff00u);
}

/* utimensat(2) */
#define LX_UTIME_NOW 0x3fffffff
#define LX_UTIME_OMIT 0x3ffffffe

#endif
