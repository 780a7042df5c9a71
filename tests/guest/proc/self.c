/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do /proc/self and its links lead to the caller? */
#include "proc_text.h"

#include <sys/stat.h>
#include <sys/syscall.h>

static void expect_link(const char *path, const char *want)
{
    char text[4096] = {0};
    CHECK(readlink(path, text, sizeof text - 1));
    if (strcmp(text, want))
        FAIL("%s is %s, not %s", path, text, want);
}

int main(void)
{
    char want[64], text[4096], path[64];
    snprintf(want, sizeof want, "%d", getpid());
    expect_link("/proc/self", want);
    snprintf(want, sizeof want, "%d/task/%ld", getpid(), syscall(SYS_gettid));
    expect_link("/proc/thread-self", want);
    expect_link("/proc/mounts", "self/mounts");

    EXPECT_EQ(2, readlink("/proc/self/exe", text, 2)); /* cut, not terminated */
    struct stat by_link, by_name, self;
    ssize_t n = CHECK(readlink("/proc/self/exe", text, sizeof text - 1));
    text[n] = '\0';
    EXPECT(text[0] == '/');
    CHECK(stat(text, &by_name));
    CHECK(stat("/proc/self/exe", &by_link));
    EXPECT(by_name.st_ino == by_link.st_ino && by_name.st_dev == by_link.st_dev);
    int exe = CHECK(open("/proc/self/exe", O_RDONLY));
    char magic[4];
    EXPECT_EQ(4, read(exe, magic, 4));
    EXPECT(memcmp(magic, "\177ELF", 4) == 0);

    CHECK(chdir("/proc"));
    expect_link("/proc/self/cwd", "/proc");
    expect_link("/proc/self/root", "/");
    CHECK(stat("/proc/self/cwd/self", &by_link));
    snprintf(path, sizeof path, "/proc/%d", getpid());
    CHECK(stat(path, &by_name));
    EXPECT(by_name.st_ino == by_link.st_ino);
    EXPECT(S_ISDIR(by_name.st_mode));
    CHECK(lstat("/proc/self", &self));
    EXPECT(S_ISLNK(self.st_mode));
    CHECK(stat("/proc/self/root/proc/self", &by_link));
    EXPECT(by_name.st_ino == by_link.st_ino);
    EXPECT_EQ(by_name.st_uid, geteuid());

    EXPECT_ERRNO(ENOENT, open("/proc/999999999/stat", O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("/proc/self/nothing", O_RDONLY));
    EXPECT_ERRNO(ENOENT, open("/proc/-1", O_RDONLY));
    snprintf(path, sizeof path, "/proc/0%d", getpid());
    EXPECT_ERRNO(ENOENT, open(path, O_RDONLY));
    EXPECT_ERRNO(ENOTDIR, open("/proc/self/stat/x", O_RDONLY));
    EXPECT_ERRNO(EINVAL, readlink("/proc/self/stat", text, sizeof text));
    return 0;
}
