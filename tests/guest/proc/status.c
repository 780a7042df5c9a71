/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does /proc/self/status follow what the process does? */
#include "proc_text.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/prctl.h>

static char text[16384];

static const char *status(void)
{
    proc_read("/proc/self/status", text, sizeof text);
    return text;
}

static void handler(int signal)
{
    (void)signal;
}

int main(void)
{
    const char *s = status();
    EXPECT_EQ(getpid(), proc_number(s, "Tgid:"));
    EXPECT_EQ(getpid(), proc_number(s, "Pid:"));
    EXPECT_EQ(getppid(), proc_number(s, "PPid:"));
    EXPECT_EQ(0, proc_number(s, "TracerPid:"));
    EXPECT_EQ(1, proc_number(s, "Threads:"));
    EXPECT_EQ('R', *proc_field(s, "State:"));
    EXPECT(strncmp(proc_field(s, "State:"), "R (running)\n", 12) == 0);
    unsigned ids[4];
    EXPECT_EQ(4, sscanf(proc_field(s, "Uid:"), "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]));
    EXPECT(ids[0] == getuid() && ids[1] == geteuid());
    EXPECT_EQ(4, sscanf(proc_field(s, "Gid:"), "%u %u %u %u", &ids[0], &ids[1], &ids[2], &ids[3]));
    EXPECT(ids[0] == getgid() && ids[1] == getegid());
    EXPECT(proc_number(s, "VmRSS:") <= proc_number(s, "VmSize:"));
    EXPECT(proc_number(s, "VmSize:") <= proc_number(s, "VmPeak:"));
    EXPECT(strstr(proc_field(s, "VmRSS:"), " kB\n"));
    EXPECT(proc_number(s, "FDSize:") > 0);

    umask(0135);
    EXPECT(strncmp(proc_field(status(), "Umask:"), "0135\n", 5) == 0);

    CHECK(prctl(PR_SET_NAME, "other name"));
    EXPECT(strncmp(proc_field(status(), "Name:"), "other name\n", 11) == 0);

    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMAX);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    CHECK(raise(SIGUSR1));
    signal(SIGUSR2, handler);
    signal(SIGPIPE, SIG_IGN);
    s = status();
    EXPECT_EQ(0x8000000000000200ull, strtoull(proc_field(s, "SigBlk:"), NULL, 16));
    EXPECT_EQ(0x800, strtoull(proc_field(s, "SigCgt:"), NULL, 16));
    EXPECT_EQ(0x1000, strtoull(proc_field(s, "SigIgn:"), NULL, 16));
    EXPECT_EQ(0x200, strtoull(proc_field(s, "SigPnd:"), NULL, 16) |
                         strtoull(proc_field(s, "ShdPnd:"), NULL, 16));

    /* 1,000 pages, touched: 4,000 kB more, resident too. */
    long long size = proc_number(status(), "VmSize:"), rss = proc_number(text, "VmRSS:");
    char *memory = mmap(NULL, 4096000, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(memory != MAP_FAILED);
    s = status();
    EXPECT_EQ(size + 4000, proc_number(s, "VmSize:"));
    EXPECT(proc_number(s, "VmRSS:") < rss + 500);
    for (size_t i = 0; i < 4096000; i += 4096)
        memory[i] = 1;
    s = status();
    EXPECT(proc_number(s, "VmRSS:") >= rss + 3500);
    EXPECT(proc_number(s, "RssAnon:") >= 4000);
    CHECK(munmap(memory, 4096000));
    EXPECT_EQ(size, proc_number(status(), "VmSize:"));
    return 0;
}
