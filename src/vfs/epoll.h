/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_EPOLL_H
#define LSTAR_VFS_EPOLL_H
/* epoll(7). */
#include "vfs/file.h"

#define LX_EPOLLEXCLUSIVE (1u << 28)
#define LX_EPOLLWAKEUP (1u << 29)
#define LX_EPOLLONESHOT (1u << 30)
#define LX_EPOLLET (1u << 31)

/* struct epoll_event: packed, 12 bytes. */
struct __attribute__((packed)) lx_epoll_event {
    uint32_t events;
    uint64_t data;
};
_Static_assert(sizeof(struct lx_epoll_event) == 12, "struct epoll_event's size");

enum epoll_op { EPOLL_ADD = 1, EPOLL_DEL = 2, EPOLL_MOD = 3 };

MUST_CHECK long epoll_create_file(struct vfs *vfs, struct file **out);
bool file_is_epoll(const struct file *file);
/*
 * epoll_ctl(2) on files, borrowed: `fd` is part of the item's name. -LX_EEXIST, -LX_ENOENT,
 * -LX_EPERM (cannot be polled), -LX_EINVAL, -LX_ELOOP, -LX_ENOMEM, -LX_ENOSPC.
 */
MUST_CHECK long epoll_control(struct file *epoll, enum epoll_op op, struct file *file, int fd,
                              const struct lx_epoll_event *event);
/*
 * Events that are ready, at most `max`, to the guest's array: how many. 0: none. -LX_EFAULT: not
 * even the first could be written; what was not written stays ready.
 */
MUST_CHECK long epoll_collect(struct file *epoll, struct mm *mm, gva_t events, unsigned max);
/* Sleep until something may be ready; the caller returns BLOCKED. */
MUST_CHECK long epoll_sleep(struct file *epoll);
/* The file watched as `fd`, borrowed: of several the `nth`, from 0; or NULL. */
struct file *epoll_target(struct file *epoll, int fd, unsigned nth);
/* A watched file's last reference is gone: file_put() calls this while file->epoll_links is not
 * empty. */
void epoll_forget_file(struct file *file);

#endif
