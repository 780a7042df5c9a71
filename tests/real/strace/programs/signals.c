/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Actions, masks, and signals that arrive. */
#include "guest_test.h"
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

#define S(...) (void)syscall(__VA_ARGS__)

static void handler(int sig)
{
    (void)sig;
}

int main(void)
{
    struct {
        void *handler;
        unsigned long flags;
        void *restorer;
        unsigned long mask;
    } act = {handler, SA_RESTART | 0x04000000, (void *)handler, 3}, old;
    unsigned long mask = 1 << 1 | 1UL << (SIGCHLD - 1), before;
    static char stack[8192];
    stack_t ss = {.ss_sp = stack, .ss_size = sizeof stack}, old_ss;

    S(SYS_rt_sigaction, SIGUSR1, &act, NULL, 8L);
    S(SYS_rt_sigaction, SIGUSR1, NULL, &old, 8L);
    act.flags |= SA_SIGINFO | SA_NODEFER | SA_RESETHAND | SA_ONSTACK | 8;
    act.mask = ~0UL;
    S(SYS_rt_sigaction, SIGUSR2, &act, &old, 8L);
    act.handler = SIG_IGN;
    act.flags = 0;
    S(SYS_rt_sigaction, SIGPIPE, &act, &old, 8L);
    S(SYS_rt_sigaction, 99, &act, &old, 8L);
    S(SYS_rt_sigaction, 34, &act, NULL, 8L);
    act.handler = SIG_DFL;
    S(SYS_rt_sigaction, SIGUSR2, &act, NULL, 8L);
    S(SYS_rt_sigprocmask, SIG_BLOCK, &mask, &before, 8L);
    mask = ~0UL;
    S(SYS_rt_sigprocmask, SIG_SETMASK, &mask, &before, 8L);
    mask = 0;
    S(SYS_rt_sigprocmask, SIG_SETMASK, &mask, &before, 8L);
    mask = 0xfffffffe7ffffeff;
    S(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8L);
    mask = 1UL << 33 | 1UL << 34 | 1UL << 63 | 1UL << 31;
    S(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8L);
    mask = 0;
    S(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8L);
    S(SYS_rt_sigprocmask, 7, &mask, NULL, 8L);
    S(SYS_rt_sigprocmask, SIG_SETMASK, 8L, NULL, 8L);
    S(SYS_rt_sigpending, &before, 8L);
    S(SYS_sigaltstack, NULL, &old_ss);
    S(SYS_sigaltstack, &ss, &old_ss);
    ss.ss_flags = SS_DISABLE;
    S(SYS_sigaltstack, &ss, &old_ss);

    S(SYS_kill, getpid(), 0);
    S(SYS_kill, 999999, SIGTERM);
    signal(SIGUSR1, handler);
    raise(SIGUSR1);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGCHLD);
    union sigval value = {.sival_int = 77};
    signal(40, handler);
    sigqueue(getpid(), 40, value);

    struct timespec none = {0, 0};
    siginfo_t info;
    mask = 1UL << (SIGUSR2 - 1);
    S(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8L);
    S(SYS_rt_sigtimedwait, &mask, &info, &none, 8L);
    S(SYS_tgkill, getpid(), getpid(), SIGUSR2);
    S(SYS_rt_sigtimedwait, &mask, &info, &none, 8L);
    S(SYS_tgkill, getpid(), getpid(), SIGUSR2);
    mask = 0;
    S(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, 8L); /* the end */
    return 0;
}
