/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_NET_UNIX_PAIR_H
#define LSTAR_NET_UNIX_PAIR_H
/*
 * Connected, unnamed AF_UNIX sockets: socketpair(2), unix(7). Bytes or packets one way and the
 * other, and open files along with them.
 */
#include "abi/socket.h"
#include "vfs/file.h"

struct cred;

/* Whoever makes the call under way. */
struct unix_caller {
    struct lx_ucred cred;
    uint64_t *deadline; /* of its wait, CLOCK_MONOTONIC ns; 0: none yet */
    int *on_signal;     /* how a signal ends the wait */
};

/* All sockets of a machine (unix_collect.c). */
struct unix_domain {
    struct arena *arena; /* borrowed */
    struct list sockets; /* unix_socket.link */
    struct list dying;   /* unix_message.link: to be ended */
    bool ending;         /* somebody is at it */
    unsigned in_flight;  /* references to sockets in messages */
    unsigned collect_at; /* that many are worth a search for lost ones */
    struct unix_caller (*caller)(void *opaque);
    void *opaque;
};
void unix_domain_init(struct unix_domain *domain, struct arena *arena);
/*
 * Closes sockets that only lost messages refer to, if at least so many references are under way: of
 * domain->collect_at it is rare enough to cost nothing, below UNIX_COLLECT_AT nobody needs to look.
 */
#define UNIX_COLLECT_AT 64u
void unix_collect(struct unix_domain *domain, unsigned at_least);

/* Two connected sockets; `type`: LX_SOCK_STREAM, DGRAM or SEQPACKET; `flags`: LX_O_NONBLOCK.
 * -LX_ENOMEM, -LX_ENFILE. */
MUST_CHECK long unix_pair_create(struct unix_domain *domain, struct vfs *vfs,
                                 const struct cred *cred, int type, unsigned flags,
                                 const struct lx_ucred *owner, struct file *ends[2]);
bool file_is_socket(const struct file *file);

/* What goes along with the bytes. */
struct unix_parcel {
    struct file *files[LX_SCM_MAX_FD]; /* references */
    unsigned count;
    struct lx_ucred sender;
    bool signed_for; /* sending: sender is what the message itself says */
};
/* Whose a message is that was sent while neither end had SO_PASSCRED. */
#define UNIX_NOBODY ((struct lx_ucred){0, 65534, 65534})

/*
 * Send from `in`, with the parcel's files (taken over when bytes were queued; NULL: none). Bytes,
 * -LX_EAGAIN, -LX_EPIPE, -LX_EMSGSIZE, -LX_ENOBUFS, -LX_ECONNREFUSED, -LX_ENOTCONN, the socket's
 * pending error, or BLOCKED with in->done counting what is under way. `nowait`: as O_NONBLOCK.
 */
MUST_CHECK ssize_t unix_send(struct file *file, struct uio *in, struct unix_parcel *parcel,
                             bool nowait);

struct unix_received {
    size_t length; /* of the packet itself, where one was cut */
    bool cut;
    bool nothing;               /* no packet came: the end */
    struct unix_parcel *parcel; /* filled with what came along; NULL: files are dropped */
};
/*
 * Receive into `out`. `flags`: LX_MSG_PEEK, LX_MSG_DONTWAIT, LX_MSG_WAITALL. Bytes, 0 at the end,
 * an error, or BLOCKED with out->done counting what has come so far.
 */
MUST_CHECK ssize_t unix_receive(struct file *file, struct uio *out, unsigned flags,
                                struct unix_received *received);

/* What setsockopt(2) keeps. */
struct unix_options {
    size_t send_limit;        /* SO_SNDBUF: bytes of it that may wait in the peer's queue */
    size_t receive_buffer;    /* SO_RCVBUF: a number to tell */
    size_t receive_least;     /* SO_RCVLOWAT */
    uint64_t send_timeout;    /* ns; UNIX_FOREVER: none */
    uint64_t receive_timeout; /* the same */
    uint64_t switches;        /* bit N: option N is on */
    int32_t priority;
    uint32_t mark;
    int32_t linger_seconds;
};
#define UNIX_FOREVER UINT64_MAX
/* SO_SNDBUF and SO_RCVBUF at first, net.core.wmem_default; and half of what they can be set to,
 * net.core.wmem_max. */
#define UNIX_BUFFER 212992u
#define UNIX_BUFFER_MAX 4194304u

struct unix_options *unix_options(struct file *file);
/* shutdown(2): `how` is checked. */
void unix_shutdown(struct file *file, enum lx_shutdown how);
int unix_type(const struct file *file);
/* SO_ERROR: the pending error, which is taken. */
int unix_take_error(struct file *file);
struct lx_ucred unix_peer(const struct file *file);
/* False: a datagram's peer was found to be gone. */
bool unix_connected(const struct file *file);

#endif
