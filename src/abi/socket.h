/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_SOCKET_H
#define LSTAR_ABI_SOCKET_H
/*
 * socket(7), unix(7), cmsg(3).
 */
#include <assert.h>
#include <stdint.h>

#define LX_AF_UNSPEC 0
#define LX_AF_UNIX 1
#define LX_AF_INET 2
#define LX_AF_INET6 10
#define LX_SOCK_STREAM 1
#define LX_SOCK_DGRAM 2
#define LX_SOCK_RAW 3
#define LX_SOCK_SEQPACKET 5
#define LX_SOCK_TYPE_MASK 0xf
#define LX_SOCK_NONBLOCK 0x800
#define LX_SOCK_CLOEXEC 0x80000

#define LX_MSG_OOB 0x1u
#define LX_MSG_PEEK 0x2u
#define LX_MSG_CTRUNC 0x8u
#define LX_MSG_TRUNC 0x20u
#define LX_MSG_DONTWAIT 0x40u
#define LX_MSG_EOR 0x80u
#define LX_MSG_WAITALL 0x100u
#define LX_MSG_NOSIGNAL 0x4000u
#define LX_MSG_WAITFORONE 0x10000u
#define LX_MSG_CMSG_CLOEXEC 0x40000000u

enum lx_shutdown { LX_SHUT_RD = 0, LX_SHUT_WR = 1, LX_SHUT_RDWR = 2 };

#define LX_SOL_SOCKET 1
#define LX_SO_DEBUG 1
#define LX_SO_REUSEADDR 2
#define LX_SO_TYPE 3
#define LX_SO_ERROR 4
#define LX_SO_DONTROUTE 5
#define LX_SO_BROADCAST 6
#define LX_SO_SNDBUF 7
#define LX_SO_RCVBUF 8
#define LX_SO_KEEPALIVE 9
#define LX_SO_OOBINLINE 10
#define LX_SO_NO_CHECK 11
#define LX_SO_PRIORITY 12
#define LX_SO_LINGER 13
#define LX_SO_REUSEPORT 15
#define LX_SO_PASSCRED 16
#define LX_SO_PEERCRED 17
#define LX_SO_RCVLOWAT 18
#define LX_SO_SNDLOWAT 19
#define LX_SO_RCVTIMEO 20
#define LX_SO_SNDTIMEO 21
#define LX_SO_ACCEPTCONN 30
#define LX_SO_SNDBUFFORCE 32
#define LX_SO_RCVBUFFORCE 33
#define LX_SO_PASSSEC 34
#define LX_SO_MARK 36
#define LX_SO_PROTOCOL 38
#define LX_SO_DOMAIN 39
#define LX_SO_RXQ_OVFL 40
#define LX_SO_NOFCS 43
#define LX_SO_RCVTIMEO_NEW 66
#define LX_SO_SNDTIMEO_NEW 67

#define LX_SCM_RIGHTS 1
#define LX_SCM_CREDENTIALS 2
#define LX_SCM_MAX_FD 253

struct lx_msghdr {
    uint64_t name;
    uint32_t name_length, padding1;
    uint64_t iov, iov_count;
    uint64_t control, control_length;
    uint32_t flags, padding2;
};
static_assert(sizeof(struct lx_msghdr) == 56, "struct msghdr's size");

struct lx_cmsghdr {
    uint64_t length; /* with this header */
    int32_t level, type;
};
static_assert(sizeof(struct lx_cmsghdr) == 16, "struct cmsghdr's size");

struct lx_linger {
    int32_t on, seconds;
};

struct lx_ucred {
    int32_t pid;
    uint32_t uid, gid;
};

#endif
