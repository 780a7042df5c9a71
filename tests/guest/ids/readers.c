/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do the readers of identities say, and do they agree with each other? */
#include "guest_test.h"
#include <linux/capability.h>
#include <sys/syscall.h>

int main(void)
{
    uid_t r, e, s;
    gid_t groups[256];

    EXPECT_EQ(getpid(), syscall(SYS_gettid));
    EXPECT(getpid() > 0);
    EXPECT(getppid() >= 0);
    EXPECT_EQ(0, syscall(SYS_getresuid, &r, &e, &s));
    EXPECT_EQ(getuid(), r);
    EXPECT_EQ(geteuid(), e);
    EXPECT_EQ(0, syscall(SYS_getresgid, &r, &e, &s));
    EXPECT_EQ(getgid(), r);
    EXPECT_EQ(getegid(), e);
    EXPECT_ERRNO(EFAULT, syscall(SYS_getresuid, 8L, &e, &s));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getresuid, &r, 8L, &s));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getresgid, &r, &e, 8L));

    EXPECT_EQ(syscall(SYS_getpgid, 0), getpgrp());
    EXPECT_EQ(syscall(SYS_getpgid, getpid()), getpgrp());
    EXPECT_EQ(syscall(SYS_getsid, 0), syscall(SYS_getsid, getpid()));
    EXPECT_ERRNO(ESRCH, syscall(SYS_getpgid, 999999));
    EXPECT_ERRNO(ESRCH, syscall(SYS_getsid, -1));

    long count = syscall(SYS_getgroups, 0, NULL);
    EXPECT(count >= 0);
    EXPECT_EQ(count, syscall(SYS_getgroups, 256, groups));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getgroups, -1, groups));
    if (count > 1)
        EXPECT_ERRNO(EINVAL, syscall(SYS_getgroups, 1, groups));

    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    EXPECT_EQ(0, syscall(SYS_capget, &header, data));
    EXPECT_EQ(0, data[0].effective & ~data[0].permitted);
    EXPECT_EQ(0, syscall(SYS_capset, &header, data));
    header.pid = getpid();
    EXPECT_EQ(0, syscall(SYS_capget, &header, data));
    header.pid = -1;
    EXPECT_ERRNO(EINVAL, syscall(SYS_capget, &header, data));
    EXPECT_ERRNO(EPERM, syscall(SYS_capset, &header, data));
    header.pid = 999999;
    EXPECT_ERRNO(ESRCH, syscall(SYS_capget, &header, data));
    header.version = 0;
    EXPECT_EQ(0, syscall(SYS_capget, &header, NULL));
    EXPECT_EQ(_LINUX_CAPABILITY_VERSION_3, header.version);
    header.version = 0;
    EXPECT_ERRNO(EINVAL, syscall(SYS_capget, &header, data));
    header.version = 0;
    EXPECT_ERRNO(EINVAL, syscall(SYS_capset, &header, data));
    EXPECT_ERRNO(EFAULT, syscall(SYS_capget, 8L, data));
    header.pid = 0;
    EXPECT_ERRNO(EFAULT, syscall(SYS_capget, &header, 8L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_capset, &header, 8L));

    /* Giving away is for ever. */
    data[0].effective = data[0].permitted = data[0].inheritable = 0;
    data[1] = data[0];
    EXPECT_EQ(0, syscall(SYS_capset, &header, data));
    data[0].permitted = 1;
    EXPECT_ERRNO(EPERM, syscall(SYS_capset, &header, data));
    data[0].permitted = 0;
    data[0].effective = 1;
    EXPECT_ERRNO(EPERM, syscall(SYS_capset, &header, data));
    return 0;
}
