/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left in /proc of a process that is a zombie, and of one that was waited for? */
#include "proc_text.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* What a name gives: the errno of opening, or of reading a byte; a zombie's, then a dead one's. */
struct entry {
    const char *name;
    int opens;      /* a zombie's */
    int reads;      /* a zombie's, opened before: bytes, or -errno */
    int reads_dead; /* the same when it is gone */
};

static const struct entry entries[] = {
    {"auxv", ESRCH, 1, 1},
    {"cgroup", 0, 1, -ESRCH},
    {"cmdline", 0, 0, -ESRCH},
    {"comm", 0, 1, -ESRCH},
    {"coredump_filter", 0, 0, -ESRCH},
    {"environ", ESRCH, 0, 0},
    {"gid_map", 0, 1, 1},
    {"io", 0, 1, -ESRCH},
    {"limits", 0, 1, -ESRCH},
    {"maps", 0, 0, -ESRCH},
    {"mem", ESRCH, 0, 0},
    {"mountinfo", EINVAL, 1, 1},
    {"mounts", EINVAL, 1, 1},
    {"oom_score", 0, 1, -ESRCH},
    {"oom_score_adj", 0, 1, -ESRCH},
    {"setgroups", 0, 1, 1},
    {"smaps", 0, 0, -ESRCH},
    {"stat", 0, 1, -ESRCH},
    {"status", 0, 1, -ESRCH},
    {"uid_map", 0, 1, 1},
};
#define ENTRIES (sizeof entries / sizeof *entries)

static int of_child(int child, const char *name, int flags)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", child, name);
    return open(path, flags | O_CLOEXEC);
}

static void expect_read(const char *name, int want, int fd)
{
    char byte;
    errno = 0;
    ssize_t n = pread(fd, &byte, 1, 0);
    if ((n < 0 ? -errno : (int)n) != want)
        FAIL("%s: want %d, got %zd with errno %d", name, want, n, errno);
}

static void expect_listing(int fd, int error)
{
    char names[1024];
    EXPECT_ERRNO(error, syscall(SYS_getdents64, fd, names, sizeof names));
}

int main(void)
{
    int fds[ENTRIES], ready[2];
    char text[4096], byte;
    CHECK(pipe(ready));
    int child = CHECK(fork());
    if (!child) {
        CHECK(prctl(PR_SET_NAME, "gone"));
        CHECK(write(ready[1], "r", 1));
        for (;;)
            pause();
    }
    EXPECT_EQ(1, read(ready[0], &byte, 1));
    for (size_t i = 0; i < ENTRIES; i++) {
        fds[i] = CHECK(of_child(child, entries[i].name, O_RDONLY));
        if (strcmp(entries[i].name, "mem") != 0)
            expect_read(entries[i].name, 1, fds[i]);
    }
    int dir = CHECK(of_child(child, "", O_DIRECTORY));
    int tasks = CHECK(of_child(child, "task", O_DIRECTORY));
    int descriptors = CHECK(of_child(child, "fd", O_DIRECTORY));

    CHECK(kill(child, SIGKILL));
    siginfo_t info;
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT));
    for (size_t i = 0; i < ENTRIES; i++) {
        expect_read(entries[i].name, entries[i].reads, fds[i]);
        if (entries[i].opens)
            EXPECT_ERRNO(entries[i].opens, of_child(child, entries[i].name, O_RDONLY));
        else
            CHECK(close(CHECK(of_child(child, entries[i].name, O_RDONLY))));
    }
    EXPECT_ERRNO(ENOENT, readlinkat(dir, "exe", text, sizeof text));
    EXPECT_ERRNO(ENOENT, readlinkat(dir, "cwd", text, sizeof text));
    EXPECT_ERRNO(ENOENT, readlinkat(dir, "ns/net", text, sizeof text));
    EXPECT(readlinkat(dir, "ns/pid", text, sizeof text) > 0);
    snprintf(text, sizeof text, "/proc/%d/status", child);
    char path[64];
    strcpy(path, text);
    proc_read(path, text, sizeof text);
    EXPECT(strncmp(proc_field(text, "State:"), "Z (zombie)\n", 11) == 0);
    EXPECT(strncmp(proc_field(text, "Name:"), "gone", 4) == 0);
    EXPECT_EQ(1, proc_number(text, "Threads:"));
    EXPECT_EQ(getpid(), proc_number(text, "PPid:"));

    EXPECT_EQ(child, waitpid(child, NULL, 0));
    for (size_t i = 0; i < ENTRIES; i++)
        expect_read(entries[i].name, entries[i].reads_dead, fds[i]);
    EXPECT_ERRNO(ENOENT, of_child(child, "status", O_RDONLY));
    EXPECT_ERRNO(ESRCH, openat(dir, "status", O_RDONLY));
    EXPECT_ERRNO(ESRCH, readlinkat(dir, "exe", text, sizeof text));
    EXPECT_ERRNO(ESRCH, readlinkat(dir, "ns/pid", text, sizeof text));
    expect_listing(dir, ENOENT);
    expect_listing(tasks, ENOENT);
    expect_listing(descriptors, ENOENT);
    struct stat st;
    CHECK(fstat(dir, &st));
    CHECK(lseek(fds[0], 0x801, SEEK_SET));
    return 0;
}
