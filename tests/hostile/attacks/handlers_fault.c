/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A handler of faults that faults, on its stack, on the other one, and on none. */
#include "attack.h"

static void on_fault(int sig)
{
    (void)sig;
    *(volatile int *)8 = 1;
}

static void fault(void)
{
    static int turn;
    stack_t stack = {.ss_sp = map(65536), .ss_size = 65536};
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
    turn = (getpid() + 1) % 3;
    if (turn == 1)
        action.sa_flags |= SA_ONSTACK;
    if (turn == 2) {
        stack.ss_sp = (void *)4096;
        action.sa_flags |= SA_ONSTACK;
    }
    sigaltstack(&stack, NULL);
    sigaction(SIGSEGV, &action, NULL);
    *(volatile int *)8 = 1;
}

int main(void)
{
    repeat_in_children(fault);
}
