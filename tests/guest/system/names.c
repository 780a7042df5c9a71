/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does the system say of itself, and who may rename or stop it? */
#include "guest_test.h"
#include <sys/sysinfo.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

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
        CHECK(setgid(65534));
        CHECK(setuid(65534));
    }
    EXPECT_ERRNO(EPERM, syscall(SYS_sethostname, "x", -1));
    EXPECT_ERRNO(EPERM, syscall(SYS_setdomainname, "x", 1));
    EXPECT_ERRNO(EPERM, syscall(SYS_reboot, 0, 0, 0, 0));
    EXPECT_ERRNO(EPERM, syscall(SYS_syslog, 2, NULL, 0));
    return 0;
}
