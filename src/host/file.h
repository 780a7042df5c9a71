/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_HOST_FILE_H
#define LSTAR_HOST_FILE_H
/*
 * Files of the host, one path component at a time. A name is one component: never empty, `.`, `..`
 * or with a slash (-LX_EINVAL), and never followed when it is a symbolic link: whoever starts at a
 * directory's handle stays below it, whatever the host's tree turns into meanwhile. Nothing here
 * waits for a peer: FIFOs and devices are opened O_NONBLOCK.
 */
#include "host/host.h"

/* stat(2) of a host file. Types and permissions in `mode` are numbered as Linux does. */
struct host_stat {
    uint64_t dev, ino;
    uint32_t mode;
    uint64_t nlink;
    uint32_t uid, gid;
    uint64_t rdev;
    uint64_t size;   /* bytes */
    uint64_t blocks; /* of 512 bytes */
    uint32_t block_size;
    int64_t atime, mtime, ctime, btime; /* ns since the epoch; btime 0: the host does not tell */
};

struct host_statfs {
    uint64_t block_size, fragment_size;
    uint64_t blocks, blocks_free, blocks_available;
    uint64_t files, files_free;
    uint64_t name_max;
};

/* How to open. At least one of READ, WRITE, PATH. */
enum host_open {
    HOST_OPEN_READ = 1 << 0,
    HOST_OPEN_WRITE = 1 << 1,
    HOST_OPEN_CREATE = 1 << 2,    /* a regular file when there is none */
    HOST_OPEN_EXCLUSIVE = 1 << 3, /* with CREATE: -LX_EEXIST when there is one */
    HOST_OPEN_TRUNCATE = 1 << 4,
    HOST_OPEN_DIRECTORY = 1 << 5, /* -LX_ENOTDIR when it is something else */
    HOST_OPEN_PATH = 1 << 6,      /* to name things below it or to stat it; not to read */
};

/* Access asked of host_access(): as access(2). */
enum host_access { HOST_EXEC_OK = 1, HOST_WRITE_OK = 2, HOST_READ_OK = 4 };
enum host_rename { HOST_RENAME_NOREPLACE = 1, HOST_RENAME_EXCHANGE = 2 };

/* --- roots: the user's own words, links followed --- */
/*
 * A directory or regular file by host path. `writable`: regular files are opened for writing too.
 */
MUST_CHECK long host_open_root(struct host *host, const char *path, bool writable,
                               host_handle_t *out);

/* The directory behind a handle once more, to read it: positions are its own. -LX_EACCES. */
MUST_CHECK long host_reopen_dir(struct host *host, host_handle_t handle, host_handle_t *out);

/* --- by directory and name --- */
MUST_CHECK long host_open_at(struct host *host, host_handle_t dir, const char *name, unsigned how,
                             uint32_t mode, host_handle_t *out);
MUST_CHECK long host_stat_at(struct host *host, host_handle_t dir, const char *name,
                             struct host_stat *out);
/* The link's text, not terminated; its length, at most `size`. */
MUST_CHECK long host_readlink(struct host *host, host_handle_t dir, const char *name, char *to,
                              size_t size);
MUST_CHECK long host_mkdir(struct host *host, host_handle_t dir, const char *name, uint32_t mode);
/* A FIFO or an empty regular file, by the type in `mode`; other types: -LX_EPERM. */
MUST_CHECK long host_mknod(struct host *host, host_handle_t dir, const char *name, uint32_t mode);
MUST_CHECK long host_symlink(struct host *host, host_handle_t dir, const char *name,
                             const char *text);
MUST_CHECK long host_unlink(struct host *host, host_handle_t dir, const char *name);
MUST_CHECK long host_rmdir(struct host *host, host_handle_t dir, const char *name);
MUST_CHECK long host_link(struct host *host, host_handle_t dir, const char *name,
                          host_handle_t new_dir, const char *new_name);
/*
 * A regular file without a name, for reading and writing (O_TMPFILE); and its name. -LX_EOPNOTSUPP.
 */
MUST_CHECK long host_open_unnamed(struct host *host, host_handle_t dir, uint32_t mode,
                                  host_handle_t *out);
MUST_CHECK long host_link_handle(struct host *host, host_handle_t handle, host_handle_t new_dir,
                                 const char *new_name);
MUST_CHECK long host_rename(struct host *host, host_handle_t dir, const char *name,
                            host_handle_t new_dir, const char *new_name, unsigned flags);
/* `mode` without type. Links cannot be changed: -LX_EOPNOTSUPP. */
MUST_CHECK long host_chmod_at(struct host *host, host_handle_t dir, const char *name,
                              uint32_t mode);
/* UINT32_MAX: as it is. */
MUST_CHECK long host_chown_at(struct host *host, host_handle_t dir, const char *name, uint32_t uid,
                              uint32_t gid);
#define HOST_TIME_OMIT INT64_MIN
/* ns since the epoch, HOST_TIME_OMIT: as it is. */
MUST_CHECK long host_utimens_at(struct host *host, host_handle_t dir, const char *name,
                                int64_t atime, int64_t mtime);
/* May the host user do this? */
MUST_CHECK long host_access_at(struct host *host, host_handle_t dir, const char *name,
                               unsigned access);

/* --- by handle --- */
MUST_CHECK long host_stat(struct host *host, host_handle_t handle, struct host_stat *out);
MUST_CHECK long host_statfs(struct host *host, host_handle_t handle, struct host_statfs *out);
MUST_CHECK long host_chmod(struct host *host, host_handle_t handle, uint32_t mode);
MUST_CHECK long host_chown(struct host *host, host_handle_t handle, uint32_t uid, uint32_t gid);
MUST_CHECK long host_utimens(struct host *host, host_handle_t handle, int64_t atime, int64_t mtime);
MUST_CHECK long host_truncate(struct host *host, host_handle_t handle, uint64_t size);
/* fallocate(2)'s mode bits, as Linux numbers them. */
MUST_CHECK long host_allocate(struct host *host, host_handle_t handle, unsigned mode,
                              uint64_t offset, uint64_t length);
MUST_CHECK long host_sync(struct host *host, host_handle_t handle, bool data_only);
/* Where the next data (`hole`: hole) begins at or after `offset`: lseek(2). */
MUST_CHECK long host_seek_data(struct host *host, host_handle_t handle, uint64_t offset, bool hole);

/* One stretch of bytes. */
struct host_span {
    void *base;
    size_t length;
};
#define HOST_SPANS_MAX 64
/* At an offset; short counts as pread(2) and pwrite(2) return them. */
MUST_CHECK ssize_t host_pread(struct host *host, host_handle_t handle,
                              const struct host_span *spans, unsigned count, uint64_t offset);
MUST_CHECK ssize_t host_pwrite(struct host *host, host_handle_t handle,
                               const struct host_span *spans, unsigned count, uint64_t offset);

struct host_dirent {
    uint64_t ino;
    uint64_t next; /* where to go on after this entry */
    uint8_t type;  /* DT_*, as Linux numbers them */
    const char *name;
};
/*
 * Entries of a directory opened with HOST_OPEN_READ from `position` (0, or a `next`) on, until
 * `emit` returns false, `.` and `..` too. 0 or an error. It may stop before the end, but not
 * without having given an entry.
 */
MUST_CHECK long host_read_dir(struct host *host, host_handle_t handle, uint64_t position,
                              bool (*emit)(void *opaque, const struct host_dirent *entry),
                              void *opaque);

/* The host user's ids: what files created here will belong to. */
uint32_t host_euid(struct host *host);
uint32_t host_egid(struct host *host);

#endif
