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

/* The last that was typed at the terminal. */
static volatile sig_atomic_t typed;

static const int caught_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int key_signals[] = {SIGTSTP, SIGWINCH};

/* Was it the terminal that sent it, not somebody by kill(2)? */
static bool is_typed(const siginfo_t *info)
{
#ifdef SI_KERNEL
    return info->si_code == SI_KERNEL;
#else
    return info->si_code != SI_USER;
#endif
}

/* What is typed is the guest's. True: the machine was told. */
static bool pass_on(struct lstar_machine *machine, int signal)
{
    switch (signal) {
    case SIGINT:
        typed = signal;
        lstar_machine_key(machine, LSTAR_KEY_INTERRUPT);
        return true;
    case SIGQUIT:
        typed = signal;
        lstar_machine_key(machine, LSTAR_KEY_QUIT);
        return true;
    case SIGHUP:
        lstar_machine_key(machine, LSTAR_KEY_HANGUP);
        return true;
    case SIGTSTP:
        lstar_machine_key(machine, LSTAR_KEY_SUSPEND);
        return true;
    case SIGWINCH:
        lstar_machine_key(machine, LSTAR_KEY_WINDOW);
        return true;
    default:
        return false;
    }
}

static void catch (int signal, siginfo_t *info, void *context)
{
    struct lstar_machine *machine = caught_machine;
    bool key = signal == SIGTSTP || signal == SIGWINCH;
    (void)context;
    if (machine && !caught && (key || is_typed(info)) && pass_on(machine, signal))
        return;
    if (key)
        return;
    if (!caught && machine) {
        caught = signal;
        lstar_machine_stop(machine);
        return;
    }
    if (terminal_saved)
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
    _exit(CLI_SIGNAL + signal);
}

static void catch_all(const int *signals, size_t count, int flags)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO | flags};
    action.sa_sigaction = catch;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < count; i++) {
        struct sigaction before;
        /* What the caller ignores (nohup) stays ignored. */
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
}

void run_catch_signals(void)
{
    terminal_saved = tcgetattr(STDIN_FILENO, &terminal) == 0;
    catch_all(caught_signals, sizeof caught_signals / sizeof caught_signals[0], 0);
}

void run_suspend(int signal)
{
    struct sigaction action = {.sa_handler = SIG_DFL}, before;
    sigemptyset(&action.sa_mask);
    bool set = sigaction(signal, &action, &before) == 0; /* not so SIGSTOP */
    raise(signal);
    if (set)
        sigaction(signal, &before, NULL);
}

int run_caught_signal(void)
{
    return caught ? caught : typed;
}

void run_signals_stop(struct lstar_machine *machine)
{
    caught_machine = machine;
    if (machine)
        catch_all(key_signals, sizeof key_signals / sizeof key_signals[0], SA_RESTART);
}
