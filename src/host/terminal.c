/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host's terminal: its modes and its size (termios(3), ioctl_tty(2)). What the guest changes is
 * set back at the end, as it was found before the first change.
 */
#include "host/internal.h"
#include "host/stream.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

static long terminal_fd(struct host *host, host_handle_t handle)
{
    int fd = host_fd(host, handle);
    return fd < 0 ? -LX_EBADF : fd;
}

long host_terminal_get(struct host *host, host_handle_t handle, struct host_termios *out)
{
    long fd = terminal_fd(host, handle);
    struct termios modes;
    if (fd < 0)
        return fd;
    if (tcgetattr((int)fd, &modes) < 0)
        return host_error();
    out->iflag = modes.c_iflag;
    out->oflag = modes.c_oflag;
    out->cflag = modes.c_cflag;
    out->lflag = modes.c_lflag;
    out->line = modes.c_line;
    memcpy(out->cc, modes.c_cc, sizeof out->cc);
    return 0;
}

/* Remember the modes of a terminal before its first change. */
static void remember(struct host *host, int fd, const struct termios *modes)
{
    for (unsigned i = 0; i < host->terminals_changed; i++) {
        if (host->terminals[i].fd == fd)
            return;
    }
    if (host->terminals_changed < ARRAY_SIZE(host->terminals)) {
        host->terminals[host->terminals_changed].fd = fd;
        host->terminals[host->terminals_changed++].modes = *modes;
    }
}

long host_terminal_set(struct host *host, host_handle_t handle, int when,
                       const struct host_termios *in)
{
    long fd = terminal_fd(host, handle);
    struct termios modes;
    if (fd < 0)
        return fd;
    if (tcgetattr((int)fd, &modes) < 0)
        return host_error();
    remember(host, (int)fd, &modes);
    modes.c_iflag = in->iflag;
    modes.c_oflag = in->oflag;
    modes.c_cflag = in->cflag;
    modes.c_lflag = in->lflag;
    modes.c_line = in->line;
    memcpy(modes.c_cc, in->cc, sizeof in->cc);
    int action = when == 0 ? TCSANOW : when == 1 ? TCSADRAIN : TCSAFLUSH;
    return tcsetattr((int)fd, action, &modes) < 0 ? host_error() : 0;
}

void host_terminal_restore(struct host *host)
{
    if (host->terminals_changed == 0)
        return;
    /* From the background this would stop the process; with SIGTTOU blocked it is just done. */
    sigset_t ttou, before;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &ttou, &before);
    /*
     * The last first: two descriptors may be one terminal, and the first change was to the original
     * modes.
     */
    while (host->terminals_changed > 0) {
        host->terminals_changed--;
        tcsetattr(host->terminals[host->terminals_changed].fd, TCSADRAIN,
                  &host->terminals[host->terminals_changed].modes);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

long host_terminal_window(struct host *host, host_handle_t handle, struct host_window *out)
{
    long fd = terminal_fd(host, handle);
    struct winsize size;
    if (fd < 0)
        return fd;
    if (ioctl((int)fd, TIOCGWINSZ, &size) < 0)
        return host_error();
    *out = (struct host_window){size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel};
    return 0;
}

long host_terminal_set_window(struct host *host, host_handle_t handle,
                              const struct host_window *window)
{
    long fd = terminal_fd(host, handle);
    if (fd < 0)
        return fd;
    struct winsize size = {window->rows, window->columns, window->xpixel, window->ypixel};
    return ioctl((int)fd, TIOCSWINSZ, &size) < 0 ? host_error() : 0;
}

long host_terminal_flush(struct host *host, host_handle_t handle, int queue)
{
    long fd = terminal_fd(host, handle);
    if (fd < 0)
        return fd;
    int which = queue == 0 ? TCIFLUSH : queue == 1 ? TCOFLUSH : TCIOFLUSH;
    return tcflush((int)fd, which) < 0 ? host_error() : 0;
}

long host_terminal_outq(struct host *host, host_handle_t handle)
{
    long fd = terminal_fd(host, handle);
    int count = 0;
    if (fd < 0)
        return fd;
    return ioctl((int)fd, TIOCOUTQ, &count) < 0 ? host_error() : count;
}
