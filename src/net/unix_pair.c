/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Socket pairs as open files. Each end has a queue of messages for itself, filled by its peer
 * (unix_send.c) and emptied by itself (unix_receive.c).
 *
 * Invariant: queued and charged are the sums of the lengths and charges in the queue. peer is NULL
 * once the other end is closed; a stream and a sequence of packets have no_more_in and no_more_out
 * then.
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

struct unix_options *unix_options(struct file *file)
{
    return &unix_socket_of(file)->options;
}

bool unix_connected(const struct file *file)
{
    return !unix_socket_of(file)->disconnected;
}

int unix_take_error(struct file *file)
{
    struct unix_socket *s = unix_socket_of(file);
    int error = s->error;
    s->error = 0;
    return error;
}

void unix_wake_readers(struct unix_socket *s)
{
    wait_queue_wake_all(s->file.vfs->sched, &s->readers,
                        LX_POLLIN | LX_POLLRDNORM | LX_POLLRDBAND | LX_POLLPRI);
}

static bool has_room(const struct unix_socket *s)
{
    return !s->peer || s->peer->charged <= s->options.send_limit / 4;
}

/* O_ASYNC: only who was told that there is no room is told that there is some. */
static void tell_room(struct unix_socket *s)
{
    if (!s || !s->no_space || !has_room(s))
        return;
    s->no_space = false;
    async_signal(&s->async, LX_POLL_OUT);
}

void unix_wake_writers(struct unix_socket *s)
{
    if (s->peer && !has_room(s->peer))
        return;
    tell_room(s->peer);
    wait_queue_wake_all(s->file.vfs->sched, &s->writers,
                        LX_POLLOUT | LX_POLLWRNORM | LX_POLLWRBAND);
}

long unix_wait(struct unix_socket *s, struct wait_queue *queue, uint64_t timeout, bool nowait)
{
    struct sched *sched = s->file.vfs->sched;
    uint64_t deadline = UINT64_MAX;
    if (nowait || timeout == 0)
        return -LX_EAGAIN;
    if (timeout != UNIX_FOREVER && !(s->file.flags & LX_O_NONBLOCK)) {
        struct unix_caller caller = s->domain->caller(s->domain->opaque);
        uint64_t now = clock_monotonic(sched->clock);
        if (!*caller.deadline)
            *caller.deadline = MIN(timeout, UINT64_MAX - 1 - now) + now;
        else if (*caller.deadline <= now)
            return -LX_EAGAIN;
        *caller.on_signal = LX_EINTR;
        deadline = *caller.deadline;
    }
    long result = file_wait(&s->file, queue);
    if (result == BLOCKED)
        wait_until(sched, deadline);
    return result;
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
    if (!list_empty(&s->messages) || s->no_more_in)
        events |= LX_POLLIN | LX_POLLRDNORM;
    if (s->no_more_in)
        events |= LX_POLLRDHUP;
    if (s->no_more_in && s->no_more_out)
        events |= LX_POLLHUP;
    if (s->error)
        events |= LX_POLLERR;
    if (has_room(s))
        events |= LX_POLLOUT | LX_POLLWRNORM | LX_POLLWRBAND;
    else
        s->no_space = true;
    return events;
}

/* FIONREAD: bytes that wait; of datagrams the next one's. */
static size_t waiting_bytes(const struct unix_socket *s)
{
    if (s->type != LX_SOCK_DGRAM || list_empty(&s->messages))
        return s->queued;
    return list_first(&s->messages, struct unix_message, link)->length;
}

static long unix_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    const struct unix_socket *s = unix_socket_of(file);
    int32_t count;
    if (request == LX_FIONREAD)
        count = (int32_t)waiting_bytes(s);
    else if (request == LX_TIOCOUTQ)
        count = s->peer ? (int32_t)s->peer->charged : 0;
    else
        return -LX_ENOTTY;
    return user_put(mm, arg, &count);
}

/* Whoever waits for anything of this end looks again. */
static void wake_for_change(struct unix_socket *s)
{
    struct sched *sched = s->file.vfs->sched;
    wait_queue_wake_all(sched, &s->readers, 0);
    if (s->peer)
        wait_queue_wake_all(sched, &s->peer->writers, 0);
}

void unix_shutdown(struct file *file, enum lx_shutdown how)
{
    struct unix_socket *s = unix_socket_of(file);
    bool in = how != LX_SHUT_WR, out = how != LX_SHUT_RD;
    s->no_more_in |= in;
    s->no_more_out |= out;
    if (s->peer && s->type != LX_SOCK_DGRAM) {
        s->peer->no_more_in |= out;
        s->peer->no_more_out |= in;
    }
    wake_for_change(s);
    if (s->peer && s->type != LX_SOCK_DGRAM)
        wake_for_change(s->peer);
    if (s->peer && s->type != LX_SOCK_DGRAM && out)
        async_signal(&s->peer->async, in ? LX_POLL_HUP : LX_POLL_IN);
}

/* Linux: a first packet without bytes does not count (guest/socket/pair_shutdown). */
static bool was_unread(const struct unix_socket *s)
{
    if (list_empty(&s->messages))
        return false;
    const struct unix_message *m = list_first(&s->messages, struct unix_message, link);
    return m->length > 0 || m->link.next != &s->messages;
}

static void unix_release(struct file *file)
{
    struct unix_socket *s = unix_socket_of(file);
    struct unix_socket *peer = s->peer;
    if (peer) {
        peer->peer = NULL;
        if (s->type != LX_SOCK_DGRAM) {
            peer->no_more_in = peer->no_more_out = true;
            if (was_unread(s))
                peer->error = LX_ECONNRESET;
        }
        wait_queue_wake_all(file->vfs->sched, &peer->readers, 0);
        wait_queue_wake_all(file->vfs->sched, &s->writers, 0);
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
    s->options = (struct unix_options){.send_limit = UNIX_BUFFER,
                                       .receive_buffer = UNIX_BUFFER,
                                       .receive_least = 1,
                                       .send_timeout = UNIX_FOREVER,
                                       .receive_timeout = UNIX_FOREVER};
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
