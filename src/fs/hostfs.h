/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_FS_HOSTFS_H
#define LSTAR_FS_HOSTFS_H
/*
 * A folder or a regular file of the host, shown to the guest. Names are walked one component at a
 * time below the folder's handle and links are resolved inside the guest's tree: nothing leads out.
 * Attributes are the host's, fetched at each step; device nodes and FIFOs below it are the guest's
 * own (a node 1:3 is the guest's null device, never the host's).
 */
#include "host/host.h"
#include "vfs/mount.h"

/* mount_request.data of type "hostfs". */
struct hostfs_mount_data {
    host_handle_t handle; /* host_open_root(): consumed, also on error */
    bool writable;        /* false: never open anything for writing, whatever the mount says */
};

extern const struct filesystem hostfs_filesystem;

#endif
