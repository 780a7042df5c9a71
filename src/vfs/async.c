/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * O_ASYNC (fcntl(2), signal(7)). What can be read or written keeps lists of the open files whose
 * owners want to be told, and tells them each time something happens to it. Whom and how is above
 * this room: vfs->signal_owner.
 */
#include "vfs/async.h"

bool file_async_start(struct file *file)
{
    for (unsigned i = 0; file->ops->async && i < ARRAY_SIZE(file->async); i++) {
        struct list *list = file->ops->async(file, i);
        if (!list)
            continue;
        file->async[i].file = file;
        list_push_back(list, &file->async[i].link);
    }
    return file->ops->async;
}

void file_async_stop(struct file *file)
{
    for (unsigned i = 0; i < ARRAY_SIZE(file->async); i++)
        list_remove(&file->async[i].link);
}

void async_signal(struct list *files, int code)
{
    struct async_link *at;
    list_for_each (at, files, link) {
        struct file *file = at->file;
        if (file->owner && file->vfs->signal_owner)
            file->vfs->signal_owner(file, code);
    }
}
