/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do the high halves of registers count where an argument is an int? No. */
#include "guest_test.h"
#include "raw_call.h"

#define JUNK (0x5aL << 32)

int main(void)
{
    char byte = 0;
    int fds[2];
    CHECK(pipe(fds));
    EXPECT_EQ(1, raw_call(1, fds[1] | JUNK, (long)"x", 1).rax);
    EXPECT_EQ(1, raw_call(0, fds[0] | JUNK, (long)&byte, 1).rax);
    EXPECT_EQ('x', byte);
    EXPECT_EQ(0, raw_call(62, getpid() | JUNK, 0 | JUNK, 0).rax); /* kill(pid, 0) */
    EXPECT_EQ(-EINVAL, raw_call(228, 99 | JUNK, 0, 0).rax);       /* clock_gettime */
    EXPECT_EQ(0, raw_call(3, fds[0] | JUNK, 0, 0).rax);           /* close */
    EXPECT_EQ(-EBADF, raw_call(3, fds[0] | JUNK, 0, 0).rax);
    return 0;
}
