/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom do F_GETOWN and F_GETOWN_EX name before anybody was set, and after? */
#include "guest_test.h"

int main(void)
{
    int ends[2];
    CHECK(pipe(ends));
    struct f_owner_ex owner = {.type = -1, .pid = -1};
    EXPECT_EQ(0, fcntl(ends[0], F_GETOWN));
    CHECK(fcntl(ends[0], F_GETOWN_EX, &owner));
    EXPECT_EQ(F_OWNER_TID, owner.type);
    EXPECT_EQ(0, owner.pid);

    CHECK(fcntl(ends[0], F_SETOWN, getpid()));
    EXPECT_EQ(getpid(), fcntl(ends[0], F_GETOWN));
    CHECK(fcntl(ends[0], F_GETOWN_EX, &owner));
    EXPECT_EQ(F_OWNER_PID, owner.type);
    EXPECT_EQ(getpid(), owner.pid);

    owner.type = F_OWNER_PGRP;
    owner.pid = getpgrp();
    CHECK(fcntl(ends[0], F_SETOWN_EX, &owner));
    owner.type = owner.pid = -1;
    CHECK(fcntl(ends[0], F_GETOWN_EX, &owner));
    EXPECT_EQ(F_OWNER_PGRP, owner.type);
    EXPECT_EQ(getpgrp(), owner.pid);

    owner.type = 77;
    EXPECT_ERRNO(EINVAL, fcntl(ends[0], F_SETOWN_EX, &owner));
    EXPECT_ERRNO(ESRCH, fcntl(ends[0], F_SETOWN, 0x3ffffff));
    return 0;
}
