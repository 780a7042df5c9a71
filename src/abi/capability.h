/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_CAPABILITY_H
#define LSTAR_ABI_CAPABILITY_H
/*
 * capabilities(7): numbers; a set is a mask of 1 << number.
 */
#include <stdint.h>

enum lx_capability {
    LX_CAP_CHOWN = 0,
    LX_CAP_DAC_OVERRIDE = 1,
    LX_CAP_DAC_READ_SEARCH = 2,
    LX_CAP_FOWNER = 3,
    LX_CAP_FSETID = 4,
    LX_CAP_KILL = 5,
    LX_CAP_SETGID = 6,
    LX_CAP_SETUID = 7,
    LX_CAP_SETPCAP = 8,
    LX_CAP_LINUX_IMMUTABLE = 9,
    LX_CAP_NET_BIND_SERVICE = 10,
    LX_CAP_NET_ADMIN = 12,
    LX_CAP_NET_RAW = 13,
    LX_CAP_IPC_LOCK = 14,
    LX_CAP_IPC_OWNER = 15,
    LX_CAP_SYS_CHROOT = 18,
    LX_CAP_SYS_PTRACE = 19,
    LX_CAP_SYS_ADMIN = 21,
    LX_CAP_SYS_BOOT = 22,
    LX_CAP_SYS_NICE = 23,
    LX_CAP_SYS_RESOURCE = 24,
    LX_CAP_SYS_TIME = 25,
    LX_CAP_SYS_TTY_CONFIG = 26,
    LX_CAP_MKNOD = 27,
    LX_CAP_LEASE = 28,
    LX_CAP_SETFCAP = 31,
    LX_CAP_SYSLOG = 34,
    LX_CAP_WAKE_ALARM = 35,
    LX_CAP_CHECKPOINT_RESTORE = 40,
    LX_CAP_LAST = 40,
};

#define LX_CAP_FULL_SET ((UINT64_C(1) << (LX_CAP_LAST + 1)) - 1)

#endif
