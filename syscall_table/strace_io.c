/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of fcntl(2), ioctl(2), poll(2), select(2) and epoll(7).
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>
#include <string.h>

#include "abi/fcntl.h"
#include "abi/ioctl.h"
#include "abi/poll.h"
#include "abi/prctl.h"
#include "mem/uaccess.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

/* Requests whose argument the kernel fills. */
static bool ioctl_gets(uint32_t request)
{
    switch (request) {
    case LX_TCGETS:
    case LX_TCGETS2:
    case LX_TIOCGWINSZ:
    case LX_TIOCGPGRP:
    case LX_TIOCGSID:
    case LX_TIOCGPTN:
    case LX_TIOCOUTQ:
    case LX_TIOCGETD:
    case LX_FIONREAD:
    case LX_FIGETBSZ:
    case LX_FS_IOC_GETFLAGS:
        return true;
    default:
        return false;
    }
}

bool shown_on_entry(const struct show *show, unsigned index)
{
    uint32_t command = (uint32_t)show->args[index ? index - 1 : 0];

    switch (show->row->args[index].kind) {
    case KIND_FCNTL_ARG:
        return command != LX_F_GETLK && command != LX_F_OFD_GETLK && command != LX_F_GETOWN_EX;
    case KIND_IOCTL_ARG:
        return !ioctl_gets(command);
    case KIND_PRCTL_ARG:
        command = (uint32_t)show->args[0];
        return command == LX_PR_SET_NAME || command == LX_PR_SET_PDEATHSIG;
    case KIND_POLLFDS:
    case KIND_FDSET:
    case KIND_TIMEVAL_SELECT:
    case KIND_TIMESPEC_SELECT:
    case KIND_CAP_HEADER:
        return true;
    default:
        return false;
    }
}

/* --- fcntl --- */

PRINTER(fcntl_cmd)
{
    show_enum(show, KIND_ENUM_fcntl, (uint32_t)ARG);
}

static void show_flock(struct show *show, gva_t addr, bool with_pid)
{
    struct lx_flock lock;
    if (!show_read(show, &lock, addr, sizeof lock))
        return;
    show_puts(show, "{l_type=");
    show_enum(show, KIND_ENUM_flock_type, (uint16_t)lock.l_type);
    show_puts(show, ", l_whence=");
    show_enum(show, KIND_ENUM_whence, (uint16_t)lock.l_whence);
    show_printf(show, ", l_start=%lld, l_len=%lld", (long long)lock.l_start, (long long)lock.l_len);
    if (with_pid)
        show_printf(show, ", l_pid=%d", lock.l_pid);
    show_puts(show, "}");
}

PRINTER(fcntl_arg)
{
    uint32_t command = (uint32_t)show->args[index - 1];
    char name[16];

    switch (command) {
    case LX_F_GETFD:
    case LX_F_GETFL:
    case LX_F_GETOWN:
    case LX_F_GETSIG:
    case LX_F_GETLEASE:
    case LX_F_GETPIPE_SZ:
    case LX_F_GET_SEALS:
        break; /* without argument */
    case LX_F_SETFD:
        show_flags(show, KIND_FLAGS_fd, (uint32_t)ARG);
        break;
    case LX_F_SETFL:
        show_flags(show, KIND_FLAGS_open, (uint32_t)ARG);
        break;
    case LX_F_ADD_SEALS:
        show_flags(show, KIND_FLAGS_seals, (uint32_t)ARG);
        break;
    case LX_F_SETSIG:
        signal_name((int)ARG, name);
        show_puts(show, name);
        break;
    case LX_F_SETLK:
    case LX_F_SETLKW:
    case LX_F_OFD_SETLK:
    case LX_F_OFD_SETLKW:
        show_flock(show, ARG, false);
        break;
    case LX_F_GETLK:
    case LX_F_OFD_GETLK:
        if (show_failed(show))
            show_pointer(show, ARG);
        else
            show_flock(show, ARG, true);
        break;
    default:
        if (name_of(KIND_ENUM_fcntl, command))
            show_printf(show, "%d", (int)ARG);
        else
            show_hex(show, ARG);
    }
}

/* --- ioctl --- */

PRINTER(ioctl_request)
{
    static const char *const directions[] = {"_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
                                             "_IOC_READ|_IOC_WRITE"};
    uint32_t request = (uint32_t)ARG;
    const char *name = name_of(KIND_ENUM_ioctl, request);

    /* These numbers were given to sound timers, too: strace(1) cannot know which. */
    if (request == LX_TCSETS)
        show_puts(show, "SNDCTL_TMR_START or TCSETS");
    else if (request == LX_TCSETSW)
        show_puts(show, "SNDCTL_TMR_STOP or TCSETSW");
    else if (request == LX_TCSETSF)
        show_puts(show, "SNDCTL_TMR_CONTINUE or TCSETSF");
    else if (name)
        show_puts(show, name);
    else
        show_printf(show, "_IOC(%s, %#x, %#x, %#x)", directions[request >> 30], request >> 8 & 0xff,
                    request & 0xff, request >> 16 & 0x3fff);
}

static void show_termios(struct show *show, gva_t addr)
{
    struct lx_termios t;
    if (!show_read_result(show, &t, addr, sizeof t))
        return;
    show_puts(show, "{c_iflag=");
    show_flags(show, KIND_FLAGS_termios_iflag, t.c_iflag);
    show_puts(show, ", c_oflag=");
    show_flags(show, KIND_FLAGS_termios_oflag, t.c_oflag);
    show_puts(show, ", c_cflag=");
    show_flags(show, KIND_FLAGS_termios_cflag, t.c_cflag);
    show_puts(show, ", c_lflag=");
    show_flags(show, KIND_FLAGS_termios_lflag, t.c_lflag);
    show_puts(show, ", ...}");
}

static void show_winsize(struct show *show, gva_t addr)
{
    struct lx_winsize ws;
    if (show_read_result(show, &ws, addr, sizeof ws))
        show_printf(show, "{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", ws.ws_row,
                    ws.ws_col, ws.ws_xpixel, ws.ws_ypixel);
}

PRINTER(ioctl_arg)
{
    uint32_t request = (uint32_t)show->args[index - 1];

    switch (request) {
    case LX_TCGETS:
    case LX_TCSETS:
    case LX_TCSETSW:
    case LX_TCSETSF:
    case LX_TCGETS2:
    case LX_TCSETS2:
        show_termios(show, ARG);
        break;
    case LX_TIOCGWINSZ:
    case LX_TIOCSWINSZ:
        show_winsize(show, ARG);
        break;
    case LX_TIOCGPGRP:
    case LX_TIOCSPGRP:
    case LX_TIOCGSID:
    case LX_TIOCGPTN:
    case LX_TIOCSPTLCK:
    case LX_TIOCOUTQ:
    case LX_TIOCGETD:
    case LX_TIOCSETD:
    case LX_FIONREAD:
    case LX_FIONBIO:
    case LX_FIOASYNC:
    case LX_FIGETBSZ:
        show_kind_int_out(show, index, 0);
        break;
    case LX_FIOCLEX:
    case LX_FIONCLEX:
    case LX_TIOCEXCL:
    case LX_TIOCNXCL:
    case LX_TIOCNOTTY:
        break;
    case LX_TCSBRK:
    case LX_TCSBRKP:
    case LX_TIOCSCTTY:
    case LX_FICLONE:
        show_printf(show, "%d", (int)ARG);
        break;
    case LX_TCFLSH:
        show_puts(show, ARG == 0   ? "TCIFLUSH"
                        : ARG == 1 ? "TCOFLUSH"
                        : ARG == 2 ? "TCIOFLUSH"
                                   : "TC???FLUSH");
        break;
    default:
        if (name_of(KIND_ENUM_ioctl, request))
            show_pointer(show, ARG);
        else
            show_hex(show, ARG);
    }
}

/* --- poll, select, epoll --- */

PRINTER(pollfds)
{
    uint32_t count = (uint32_t)show->args[index + 1];
    struct lx_pollfd fd;

    if (!ARG || !show->task->mm) {
        show_pointer(show, ARG);
        return;
    }
    if (count == 0) {
        show_puts(show, "[]");
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        gva_t at = ARG + i * sizeof fd;
        if (i == STRACE_STRING) {
            show_puts(show, ", ...");
            break;
        }
        if (user_get(show->task->mm, &fd, at)) {
            if (i == 0) {
                show_pointer(show, ARG);
                return;
            }
            show_printf(show, ", ... /* %#llx */", (unsigned long long)at);
            break;
        }
        show_printf(show, "%s{fd=%d", i ? ", " : "[", fd.fd);
        if (fd.fd >= 0) {
            show_puts(show, ", events=");
            show_flags(show, KIND_FLAGS_poll, (uint16_t)fd.events);
        }
        show_puts(show, "}");
    }
    show_puts(show, "]");
}

PRINTER(fdset)
{
    uint8_t set[128] = {0};
    int count = MAX(0, MIN((int)show->args[0], 1024));
    const char *separator = "";

    size_t size = (size_t)(count + 63) / 64 * 8;
    if (!ARG) {
        show_puts(show, "NULL");
        return;
    }
    if (!show_read(show, set, ARG, size))
        return;
    show_puts(show, "[");
    for (int fd = 0; fd < count; fd++) {
        if (!(set[fd / 8] >> (fd % 8) & 1))
            continue;
        show_printf(show, "%s%d", separator, fd);
        separator = " ";
    }
    show_puts(show, "]");
}

/* epoll_event is packed on x86-64. */
struct epoll_event {
    uint32_t events;
    uint64_t data;
} __attribute__((packed));

static void show_epoll_event(struct show *show, const struct epoll_event *event)
{
    show_puts(show, "{events=");
    show_flags(show, KIND_FLAGS_epoll_events, event->events);
    show_printf(show, ", data={u32=%u, u64=%llu}}", (uint32_t)event->data,
                (unsigned long long)event->data);
}

PRINTER(epoll_event)
{
    struct epoll_event event;
    if (show->args[1] == 2) /* EPOLL_CTL_DEL: not looked at */
        show_pointer(show, ARG);
    else if (show_read(show, &event, ARG, sizeof event))
        show_epoll_event(show, &event);
}

PRINTER(epoll_events)
{
    struct epoll_event event;

    if (show_failed(show) || !show->task->mm) {
        show_pointer(show, ARG);
        return;
    }
    show_puts(show, "[");
    for (long i = 0; i < show->result; i++) {
        if (i == STRACE_STRING || user_get(show->task->mm, &event, ARG + (gva_t)i * sizeof event)) {
            show_puts(show, ", ...");
            break;
        }
        show_puts(show, i ? ", " : "");
        show_epoll_event(show, &event);
    }
    show_puts(show, "]");
}
