/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUEST_MEM_FAULT_H
#define GUEST_MEM_FAULT_H
/*
 * What happens when an address is touched: the signal and its code, or 0.
 */
#include "guest_test.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define PAGE 4096UL

static sigjmp_buf fault_return;
static volatile siginfo_t fault_info;

static inline void fault_handler(int number, siginfo_t *info, void *context)
{
    (void)context;
    fault_info = *info;
    siglongjmp(fault_return, number);
}

static inline void fault_catch(void)
{
    static char stack[65536];
    stack_t alt = {.ss_sp = stack, .ss_size = sizeof stack};
    CHECK(sigaltstack(&alt, NULL));
    struct sigaction action = {.sa_sigaction = fault_handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    CHECK(sigaction(SIGSEGV, &action, NULL));
    CHECK(sigaction(SIGBUS, &action, NULL));
}

enum touch { TOUCH_READ, TOUCH_WRITE, TOUCH_EXEC };

/* 0, or signal * 256 + code; the address must then be the one touched. */
static inline int touch(const volatile void *addr, enum touch how)
{
    int number = sigsetjmp(fault_return, 1);
    if (number) {
        if (fault_info.si_addr != addr)
            FAIL("si_addr is %p, not %p", fault_info.si_addr, (const void *)addr);
        return number * 256 + fault_info.si_code;
    }
    if (how == TOUCH_READ)
        (void)*(const volatile char *)addr;
    else if (how == TOUCH_WRITE)
        *(volatile char *)(uintptr_t)addr = *(const volatile char *)addr;
    else
        ((void (*)(void))(uintptr_t)addr)();
    return 0;
}

/* As TOUCH_WRITE, but without a read before it. */
static inline int touch_store(volatile void *addr, char value)
{
    int number = sigsetjmp(fault_return, 1);
    if (number) {
        if (fault_info.si_addr != addr)
            FAIL("si_addr is %p, not %p", fault_info.si_addr, (const void *)addr);
        return number * 256 + fault_info.si_code;
    }
    *(volatile char *)addr = value;
    return 0;
}

#define MAPERR (SIGSEGV * 256 + SEGV_MAPERR)
#define ACCERR (SIGSEGV * 256 + SEGV_ACCERR)
#define ADRERR (SIGBUS * 256 + BUS_ADRERR)

/* Anonymous private memory anywhere. */
static inline char *anon(size_t size, int prot)
{
    void *memory = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        FAIL("mmap of %zu bytes: %s", size, strerror(errno));
    return memory;
}

/* The system call itself, past what libc does. */
static inline void *mmap_raw(uintptr_t addr, size_t length, unsigned long prot, unsigned long flags,
                             int fd, unsigned long offset)
{
    return (void *)syscall(SYS_mmap, addr, length, prot, flags, fd, offset);
}

#endif
