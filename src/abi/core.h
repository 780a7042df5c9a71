/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_CORE_H
#define LSTAR_ABI_CORE_H
/*
 * The notes of a core file (core(5), elf(5)): what debuggers read of threads and process.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/time.h"

#define LX_ET_CORE 4
#define LX_PT_NOTE 4

#define LX_NT_PRSTATUS 1
#define LX_NT_PRFPREG 2 /* an FXSAVE area */
#define LX_NT_PRPSINFO 3
#define LX_NT_AUXV 6
#define LX_NT_SIGINFO 0x53494749

struct lx_elf_note {
    uint32_t namesz; /* with its zero */
    uint32_t descsz;
    uint32_t type;
    char name[8]; /* "CORE", padded */
};
static_assert(sizeof(struct lx_elf_note) == 20, "Elf64_Nhdr and \"CORE\"");

/* The order of struct user_regs_struct (sys/user.h). */
struct lx_user_regs {
    uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
    uint64_t orig_rax, rip, cs, eflags, rsp, ss, fs_base, gs_base, ds, es, fs, gs;
};
static_assert(sizeof(struct lx_user_regs) == 216, "struct user_regs_struct's size");

struct lx_prstatus {
    int32_t signo, code, error;
    int16_t cursig;
    int16_t padding1;
    uint64_t sigpend, sighold;
    int32_t pid, ppid, pgrp, sid;
    struct lx_timeval utime, stime, cutime, cstime;
    struct lx_user_regs regs;
    int32_t fpvalid;
    int32_t padding2;
};
static_assert(sizeof(struct lx_prstatus) == 336, "struct elf_prstatus's size");
static_assert(offsetof(struct lx_prstatus, regs) == 112, "pr_reg's offset");

struct lx_prpsinfo {
    int8_t state; /* 0: running */
    char sname;   /* 'R' */
    int8_t zombie;
    int8_t nice;
    uint32_t padding;
    uint64_t flag;
    uint32_t uid, gid;
    int32_t pid, ppid, pgrp, sid;
    char fname[16];
    char psargs[80];
};
static_assert(sizeof(struct lx_prpsinfo) == 136, "struct elf_prpsinfo's size");

#endif
