/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_HOST_INTERNAL_H
#define LSTAR_HOST_INTERNAL_H
/*
 * What the files of src/host share: the handle table. No other room includes this.
 */
#include "abi/errno.h"
#include "host/host.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <termios.h>

enum slot_state {
    SLOT_FREE = 0,
    SLOT_OPEN,
    SLOT_CLOSED_PINNED, /* closed for its user, kept for the snapshot */
};

struct host_slot {
    int fd;                  /* the host's descriptor, when not SLOT_FREE */
    uint8_t state;           /* enum slot_state */
    bool adopted;            /* somebody else's descriptor: never closed */
    bool pinned;             /* was open when the table was pinned */
    bool sigpipe;            /* a pipe or socket: a write without reader raises SIGPIPE */
    bool seekable;           /* a stream with a position of its own: a regular file */
    bool no_wait_fails;      /* the host knows no RWF_NOWAIT for it */
    int64_t pinned_position; /* of a seekable stream */
};

struct host {
    size_t mapped; /* bytes of this very mapping */
    bool deterministic;
    uint64_t random[4]; /* xoshiro256** */
    uint64_t pinned_random[4];
    bool pinned;
    unsigned used;              /* slots that are not free */
    unsigned limit;             /* slots */
    unsigned search_from;       /* no slot below is free */
    int wake_read, wake_write;  /* the pipe of host_wake() */
    atomic_bool stop;           /* host_stop() */
    atomic_uint keys;           /* host_key() */
    uint64_t stop_at;           /* host_stop_at() */
    unsigned terminals_changed; /* entries of `terminals`: to be set back at the end */
    struct {
        int fd;
        struct termios modes;
    } terminals[3];
    struct pollfd *polls; /* limit + 1 of them, for host_wait() */
    struct host_slot slots[];
};

/* -errno in Linux's numbers. */
static inline long host_error(void)
{
#ifdef __linux__
    return -(long)errno;
#else
#error "translate errno here"
#endif
}

/* Would host_enter() find a slot? */
bool host_has_room(struct host *host);
/* Enter a descriptor; on error (-LX_ENFILE) it is closed, unless it is adopted. */
MUST_CHECK long host_enter(struct host *host, int fd, bool adopted, host_handle_t *out);
/* The slot of an open handle, NULL: no such handle. */
struct host_slot *host_slot(struct host *host, host_handle_t handle);
/* Its descriptor, -1: no such handle. */
int host_fd(struct host *host, host_handle_t handle);

void host_entropy_seed(struct host *host, uint64_t seed);
/* Set the modes of terminals back that the guest changed. */
void host_terminal_restore(struct host *host);

#endif
