/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are numbers with the x32 bit calls? Not on a kernel that was built without x32, as Debian's run
 * it. */
#include "guest_test.h"
#include "raw_call.h"

int main(void)
{
    EXPECT_EQ(-ENOSYS, raw_call(0x40000000 | 39, 0, 0, 0).rax);
    EXPECT_EQ(-ENOSYS, raw_call(0x40000000 | 512, 0, 0, 0).rax);
    EXPECT_EQ(-ENOSYS, raw_call(0x40000000 | 1, 1, (long)"x", 1).rax);
    EXPECT_EQ(-ENOSYS, raw_call(512, 0, 0, 0).rax);
    return 0;
}
