/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Socket pairs. Each end has a queue of messages for itself, filled by its peer. A stream's
 * messages are taken piece by piece and run into each other, except where files came along; a
 * packet is taken whole and what does not fit is lost.
 *
 * Invariant: queued is the sum of the lengths in the queue, at most UNIX_BUFFER. peer is NULL once
 * the other end is closed.
 */
#include "net/unix_internal.h"

#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/ioctl.h"
#include "abi/poll.h"
#include "abi/signal.h"
#include "abi/stat.h"
#include "mem/uaccess.h"
#include "vfs/anon.h"
#include "vfs/async.h"
#include "vfs/fs_context.h"
#include "vfs/inode.h"

/* A stream's write is cut into messages of at most this. */
#define STREAM_MESSAGE 32768u

static const struct file_ops unix_ops;

bool file_is_socket(const struct file *file)
{
    return file->ops == &unix_ops;
}

int unix_type(const struct file *file)
{
    return unix_socket_of(file)->type;
}

struct lx_ucred unix_peer(const struct file *file)
{
    return unix_socket_of(file)->owner;
}

size_t *unix_send_limit(struct file *file)
{
    return &unix_socket_of(file)->send_limit;
}

size_t *unix_receive_buffer(struct file *file)
{
    return &unix_socket_of(file)->receive_buffer;
}

bool *unix_passcred(struct file *file)
{
    return &unix_socket_of(file)->passcred;
}

int unix_take_error(struct file *file)
{
    struct unix_socket *s = unix_socket_of(file);
    int error = s->error;
    s->error = 0;
    return error;
}

static void wake_readers(struct unix_socket *s)
{
    wait_queue_wake_all(s->file.vfs->sched, &s->readers,
                        LX_POLLIN | LX_POLLRDNORM | LX_POLLHUP | LX_POLLRDHUP);
}

static bool has_room(const struct unix_socket *s)
{
    return !s->peer || s->peer->queued < s->send_limit / 2;
}

/* O_ASYNC: only who was told that there is no room is told that there is some. */
static void tell_room(struct unix_socket *s)
{
    if (!s || !s->no_space || !has_room(s))
        return;
    s->no_space = false;
    async_signal(&s->async, LX_POLL_OUT);
}

static void wake_writers(struct unix_socket *s)
{
    tell_room(s->peer);
    wait_queue_wake_all(s->file.vfs->sched, &s->writers, LX_POLLOUT | LX_POLLWRNORM);
}

/* --- sending --- */

/* As file_wait(), also where the call itself said not to wait. */
static long wait_here(struct file *file, struct wait_queue *queue, bool nowait)
{
    return nowait ? -LX_EAGAIN : file_wait(file, queue);
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
    m->sender = parcel ? parcel->sender : from->owner;
    m->file_count = files;
    if (files) {
        memcpy(m->files, parcel->files, files * sizeof *m->files);
        parcel->count = 0;
        unix_files_leave(from->domain, m);
    }
    return m;

out_free:
    arena_free(arena, m->files);
    arena_free(arena, m);
    return NULL;
}

static ssize_t send_one(struct unix_socket *from, struct unix_socket *to, struct uio *in,
                        size_t length, struct unix_parcel *parcel)
{
    long error;
    struct unix_message *m = new_message(from, in, length, parcel, &error);
    if (!m)
        return error;
    list_push_back(&to->messages, &m->link);
    to->queued += length;
    wake_readers(to);
    async_signal(&to->async, LX_POLL_IN);
    return (ssize_t)length;
}

static long check_peer(const struct unix_socket *s)
{
    if (s->no_more_out)
        return -LX_EPIPE;
    if (!s->peer)
        return s->type == LX_SOCK_DGRAM ? -LX_ECONNREFUSED : -LX_EPIPE;
    return s->peer->no_more_in ? -LX_EPIPE : 0;
}

static ssize_t send_packet(struct unix_socket *s, struct uio *in, struct unix_parcel *parcel,
                           bool nowait)
{
    size_t length = uio_remaining(in);
    if (length > s->send_limit - 32)
        return -LX_EMSGSIZE;
    if (s->peer->queued && s->peer->queued + length > s->send_limit)
        return wait_here(&s->file, &s->peer->writers, nowait);
    return send_one(s, s->peer, in, length, parcel);
}

static ssize_t send_stream(struct unix_socket *s, struct uio *in, struct unix_parcel *parcel,
                           bool nowait)
{
    ssize_t total = 0;
    while (uio_remaining(in) > 0 && s->peer->queued < s->send_limit) {
        size_t room = s->send_limit - s->peer->queued;
        size_t length = MIN(MIN(uio_remaining(in), room), STREAM_MESSAGE);
        ssize_t n = send_one(s, s->peer, in, length, parcel);
        if (n < 0)
            return total ? total : n;
        total += n;
    }
    if (uio_remaining(in) == 0)
        return total;
    if (nowait || (s->file.flags & LX_O_NONBLOCK))
        return total ? total : -LX_EAGAIN;
    return file_wait(&s->file, &s->peer->writers);
}

ssize_t unix_send(struct file *file, struct uio *in, struct unix_parcel *parcel, bool nowait)
{
    struct unix_socket *s = unix_socket_of(file);
    long err = check_peer(s);
    if (err)
        return err;
    ssize_t n = s->type == LX_SOCK_STREAM ? send_stream(s, in, parcel, nowait)
                                          : send_packet(s, in, parcel, nowait);
    s->no_space |= n == -LX_EAGAIN || n == BLOCKED;
    return n;
}

/* --- receiving --- */

/* Hand a message's files over: copies of the references with PEEK. */
static void take_files(struct unix_domain *domain, struct unix_message *m,
                       struct unix_parcel *parcel, bool peek)
{
    if (!parcel)
        return;
    if (!peek)
        unix_files_arrive(domain, m);
    parcel->sender = m->sender;
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
    if (n >= 0)
        take_files(s->domain, m, received->parcel, peek);
    if (!peek) {
        unix_message_drop(s, m);
        wake_writers(s);
    }
    return n;
}

/* Bytes of one message of a stream. */
static ssize_t receive_piece(struct unix_socket *s, struct unix_message *m, struct uio *out,
                             bool peek)
{
    size_t size = MIN(m->length, uio_remaining(out));
    ssize_t n = uio_put(out, m->bytes + m->offset, size);
    if (n <= 0 || peek)
        return n;
    m->offset += (size_t)n;
    m->length -= (size_t)n;
    s->queued -= (size_t)n;
    return n;
}

static ssize_t receive_stream(struct unix_socket *s, struct uio *out, bool peek,
                              struct unix_received *received)
{
    ssize_t total = 0;
    bool had_files = false;
    struct unix_message *m, *next;
    list_for_each_safe (m, next, &s->messages, link) {
        if (uio_remaining(out) == 0 || had_files || (total && m->file_count))
            break;
        had_files = m->file_count > 0;
        ssize_t n = receive_piece(s, m, out, peek);
        if (n <= 0) {
            total = total ? total : n;
            break;
        }
        take_files(s->domain, m, received->parcel, peek);
        total += n;
        if (!peek && m->length == 0)
            unix_message_drop(s, m);
    }
    if (!peek)
        wake_writers(s);
    received->length = total > 0 ? (size_t)total : 0;
    return total;
}

/* Nothing more will come. */
static bool ended(const struct unix_socket *s)
{
    return s->no_more_in || (s->type != LX_SOCK_DGRAM && (!s->peer || s->peer->no_more_out));
}

ssize_t unix_receive(struct file *file, struct uio *out, unsigned flags,
                     struct unix_received *received)
{
    struct unix_socket *s = unix_socket_of(file);
    bool peek = flags & LX_MSG_PEEK;
    received->cut = false;
    received->length = 0;
    if (!list_empty(&s->messages)) {
        if (s->type != LX_SOCK_STREAM)
            return receive_packet(s, out, peek, received);
        ssize_t n = receive_stream(s, out, peek, received);
        bool files = received->parcel && received->parcel->count;
        if (n < 0 || peek || files || !(flags & LX_MSG_WAITALL) || uio_remaining(out) == 0 ||
            (flags & LX_MSG_DONTWAIT) || (file->flags & LX_O_NONBLOCK) || ended(s))
            return n;
        return file_wait(file, &s->readers);
    }
    if (s->error)
        return -unix_take_error(file);
    if (ended(s))
        return 0;
    return wait_here(file, &s->readers, flags & LX_MSG_DONTWAIT);
}

/* --- the open file --- */

static ssize_t unix_read(struct file *file, struct uio *out)
{
    struct unix_received received = {0};
    if (uio_remaining(out) == 0)
        return 0;
    return unix_receive(file, out, 0, &received);
}

static ssize_t unix_write(struct file *file, struct uio *in)
{
    return unix_send(file, in, NULL, false);
}

static unsigned unix_poll(struct file *file, struct poll_table *table)
{
    struct unix_socket *s = unix_socket_of(file);
    unsigned events = 0;
    poll_wait(table, file, &s->readers);
    if (s->peer)
        poll_wait(table, file, &s->peer->writers);
    if (!list_empty(&s->messages) || ended(s))
        events |= LX_POLLIN | LX_POLLRDNORM;
    if (ended(s))
        events |= LX_POLLRDHUP;
    if ((s->type != LX_SOCK_DGRAM && !s->peer) || (s->no_more_in && s->no_more_out))
        events |= LX_POLLHUP;
    if (s->error)
        events |= LX_POLLERR;
    if (has_room(s))
        events |= LX_POLLOUT | LX_POLLWRNORM | LX_POLLWRBAND;
    else
        s->no_space = true;
    return events;
}

static long unix_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    const struct unix_socket *s = unix_socket_of(file);
    if (request != LX_FIONREAD)
        return -LX_ENOTTY;
    size_t bytes = s->queued;
    if (s->type != LX_SOCK_STREAM && !list_empty(&s->messages))
        bytes = list_first(&s->messages, struct unix_message, link)->length;
    int32_t count = (int32_t)bytes;
    return user_put(mm, arg, &count);
}

void unix_shutdown(struct file *file, enum lx_shutdown how)
{
    struct unix_socket *s = unix_socket_of(file);
    if (how != LX_SHUT_WR)
        s->no_more_in = true;
    if (how != LX_SHUT_RD)
        s->no_more_out = true;
    wake_readers(s);
    wake_writers(s);
    if (s->peer) {
        wake_readers(s->peer);
        wake_writers(s->peer);
    }
    if (s->peer && s->type != LX_SOCK_DGRAM && how != LX_SHUT_RD)
        async_signal(&s->peer->async, how == LX_SHUT_RDWR ? LX_POLL_HUP : LX_POLL_IN);
}

static void unix_release(struct file *file)
{
    struct unix_socket *s = unix_socket_of(file);
    struct unix_socket *peer = s->peer;
    if (peer) {
        peer->peer = NULL;
        if (!list_empty(&s->messages) && s->type != LX_SOCK_DGRAM)
            peer->error = LX_ECONNRESET;
        wake_readers(peer);
        wake_writers(s);
        if (s->type != LX_SOCK_DGRAM)
            async_signal(&peer->async, LX_POLL_HUP);
    }
    list_remove(&s->link);
    while (!list_empty(&s->messages))
        unix_message_drop(s, list_first(&s->messages, struct unix_message, link));
    wait_queue_fini(file->vfs->sched, &s->readers);
    wait_queue_fini(file->vfs->sched, &s->writers);
    arena_free(file->vfs->arena, s);
}

static struct list *unix_async(struct file *file, unsigned which)
{
    return which == 0 ? &unix_socket_of(file)->async : NULL;
}

static const struct file_ops unix_ops = {
    .async = unix_async,
    .read = unix_read,
    .write = unix_write,
    .poll = unix_poll,
    .ioctl = unix_ioctl,
    .release = unix_release,
};

/* --- making a pair --- */

static void socket_inode_release(struct inode *inode)
{
    struct arena *arena = inode->sb->vfs->arena;
    inode_fini(inode);
    arena_free(arena, inode);
}

static const struct inode_ops socket_inode_ops = {.release = socket_inode_release};

static long attach_inode(struct unix_socket *s, const struct cred *cred)
{
    struct vfs *vfs = s->file.vfs;
    struct inode *inode = arena_alloc(vfs->arena, sizeof *inode);
    if (!inode)
        return -LX_ENOMEM;
    long err = inode_init(inode, vfs->anonymous->sb, &socket_inode_ops, LX_S_IFSOCK | 0777,
                          anon_next_ino(vfs));
    if (err) {
        arena_free(vfs->arena, inode);
        return err;
    }
    inode->uid = cred->fsuid;
    inode->gid = cred->fsgid;
    char name[40];
    snprintf(name, sizeof name, "socket:[%llu]", (unsigned long long)inode->ino);
    return anon_attach(&s->file, inode, name);
}

static long create_end(struct unix_domain *domain, struct vfs *vfs, const struct cred *cred,
                       int type, unsigned flags, const struct lx_ucred *owner,
                       struct unix_socket **out)
{
    struct unix_socket *s = arena_alloc(vfs->arena, sizeof *s);
    if (!s)
        return -LX_ENOMEM;
    s->type = type;
    s->owner = *owner;
    s->domain = domain;
    s->send_limit = s->receive_buffer = UNIX_BUFFER;
    list_push_back(&domain->sockets, &s->link);
    list_init(&s->messages);
    list_init(&s->async);
    wait_queue_init(&s->readers);
    wait_queue_init(&s->writers);
    file_init(&s->file, vfs, &unix_ops, LX_O_RDWR | flags);
    s->file.kind = "socket";
    s->file.nowait = true;
    long err = attach_inode(s, cred);
    if (err) {
        file_put(&s->file);
        return err;
    }
    *out = s;
    return 0;
}

long unix_pair_create(struct unix_domain *domain, struct vfs *vfs, const struct cred *cred,
                      int type, unsigned flags, const struct lx_ucred *owner, struct file *ends[2])
{
    struct unix_socket *a, *b;
    unix_collect(domain, domain->collect_at);
    if (vfs->file_count + 2 > vfs->file_limit)
        return -LX_ENFILE;
    long err = create_end(domain, vfs, cred, type, flags, owner, &a);
    if (err)
        return err;
    err = create_end(domain, vfs, cred, type, flags, owner, &b);
    if (err) {
        file_put(&a->file);
        return err;
    }
    a->peer = b;
    b->peer = a;
    ends[0] = &a->file;
    ends[1] = &b->file;
    return 0;
}
