/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_DEVFS_H
#define LSTAR_FS_DEVFS_H
/*
 * /dev: a tmpfs that begins with the usual nodes, links and directories. Mounting it also makes
 * vfs->open_device open the devices of the machine, wherever their nodes are.
 */
#include "vfs/mount.h"

extern const struct filesystem devfs_filesystem; /* "devtmpfs" */

#endif
