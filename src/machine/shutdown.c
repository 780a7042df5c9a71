/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a machine. Its tasks are not ended one by one: arena, RAM and host handles go as a
 * whole, however much a guest has heaped up. What must not be lost with them is what shared
 * mappings of host files hold; file systems know those pages from the moment that they may be
 * written.
 */
#include "machine/internal.h"

void kernel_shutdown(struct kernel *kernel)
{
    vfs_sync(&kernel->vfs);
}
