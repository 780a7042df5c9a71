/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_TTY_JOB_CONTROL_H
#define LSTAR_TTY_JOB_CONTROL_H
/*
 * Whose terminal the machine's one terminal is: a session's, and of its process groups one is in
 * the foreground (termios(3), ioctl_tty(2), credentials(7)). At first it is the first process's.
 */
#include "proc/kernel.h"

/* The foreground process group, and the session whose terminal it is; 0: nobody's. */
int terminal_foreground(const struct kernel *kernel);
int terminal_session(const struct kernel *kernel);
/* Is it the controlling terminal of the current task? */
bool terminal_is_own(const struct kernel *kernel);

/*
 * May the current task read from its terminal, or change it? 0; -LX_ERESTARTSYS: it is in the
 * background, and its process group was sent SIGTTIN or SIGTTOU; -LX_EIO: in the background, and
 * the signal would not stop it.
 */
MUST_CHECK long terminal_may_read(struct kernel *kernel);
MUST_CHECK long terminal_may_change(struct kernel *kernel);

/* ioctl(2)'s of that name; `pgrp` and `steal` are its argument. */
MUST_CHECK long terminal_set_foreground(struct kernel *kernel, int pgrp);
MUST_CHECK long terminal_take(struct kernel *kernel, bool steal);
MUST_CHECK long terminal_give_up(struct kernel *kernel);

/*
 * What was done at the terminal since the last call (host_take_keys()): the foreground process
 * group is sent SIGINT, SIGQUIT, SIGTSTP or SIGWINCH, the session SIGHUP. False: somebody asks to
 * interrupt who never listens, and the machine shall stop.
 */
bool terminal_keys(struct kernel *kernel);
/* Could a key wake somebody who waits? */
bool terminal_may_wake(struct kernel *kernel);

#endif
