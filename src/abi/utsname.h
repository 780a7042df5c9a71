/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_UTSNAME_H
#define LSTAR_ABI_UTSNAME_H
/*
 * What uname(2) and sysinfo(2) fill.
 */
#include <assert.h>
#include <stdint.h>

#define LX_UTS_LEN 64 /* characters of one name; its field has one more */

struct lx_utsname {
    char sysname[65];
    char nodename[65];
    char release[65];
    char version[65];
    char machine[65];
    char domainname[65];
};
static_assert(sizeof(struct lx_utsname) == 390, "struct new_utsname's size");

/* Who we say we are: the kernel whose behaviour the guest tests are compared with. */
#define LX_UTS_SYSNAME "Linux"
#define LX_UTS_RELEASE "6.18.0-lstar"
#define LX_UTS_VERSION "#1 SMP PREEMPT_DYNAMIC lstar " LSTAR_VERSION
#define LX_UTS_MACHINE "x86_64"

struct lx_sysinfo {
    int64_t uptime;    /* seconds */
    uint64_t loads[3]; /* 16.16 fixed point */
    uint64_t totalram, freeram, sharedram, bufferram;
    uint64_t totalswap, freeswap;
    uint16_t procs;
    uint16_t pad;
    uint32_t pad2;
    uint64_t totalhigh, freehigh;
    uint32_t mem_unit; /* bytes a unit of the sizes above */
    uint32_t pad3;
};
static_assert(sizeof(struct lx_sysinfo) == 112, "struct sysinfo's size");

#endif
