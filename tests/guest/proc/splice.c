/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which files of /proc can be spliced? */
#include "proc_text.h"

#include <stdbool.h>
#include <sys/sendfile.h>

/* What splice(2) and sendfile(2) from the file into a pipe give: 0, or an errno. */
static int moved(const char *name, bool send)
{
    int fd = CHECK(open(name, O_RDONLY)), ends[2];
    CHECK(pipe(ends));
    errno = 0;
    ssize_t n = send ? sendfile(ends[1], fd, NULL, 8) : splice(fd, NULL, ends[1], NULL, 8, 0);
    int error = n < 0 ? errno : 0;
    CHECK(close(fd));
    CHECK(close(ends[0]));
    CHECK(close(ends[1]));
    return error;
}

static void expect(const char *name, int error)
{
    if (moved(name, false) != error || moved(name, true) != error)
        FAIL("%s: splice %d, sendfile %d, not %d", name, moved(name, false), moved(name, true),
             error);
}

static void into(const char *name, int error)
{
    int fd = CHECK(open(name, O_WRONLY)), ends[2];
    CHECK(pipe(ends));
    EXPECT_EQ(2, write(ends[1], "0\n", 2));
    errno = 0;
    ssize_t n = splice(ends[0], NULL, fd, NULL, 2, 0);
    EXPECT_EQ(error, n < 0 ? errno : 0);
    CHECK(close(fd));
}

int main(void)
{
    static const char *const of_process[] = {
        "status",        "stat",    "statm",         "comm",        "limits",  "maps",
        "smaps",         "cmdline", "environ",       "auxv",        "mem",     "io",
        "oom_score_adj", "wchan",   "timerslack_ns", "personality", "fdinfo/0"};
    static const char *const of_system[] = {"/proc/version",
                                            "/proc/meminfo",
                                            "/proc/cpuinfo",
                                            "/proc/loadavg",
                                            "/proc/uptime",
                                            "/proc/stat",
                                            "/proc/filesystems",
                                            "/proc/self/mounts",
                                            "/proc/self/mountinfo",
                                            "/proc/sys/kernel/ostype",
                                            "/proc/sys/kernel/pid_max"};
    for (size_t i = 0; i < sizeof of_process / sizeof *of_process; i++) {
        char name[64];
        snprintf(name, sizeof name, "/proc/self/%s", of_process[i]);
        expect(name, EINVAL);
    }
    for (size_t i = 0; i < sizeof of_system / sizeof *of_system; i++)
        expect(of_system[i], 0);
    into("/proc/self/comm", EINVAL);
    into("/proc/self/timerslack_ns", EINVAL);
    return 0;
}
