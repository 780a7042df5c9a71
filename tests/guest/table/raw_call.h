/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RAW_CALL_H
#define RAW_CALL_H
/*
 * A system call without libc, and every register that it may change.
 */
struct raw_result {
    long rax;
    unsigned long rcx, r11, after; /* after: the address behind the instruction */
};

static inline struct raw_result raw_call(long number, long a, long b, long c)
{
    struct raw_result result;
    register long r10 __asm__("r10") = 0;
    register long r8 __asm__("r8") = 0;
    register long r9 __asm__("r9") = 0;
    __asm__ volatile("lea 1f(%%rip), %[after]\n\t"
                     "syscall\n"
                     "1:\n\t"
                     "mov %%rcx, %[rcx]\n\t"
                     "mov %%r11, %[r11]"
                     : "=a"(result.rax), [rcx] "=&r"(result.rcx), [r11] "=&r"(result.r11),
                       [after] "=&r"(result.after)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

#endif
