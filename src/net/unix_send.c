/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sending on a socket pair: unix(7). A stream's bytes are cut into messages, whose first one has
 * the files; a packet is one message. Who sent it is kept where either end has SO_PASSCRED, or the
 * message says so itself.
 */
#include "net/unix_internal.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/signal.h"
#include "vfs/async.h"

/* A stream's write is cut into messages of at most this. */
#define STREAM_MESSAGE 36544u
/* What a message takes of SO_SNDBUF besides its bytes: Linux's struct sk_buff, about. */
#define MESSAGE_COST 768u
/* A packet is in one piece, which cannot be larger, whatever SO_SNDBUF says. */
#define PACKET_MAX (4194304u + 65536u)

static struct lx_ucred sender_of(const struct unix_socket *from, const struct unix_parcel *parcel)
{
    if (parcel && parcel->signed_for)
        return parcel->sender;
    if (unix_passcred(from) || unix_passcred(from->peer))
        return from->domain->caller(from->domain->opaque).cred;
    return UNIX_NOBODY;
}

/* The parcel's files are the message's from now on. */
static void load_files(struct unix_domain *domain, struct unix_message *m,
                       struct unix_parcel *parcel)
{
    m->file_count = parcel->count;
    memcpy(m->files, parcel->files, parcel->count * sizeof *m->files);
    parcel->count = 0;
    unix_files_leave(domain, m);
}

static struct unix_message *new_message(struct unix_socket *from, struct uio *in, size_t length,
                                        struct unix_parcel *parcel, long *error)
{
    struct arena *arena = from->file.vfs->arena;
    unsigned files = parcel ? parcel->count : 0;
    *error = -LX_ENOBUFS;
    struct unix_message *m = arena_alloc(arena, sizeof *m + length);
    if (!m)
        return NULL;
    if (files) {
        m->files = arena_alloc(arena, files * sizeof *m->files);
        if (!m->files)
            goto out_free;
    }
    ssize_t n = uio_take(in, m->bytes, length);
    if (n < 0 || (size_t)n < length) {
        *error = -LX_EFAULT;
        goto out_free;
    }
    list_init(&m->link);
    m->length = length;
    m->charge = length + MESSAGE_COST;
    m->sender = sender_of(from, parcel);
    if (files)
        load_files(from->domain, m, parcel);
    return m;

out_free:
    arena_free(arena, m->files);
    arena_free(arena, m);
    return NULL;
}

static ssize_t send_one(struct unix_socket *from, struct uio *in, size_t length,
                        struct unix_parcel *parcel)
{
    long error;
    struct unix_message *m = new_message(from, in, length, parcel, &error);
    if (!m)
        return error;
    list_push_back(&from->peer->messages, &m->link);
    from->peer->queued += length;
    from->peer->charged += m->charge;
    unix_wake_readers(from->peer);
    async_signal(&from->peer->async, LX_POLL_IN);
    return (ssize_t)length;
}

/* A datagram finds its peer gone: what came from there goes, too (guest/socket/pair_shutdown). */
static long disconnect(struct unix_socket *s)
{
    s->disconnected = true;
    while (!list_empty(&s->messages))
        unix_message_drop(s, list_first(&s->messages, struct unix_message, link));
    return -LX_ECONNREFUSED;
}

static long check_peer(struct unix_socket *s)
{
    if (s->no_more_out)
        return -LX_EPIPE;
    if (s->disconnected)
        return -LX_ENOTCONN;
    if (!s->peer)
        return disconnect(s);
    return s->peer->no_more_in ? -LX_EPIPE : 0;
}

/* Is there room for another message? The last one may go beyond. */
static bool is_full(const struct unix_socket *s)
{
    return s->peer->charged >= s->options.send_limit;
}

static ssize_t send_packet(struct unix_socket *s, struct uio *in, struct unix_parcel *parcel,
                           bool nowait)
{
    size_t length = uio_remaining(in);
    if (s->type == LX_SOCK_SEQPACKET && s->error)
        return -unix_take_error(&s->file);
    if (length > s->options.send_limit - 32)
        return -LX_EMSGSIZE;
    if (length > PACKET_MAX)
        return -LX_ENOBUFS;
    long err = check_peer(s);
    if (err)
        return err;
    if (is_full(s))
        return unix_wait(s, &s->peer->writers, s->options.send_timeout, nowait);
    return send_one(s, in, length, parcel);
}

static ssize_t send_stream(struct unix_socket *s, struct uio *in, struct unix_parcel *parcel,
                           bool nowait)
{
    size_t most = MIN(s->options.send_limit / 2 - 64, STREAM_MESSAGE);
    ssize_t total = 0;
    long err = check_peer(s);
    if (err)
        return err;
    while (uio_remaining(in) > 0 && !is_full(s)) {
        size_t length = MIN(uio_remaining(in), most);
        ssize_t n = send_one(s, in, length, parcel);
        if (n < 0)
            return total ? total : n;
        total += n;
    }
    if (uio_remaining(in) == 0)
        return total;
    long waits = unix_wait(s, &s->peer->writers, s->options.send_timeout, nowait);
    return waits != BLOCKED && total ? total : waits;
}

ssize_t unix_send(struct file *file, struct uio *in, struct unix_parcel *parcel, bool nowait)
{
    struct unix_socket *s = unix_socket_of(file);
    ssize_t n = s->type == LX_SOCK_STREAM ? send_stream(s, in, parcel, nowait)
                                          : send_packet(s, in, parcel, nowait);
    s->no_space |= n == -LX_EAGAIN || n == BLOCKED;
    return n;
}
