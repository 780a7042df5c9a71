/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_VFS_TIMERFD_H
#define LSTAR_VFS_TIMERFD_H
/* timerfd_create(2). */
#include "vfs/file.h"

/* A time setting in ns. */
struct timerfd_setting {
    uint64_t value;    /* until it first expires (relative) or when (absolute); 0: disarmed */
    uint64_t interval; /* 0: once */
};

/* `clock`: LX_CLOCK_*, already checked. -LX_ENOMEM. */
MUST_CHECK long timerfd_create_file(struct vfs *vfs, int clock, unsigned flags, struct file **out);
/* The file is a timerfd, or -LX_EINVAL. `flags`: LX_TFD_TIMER_*, known ones. *old may be NULL. */
MUST_CHECK long timerfd_set(struct file *file, unsigned flags,
                            const struct timerfd_setting *setting, struct timerfd_setting *old);
MUST_CHECK long timerfd_get(struct file *file, struct timerfd_setting *out);

#endif
