/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * O_ASYNC (fcntl(2), signal(7)). Like epoll's, a waiter stands on each queue of the file; when it
 * is notified, who owns the file is signalled. Whom and how is above this room: vfs->signal_owner.
 */
#include "vfs/async.h"

#include "abi/errno.h"

struct async_waiter {
    struct waiter waiter;
    struct file *file;
};

struct async_table {
    struct poll_table table;
    bool failed; /* no memory */
};

static bool async_notify(struct waiter *waiter, unsigned events)
{
    struct file *file = container_of(waiter, struct async_waiter, waiter)->file;
    if (file->owner && file->vfs->signal_owner)
        file->vfs->signal_owner(file, events);
    return true;
}

static void table_add(struct poll_table *table, struct file *file, struct wait_queue *queue)
{
    struct async_waiter *w = arena_alloc(file->vfs->arena, sizeof *w);
    if (!w) {
        container_of(table, struct async_table, table)->failed = true;
        return;
    }
    w->file = file;
    w->waiter.notify = async_notify;
    list_push_back(&queue->waiters, &w->waiter.queue_link);
    list_push_back(&file->async_waiters, &w->waiter.entity_link);
}

long file_async_start(struct file *file)
{
    struct async_table table = {.table = {table_add}};
    if (!file->ops->async || !list_empty(&file->async_waiters))
        return 0;
    (void)file_poll(file, &table.table);
    if (!table.failed)
        return 0;
    file_async_stop(file);
    return -LX_ENOMEM;
}

void file_async_stop(struct file *file)
{
    struct waiter *waiter, *next;
    list_for_each_safe (waiter, next, &file->async_waiters, entity_link) {
        list_remove(&waiter->queue_link);
        list_remove(&waiter->entity_link);
        arena_free(file->vfs->arena, container_of(waiter, struct async_waiter, waiter));
    }
}
