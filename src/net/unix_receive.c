/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Receiving on a socket pair: unix(7). A packet is taken whole, and what does not fit is lost. A
 * stream's messages are taken piece by piece and run into each other, up to the end of one that had
 * files, and, with SO_PASSCRED, only while they are of one sender. Files go with the first byte of
 * their message that is taken: whoever does not want them loses them.
 */
#include "net/unix_internal.h"

#include <string.h>

#include "abi/errno.h"

/* Nobody asked for them. */
static void lose_files(struct unix_domain *domain, struct unix_message *m)
{
    unix_files_arrive(domain, m);
    unsigned count = m->file_count;
    m->file_count = 0;
    for (unsigned i = 0; i < count; i++)
        file_put(m->files[i]);
}

/* Hand a message's files over: copies of the references with PEEK. */
static void take_files(struct unix_domain *domain, struct unix_message *m,
                       struct unix_parcel *parcel, bool peek)
{
    if (!parcel && !peek)
        lose_files(domain, m);
    if (!parcel)
        return;
    if (!peek)
        unix_files_arrive(domain, m);
    for (unsigned i = 0; i < m->file_count; i++) {
        parcel->files[parcel->count++] = m->files[i];
        if (peek)
            file_get(m->files[i]);
    }
    if (!peek)
        m->file_count = 0;
}

static ssize_t receive_packet(struct unix_socket *s, struct uio *out, bool peek,
                              struct unix_received *received)
{
    struct unix_message *m = list_first(&s->messages, struct unix_message, link);
    size_t size = MIN(m->length, uio_remaining(out));
    ssize_t n = uio_put(out, m->bytes, size);
    if (n < 0 || (size_t)n < size)
        n = -LX_EFAULT;
    received->length = m->length;
    received->cut = size < m->length;
    if (received->parcel)
        received->parcel->sender = m->sender;
    if (n >= 0)
        take_files(s->domain, m, received->parcel, peek);
    if (!peek) {
        unix_message_drop(s, m);
        unix_wake_writers(s);
    }
    return n;
}

/* Are both messages of one sender, where that counts? */
static bool same_sender(const struct unix_socket *s, const struct unix_message *m,
                        const struct lx_ucred *first)
{
    return !unix_passcred(s) || memcmp(first, &m->sender, sizeof m->sender) == 0;
}

/* Bytes of one message of a stream: where not all can be put, none are taken. */
static ssize_t receive_piece(struct unix_socket *s, struct unix_message *m, struct uio *out,
                             bool peek)
{
    size_t size = MIN(m->length, uio_remaining(out));
    ssize_t n = uio_put(out, m->bytes + m->offset, size);
    if (n < 0 || (size_t)n < size)
        return -LX_EFAULT;
    if (peek)
        return n;
    m->offset += size;
    m->length -= size;
    s->queued -= size;
    return n;
}

/* *dry: it ended because there are no more messages. Linux: a look goes on to the next files, also
 * without room for bytes (guest/socket/pair_joining). */
static ssize_t receive_stream(struct unix_socket *s, struct uio *out, bool peek,
                              struct unix_parcel *parcel, bool *dry)
{
    ssize_t total = 0;
    bool had_files = false;
    struct unix_message *m = list_first(&s->messages, struct unix_message, link), *next;
    const struct lx_ucred first = m->sender;
    *dry = false;
    if (parcel)
        parcel->sender = first;
    list_for_each_safe (m, next, &s->messages, link) {
        if (had_files || !same_sender(s, m, &first))
            return total;
        had_files = m->file_count > 0;
        ssize_t n = receive_piece(s, m, out, peek);
        if (n < 0)
            return total ? total : n;
        take_files(s->domain, m, parcel, peek);
        total += n;
        if (!peek && m->length == 0)
            unix_message_drop(s, m);
        if (!peek && uio_remaining(out) == 0)
            return total;
    }
    *dry = !had_files;
    return total;
}

/* A stream that has something: waits for as much as the caller wants at least. */
static ssize_t receive_bytes(struct unix_socket *s, struct uio *out, unsigned flags,
                             struct unix_received *received)
{
    bool dry, peek = flags & LX_MSG_PEEK;
    size_t wanted = out->done + uio_remaining(out);
    ssize_t n = receive_stream(s, out, peek, received->parcel, &dry);
    if (!peek)
        unix_wake_writers(s);
    if (!(flags & LX_MSG_WAITALL))
        wanted = MIN(wanted, s->options.receive_least);
    if (n < 0 || peek || !dry || out->done >= wanted)
        return n;
    /* Linux: nobody gets to know of the error (guest/socket/pair_shutdown). */
    if (s->error)
        unix_take_error(&s->file);
    if (s->no_more_in)
        return n;
    long waits = unix_wait(s, &s->readers, s->options.receive_timeout, flags & LX_MSG_DONTWAIT);
    return waits == BLOCKED ? BLOCKED : n;
}

/* Nothing is there. */
static ssize_t receive_nothing(struct unix_socket *s, unsigned flags,
                               struct unix_received *received)
{
    bool nowait = (flags & LX_MSG_DONTWAIT) || (s->file.flags & LX_O_NONBLOCK);
    received->nothing = s->type != LX_SOCK_STREAM;
    if (s->error)
        return -unix_take_error(&s->file);
    if (s->no_more_in && !(nowait && s->type == LX_SOCK_DGRAM))
        return 0;
    return unix_wait(s, &s->readers, s->options.receive_timeout, nowait);
}

ssize_t unix_receive(struct file *file, struct uio *out, unsigned flags,
                     struct unix_received *received)
{
    struct unix_socket *s = unix_socket_of(file);
    received->cut = received->nothing = false;
    received->length = 0;
    if (list_empty(&s->messages) || (s->error && s->type != LX_SOCK_STREAM))
        return receive_nothing(s, flags, received);
    return s->type == LX_SOCK_STREAM ? receive_bytes(s, out, flags, received)
                                     : receive_packet(s, out, flags & LX_MSG_PEEK, received);
}
