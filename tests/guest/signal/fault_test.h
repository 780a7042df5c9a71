/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FAULT_TEST_H
#define FAULT_TEST_H
/* Catching faults: run something, and look at the siginfo and the context of the signal that it
 * raised. */
#include "guest_test.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

/* The names of <sys/ucontext.h>'s registers, shorter. */
#define REG(uc, name) ((uint64_t)(uc)->uc_mcontext.gregs[REG_##name])

static sigjmp_buf fault_out;
static siginfo_t fault_info;
static ucontext_t fault_uc;
static struct _libc_fpstate fault_fp;

static inline void fault_catch(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    fault_info = *info;
    fault_uc = *(ucontext_t *)context;
    fault_fp = *((ucontext_t *)context)->uc_mcontext.fpregs;
    siglongjmp(fault_out, 1);
}

/* Handlers of all the signals that faults raise, on a stack of their own. */
static inline void fault_setup(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    struct sigaction action = {.sa_sigaction = fault_catch, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    static char stack[65536];
    CHECK(sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL));
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        CHECK(sigaction(signals[i], &action, NULL));
}

/* Run `f`: true when it raised a signal, which fault_info and fault_uc then hold. */
static inline int fault_of(void (*f)(void))
{
    memset(&fault_info, 0, sizeof fault_info);
    if (sigsetjmp(fault_out, 1))
        return 1;
    f();
    return 0;
}

#endif
