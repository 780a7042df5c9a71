/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do the segment bases hold what arch_prctl(2) is told, and which addresses may they have? */
#include "guest_test.h"
#include <sys/syscall.h>

enum { SET_GS = 0x1001, SET_FS = 0x1002, GET_FS = 0x1003, GET_GS = 0x1004 };

int main(void)
{
    unsigned long fs, gs = 1, word = 0x123456789abcdef0, got;

    EXPECT_EQ(0, syscall(SYS_arch_prctl, GET_FS, &fs));
    EXPECT_EQ(fs, *(unsigned long *)fs); /* libc keeps its own address there */
    EXPECT_EQ(0, syscall(SYS_arch_prctl, SET_GS, &word));
    __asm__ volatile("mov %%gs:0, %0" : "=r"(got));
    EXPECT_EQ(word, got);
    EXPECT_EQ(0, syscall(SYS_arch_prctl, GET_GS, &gs));
    EXPECT_EQ((unsigned long)&word, gs);
    EXPECT_EQ(0, syscall(SYS_arch_prctl, SET_GS, 0L));

    EXPECT_ERRNO(EPERM, syscall(SYS_arch_prctl, SET_GS, 0x7ffffffff000));
    EXPECT_ERRNO(EPERM, syscall(SYS_arch_prctl, SET_FS, 0x8000000000000000));
    EXPECT_EQ(0, syscall(SYS_arch_prctl, SET_GS, 0x7fffffffefff));
    EXPECT_ERRNO(EFAULT, syscall(SYS_arch_prctl, GET_FS, 8L));
    EXPECT_ERRNO(EINVAL, syscall(SYS_arch_prctl, 0x9999, 0L));
    return 0;
}
