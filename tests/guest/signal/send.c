/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is found by kill, tkill and tgkill, what do they refuse first, and what does the receiver
 * learn? */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

int main(void)
{
    int me = getpid();
    siginfo_t info;
    unsigned long set = 1UL << (SIGUSR1 - 1) | 1UL << (40 - 1);
    struct timespec none = {0, 0}, bad = {0, -1};

    EXPECT_EQ(0, syscall(SYS_kill, me, 0));
    EXPECT_EQ(0, syscall(SYS_tgkill, me, me, 0));
    EXPECT_EQ(0, syscall(SYS_tkill, me, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_kill, me, 65));
    EXPECT_ERRNO(EINVAL, syscall(SYS_kill, me, -1));
    EXPECT_ERRNO(ESRCH, syscall(SYS_kill, 999999, 65));
    EXPECT_ERRNO(ESRCH, syscall(SYS_kill, -999999, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_kill, 0x80000000, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_tgkill, 0, me, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_tgkill, me, -1, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_tgkill, 999999, me, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_tkill, 0, 0));
    EXPECT_ERRNO(ESRCH, syscall(SYS_tkill, 999999, 0));

    EXPECT_EQ(0, syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 8));
    EXPECT_EQ(0, syscall(SYS_kill, me, SIGUSR1));
    EXPECT_EQ(SIGUSR1, syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 8));
    EXPECT_EQ(SI_USER, info.si_code);
    EXPECT_EQ(me, info.si_pid);
    EXPECT_EQ(getuid(), info.si_uid);
    EXPECT_EQ(0, syscall(SYS_tgkill, me, me, SIGUSR1));
    EXPECT_EQ(SIGUSR1, syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 8));
    EXPECT_EQ(SI_TKILL, info.si_code);

    /* Standard signals do not queue, real-time ones do. */
    for (int i = 0; i < 3; i++) {
        info.si_code = SI_QUEUE;
        info.si_value.sival_int = i;
        EXPECT_EQ(0, syscall(SYS_rt_sigqueueinfo, me, 40, &info));
        EXPECT_EQ(0, syscall(SYS_kill, me, SIGUSR1));
    }
    EXPECT_EQ(SIGUSR1, syscall(SYS_rt_sigtimedwait, &set, NULL, &none, 8));
    for (int i = 0; i < 3; i++) {
        EXPECT_EQ(40, syscall(SYS_rt_sigtimedwait, &set, &info, &none, 8));
        EXPECT_EQ(i, info.si_value.sival_int);
    }
    EXPECT_ERRNO(EAGAIN, syscall(SYS_rt_sigtimedwait, &set, &info, &none, 8));
    EXPECT_ERRNO(EINVAL, syscall(SYS_rt_sigtimedwait, &set, &info, &bad, 8));
    EXPECT_ERRNO(EINVAL, syscall(SYS_rt_sigtimedwait, &set, &info, &none, 9));
    EXPECT_ERRNO(EFAULT, syscall(SYS_rt_sigtimedwait, 8L, &info, &none, 8));
    EXPECT_ERRNO(EFAULT, syscall(SYS_rt_sigtimedwait, &set, &info, 8L, 8));
    EXPECT_ERRNO(EFAULT, syscall(SYS_rt_sigqueueinfo, me, 40, 8L));

    /* A wait ends when its time is over. */
    struct timespec little = {0, 2000000};
    EXPECT_ERRNO(EAGAIN, syscall(SYS_rt_sigtimedwait, &set, &info, &little, 8));
    return 0;
}
