/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_DEVICES_H
#define LSTAR_FS_DEVICES_H
/*
 * What is behind the device nodes: null(4), full(4), random(4), tty(4).
 */
#include "vfs/vfs.h"

/* vfs->open_device: -LX_ENXIO for devices that the machine does not have. */
MUST_CHECK long device_open(struct fs_context *context, struct inode *inode, unsigned flags,
                            struct file **out);

#endif
