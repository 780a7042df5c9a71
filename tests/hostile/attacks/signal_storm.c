/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that send each other every signal and handle them in each other. */
#include "attack.h"

static void on_signal(int sig)
{
    kill(0, sig % 2 ? SIGUSR1 : SIGUSR2);
}

static void storm(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_NODEFER | SA_RESTART};
    setpgid(0, 0);
    for (int i = 1; i < 65; i++)
        sigaction(i, &action, NULL);
    for (int i = 0; i < 5; i++)
        fork();
    for (;;)
        kill(0, SIGRTMIN);
}

int main(void)
{
    repeat_in_children(storm);
}
