/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FILE_TEST_H
#define FILE_TEST_H
/*
 * What tests of files need: a directory of their own below /tmp that is gone afterwards.
 */
#include "guest_test.h"

/* Bad addresses and lengths are what these tests are about. */
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Wnonnull"

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>

static char scratch_path[64];

static inline void scratch_empty(int dir)
{
    DIR *d = fdopendir(dir);
    struct dirent *e;
    while (d && (e = readdir(d))) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
            continue;
        if (unlinkat(dirfd(d), e->d_name, 0) == -1) {
            fchmodat(dirfd(d), e->d_name, 0700, 0);
            scratch_empty(openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
            unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
        }
    }
    if (d)
        closedir(d);
}

static inline void scratch_leave(void)
{
    if (chdir("/"))
        return;
    scratch_empty(open(scratch_path, O_RDONLY | O_DIRECTORY));
    rmdir(scratch_path);
}

/* Make a directory below /tmp, mode 0755, and go there. */
static inline void scratch_enter(void)
{
    snprintf(scratch_path, sizeof scratch_path, "/tmp/lstar-file-%d", (int)getpid());
    umask(022);
    CHECK(mkdir(scratch_path, 0755));
    CHECK(chdir(scratch_path));
    atexit(scratch_leave);
}

/* A regular file with this text. */
static inline void make_file(const char *name, const char *text)
{
    int fd = CHECK(open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644));
    EXPECT_EQ(strlen(text), write(fd, text, strlen(text)));
    CHECK(close(fd));
}

/* All of a file is this text. */
static inline void expect_file(const char *name, const char *text)
{
    char bytes[4096] = {0};
    int fd = CHECK(open(name, O_RDONLY));
    long n = CHECK(read(fd, bytes, sizeof bytes - 1));
    CHECK(close(fd));
    if (n != (long)strlen(text) || memcmp(bytes, text, (size_t)n))
        FAIL("%s holds \"%s\", not \"%s\"", name, bytes, text);
}

static inline bool exists(const char *name)
{
    struct stat st;
    return lstat(name, &st) == 0;
}

static inline struct stat stat_of(const char *name)
{
    struct stat st;
    CHECK(lstat(name, &st));
    return st;
}

#endif
