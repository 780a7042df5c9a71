/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ioctl_tty(2) on the host's terminal. Modes and size are the host's own; the foreground process
 * group is the machine's: the host's process groups mean nothing to the guest.
 */
#include "tty/internal.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/ioctl.h"
#include "host/stream.h"
#include "proc/task.h"
#include "tty/job_control.h"

_Static_assert(sizeof(struct host_termios) == sizeof(struct lx_termios), "struct termios");

#define TOSTOP 0400u

static struct kernel *kernel_of(struct file *file)
{
    return container_of(file->vfs, struct kernel, vfs);
}

/* The speed that a control mode's bits name (CBAUD), as TCGETS2 gives it. */
static uint32_t speed_of(uint32_t cflag)
{
    static const uint32_t low[16] = {0,   50,   75,   110,  134,  150,  200,   300,
                                     600, 1200, 1800, 2400, 4800, 9600, 19200, 38400};
    static const uint32_t high[16] = {0,       57600,   115200,  230400,  460800,  500000,
                                      576000,  921600,  1000000, 1152000, 1500000, 2000000,
                                      2500000, 3000000, 3500000, 4000000};
    return cflag & 010000 ? high[cflag & 15] : low[cflag & 15];
}

static long get_modes(struct file *file, struct stream *stream, struct mm *mm, unsigned request,
                      uint64_t arg)
{
    struct lx_termios2 modes;
    struct host_termios host;
    long err = host_terminal_get(file->vfs->host, stream->handle, &host);
    if (err)
        return err;
    memcpy(&modes, &host, sizeof host);
    modes.c_ispeed = modes.c_ospeed = speed_of(modes.c_cflag);
    return user_write(mm, arg, &modes,
                      request == LX_TCGETS ? sizeof(struct lx_termios) : sizeof modes);
}

static long set_modes(struct file *file, struct stream *stream, struct mm *mm, int when,
                      uint64_t arg)
{
    struct host_termios host;
    long err = terminal_may_change(kernel_of(file));
    if (!err)
        err = user_read(mm, &host, arg, sizeof host); /* TCSETS2's begins with it */
    return err ? err : host_terminal_set(file->vfs->host, stream->handle, when, &host);
}

static long get_window(struct file *file, struct stream *stream, struct mm *mm, uint64_t arg)
{
    struct host_window host;
    long err = host_terminal_window(file->vfs->host, stream->handle, &host);
    if (err)
        return err;
    struct lx_winsize size = {host.rows, host.columns, host.xpixel, host.ypixel};
    if (file->vfs->clock->deterministic)
        size = (struct lx_winsize){24, 80, 0, 0}; /* as every host's */
    return user_put(mm, arg, &size);
}

static long set_window(struct file *file, struct stream *stream, struct mm *mm, uint64_t arg)
{
    struct lx_winsize size;
    long err = user_get(mm, &size, arg);
    if (err)
        return err;
    struct host_window host = {size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel};
    return host_terminal_set_window(file->vfs->host, stream->handle, &host);
}

static long put_int(struct mm *mm, uint64_t arg, long value)
{
    int32_t number = (int32_t)value;
    return value < 0 ? value : user_put(mm, arg, &number);
}

static long set_foreground(struct kernel *kernel, struct mm *mm, uint64_t arg)
{
    int32_t pgrp;
    long err = terminal_may_change(kernel);
    if (err)
        return err == -LX_EIO ? -LX_ENOTTY : err;
    if (!terminal_is_own(kernel))
        return -LX_ENOTTY;
    err = user_get(mm, &pgrp, arg);
    return err ? err : terminal_set_foreground(kernel, pgrp);
}

static long queue_ioctl(struct file *file, struct stream *stream, struct mm *mm, unsigned request,
                        uint64_t arg)
{
    struct host *host = file->vfs->host;
    long err = request == LX_TCFLSH || request == LX_TCXONC || request == LX_TCSBRK ||
                       request == LX_TCSBRKP
                   ? terminal_may_change(kernel_of(file))
                   : 0;
    if (err)
        return err;
    switch (request) {
    case LX_TCFLSH:
        return arg > 2 ? -LX_EINVAL : host_terminal_flush(host, stream->handle, (int)arg);
    case LX_TIOCOUTQ:
        return put_int(mm, arg, host_terminal_outq(host, stream->handle));
    case LX_TCXONC:
        return arg > 3 ? -LX_EINVAL : 0;
    case LX_TIOCGETD:
        return put_int(mm, arg, 0);
    case LX_TCSBRK:
    case LX_TCSBRKP:
    case LX_TIOCEXCL:
    case LX_TIOCNXCL:
        return 0;
    case LX_TIOCSTI:
        return -LX_EPERM; /* nothing of the guest becomes the user's typing */
    default:
        return -LX_ENOTTY;
    }
}

static long control_ioctl(struct file *file, struct stream *stream, struct mm *mm, unsigned request,
                          uint64_t arg)
{
    struct kernel *kernel = kernel_of(file);
    switch (request) {
    case LX_TIOCGPGRP:
        return terminal_is_own(kernel) ? put_int(mm, arg, terminal_foreground(kernel)) : -LX_ENOTTY;
    case LX_TIOCSPGRP:
        return set_foreground(kernel, mm, arg);
    case LX_TIOCGSID:
        return terminal_is_own(kernel) ? put_int(mm, arg, terminal_session(kernel)) : -LX_ENOTTY;
    case LX_TIOCSCTTY:
        return terminal_take(kernel, arg == 1);
    case LX_TIOCNOTTY:
        return terminal_give_up(kernel);
    default:
        return queue_ioctl(file, stream, mm, request, arg);
    }
}

long terminal_may_write(struct file *file, struct stream *stream)
{
    struct host_termios modes;
    struct kernel *kernel = kernel_of(file);
    if (!terminal_is_own(kernel) || kernel->current->process->pgid == terminal_foreground(kernel))
        return 0;
    long err = host_terminal_get(file->vfs->host, stream->handle, &modes);
    return err || !(modes.lflag & TOSTOP) ? 0 : terminal_may_change(kernel);
}

long terminal_ioctl(struct file *file, struct stream *stream, struct mm *mm, unsigned request,
                    uint64_t arg)
{
    if (request == LX_FIONREAD)
        return put_int(mm, arg, host_stream_pending(file->vfs->host, stream->handle));
    if (!stream->terminal)
        return -LX_ENOTTY;
    switch (request) {
    case LX_TCGETS:
    case LX_TCGETS2:
        return get_modes(file, stream, mm, request, arg);
    case LX_TCSETS:
    case LX_TCSETSW:
    case LX_TCSETSF:
        return set_modes(file, stream, mm, (int)(request - LX_TCSETS), arg);
    case LX_TCSETS2:
    case LX_TCSETS2 + 1:
    case LX_TCSETS2 + 2:
        return set_modes(file, stream, mm, (int)(request - LX_TCSETS2), arg);
    case LX_TIOCGWINSZ:
        return get_window(file, stream, mm, arg);
    case LX_TIOCSWINSZ:
        return set_window(file, stream, mm, arg);
    default:
        return control_ioctl(file, stream, mm, request, arg);
    }
}
