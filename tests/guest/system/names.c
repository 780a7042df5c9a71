/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does the system say of itself, and who may rename or stop it? */
#include "guest_test.h"
#include <sys/sysinfo.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static long klog(int type, void *buf, int length)
{
    return syscall(SYS_syslog, type, buf, length);
}

/* The kernel's log, by who may read it. */
static void log_arguments(void)
{
    char buf[8];
    EXPECT_EQ(0, klog(0, NULL, 0));
    EXPECT_EQ(0, klog(1, NULL, 0));
    EXPECT_ERRNO(EINVAL, klog(-1, buf, 8));
    EXPECT_ERRNO(EINVAL, klog(11, buf, 8));
    for (int type = 2; type <= 3; type++) {
        EXPECT_ERRNO(EINVAL, klog(type, NULL, 8));
        EXPECT_ERRNO(EINVAL, klog(type, buf, -1));
        EXPECT_EQ(0, klog(type, buf, 0));
        EXPECT_ERRNO(EFAULT, klog(type, (void *)-8L, 8));
    }
    EXPECT_ERRNO(EINVAL, klog(8, NULL, 0)); /* levels of the console */
    EXPECT_ERRNO(EINVAL, klog(8, NULL, 9));
    EXPECT_ERRNO(EINVAL, klog(8, NULL, -1));
}

int main(void)
{
    struct utsname name;
    struct sysinfo info;

    CHECK(uname(&name));
    EXPECT(strcmp(name.sysname, "Linux") == 0);
    EXPECT(strcmp(name.machine, "x86_64") == 0);
    EXPECT(atoi(name.release) >= 5);
    EXPECT(name.nodename[0]);
    EXPECT_ERRNO(EFAULT, syscall(SYS_uname, 8L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_uname, NULL));

    CHECK(sysinfo(&info));
    EXPECT(info.totalram > 0 && info.freeram <= info.totalram);
    EXPECT(info.mem_unit > 0);
    EXPECT(info.procs > 0);
    EXPECT(info.uptime > 0);
    EXPECT_ERRNO(EFAULT, syscall(SYS_sysinfo, 8L));

    if (getuid() == 0) {
        EXPECT_ERRNO(EINVAL, syscall(SYS_sethostname, "x", -1));
        EXPECT_ERRNO(EINVAL, syscall(SYS_sethostname, "x", 65));
        EXPECT_ERRNO(EFAULT, syscall(SYS_sethostname, 8L, 5));
        EXPECT_ERRNO(EINVAL, syscall(SYS_setdomainname, "x", 65));
        EXPECT_ERRNO(EINVAL, syscall(SYS_reboot, 0, 0, 0, 0));
        EXPECT_ERRNO(EINVAL, syscall(SYS_reboot, 0xfee1dead, 1, 0, 0));
        EXPECT_ERRNO(EINVAL, syscall(SYS_reboot, 0xfee1dead, 672274793, 1, 0));
        if (klog(10, NULL, 0) >= 0)
            log_arguments();
        CHECK(setgid(65534));
        CHECK(setuid(65534));
    }
    EXPECT_ERRNO(EPERM, syscall(SYS_sethostname, "x", -1));
    EXPECT_ERRNO(EPERM, syscall(SYS_setdomainname, "x", 1));
    EXPECT_ERRNO(EPERM, syscall(SYS_reboot, 0, 0, 0, 0));
    EXPECT_ERRNO(EPERM, syscall(SYS_syslog, 2, NULL, 0));
    return 0;
}
