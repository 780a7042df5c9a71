/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sticky and set-group-ID directories: who may remove and rename in them, and whose are new files?
 */
#include "file_test.h"

#include <sys/wait.h>

static void as(uid_t uid, gid_t gid, void (*body)(void))
{
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        CHECK(setresgid(gid, gid, gid));
        CHECK(setresuid(uid, uid, uid));
        body();
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

static void make_own(void)
{
    make_file("sticky/own", "x");
    CHECK(mkdir("sticky/owndir", 0700));
}

static void stranger(void)
{
    EXPECT_ERRNO(EPERM, unlink("sticky/own"));
    EXPECT_ERRNO(EPERM, rmdir("sticky/owndir"));
    EXPECT_ERRNO(EPERM, rename("sticky/own", "sticky/other"));
    make_file("sticky/mine", "x");
    EXPECT_ERRNO(EPERM, rename("sticky/mine", "sticky/own")); /* over another's */
    CHECK(rename("sticky/mine", "sticky/mine2"));
    CHECK(link("sticky/mine2", "sticky/mine3"));
    CHECK(unlink("sticky/mine2"));
    CHECK(unlink("sticky/mine3"));
}

static void owner(void)
{
    CHECK(rename("sticky/own", "sticky/moved"));
    CHECK(unlink("sticky/moved"));
    CHECK(rmdir("sticky/owndir"));
}

/* The directory's owner may, too. */
static void dir_owner(void)
{
    CHECK(unlink("sticky2/file"));
}

static void in_setgid(void)
{
    make_file("group/file", "x");
    EXPECT_EQ(5000, stat_of("group/file").st_gid);
    CHECK(mkdir("group/sub", 0755));
    EXPECT_EQ(5000, stat_of("group/sub").st_gid);
    EXPECT_EQ(02755, stat_of("group/sub").st_mode & 07777); /* goes on */
    int fd = CHECK(open("group/exec", O_CREAT | O_RDWR, 02775));
    CHECK(close(fd));
    /* Not a member: the bit does not stay on an executable of the group's. */
    EXPECT_EQ(0755, stat_of("group/exec").st_mode & 07777);
    fd = CHECK(open("group/plain", O_CREAT | O_RDWR, 02644));
    CHECK(close(fd));
    EXPECT_EQ(02644, stat_of("group/plain").st_mode & 07777);
    CHECK(symlink("x", "group/link"));
    EXPECT_EQ(5000, stat_of("group/link").st_gid);
    CHECK(mkfifo("group/fifo", 0600));
    EXPECT_EQ(5000, stat_of("group/fifo").st_gid);
}

static void changes(void)
{
    make_file("open/mine", "x");
    EXPECT_ERRNO(EPERM, chown("open/mine", 1001, (gid_t)-1));
    EXPECT_ERRNO(EPERM, chown("open/mine", (uid_t)-1, 5000));
    CHECK(chown("open/mine", (uid_t)-1, 1000));
    CHECK(chown("open/mine", 1000, 1000));
    CHECK(chmod("open/mine", 06755));
    EXPECT_EQ(06755, stat_of("open/mine").st_mode & 07777);
    CHECK(chown("open/mine", (uid_t)-1, (gid_t)-1)); /* even that drops the bits */
    EXPECT_EQ(0755, stat_of("open/mine").st_mode & 07777);
    CHECK(chmod("open/mine", 02644)); /* mandatory locking's sign, not an executable's */
    CHECK(chown("open/mine", 1000, 1000));
    EXPECT_EQ(02644, stat_of("open/mine").st_mode & 07777);
    EXPECT_ERRNO(EPERM, chmod("open", 0700));
    CHECK(utimensat(AT_FDCWD, "open", NULL, 0)); /* who may write may set them to now */
    const struct timespec times[2] = {{1, 0}, {1, 0}};
    EXPECT_ERRNO(EPERM, utimensat(AT_FDCWD, "open", times, 0));
    /* A file in a group that is not its owner's own loses set-group-ID with chmod. */
    EXPECT_ERRNO(EPERM, chmod("theirs", 0777));
    CHECK(chmod("foreign", 02755));
    EXPECT_EQ(0755, stat_of("foreign").st_mode & 07777);
}

int main(void)
{
    scratch_enter();
    CHECK(mkdir("sticky", 0));
    CHECK(chmod("sticky", 01777));
    as(1000, 1000, make_own);
    as(1001, 1001, stranger);
    as(1000, 1000, owner);
    CHECK(mkdir("sticky2", 0));
    CHECK(chmod("sticky2", 01777));
    CHECK(chown("sticky2", 1002, 1002));
    make_file("sticky2/file", "x");
    as(1002, 1002, dir_owner);
    CHECK(mkdir("group", 0));
    CHECK(chown("group", 0, 5000));
    CHECK(chmod("group", 02777));
    as(1000, 1000, in_setgid);
    CHECK(mkdir("open", 0));
    CHECK(chmod("open", 0777));
    make_file("theirs", "x");
    make_file("foreign", "x");
    CHECK(chown("foreign", 1000, 5000));
    as(1000, 1000, changes);
    return 0;
}
