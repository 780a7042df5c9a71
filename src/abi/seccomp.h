/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_SECCOMP_H
#define LSTAR_ABI_SECCOMP_H
/*
 * seccomp(2) and the classic BPF that its filters are written in.
 */
#include <assert.h>
#include <stdint.h>

enum lx_seccomp_mode {
    LX_SECCOMP_MODE_DISABLED = 0,
    LX_SECCOMP_MODE_STRICT = 1,
    LX_SECCOMP_MODE_FILTER = 2
};
enum lx_seccomp_op {
    LX_SECCOMP_SET_MODE_STRICT = 0,
    LX_SECCOMP_SET_MODE_FILTER = 1,
    LX_SECCOMP_GET_ACTION_AVAIL = 2,
    LX_SECCOMP_GET_NOTIF_SIZES = 3,
};

#define LX_SECCOMP_FILTER_FLAG_TSYNC 1u
#define LX_SECCOMP_FILTER_FLAG_LOG 2u
#define LX_SECCOMP_FILTER_FLAG_SPEC_ALLOW 4u
#define LX_SECCOMP_FILTER_FLAG_TSYNC_ESRCH 16u

/* What a filter returns: an action and 16 bits of data. Of several filters the lowest action, as a
 * signed number, holds. */
#define LX_SECCOMP_RET_KILL_PROCESS 0x80000000u
#define LX_SECCOMP_RET_KILL_THREAD 0x00000000u
#define LX_SECCOMP_RET_TRAP 0x00030000u
#define LX_SECCOMP_RET_ERRNO 0x00050000u
#define LX_SECCOMP_RET_USER_NOTIF 0x7fc00000u
#define LX_SECCOMP_RET_TRACE 0x7ff00000u
#define LX_SECCOMP_RET_LOG 0x7ffc0000u
#define LX_SECCOMP_RET_ALLOW 0x7fff0000u
#define LX_SECCOMP_RET_ACTION_FULL 0xffff0000u
#define LX_SECCOMP_RET_DATA 0x0000ffffu

#define LX_AUDIT_ARCH_X86_64 0xc000003eu

/* What a filter sees. */
struct lx_seccomp_data {
    int32_t nr;
    uint32_t arch;
    uint64_t instruction_pointer;
    uint64_t args[6];
};
static_assert(sizeof(struct lx_seccomp_data) == 64, "struct seccomp_data's size");

struct lx_sock_filter {
    uint16_t code;
    uint8_t jt, jf; /* instructions to skip when true, false */
    uint32_t k;
};
static_assert(sizeof(struct lx_sock_filter) == 8, "struct sock_filter's size");

struct lx_sock_fprog {
    uint16_t length; /* instructions */
    uint16_t padding[3];
    uint64_t filter; /* struct lx_sock_filter[] */
};
static_assert(sizeof(struct lx_sock_fprog) == 16, "struct sock_fprog's size");

/* Opcodes: class | size or operation | mode or source. */
enum lx_bpf {
    LX_BPF_LD = 0x00,
    LX_BPF_LDX = 0x01,
    LX_BPF_ST = 0x02,
    LX_BPF_STX = 0x03,
    LX_BPF_ALU = 0x04,
    LX_BPF_JMP = 0x05,
    LX_BPF_RET = 0x06,
    LX_BPF_MISC = 0x07,
    LX_BPF_IMM = 0x00,
    LX_BPF_ABS = 0x20,
    LX_BPF_MEM = 0x60,
    LX_BPF_LEN = 0x80,
    LX_BPF_ADD = 0x00,
    LX_BPF_SUB = 0x10,
    LX_BPF_MUL = 0x20,
    LX_BPF_DIV = 0x30,
    LX_BPF_OR = 0x40,
    LX_BPF_AND = 0x50,
    LX_BPF_LSH = 0x60,
    LX_BPF_RSH = 0x70,
    LX_BPF_NEG = 0x80,
    LX_BPF_XOR = 0xa0,
    LX_BPF_JA = 0x00,
    LX_BPF_JEQ = 0x10,
    LX_BPF_JGT = 0x20,
    LX_BPF_JGE = 0x30,
    LX_BPF_JSET = 0x40,
    LX_BPF_K = 0x00,
    LX_BPF_X = 0x08,
    LX_BPF_A = 0x10,
    LX_BPF_TAX = 0x00,
    LX_BPF_TXA = 0x80,
};
#define LX_BPF_MAXINSNS 4096
#define LX_BPF_MEMWORDS 16

#endif
