/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which times do reading, writing, naming and utimensat(2) change? */
#include "file_test.h"

#include <sys/time.h>
#include <utime.h>

static const struct timespec past[2] = {{1000, 5}, {2000, 7}};

static void set_past(const char *name)
{
    CHECK(utimensat(AT_FDCWD, name, past, AT_SYMLINK_NOFOLLOW));
}

int main(void)
{
    scratch_enter();
    make_file("f", "text");
    CHECK(mkdir("d", 0755));
    set_past("f");
    struct stat st = stat_of("f");
    EXPECT_EQ(1000, st.st_atim.tv_sec);
    EXPECT_EQ(5, st.st_atim.tv_nsec);
    EXPECT_EQ(2000, st.st_mtim.tv_sec);
    EXPECT_EQ(7, st.st_mtim.tv_nsec);
    EXPECT(st.st_ctim.tv_sec > 2000);

    /* Reading moves atime behind mtime (relatime), writing mtime. */
    int fd = CHECK(open("f", O_RDWR));
    char c;
    EXPECT_EQ(1, read(fd, &c, 1));
    EXPECT(stat_of("f").st_atime > 2000);
    EXPECT_EQ(2000, stat_of("f").st_mtime);
    EXPECT_EQ(1, write(fd, "x", 1));
    EXPECT(stat_of("f").st_mtime > 2000);

    struct timespec t[2] = {{0, UTIME_OMIT}, {77, 0}};
    CHECK(futimens(fd, t));
    EXPECT_EQ(77, stat_of("f").st_mtime);
    EXPECT(stat_of("f").st_atime > 2000);
    t[0].tv_nsec = UTIME_NOW;
    t[1].tv_nsec = UTIME_OMIT;
    CHECK(futimens(fd, t));
    EXPECT_EQ(77, stat_of("f").st_mtime);
    t[0].tv_nsec = 1000000000;
    EXPECT_ERRNO(EINVAL, futimens(fd, t));
    t[0].tv_nsec = -1;
    EXPECT_ERRNO(EINVAL, futimens(fd, t));
    /* Both omitted: nothing else is looked at. */
    t[0].tv_nsec = t[1].tv_nsec = UTIME_OMIT;
    CHECK(syscall(SYS_utimensat, 1000, (void *)8, t, 12345));
    EXPECT_ERRNO(EFAULT, syscall(SYS_utimensat, AT_FDCWD, NULL, past, 0));
    EXPECT_ERRNO(EFAULT, syscall(SYS_utimensat, fd, NULL, (void *)8, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_utimensat, fd, NULL, past, AT_SYMLINK_NOFOLLOW));
    EXPECT_ERRNO(EBADF, syscall(SYS_utimensat, 1000, NULL, past, 0));
    EXPECT_ERRNO(EINVAL, utimensat(AT_FDCWD, "f", past, 1));

    struct timeval tv[2] = {{10, 20}, {30, 1000000}};
    EXPECT_ERRNO(EINVAL, utimes("f", tv));
    tv[1].tv_usec = 40;
    CHECK(utimes("f", tv));
    EXPECT_EQ(40000, stat_of("f").st_mtim.tv_nsec);
    struct utimbuf ub = {-5, 6};
    CHECK(utime("f", &ub));
    EXPECT_EQ(-5, stat_of("f").st_atime);
    CHECK(utime("f", NULL));
    EXPECT(stat_of("f").st_mtime > 2000);

    /* Names change their directory. */
    set_past("d");
    make_file("d/x", "");
    EXPECT(stat_of("d").st_mtime > 2000);
    set_past("d");
    CHECK(chmod("d", 0700));
    EXPECT_EQ(2000, stat_of("d").st_mtime);
    CHECK(unlink("d/x"));
    EXPECT(stat_of("d").st_mtime > 2000);

    /* Only an owner may set times; who may write may say "now". */
    CHECK(chmod("f", 0666));
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EPERM, utimensat(AT_FDCWD, "f", past, 0));
    CHECK(utimensat(AT_FDCWD, "f", NULL, 0));
    CHECK(seteuid(0));
    CHECK(chmod("f", 0644));
    CHECK(seteuid(1000));
    EXPECT_ERRNO(EACCES, utimensat(AT_FDCWD, "f", NULL, 0));
    CHECK(seteuid(0));
    return 0;
}
