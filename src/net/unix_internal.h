/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_NET_UNIX_INTERNAL_H
#define LSTAR_NET_UNIX_INTERNAL_H
/* What unix_pair.c and unix_collect.c share. */
#include "net/unix_pair.h"

struct unix_message {
    struct list link; /* in unix_socket.messages, or unix_domain.dying */
    struct lx_ucred sender;
    struct file **files; /* references; NULL: none */
    unsigned file_count;
    size_t offset, length; /* bytes taken, bytes left */
    uint8_t bytes[];
};

struct unix_socket {
    struct file file;
    struct unix_domain *domain;
    struct list link; /* in domain->sockets */
    int type;
    struct unix_socket *peer; /* NULL: closed */
    struct list messages;     /* for this end */
    size_t queued;
    bool no_more_in, no_more_out; /* shutdown */
    bool passcred;
    size_t send_limit;         /* SO_SNDBUF: bytes of it that may wait in the peer's queue */
    size_t receive_buffer;     /* SO_RCVBUF: a number to tell */
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

/* A message's files are under way from now on. */
void unix_files_leave(struct unix_domain *domain, const struct unix_message *m);
/* A message's files have arrived, or are about to be let go. */
void unix_files_arrive(struct unix_domain *domain, const struct unix_message *m);
/* Lets go of a message that is in no queue any more, and of its files. */
void unix_message_end(struct unix_domain *domain, struct unix_message *m);
/* Takes a message out of the socket's queue and ends it. */
void unix_message_drop(struct unix_socket *s, struct unix_message *m);

#endif
