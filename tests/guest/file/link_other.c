/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may give a file of another user one more name (proc(5): protected_hardlinks)? */
#include "file_test.h"

#include <sys/wait.h>

static bool is_protected;

static void expect_refused(const char *name)
{
    if (!is_protected)
        return;
    EXPECT_ERRNO(EPERM, link(name, "new"));
    EXPECT_ERRNO(EEXIST, link(name, "both")); /* the new name is looked at before */
}

static void stranger(void)
{
    CHECK(setresgid(1000, 1000, 1000));
    CHECK(setresuid(1000, 1000, 1000));
    expect_refused("readable");
    expect_refused("fifo");
    expect_refused("symlink");
    expect_refused("setuid");
    expect_refused("setgid");
    CHECK(link("both", "both2"));
    CHECK(link("locking", "locking2"));
    CHECK(linkat(AT_FDCWD, "symlink", AT_FDCWD, "both3", AT_SYMLINK_FOLLOW));
    make_file("own", "");
    CHECK(chmod("own", 04000));
    CHECK(link("own", "own2"));
}

static void make_mode(const char *name, mode_t mode)
{
    make_file(name, "");
    CHECK(chmod(name, mode));
}

int main(void)
{
    scratch_enter();
    CHECK(chmod(".", 0777));
    char word[8] = "";
    int fd = CHECK(open("/proc/sys/fs/protected_hardlinks", O_RDONLY));
    EXPECT(read(fd, word, sizeof word - 1) > 0);
    is_protected = word[0] == '1';
    make_mode("readable", 0644);
    make_mode("both", 0606);
    make_mode("setuid", 04666);
    make_mode("setgid", 02676);
    make_mode("locking", 02666); /* no execution by the group: not set-group-ID */
    CHECK(mkfifo("fifo", 0600));
    CHECK(chmod("fifo", 0666));
    CHECK(symlink("both", "symlink"));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        stranger();
        _exit(0);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    CHECK(link("setuid", "setuid2"));
    return 0;
}
