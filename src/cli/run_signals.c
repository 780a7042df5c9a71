/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's signals while a machine runs. What stands here is static because a signal handler is
 * given nothing else.
 */
#include "run.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

static struct lstar_machine *volatile caught_machine;
static volatile sig_atomic_t caught;
static volatile sig_atomic_t terminal_saved;
static struct termios terminal;

static const int caught_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static void catch (int signal)
{
    struct lstar_machine *machine = caught_machine;
    if (!caught && machine) {
        caught = signal;
        lstar_machine_stop(machine);
        return;
    }
    if (terminal_saved)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
    _exit(CLI_SIGNAL + signal);
}

void run_catch_signals(void)
{
    terminal_saved = tcgetattr(STDIN_FILENO, &terminal) == 0;
    struct sigaction action = {.sa_handler = catch};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof caught_signals / sizeof caught_signals[0]; i++) {
        struct sigaction before;
        /* What the caller ignores (nohup) stays ignored. */
        if (sigaction(caught_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(caught_signals[i], &action, NULL);
    }
}

int run_caught_signal(void)
{
    return caught;
}

void run_signals_stop(struct lstar_machine *machine)
{
    caught_machine = machine;
}
