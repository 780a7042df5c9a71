/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a process does /proc show to whom: to itself, to root, to another user? */
#include "proc_text.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char path[64];

static const char *of_parent(const char *name)
{
    snprintf(path, sizeof path, "/proc/%d/%s", getppid(), name);
    return path;
}

static void become_nobody(void)
{
    CHECK(setgroups(0, NULL));
    CHECK(setgid(65534));
    CHECK(setuid(65534));
}

static void as_another(void)
{
    static const char *const closed[] = {
        "mem",    "maps", "environ",  "auxv",        "io",           "smaps",  "fd",
        "fdinfo", "fd/0", "fdinfo/0", "personality", "smaps_rollup", "syscall"};
    static const char *const open_to_all[] = {"status", "stat",          "statm",   "cmdline",
                                              "comm",   "limits",        "mounts",  "mountinfo",
                                              "task",   "oom_score_adj", "uid_map", "cgroup"};
    static const char *const links[] = {"exe", "cwd", "root", "ns/pid", "fd/0"};
    char text[64];
    struct stat st;
    become_nobody();
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        EXPECT_ERRNO(EACCES, open(of_parent(closed[i]), O_RDONLY));
    for (size_t i = 0; i < sizeof open_to_all / sizeof *open_to_all; i++)
        CHECK(close(CHECK(open(of_parent(open_to_all[i]), O_RDONLY))));
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        EXPECT_ERRNO(EACCES, readlink(of_parent(links[i]), text, sizeof text));
        EXPECT_ERRNO(EACCES, stat(of_parent(links[i]), &st));
    }
    CHECK(lstat(of_parent("exe"), &st));
    EXPECT_EQ(0, st.st_uid);
    EXPECT_ERRNO(EACCES, open(of_parent("cwd/x"), O_RDONLY));
    EXPECT_ERRNO(EACCES, open(of_parent("comm"), O_WRONLY));
    EXPECT_ERRNO(EACCES, open(of_parent("oom_score_adj"), O_WRONLY));
    EXPECT_ERRNO(EACCES, open("/proc/cpuinfo", O_WRONLY));
    EXPECT_ERRNO(EACCES, truncate("/proc/cpuinfo", 12));
}

/* Who has become another user is not dumpable: what is his belongs to root. */
static void undumpable(void)
{
    char text[64];
    struct stat st;
    become_nobody();
    CHECK(prctl(PR_SET_DUMPABLE, 0));
    CHECK(stat("/proc/self/status", &st));
    EXPECT_EQ(0, st.st_uid);
    CHECK(stat("/proc/self/fd", &st));
    EXPECT_EQ(0, st.st_uid);
    CHECK(stat("/proc/self/", &st));
    EXPECT_EQ(65534, st.st_uid);
    CHECK(stat("/proc/self/task", &st));
    EXPECT_EQ(65534, st.st_uid);
    EXPECT_ERRNO(EACCES, open("/proc/self/mem", O_RDONLY));
    EXPECT_ERRNO(EACCES, open("/proc/self/environ", O_RDONLY));
    EXPECT_ERRNO(EACCES, open("/proc/self/comm", O_WRONLY));
    CHECK(close(CHECK(open("/proc/self/maps", O_RDONLY))));
    CHECK(close(CHECK(open("/proc/self/fd", O_RDONLY))));
    CHECK(readlink("/proc/self/exe", text, sizeof text));

    CHECK(prctl(PR_SET_DUMPABLE, 1));
    CHECK(stat("/proc/self/status", &st));
    EXPECT_EQ(65534, st.st_uid);
    CHECK(close(CHECK(open("/proc/self/mem", O_RDWR))));
    CHECK(close(CHECK(open("/proc/self/comm", O_WRONLY))));
}

static void in_child(void (*check)(void))
{
    int status;
    fflush(NULL);
    int child = CHECK(fork());
    if (!child) {
        check();
        _exit(0);
    }
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
}

int main(void)
{
    in_child(as_another);
    in_child(undumpable);
    return 0;
}
