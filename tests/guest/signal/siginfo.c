/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which si_code may one claim to whom, how much of a siginfo arrives, and what does a signalfd make
 * of it?
 */
#include "guest_test.h"

#include <signal.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

static const struct timespec none = {0, 0};
static uint64_t all = ~0ull;

/* Of the same layout as siginfo_t, by bytes. */
union raw {
    siginfo_t info;
    unsigned char bytes[128];
};

static long queue(int pid, int sig, const void *info)
{
    return syscall(SYS_rt_sigqueueinfo, pid, sig, info);
}

static union raw pattern(int code)
{
    union raw raw;
    for (int i = 0; i < 128; i++)
        raw.bytes[i] = (unsigned char)(i + 1);
    raw.info.si_errno = 5;
    raw.info.si_code = code;
    return raw;
}

/* To oneself everything may be claimed; what stands behind the first 48 bytes does not arrive. */
static void whole(int sig, int code, int error)
{
    union raw sent = pattern(code), got;
    if (error) {
        EXPECT_ERRNO(error, queue(getpid(), sig, &sent));
        memset(sent.bytes + 48, 0, 80);
    }
    EXPECT_EQ(0, queue(getpid(), sig, &sent));
    memset(&got, 0xee, sizeof got);
    EXPECT_EQ(sig, syscall(SYS_rt_sigtimedwait, &all, &got, &none, 8));
    EXPECT_EQ(sig, got.info.si_signo);
    EXPECT_EQ(5, got.info.si_errno);
    EXPECT_EQ(code, got.info.si_code);
    EXPECT_EQ(0, memcmp(sent.bytes + 16, got.bytes + 16, 32));
    for (int i = 48; i < 128; i++)
        EXPECT_EQ(0, got.bytes[i]);
}

static void claims(void)
{
    whole(40, SI_QUEUE, 0);
    whole(40, SI_USER, 0);
    whole(40, SI_KERNEL, 0);
    whole(40, SI_TKILL, 0);
    whole(40, SI_ASYNCNL, 0);
    whole(40, -7, 0);
    whole(40, 6, 0); /* POLL_HUP */
    whole(SIGSEGV, 10, 0);
    whole(SIGFPE, 15, 0);
    whole(SIGILL, 11, 0);
    whole(SIGBUS, 5, 0);
    whole(SIGTRAP, 6, 0);
    whole(SIGCHLD, 6, 0);
    whole(SIGSYS, 2, 0);
    /* No layout is known: what is not understood must be zero. */
    whole(40, -8, E2BIG);
    whole(40, 7, E2BIG);
    whole(SIGSEGV, 11, E2BIG);
    whole(SIGFPE, 16, E2BIG);
    whole(SIGCHLD, 7, E2BIG);
    whole(SIGSYS, 3, E2BIG);
    whole(40, 0x7fffffff, E2BIG);

    union raw raw = pattern(SI_USER);
    pid_t child = CHECK(fork());
    if (child == 0)
        for (;;)
            pause();
    EXPECT_ERRNO(EPERM, queue(child, 40, &raw));
    raw.info.si_code = SI_TKILL;
    EXPECT_ERRNO(EPERM, queue(child, 40, &raw));
    EXPECT_ERRNO(EPERM, queue(999999, 40, &raw));
    raw.info.si_code = SI_KERNEL;
    EXPECT_ERRNO(EPERM, queue(child, 40, &raw));
    EXPECT_ERRNO(EPERM, syscall(SYS_rt_tgsigqueueinfo, child, child, 40, &raw));
    raw.info.si_code = SI_QUEUE;
    EXPECT_EQ(0, queue(child, 0, &raw));
    EXPECT_ERRNO(EINVAL, queue(child, 65, &raw));
    EXPECT_ERRNO(EINVAL, queue(child, -1, &raw));
    EXPECT_ERRNO(ESRCH, queue(999999, 40, &raw));
    EXPECT_ERRNO(ESRCH, queue(-1, 40, &raw));
    EXPECT_ERRNO(ESRCH, queue(0, 40, &raw));
    EXPECT_ERRNO(EINVAL, syscall(SYS_rt_tgsigqueueinfo, 0, child, 40, &raw));
    EXPECT_ERRNO(EINVAL, syscall(SYS_rt_tgsigqueueinfo, child, 0, 40, &raw));
    EXPECT_ERRNO(ESRCH, syscall(SYS_rt_tgsigqueueinfo, getpid(), child, 40, &raw));
    EXPECT_ERRNO(EFAULT, syscall(SYS_rt_tgsigqueueinfo, 0, 0, 40, 8L));
    CHECK(kill(child, SIGKILL));
    EXPECT_EQ(child, waitpid(child, NULL, 0));
    EXPECT_EQ(SIGCHLD, syscall(SYS_rt_sigtimedwait, &all, NULL, &none, 8));
}

static struct signalfd_siginfo through_signalfd(int fd, int sig, int code)
{
    union raw sent = pattern(code);
    struct signalfd_siginfo got;
    EXPECT_EQ(0, queue(getpid(), sig, &sent));
    memset(&got, 0xee, sizeof got);
    EXPECT_EQ(sizeof got, read(fd, &got, sizeof got));
    EXPECT_EQ(sig, got.ssi_signo);
    EXPECT_EQ(5, got.ssi_errno);
    EXPECT_EQ(code, got.ssi_code);
    return got;
}

/* Every field that the layout does not have is zero. */
static void signalfd_fields(void)
{
    int fd = (int)CHECK(syscall(SYS_signalfd4, -1, &all, 8, SFD_NONBLOCK));
    union raw p = pattern(0);
    struct signalfd_siginfo s = through_signalfd(fd, 40, SI_QUEUE),
                            want = {.ssi_signo = 40,
                                    .ssi_errno = 5,
                                    .ssi_code = SI_QUEUE,
                                    .ssi_pid = (uint32_t)p.info.si_pid,
                                    .ssi_uid = p.info.si_uid,
                                    .ssi_ptr = (uintptr_t)p.info.si_value.sival_ptr,
                                    .ssi_int = p.info.si_value.sival_int};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, 40, SI_USER);
    want = (struct signalfd_siginfo){.ssi_signo = 40,
                                     .ssi_errno = 5,
                                     .ssi_code = SI_USER,
                                     .ssi_pid = (uint32_t)p.info.si_pid,
                                     .ssi_uid = p.info.si_uid};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, SIGSEGV, SI_KERNEL);
    want.ssi_signo = SIGSEGV;
    want.ssi_code = SI_KERNEL;
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, 40, SI_TIMER);
    want = (struct signalfd_siginfo){.ssi_signo = 40,
                                     .ssi_errno = 5,
                                     .ssi_code = SI_TIMER,
                                     .ssi_tid = (uint32_t)p.info.si_timerid,
                                     .ssi_overrun = (uint32_t)p.info.si_overrun,
                                     .ssi_ptr = (uintptr_t)p.info.si_value.sival_ptr,
                                     .ssi_int = p.info.si_value.sival_int};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, SIGCHLD, CLD_KILLED);
    want = (struct signalfd_siginfo){.ssi_signo = SIGCHLD,
                                     .ssi_errno = 5,
                                     .ssi_code = CLD_KILLED,
                                     .ssi_pid = (uint32_t)p.info.si_pid,
                                     .ssi_uid = p.info.si_uid,
                                     .ssi_status = p.info.si_status,
                                     .ssi_utime = (uint64_t)p.info.si_utime,
                                     .ssi_stime = (uint64_t)p.info.si_stime};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, SIGSEGV, SEGV_ACCERR);
    want = (struct signalfd_siginfo){.ssi_signo = SIGSEGV,
                                     .ssi_errno = 5,
                                     .ssi_code = SEGV_ACCERR,
                                     .ssi_addr = (uintptr_t)p.info.si_addr};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, SIGIO, POLL_IN);
    want = (struct signalfd_siginfo){.ssi_signo = SIGIO,
                                     .ssi_errno = 5,
                                     .ssi_code = POLL_IN,
                                     .ssi_band = (uint32_t)p.info.si_band,
                                     .ssi_fd = p.info.si_fd};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));

    s = through_signalfd(fd, SIGSYS, 1);
    want = (struct signalfd_siginfo){.ssi_signo = SIGSYS,
                                     .ssi_errno = 5,
                                     .ssi_code = 1,
                                     .ssi_call_addr = (uintptr_t)p.info.si_call_addr,
                                     .ssi_syscall = p.info.si_syscall,
                                     .ssi_arch = p.info.si_arch};
    EXPECT_EQ(0, memcmp(&want, &s, sizeof s));
    close(fd);
}

/* By pidfd, as kill(2), or as tgkill(2) to the thread. */
static void by_pidfd(void)
{
    siginfo_t info;
    int fd = (int)CHECK(syscall(434, getpid(), 0));
    EXPECT_EQ(0, syscall(424, fd, SIGUSR1, NULL, 0));
    EXPECT_EQ(SIGUSR1, syscall(SYS_rt_sigtimedwait, &all, &info, &none, 8));
    EXPECT_EQ(SI_USER, info.si_code);
    EXPECT_EQ(getpid(), info.si_pid);
    EXPECT_EQ(0, syscall(424, fd, SIGUSR1, NULL, 1));
    EXPECT_EQ(SIGUSR1, syscall(SYS_rt_sigtimedwait, &all, &info, &none, 8));
    EXPECT_EQ(SI_TKILL, info.si_code);
    info.si_signo = SIGUSR2;
    EXPECT_ERRNO(EINVAL, syscall(424, fd, SIGUSR1, &info, 0));
    info.si_signo = SIGUSR1;
    info.si_code = SI_KERNEL;
    EXPECT_EQ(0, syscall(424, fd, SIGUSR1, &info, 0));
    EXPECT_EQ(SIGUSR1, syscall(SYS_rt_sigtimedwait, &all, &info, &none, 8));
    EXPECT_EQ(SI_KERNEL, info.si_code);
    EXPECT_ERRNO(EFAULT, syscall(424, fd, SIGUSR1, 8L, 0));
    EXPECT_ERRNO(EINVAL, syscall(424, fd, SIGUSR1, NULL, 3));
    EXPECT_ERRNO(EINVAL, syscall(424, fd, SIGUSR1, NULL, 8));
    EXPECT_ERRNO(EBADF, syscall(424, 1000, SIGUSR1, NULL, 0));
    EXPECT_ERRNO(EBADF, syscall(424, 0, SIGUSR1, NULL, 0));
    EXPECT_ERRNO(EINVAL, syscall(424, fd, 65, NULL, 0));
    EXPECT_EQ(0, syscall(424, fd, 0, NULL, 0));
    close(fd);
}

int main(void)
{
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8));
    claims();
    signalfd_fields();
    by_pidfd();
    return 0;
}
