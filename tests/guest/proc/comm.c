/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a name that is written to /proc/self/comm? */
#include "proc_text.h"

#include <sys/prctl.h>
#include <sys/syscall.h>

static void expect_comm(const char *want)
{
    char text[64], line[64], name[16];
    proc_read("/proc/self/comm", text, sizeof text);
    snprintf(line, sizeof line, "%s\n", want);
    if (strcmp(line, text))
        FAIL("comm is %s, not %s", text, line);
    CHECK(prctl(PR_GET_NAME, name));
    EXPECT(strcmp(name, want) == 0);
    proc_read("/proc/thread-self/comm", text, sizeof text);
    EXPECT(strcmp(line, text) == 0);
}

int main(void)
{
    int fd = CHECK(open("/proc/self/comm", O_WRONLY));
    EXPECT_EQ(5, write(fd, "short", 5));
    expect_comm("short");
    EXPECT_EQ(3, write(fd, "x\ny", 3));
    expect_comm("x\ny");
    EXPECT_EQ(30, write(fd, "0123456789abcdefghijklmnopqrst", 30));
    expect_comm("0123456789abcde");
    EXPECT_ERRNO(EFAULT, syscall(SYS_write, fd, 8L, 4L));
    EXPECT_ERRNO(EBADF, read(fd, &fd, 1));
    expect_comm("0123456789abcde");
    CHECK(prctl(PR_SET_NAME, "by prctl"));
    expect_comm("by prctl");
    return 0;
}
