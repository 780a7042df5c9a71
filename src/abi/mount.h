/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_MOUNT_H
#define LSTAR_ABI_MOUNT_H
/*
 * mount(2) flags.
 */
#define LX_MS_RDONLY 1u
#define LX_MS_NOSUID 2u
#define LX_MS_NODEV 4u
#define LX_MS_NOEXEC 8u
#define LX_MS_NOATIME 1024u
#define LX_MS_RELATIME (1u << 21)

#endif
