/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_SIGNAL_H
#define LSTAR_ABI_SIGNAL_H
/*
 * Signals of Linux x86-64: numbers, codes, flags and layouts (signal(7), sigaction(2),
 * sigaltstack(2)).
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

/* The standard signals with strsignal(3)'s texts: constants, names and messages come from here. */
#define LX_SIGNAL_LIST(X)                                                                          \
    X(SIGHUP, 1, "Hangup")                                                                         \
    X(SIGINT, 2, "Interrupt")                                                                      \
    X(SIGQUIT, 3, "Quit")                                                                          \
    X(SIGILL, 4, "Illegal instruction")                                                            \
    X(SIGTRAP, 5, "Trace/breakpoint trap")                                                         \
    X(SIGABRT, 6, "Aborted")                                                                       \
    X(SIGBUS, 7, "Bus error")                                                                      \
    X(SIGFPE, 8, "Floating point exception")                                                       \
    X(SIGKILL, 9, "Killed")                                                                        \
    X(SIGUSR1, 10, "User defined signal 1")                                                        \
    X(SIGSEGV, 11, "Segmentation fault")                                                           \
    X(SIGUSR2, 12, "User defined signal 2")                                                        \
    X(SIGPIPE, 13, "Broken pipe")                                                                  \
    X(SIGALRM, 14, "Alarm clock")                                                                  \
    X(SIGTERM, 15, "Terminated")                                                                   \
    X(SIGSTKFLT, 16, "Stack fault")                                                                \
    X(SIGCHLD, 17, "Child exited")                                                                 \
    X(SIGCONT, 18, "Continued")                                                                    \
    X(SIGSTOP, 19, "Stopped (signal)")                                                             \
    X(SIGTSTP, 20, "Stopped")                                                                      \
    X(SIGTTIN, 21, "Stopped (tty input)")                                                          \
    X(SIGTTOU, 22, "Stopped (tty output)")                                                         \
    X(SIGURG, 23, "Urgent I/O condition")                                                          \
    X(SIGXCPU, 24, "CPU time limit exceeded")                                                      \
    X(SIGXFSZ, 25, "File size limit exceeded")                                                     \
    X(SIGVTALRM, 26, "Virtual timer expired")                                                      \
    X(SIGPROF, 27, "Profiling timer expired")                                                      \
    X(SIGWINCH, 28, "Window changed")                                                              \
    X(SIGIO, 29, "I/O possible")                                                                   \
    X(SIGPWR, 30, "Power failure")                                                                 \
    X(SIGSYS, 31, "Bad system call")

enum lx_signal {
#define X(name, number, text) LX_##name = number,
    LX_SIGNAL_LIST(X)
#undef X
        LX_SIGPOLL = LX_SIGIO,
    LX_SIGRTMIN = 32, /* the kernel's; libc keeps 32 to 34 for itself */
    LX_SIGRTMAX = 64,
};

#define LX_NSIG 64

/* The bit of a signal in a mask of 64. */
#define LX_SIGMASK(sig) (UINT64_C(1) << ((sig)-1))

/* Handlers that are no addresses. */
#define LX_SIG_DFL UINT64_C(0)
#define LX_SIG_IGN UINT64_C(1)

/* sigaction.sa_flags */
#define LX_SA_NOCLDSTOP UINT64_C(0x00000001)
#define LX_SA_NOCLDWAIT UINT64_C(0x00000002)
#define LX_SA_SIGINFO UINT64_C(0x00000004)
#define LX_SA_UNSUPPORTED UINT64_C(0x00000400)
#define LX_SA_EXPOSE_TAGBITS UINT64_C(0x00000800)
#define LX_SA_RESTORER UINT64_C(0x04000000)
#define LX_SA_ONSTACK UINT64_C(0x08000000)
#define LX_SA_RESTART UINT64_C(0x10000000)
#define LX_SA_NODEFER UINT64_C(0x40000000)
#define LX_SA_RESETHAND UINT64_C(0x80000000)

enum lx_sigprocmask_how { LX_SIG_BLOCK = 0, LX_SIG_UNBLOCK = 1, LX_SIG_SETMASK = 2 };

/* stack_t.ss_flags */
#define LX_SS_ONSTACK 1
#define LX_SS_DISABLE 2
#define LX_SS_AUTODISARM (1U << 31)
#define LX_MINSIGSTKSZ 2048

/* si_code of any signal. */
#define LX_SI_CODE_LIST(X)                                                                         \
    X(SI_USER, 0)                                                                                  \
    X(SI_KERNEL, 0x80)                                                                             \
    X(SI_QUEUE, -1)                                                                                \
    X(SI_TIMER, -2)                                                                                \
    X(SI_MESGQ, -3)                                                                                \
    X(SI_ASYNCIO, -4)                                                                              \
    X(SI_SIGIO, -5)                                                                                \
    X(SI_TKILL, -6)                                                                                \
    X(SI_DETHREAD, -7)                                                                             \
    X(SI_ASYNCNL, -60)

/* si_code by signal: X(signal, name, value). */
#define LX_SIGNAL_CODE_LIST(X)                                                                     \
    X(SIGILL, ILL_ILLOPC, 1)                                                                       \
    X(SIGILL, ILL_ILLOPN, 2)                                                                       \
    X(SIGILL, ILL_ILLADR, 3)                                                                       \
    X(SIGILL, ILL_ILLTRP, 4)                                                                       \
    X(SIGILL, ILL_PRVOPC, 5)                                                                       \
    X(SIGILL, ILL_PRVREG, 6)                                                                       \
    X(SIGILL, ILL_COPROC, 7)                                                                       \
    X(SIGILL, ILL_BADSTK, 8)                                                                       \
    X(SIGFPE, FPE_INTDIV, 1)                                                                       \
    X(SIGFPE, FPE_INTOVF, 2)                                                                       \
    X(SIGFPE, FPE_FLTDIV, 3)                                                                       \
    X(SIGFPE, FPE_FLTOVF, 4)                                                                       \
    X(SIGFPE, FPE_FLTUND, 5)                                                                       \
    X(SIGFPE, FPE_FLTRES, 6)                                                                       \
    X(SIGFPE, FPE_FLTINV, 7)                                                                       \
    X(SIGFPE, FPE_FLTSUB, 8)                                                                       \
    X(SIGFPE, FPE_FLTUNK, 14)                                                                      \
    X(SIGSEGV, SEGV_MAPERR, 1)                                                                     \
    X(SIGSEGV, SEGV_ACCERR, 2)                                                                     \
    X(SIGSEGV, SEGV_BNDERR, 3)                                                                     \
    X(SIGSEGV, SEGV_PKUERR, 4)                                                                     \
    X(SIGBUS, BUS_ADRALN, 1)                                                                       \
    X(SIGBUS, BUS_ADRERR, 2)                                                                       \
    X(SIGBUS, BUS_OBJERR, 3)                                                                       \
    X(SIGTRAP, TRAP_BRKPT, 1)                                                                      \
    X(SIGTRAP, TRAP_TRACE, 2)                                                                      \
    X(SIGTRAP, TRAP_BRANCH, 3)                                                                     \
    X(SIGTRAP, TRAP_HWBKPT, 4)                                                                     \
    X(SIGCHLD, CLD_EXITED, 1)                                                                      \
    X(SIGCHLD, CLD_KILLED, 2)                                                                      \
    X(SIGCHLD, CLD_DUMPED, 3)                                                                      \
    X(SIGCHLD, CLD_TRAPPED, 4)                                                                     \
    X(SIGCHLD, CLD_STOPPED, 5)                                                                     \
    X(SIGCHLD, CLD_CONTINUED, 6)                                                                   \
    X(SIGIO, POLL_IN, 1)                                                                           \
    X(SIGIO, POLL_OUT, 2)                                                                          \
    X(SIGIO, POLL_MSG, 3)                                                                          \
    X(SIGIO, POLL_ERR, 4)                                                                          \
    X(SIGIO, POLL_PRI, 5)                                                                          \
    X(SIGIO, POLL_HUP, 6)                                                                          \
    X(SIGSYS, SYS_SECCOMP, 1)                                                                      \
    X(SIGSYS, SYS_USER_DISPATCH, 2)

enum lx_si_code {
#define X(name, value) LX_##name = value,
    LX_SI_CODE_LIST(X)
#undef X
#define X(signal, name, value) LX_##name = value,
        LX_SIGNAL_CODE_LIST(X)
#undef X
};

/* What rt_sigaction(2) takes and gives. */
struct lx_ksigaction {
    uint64_t handler;  /* a guest address, LX_SIG_DFL or LX_SIG_IGN */
    uint64_t flags;    /* LX_SA_* */
    uint64_t restorer; /* with LX_SA_RESTORER: where the handler returns to */
    uint64_t mask;     /* blocked while the handler runs */
};
static_assert(sizeof(struct lx_ksigaction) == 32, "struct sigaction's size");

struct lx_stack {
    uint64_t sp;
    int32_t flags; /* LX_SS_* */
    uint32_t padding;
    uint64_t size;
};
static_assert(sizeof(struct lx_stack) == 24, "stack_t's size");

/* siginfo_t; which member of the union holds depends on signal and code. */
struct lx_siginfo {
    int32_t signo;
    int32_t err; /* si_errno */
    int32_t code;
    int32_t padding; /* the signal room's: not 0 while a timer's signal is queued */
    union {
        struct {
            int32_t pid;
            uint32_t uid;
            uint64_t value;
        } rt; /* kill, tgkill, sigqueue */
        struct {
            int32_t timerid;
            int32_t overrun;
            uint64_t value;
        } timer;
        struct {
            int32_t pid;
            uint32_t uid;
            int32_t status;
            int32_t padding;
            int64_t utime, stime;
        } chld;
        struct {
            uint64_t addr;
            int16_t addr_lsb;
            int16_t padding[3];
            uint64_t lower, upper;
        } fault;
        struct {
            int64_t band;
            int32_t fd;
        } poll;
        struct {
            uint64_t call_addr;
            int32_t syscall;
            uint32_t arch;
        } sys;
        uint8_t bytes[112];
    };
};
static_assert(sizeof(struct lx_siginfo) == 128, "siginfo_t's size");
static_assert(offsetof(struct lx_siginfo, fault.addr) == 16, "si_addr's offset");
static_assert(offsetof(struct lx_siginfo, chld.status) == 24, "si_status's offset");

/* How a process ended, as wait4(2) tells it. */
#define LX_WAIT_EXITED(code) (((code)&0xff) << 8)
#define LX_WAIT_KILLED(sig) ((sig)&0x7f)
#define LX_WAIT_CORE 0x80

#endif
