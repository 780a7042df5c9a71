/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * epoll(7). An item watches one file for one descriptor; its waiters stand on the file's queues
 * and, when notified, put the item on the ready list. Collecting asks each ready item's file again:
 * level-triggered items that still have events stay on the list.
 *
 * Invariant: an item is in epoll->items and in file->epoll_links; ready_link is in epoll->ready or
 * in no list.
 */
#include "vfs/epoll.h"

#include "abi/errno.h"
#include "abi/poll.h"
#include "base/rbtree.h"
#include "base/strbuf.h"
#include "mem/uaccess.h"
#include "vfs/inode.h"
#include "vfs/mount.h"

/* Epolls on top of each other, the highest included. */
#define EPOLL_NESTING_MAX 5
#define EPOLL_ALWAYS (LX_POLLERR | LX_POLLHUP)
#define EPOLL_PRIVATE (LX_EPOLLEXCLUSIVE | LX_EPOLLWAKEUP | LX_EPOLLONESHOT | LX_EPOLLET)
#define EPOLL_EXCLUSIVE_OK                                                                         \
    (LX_POLLIN | LX_POLLOUT | LX_POLLERR | LX_POLLHUP | LX_EPOLLWAKEUP | LX_EPOLLET |              \
     LX_EPOLLEXCLUSIVE)

struct epoll {
    struct file file;
    struct rb_tree items; /* by file and descriptor */
    unsigned item_count;
    uint64_t round;            /* of the walk that was here last */
    unsigned levels;           /* what it found */
    struct list ready;         /* items that may have events, first come first */
    struct wait_queue waiters; /* in epoll_wait(2) */
    struct wait_queue pollers; /* who polls the epoll itself */
};

struct epoll_item {
    struct rb_node node;
    struct epoll *epoll;
    struct file *file; /* not a reference: it goes with the file */
    int fd;
    struct lx_epoll_event event;
    struct list ready_link;
    struct list file_link; /* in file->epoll_links */
    struct list waiters;   /* waiter.entity_link of its registrations */
};

/* One registration on a queue. */
struct epoll_waiter {
    struct waiter waiter;
    struct epoll_item *item;
};

/* A poll that registers waiters for an item. */
struct epoll_table {
    struct poll_table table;
    struct epoll_item *item;
    bool failed; /* no memory */
};

static const struct file_ops epoll_ops;

static struct epoll *epoll_of(struct file *file)
{
    return container_of(file, struct epoll, file);
}

bool file_is_epoll(const struct file *file)
{
    return file->ops == &epoll_ops;
}

/*
 * Linux: one that is exclusive has taken the wake-up only when somebody waits
 * (guest/poll/epoll_exclusive).
 */
static bool item_notify(struct waiter *waiter, unsigned events)
{
    struct epoll_item *item = container_of(waiter, struct epoll_waiter, waiter)->item;
    struct epoll *epoll = item->epoll;
    struct sched *sched = epoll->file.vfs->sched;
    if (!(item->event.events & ~EPOLL_PRIVATE))
        return false; /* ONESHOT has disabled it */
    if (events && !(events & item->event.events))
        return false;
    if (list_empty(&item->ready_link))
        list_push_back(&epoll->ready, &item->ready_link);
    unsigned woken = wait_queue_wake_one(sched, &epoll->waiters, 0);
    wait_queue_wake_all(sched, &epoll->pollers, LX_POLLIN);
    return woken > 0 || !(item->event.events & LX_EPOLLEXCLUSIVE);
}

static void table_add(struct poll_table *table, struct file *file, struct wait_queue *queue)
{
    struct epoll_table *t = container_of(table, struct epoll_table, table);
    struct epoll_waiter *w = arena_alloc(file->vfs->arena, sizeof *w);
    if (!w) {
        t->failed = true;
        return;
    }
    w->item = t->item;
    w->waiter.notify = item_notify;
    w->waiter.exclusive = t->item->event.events & LX_EPOLLEXCLUSIVE;
    /* Linux: whoever came last hears first, but for the exclusive ones (guest/poll/epoll_order). */
    if (w->waiter.exclusive)
        list_push_back(&queue->waiters, &w->waiter.queue_link);
    else
        list_push_front(&queue->waiters, &w->waiter.queue_link);
    list_push_back(&t->item->waiters, &w->waiter.entity_link);
}

static void end_registrations(struct epoll_item *item)
{
    struct waiter *waiter, *next;
    list_for_each_safe (waiter, next, &item->waiters, entity_link) {
        list_remove(&waiter->queue_link);
        list_remove(&waiter->entity_link);
        arena_free(item->epoll->file.vfs->arena, container_of(waiter, struct epoll_waiter, waiter));
    }
}

static void free_item(struct epoll_item *item)
{
    struct epoll *epoll = item->epoll;
    end_registrations(item);
    list_remove(&item->ready_link);
    list_remove(&item->file_link);
    rb_remove(&epoll->items, &item->node);
    epoll->item_count--;
    arena_free(epoll->file.vfs->arena, item);
}

/* Where (file, fd) is or would be. */
static struct epoll_item *find(struct epoll *epoll, const struct file *file, int fd,
                               struct rb_node **parent, struct rb_node ***link)
{
    *parent = NULL;
    *link = &epoll->items.root;
    while (**link) {
        struct epoll_item *item = rb_entry(**link, struct epoll_item, node);
        if (item->file == file && item->fd == fd)
            return item;
        *parent = **link;
        bool left = (uintptr_t)file != (uintptr_t)item->file
                        ? (uintptr_t)file < (uintptr_t)item->file
                        : fd < item->fd;
        *link = left ? &(**link)->left : &(**link)->right;
    }
    return NULL;
}

static unsigned item_events(struct epoll_item *item, struct poll_table *table)
{
    return file_poll(item->file, table) & item->event.events & ~EPOLL_PRIVATE;
}

/*
 * How many epolls are on top of each other from `epoll` downwards, itself included; more than
 * EPOLL_NESTING_MAX when `top` is among them. There are no circles yet, and no more levels than
 * that: the recursion is bounded. Each epoll is looked at once a round.
 */
static unsigned levels_below(struct epoll *epoll, const struct epoll *top, uint64_t round)
{
    if (epoll == top)
        return EPOLL_NESTING_MAX + 1;
    if (epoll->round == round)
        return epoll->levels;
    unsigned most = 0;
    for (struct rb_node *node = rb_first(&epoll->items); node; node = rb_next(node)) {
        struct file *file = rb_entry(node, struct epoll_item, node)->file;
        if (file_is_epoll(file))
            most = MAX(most, levels_below(epoll_of(file), top, round));
    }
    epoll->round = round;
    epoll->levels = most + 1;
    return most + 1;
}

/* How many levels of epolls watch this one. */
static unsigned levels_above(struct epoll *epoll, uint64_t round)
{
    if (epoll->round == round)
        return epoll->levels;
    unsigned most = 0;
    const struct epoll_item *item;
    list_for_each (item, &epoll->file.epoll_links, file_link)
        most = MAX(most, levels_above(item->epoll, round) + 1);
    epoll->round = round;
    epoll->levels = most;
    return most;
}

/* Would watching `file` from `epoll` close a circle, or nest too deep? */
static bool nests_too_deep(struct epoll *epoll, struct file *file)
{
    struct vfs *vfs = file->vfs;
    if (!file_is_epoll(file))
        return false;
    unsigned above = levels_above(epoll, ++vfs->epoll_round);
    return above + levels_below(epoll_of(file), epoll, ++vfs->epoll_round) >= EPOLL_NESTING_MAX;
}

/*
 * Linux: a file wakes epolls along at most so many ways of each length; of those of length one,
 * without end (guest/events/epoll_ways). What a wake costs is so bounded.
 */
static const unsigned ways_most[EPOLL_NESTING_MAX] = {UINT32_MAX, 500, 100, 50, 10};

static bool has_too_many_ways(const struct file *file, unsigned length, unsigned ways[])
{
    if (length >= EPOLL_NESTING_MAX)
        return true;
    const struct epoll_item *item;
    list_for_each (item, &file->epoll_links, file_link) {
        const struct file *above = &item->epoll->file;
        if (!list_empty(&above->epoll_links)) {
            if (has_too_many_ways(above, length + 1, ways))
                return true;
        } else if (length > 0 && ++ways[length] > ways_most[length]) {
            return true;
        }
    }
    return false;
}

/* Is that so of `file`, or, where it is an epoll, of any file that is watched from there? */
static bool wakes_too_many(struct file *file, uint64_t round)
{
    if (!file_is_epoll(file)) {
        unsigned ways[EPOLL_NESTING_MAX] = {0};
        return has_too_many_ways(file, 0, ways);
    }
    struct epoll *epoll = epoll_of(file);
    if (epoll->round == round)
        return false;
    epoll->round = round;
    for (struct rb_node *node = rb_first(&epoll->items); node; node = rb_next(node)) {
        if (wakes_too_many(rb_entry(node, struct epoll_item, node)->file, round))
            return true;
    }
    return false;
}

/* Register on the file's queues and look at once. */
static long start_watching(struct epoll_item *item)
{
    struct epoll_table table = {.table = {table_add}, .item = item};
    unsigned events = item_events(item, &table.table);
    if (table.failed)
        return -LX_ENOMEM;
    if (events && list_empty(&item->ready_link)) {
        list_push_back(&item->epoll->ready, &item->ready_link);
        struct sched *sched = item->epoll->file.vfs->sched;
        wait_queue_wake_one(sched, &item->epoll->waiters, 0);
        wait_queue_wake_all(sched, &item->epoll->pollers, LX_POLLIN);
    }
    return 0;
}

static long add_item(struct epoll *epoll, struct file *file, int fd,
                     const struct lx_epoll_event *event)
{
    if (nests_too_deep(epoll, file))
        return -LX_ELOOP;
    struct rb_node *parent, **link;
    if (find(epoll, file, fd, &parent, &link))
        return -LX_EEXIST;
    struct epoll_item *item = arena_alloc(epoll->file.vfs->arena, sizeof *item);
    if (!item)
        return -LX_ENOMEM;
    item->epoll = epoll;
    item->file = file;
    item->fd = fd;
    item->event = *event;
    list_init(&item->ready_link);
    list_init(&item->waiters);
    list_push_back(&file->epoll_links, &item->file_link);
    rb_insert(&epoll->items, parent, link, &item->node);
    epoll->item_count++;
    long err = 0;
    bool nested = file_is_epoll(file) || !list_empty(&epoll->file.epoll_links);
    if (nested && wakes_too_many(file, ++file->vfs->epoll_round))
        err = -LX_EINVAL;
    if (!err)
        err = start_watching(item);
    if (err)
        free_item(item);
    return err;
}

long epoll_control(struct file *file_of_epoll, enum epoll_op op, struct file *file, int fd,
                   const struct lx_epoll_event *event)
{
    if (!file->ops->poll)
        return -LX_EPERM;
    if (file == file_of_epoll || !file_is_epoll(file_of_epoll))
        return -LX_EINVAL;
    struct epoll *epoll = epoll_of(file_of_epoll);
    struct lx_epoll_event wanted = {0};
    if (op != EPOLL_DEL) {
        wanted = *event;
        wanted.events |= EPOLL_ALWAYS;
    }
    if (wanted.events & LX_EPOLLEXCLUSIVE) {
        if (op == EPOLL_MOD || file_is_epoll(file) || (wanted.events & ~EPOLL_EXCLUSIVE_OK))
            return -LX_EINVAL;
    }
    if (op == EPOLL_ADD)
        return add_item(epoll, file, fd, &wanted);

    struct rb_node *parent, **link;
    struct epoll_item *item = find(epoll, file, fd, &parent, &link);
    if (!item)
        return -LX_ENOENT;
    if (op == EPOLL_DEL) {
        free_item(item);
        return 0;
    }
    if (item->event.events & LX_EPOLLEXCLUSIVE)
        return -LX_EINVAL;
    item->event = wanted;
    end_registrations(item);
    return start_watching(item);
}

/* To the guest; its item stays on the list if level-triggered. */
static void after_report(struct epoll_item *item, struct list *again)
{
    if (item->event.events & LX_EPOLLONESHOT)
        item->event.events &= EPOLL_PRIVATE;
    else if (!(item->event.events & LX_EPOLLET))
        list_push_back(again, &item->ready_link);
}

long epoll_collect(struct file *file, struct mm *mm, gva_t events, unsigned max)
{
    struct epoll *epoll = epoll_of(file);
    unsigned count = 0;
    long err = 0;
    struct list again;
    list_init(&again);
    while (count < max && !list_empty(&epoll->ready)) {
        struct epoll_item *item = list_first(&epoll->ready, struct epoll_item, ready_link);
        unsigned ready = item_events(item, NULL);
        if (ready) {
            struct lx_epoll_event event = {ready, item->event.data};
            err = user_put(mm, events + count * sizeof event, &event);
            if (err) /* it stays first */
                break;
            count++;
        }
        list_remove(&item->ready_link);
        if (ready)
            after_report(item, &again);
    }
    /* Fair: what was reported goes behind what was not. */
    list_splice_back(&epoll->ready, &again);
    /* Others may wait for what is still ready (guest/poll/epoll_wake). */
    if (!list_empty(&epoll->ready))
        wait_queue_wake_one(file->vfs->sched, &epoll->waiters, 0);
    return count ? (long)count : err;
}

long epoll_sleep(struct file *file)
{
    return wait_on(file->vfs->sched, &epoll_of(file)->waiters, 0, true);
}

static unsigned epoll_poll(struct file *file, struct poll_table *table)
{
    struct epoll *epoll = epoll_of(file);
    poll_wait(table, file, &epoll->pollers);
    while (!list_empty(&epoll->ready)) {
        struct epoll_item *item = list_first(&epoll->ready, struct epoll_item, ready_link);
        if (item_events(item, NULL))
            return LX_POLLIN | LX_POLLRDNORM;
        list_remove(&item->ready_link);
    }
    return 0;
}

void epoll_forget_file(struct file *file)
{
    while (!list_empty(&file->epoll_links))
        free_item(list_first(&file->epoll_links, struct epoll_item, file_link));
}

static void epoll_release(struct file *file)
{
    struct epoll *epoll = epoll_of(file);
    struct rb_node *node;
    while ((node = rb_first(&epoll->items)))
        free_item(rb_entry(node, struct epoll_item, node));
    wait_queue_fini(file->vfs->sched, &epoll->waiters);
    wait_queue_fini(file->vfs->sched, &epoll->pollers);
    arena_free(file->vfs->arena, epoll);
}

static void epoll_show(struct file *file, struct strbuf *out)
{
    struct epoll *epoll = epoll_of(file);
    for (struct rb_node *node = rb_first(&epoll->items); node; node = rb_next(node)) {
        const struct epoll_item *item = rb_entry(node, struct epoll_item, node);
        const struct inode *inode = item->file->inode;
        strbuf_printf(out, "tfd: %8d events: %8x data: %16llx  pos:%llu ino:%llx sdev:%llx\n",
                      item->fd, item->event.events, (unsigned long long)item->event.data,
                      (unsigned long long)item->file->pos,
                      (unsigned long long)(inode ? inode->ino : 0),
                      (unsigned long long)(inode ? inode->sb->dev : 0));
    }
}

/* Linux knows two requests, about busy polling, and refuses others so. */
static long epoll_ioctl(struct file *file, struct mm *mm, unsigned request, uint64_t arg)
{
    (void)file, (void)mm, (void)request, (void)arg;
    return -LX_EINVAL;
}

static const struct file_ops epoll_ops = {
    .ioctl = epoll_ioctl,
    .show_fdinfo = epoll_show,
    .poll = epoll_poll,
    .release = epoll_release,
};

long epoll_create_file(struct vfs *vfs, struct file **out)
{
    struct epoll *epoll = arena_alloc(vfs->arena, sizeof *epoll);
    if (!epoll)
        return -LX_ENOMEM;
    list_init(&epoll->ready);
    wait_queue_init(&epoll->waiters);
    wait_queue_init(&epoll->pollers);
    file_init(&epoll->file, vfs, &epoll_ops, LX_O_RDWR);
    epoll->file.seek_ignored = true;
    epoll->file.kind = "anon_inode:[eventpoll]";
    *out = &epoll->file;
    return 0;
}

struct file *epoll_target(struct file *file, int fd, unsigned nth)
{
    struct epoll *epoll = epoll_of(file);
    for (struct rb_node *node = rb_first(&epoll->items); node; node = rb_next(node)) {
        struct epoll_item *item = rb_entry(node, struct epoll_item, node);
        if (item->fd == fd && nth-- == 0)
            return item->file;
    }
    return NULL;
}
