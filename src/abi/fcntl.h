/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_FCNTL_H
#define LSTAR_ABI_FCNTL_H
/*
 * open(2), fcntl(2), the *at() calls, renameat2(2), fallocate(2), splice(2), close_range(2),
 * memfd_create(2), flock(2), xattr(7).
 */
#include <stdint.h>

#define LX_PATH_MAX 4096 /* with the NUL */
#define LX_NAME_MAX 255

#define LX_O_RDONLY 0u
#define LX_O_WRONLY 1u
#define LX_O_RDWR 2u
#define LX_O_ACCMODE 3u
#define LX_O_CREAT 0100u
#define LX_O_EXCL 0200u
#define LX_O_NOCTTY 0400u
#define LX_O_TRUNC 01000u
#define LX_O_APPEND 02000u
#define LX_O_NONBLOCK 04000u
#define LX_O_DSYNC 010000u
#define LX_FASYNC 020000u
#define LX_O_DIRECT 040000u
#define LX_O_LARGEFILE 0100000u
#define LX_O_DIRECTORY 0200000u
#define LX_O_NOFOLLOW 0400000u
#define LX_O_NOATIME 01000000u
#define LX_O_CLOEXEC 02000000u
#define LX_O_SYNC 04010000u
#define LX_O_PATH 010000000u
#define LX___O_TMPFILE 020000000u
#define LX_O_TMPFILE (LX___O_TMPFILE | LX_O_DIRECTORY)

#define LX_AT_FDCWD (-100)
#define LX_AT_SYMLINK_NOFOLLOW 0x100u
#define LX_AT_EACCESS 0x200u
#define LX_AT_REMOVEDIR 0x200u
#define LX_AT_SYMLINK_FOLLOW 0x400u
#define LX_AT_NO_AUTOMOUNT 0x800u
#define LX_AT_EMPTY_PATH 0x1000u
#define LX_AT_STATX_FORCE_SYNC 0x2000u
#define LX_AT_STATX_DONT_SYNC 0x4000u
#define LX_AT_STATX_SYNC_TYPE 0x6000u
#define LX_AT_RECURSIVE 0x8000u
#define LX_AT_EXECVE_CHECK 0x10000u

#define LX_F_DUPFD 0
#define LX_F_GETFD 1
#define LX_F_SETFD 2
#define LX_F_GETFL 3
#define LX_F_SETFL 4
#define LX_F_GETLK 5
#define LX_F_SETLK 6
#define LX_F_SETLKW 7
#define LX_F_SETOWN 8
#define LX_F_GETOWN 9
#define LX_F_SETSIG 10
#define LX_F_GETSIG 11
#define LX_F_SETOWN_EX 15
#define LX_F_GETOWN_EX 16
#define LX_F_GETOWNER_UIDS 17
#define LX_F_OFD_GETLK 36
#define LX_F_OFD_SETLK 37
#define LX_F_OFD_SETLKW 38
#define LX_F_SETLEASE 1024
#define LX_F_GETLEASE 1025
#define LX_F_NOTIFY 1026
#define LX_F_DUPFD_QUERY 1027
#define LX_F_CREATED_QUERY 1028
#define LX_F_CANCELLK 1029
#define LX_F_DUPFD_CLOEXEC 1030
#define LX_F_SETPIPE_SZ 1031
#define LX_F_GETPIPE_SZ 1032
#define LX_F_ADD_SEALS 1033
#define LX_F_GET_SEALS 1034
#define LX_F_GET_RW_HINT 1035
#define LX_F_SET_RW_HINT 1036
#define LX_F_GET_FILE_RW_HINT 1037
#define LX_F_SET_FILE_RW_HINT 1038
#define LX_F_GETDELEG 1039
#define LX_F_SETDELEG 1040

#define LX_FD_CLOEXEC 1u

#define LX_F_RDLCK 0
#define LX_F_WRLCK 1
#define LX_F_UNLCK 2

#define LX_LOCK_SH 1u
#define LX_LOCK_EX 2u
#define LX_LOCK_NB 4u
#define LX_LOCK_UN 8u
#define LX_LOCK_MAND 32u

#define LX_F_SEAL_SEAL 0x01u
#define LX_F_SEAL_SHRINK 0x02u
#define LX_F_SEAL_GROW 0x04u
#define LX_F_SEAL_WRITE 0x08u
#define LX_F_SEAL_FUTURE_WRITE 0x10u
#define LX_F_SEAL_EXEC 0x20u

#define LX_F_OWNER_TID 0
#define LX_F_OWNER_PID 1
#define LX_F_OWNER_PGRP 2

#define LX_SEEK_SET 0
#define LX_SEEK_CUR 1
#define LX_SEEK_END 2
#define LX_SEEK_DATA 3
#define LX_SEEK_HOLE 4

#define LX_F_OK 0u
#define LX_X_OK 1u
#define LX_W_OK 2u
#define LX_R_OK 4u

#define LX_FALLOC_FL_KEEP_SIZE 0x01u
#define LX_FALLOC_FL_PUNCH_HOLE 0x02u
#define LX_FALLOC_FL_NO_HIDE_STALE 0x04u
#define LX_FALLOC_FL_COLLAPSE_RANGE 0x08u
#define LX_FALLOC_FL_ZERO_RANGE 0x10u
#define LX_FALLOC_FL_INSERT_RANGE 0x20u
#define LX_FALLOC_FL_UNSHARE_RANGE 0x40u
#define LX_FALLOC_FL_WRITE_ZEROES 0x80u

#define LX_RENAME_NOREPLACE 1u
#define LX_RENAME_EXCHANGE 2u
#define LX_RENAME_WHITEOUT 4u

#define LX_RESOLVE_NO_XDEV 0x01u
#define LX_RESOLVE_NO_MAGICLINKS 0x02u
#define LX_RESOLVE_NO_SYMLINKS 0x04u
#define LX_RESOLVE_BENEATH 0x08u
#define LX_RESOLVE_IN_ROOT 0x10u
#define LX_RESOLVE_CACHED 0x20u

#define LX_CLOSE_RANGE_UNSHARE 2u
#define LX_CLOSE_RANGE_CLOEXEC 4u

#define LX_MFD_CLOEXEC 1u
#define LX_MFD_ALLOW_SEALING 2u
#define LX_MFD_HUGETLB 4u
#define LX_MFD_NOEXEC_SEAL 8u
#define LX_MFD_EXEC 0x10u

#define LX_SPLICE_F_MOVE 1u
#define LX_SPLICE_F_NONBLOCK 2u
#define LX_SPLICE_F_MORE 4u
#define LX_SPLICE_F_GIFT 8u

#define LX_SYNC_FILE_RANGE_WAIT_BEFORE 1u
#define LX_SYNC_FILE_RANGE_WRITE 2u
#define LX_SYNC_FILE_RANGE_WAIT_AFTER 4u

#define LX_POSIX_FADV_NORMAL 0
#define LX_POSIX_FADV_NOREUSE 5

/* preadv2(2) */
#define LX_RWF_HIPRI 0x01u
#define LX_RWF_DSYNC 0x02u
#define LX_RWF_SYNC 0x04u
#define LX_RWF_NOWAIT 0x08u
#define LX_RWF_APPEND 0x10u
#define LX_RWF_NOAPPEND 0x20u
#define LX_RWF_ATOMIC 0x40u
#define LX_RWF_DONTCACHE 0x80u
#define LX_RWF_NOSIGNAL 0x100u

#define LX_XATTR_CREATE 1u
#define LX_XATTR_REPLACE 2u
#define LX_XATTR_NAME_MAX 255
#define LX_XATTR_SIZE_MAX 65536
#define LX_XATTR_LIST_MAX 65536

struct lx_flock {
    int16_t l_type;   /* LX_F_RDLCK … */
    int16_t l_whence; /* LX_SEEK_SET, CUR, END */
    int32_t pad0;
    int64_t l_start;
    int64_t l_len; /* 0: to the end, for ever */
    int32_t l_pid;
    int32_t pad1;
};
_Static_assert(sizeof(struct lx_flock) == 32, "struct flock");

struct lx_f_owner_ex {
    int32_t type;
    int32_t pid;
};
_Static_assert(sizeof(struct lx_f_owner_ex) == 8, "struct f_owner_ex");

/* openat2(2) */
struct lx_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};
_Static_assert(sizeof(struct lx_open_how) == 24, "struct open_how");

#endif
