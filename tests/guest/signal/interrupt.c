/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What becomes of each call that blocks when a signal comes: one with a handler that wants calls
 * restarted, with one that does not, an ignored one, and a stop that is continued (signal(7))?
 *
 * A child makes the call; when it sleeps, it gets its signal. What still waits then, another
 * process ends as the call's row says, and the call has to succeed.
 */
#include "interrupt_test.h"

/* How a call goes on: after a handler with SA_RESTART, after a stop, after any handler. */
enum { RESTART = 1, STOP = 2, ALWAYS = 4, BOTH = RESTART | STOP };
enum { HANDLER, HANDLER_RESTART, IGNORED, STOPPED, MODES };
static const char *const mode_names[] = {"a handler", "a handler with SA_RESTART", "ignored",
                                         "a stop"};

static const struct {
    const char *name;
    void (*prepare)(void);  /* in both processes' ancestor, before the fork; NULL: nothing */
    long (*call)(void);     /* may block; -1 and errno */
    void (*complete)(void); /* ends it; NULL: it ends by itself in time */
    long result;            /* when it succeeds */
    unsigned goes_on;
} rows[] = {
    {"read of a pipe", NULL, do_read, feed_pipe, 1, BOTH},
    {"readv of a pipe", NULL, do_readv, feed_pipe, 1, BOTH},
    {"preadv2 of a pipe", NULL, do_preadv2, feed_pipe, 1, BOTH},
    {"read of a FIFO", prepare_fifo_pipe, do_read, feed_pipe, 1, BOTH},
    {"write to a pipe", fill_pipe, do_write, drain_pipe, 1, BOTH},
    {"writev to a pipe", fill_pipe, do_writev, drain_pipe, 1, BOTH},
    {"open of a FIFO to read", prepare_fifo, do_open_read, open_fifo_write, 0, BOTH},
    {"open of a FIFO to write", prepare_fifo, do_open_write, open_fifo_read, 0, BOTH},
    {"openat of a FIFO", prepare_fifo, do_openat, open_fifo_write, 0, BOTH},
    {"wait4", NULL, do_wait4, kill_grandchild, 0, BOTH},
    {"waitid", NULL, do_waitid, kill_grandchild, 0, BOTH},
    {"waitid of a pidfd", NULL, do_waitid_pidfd, kill_grandchild, 0, BOTH},
    {"futex, wait", NULL, do_futex, wake_futex, 0, BOTH},
    {"futex, wait with a timeout", NULL, do_futex_timeout, wake_futex, 0, STOP},
    {"futex, wait until", NULL, do_futex_until, wake_futex, 0, STOP},
    {"futex, lock_pi", own_futex, do_lock_pi, unlock_futex, 0, ALWAYS},
    {"futex_waitv", NULL, do_futex_waitv, wake_futex, 0, BOTH},
    {"futex_wait", NULL, do_futex_wait, wake_futex, 0, BOTH},
    {"nanosleep", NULL, do_nanosleep, NULL, 0, STOP},
    {"clock_nanosleep", NULL, do_clock_nanosleep, NULL, 0, STOP},
    {"clock_nanosleep until", NULL, do_clock_nanosleep_until, NULL, 0, STOP},
    {"poll", NULL, do_poll, feed_pipe, 1, STOP},
    {"poll, for ever", NULL, do_poll_ever, feed_pipe, 1, STOP},
    {"poll, no descriptor", NULL, do_poll_nothing, NULL, 0, STOP},
    {"ppoll", NULL, do_ppoll, feed_pipe, 1, STOP},
    {"ppoll with a mask", NULL, do_ppoll_mask, feed_pipe, 1, STOP},
    {"select", NULL, do_select, feed_pipe, 1, STOP},
    {"pselect6", NULL, do_pselect, feed_pipe, 1, STOP},
    {"pselect6 with a mask", NULL, do_pselect_mask, feed_pipe, 1, STOP},
    {"epoll_wait", NULL, do_epoll_wait, feed_pipe, 1, 0},
    {"epoll_pwait", NULL, do_epoll_pwait, feed_pipe, 1, 0},
    {"epoll_pwait2", NULL, do_epoll_pwait2, feed_pipe, 1, 0},
    {"pause", NULL, do_pause, NULL, -2, STOP},
    {"rt_sigsuspend", NULL, do_sigsuspend, NULL, -2, STOP},
    {"rt_sigtimedwait", NULL, do_sigtimedwait, send_other, SIGUSR2, 0},
    {"fcntl, F_SETLKW", lock_record, do_setlkw, unlock_record, 0, BOTH},
    {"fcntl, F_OFD_SETLKW", lock_ofd, do_ofd_setlkw, unlock_ofd, 0, BOTH},
    {"flock", lock_flock, do_flock, unlock_flock, 0, BOTH},
    {"read of a socket", NULL, do_socket_read, feed_socket, 1, BOTH},
    {"recvfrom", NULL, do_recvfrom, feed_socket, 1, BOTH},
    {"recvmsg", NULL, do_recvmsg, feed_socket, 1, BOTH},
    {"write to a socket", fill_socket, do_socket_write, drain_socket, 1, BOTH},
    {"sendto", fill_socket, do_sendto, drain_socket, 1, BOTH},
    {"sendmsg", fill_socket, do_sendmsg, drain_socket, 1, BOTH},
    {"read of a signalfd", NULL, do_signalfd, send_other, 128, BOTH},
    {"read of a timerfd", NULL, do_timerfd, set_timerfd, 8, BOTH},
    {"read of an eventfd", NULL, do_eventfd_read, feed_eventfd, 8, BOTH},
    {"write to an eventfd", fill_eventfd, do_eventfd_write, drain_eventfd, 8, BOTH},
    {"splice from an empty pipe", NULL, do_splice, feed_pipe, 1, BOTH},
    {"splice to a full pipe", fill_pipe, do_splice_full, drain_pipe, 1, BOTH},
    {"tee of an empty pipe", NULL, do_tee, feed_pipe, 1, BOTH},
    {"vmsplice to a full pipe", fill_pipe, do_vmsplice, drain_pipe, 1, BOTH},
    {"sendfile to a full pipe", fill_pipe, do_sendfile, drain_pipe, 1, BOTH},
};

/* Does the call go on after this? */
static int goes_on(unsigned row, int mode)
{
    if (mode == IGNORED)
        return 1;
    if (mode == STOPPED)
        return (rows[row].goes_on & (STOP | ALWAYS)) != 0;
    return rows[row].goes_on & ALWAYS || (mode == HANDLER_RESTART && rows[row].goes_on & RESTART);
}

static void child(unsigned row, int mode)
{
    struct sigaction action = {.sa_handler = mode == IGNORED ? SIG_IGN : on_signal};
    if (mode == HANDLER_RESTART)
        action.sa_flags = SA_RESTART;
    CHECK(sigaction(SIGUSR1, &action, NULL));
    short_time = goes_on(row, mode);
    shared->ready = 1;
    shared->result = rows[row].call();
    shared->error = errno;
    _exit(0);
}

static void interrupt(unsigned row, int mode, pid_t pid)
{
    int status;
    if (mode == STOPPED) {
        CHECK(kill(pid, SIGSTOP));
        EXPECT_EQ(pid, waitpid(pid, &status, WUNTRACED));
        EXPECT(WIFSTOPPED(status));
        CHECK(kill(pid, SIGCONT));
    } else {
        CHECK(kill(pid, SIGUSR1));
    }
    if (!goes_on(row, mode))
        return;
    if (mode == HANDLER || mode == HANDLER_RESTART)
        while (!shared->handled)
            sched_yield();
    if (rows[row].complete)
        rows[row].complete();
    else if (rows[row].result == -2) /* it never ends otherwise */
        CHECK(kill(pid, SIGKILL));
}

static int run(unsigned row, int mode)
{
    int status;
    memset((void *)shared, 0, sizeof *shared);
    make_files();
    if (rows[row].prepare)
        rows[row].prepare();
    pid_t pid = CHECK(fork());
    if (pid == 0)
        child(row, mode);
    shared->child = pid;
    wait_until_asleep(pid);
    interrupt(row, mode, pid);
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    end_grandchild();
    long want = goes_on(row, mode) ? rows[row].result : -1;
    if (want == -2) {
        if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
            return 0;
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && shared->result == want &&
               (want != -1 || shared->error == EINTR)) {
        return 0;
    }
    fprintf(stderr, "%s, %s: status %#x, result %ld (want %ld), errno %d\n", rows[row].name,
            mode_names[mode], status, shared->result, want, shared->error);
    return 1;
}

int main(int argc, char **argv)
{
    int bad = 0;
    setup();
    for (unsigned row = 0; row < sizeof rows / sizeof *rows; row++)
        for (int mode = 0; mode < MODES; mode++)
            if (argc < 2 || strstr(rows[row].name, argv[1]))
                bad |= run(row, mode);
    return bad;
}
