/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_HOST_STREAM_H
#define LSTAR_HOST_STREAM_H
/*
 * Descriptors of the host that the machine was given: stdin, stdout, stderr. They are somebody
 * else's open file descriptions: their flags are never changed, and they are never closed. And the
 * terminal, where one is behind them.
 */
#include "host/file.h"

/* Adopt a descriptor. -LX_EBADF: it is not open. */
MUST_CHECK long host_open_stream(struct host *host, int fd, host_handle_t *out);

struct host_stream_info {
    bool readable, writable, append; /* how it was opened */
    bool seekable;                   /* a regular file or block device: it has a position */
    bool terminal;
    bool pollable; /* its readiness can be waited for: not so of files and of /dev/null */
    struct host_stat stat;
};
MUST_CHECK long host_stream_info(struct host *host, host_handle_t handle,
                                 struct host_stream_info *out);

/*
 * What is there, what fits: never waits (regular files count as ready). -LX_EAGAIN: nothing now,
 * host_wait() tells when. 0 of a read: the end. -LX_EPIPE: nobody reads; no signal is raised,
 * whatever the process's dispositions are.
 */
MUST_CHECK ssize_t host_stream_read(struct host *host, host_handle_t handle,
                                    const struct host_span *spans, unsigned count);
MUST_CHECK ssize_t host_stream_write(struct host *host, host_handle_t handle,
                                     const struct host_span *spans, unsigned count);
/* lseek(2) on a seekable stream; `whence` 0, 1, 2. */
MUST_CHECK long host_stream_seek(struct host *host, host_handle_t handle, int64_t offset,
                                 int whence);
/* HOST_* that hold now. */
unsigned host_stream_ready(struct host *host, host_handle_t handle);
/* Bytes that can be read at once: FIONREAD. -LX_ENOTTY. */
MUST_CHECK long host_stream_pending(struct host *host, host_handle_t handle);

/* --- the terminal (terminal.c) --- */

/* Linux's struct termios as TCGETS gives it. */
struct host_termios {
    uint32_t iflag, oflag, cflag, lflag;
    uint8_t line;
    uint8_t cc[19];
};
struct host_window {
    uint16_t rows, columns, xpixel, ypixel;
};
/* All: -LX_ENOTTY when the handle is no terminal. */
MUST_CHECK long host_terminal_get(struct host *host, host_handle_t handle,
                                  struct host_termios *out);
/*
 * `when`: 0 at once, 1 after output is drained, 2 and input flushed. The modes found first are set
 * back by host_destroy().
 */
MUST_CHECK long host_terminal_set(struct host *host, host_handle_t handle, int when,
                                  const struct host_termios *modes);
MUST_CHECK long host_terminal_window(struct host *host, host_handle_t handle,
                                     struct host_window *out);
MUST_CHECK long host_terminal_set_window(struct host *host, host_handle_t handle,
                                         const struct host_window *window);
/* TCFLSH: `queue` 0 input, 1 output, 2 both. */
MUST_CHECK long host_terminal_flush(struct host *host, host_handle_t handle, int queue);
/* Bytes of output that wait: TIOCOUTQ. */
MUST_CHECK long host_terminal_outq(struct host *host, host_handle_t handle);

#endif
