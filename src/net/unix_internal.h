/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_NET_UNIX_INTERNAL_H
#define LSTAR_NET_UNIX_INTERNAL_H
/* What the files of this room share. */
#include "net/unix_pair.h"

struct unix_message {
    struct list link; /* in unix_socket.messages, or unix_domain.dying */
    struct lx_ucred sender;
    struct file **files; /* references; NULL: none */
    unsigned file_count;
    size_t offset, length; /* bytes taken, bytes left */
    size_t charge;         /* of the sender's SO_SNDBUF, until the last byte is taken */
    uint8_t bytes[];
};

struct unix_socket {
    struct file file;
    struct unix_domain *domain;
    struct list link; /* in domain->sockets */
    int type;
    struct unix_socket *peer;     /* NULL: closed */
    struct list messages;         /* for this end */
    size_t queued;                /* bytes in them */
    size_t charged;               /* their charges */
    bool no_more_in, no_more_out; /* shutdown, of either end; but a datagram's of its own */
    bool disconnected;            /* a datagram was refused: the peer is gone */
    struct unix_options options;
    unsigned in_flight;        /* references to it in messages */
    bool reached;              /* collecting: somebody can still get at it */
    int error;                 /* SO_ERROR */
    struct lx_ucred owner;     /* who made the pair */
    struct list async;         /* its open file while it has O_ASYNC */
    bool no_space;             /* its last send, or poll, found no room: it wants to hear of some */
    struct wait_queue readers; /* wait for messages */
    struct wait_queue writers; /* the peer's: wait for room in this queue */
};

static inline struct unix_socket *unix_socket_of(const struct file *file)
{
    return container_of((struct file *)(uintptr_t)file, struct unix_socket, file);
}

static inline bool unix_passcred(const struct unix_socket *s)
{
    return s->options.switches >> LX_SO_PASSCRED & 1;
}

/* The condition does not hold: -LX_EAGAIN where the call or the socket does not wait, or not any
 * longer, else the caller is put on `queue` and BLOCKED returned. */
MUST_CHECK long unix_wait(struct unix_socket *s, struct wait_queue *queue, uint64_t timeout,
                          bool nowait);
void unix_wake_readers(struct unix_socket *s);
void unix_wake_writers(struct unix_socket *s);

/* A message's files are under way from now on. */
void unix_files_leave(struct unix_domain *domain, const struct unix_message *m);
/* A message's files have arrived, or are about to be let go. */
void unix_files_arrive(struct unix_domain *domain, const struct unix_message *m);
/* Lets go of a message that is in no queue any more, and of its files. */
void unix_message_end(struct unix_domain *domain, struct unix_message *m);
/* Takes a message out of the socket's queue and ends it. */
void unix_message_drop(struct unix_socket *s, struct unix_message *m);

#endif
