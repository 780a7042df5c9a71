/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_TABLE_H
#define LSTAR_SYSCALL_TABLE_TABLE_H
/*
 * The rows of syscalls.def as data: what dispatch, tracing, the documentation, `lstar syscalls` and
 * the fuzzer read.
 */
#include "syscall_table/dispatch.h"

#define SYSCALL_ARGS 6

enum syscall_support {
    SYSCALL_NONE,    /* no handler: -LX_ENOSYS, counted */
    SYSCALL_PARTIAL, /* some of it; notes.def says what is missing */
    SYSCALL_FULL,
};

/* The families of calls with their names for people. */
#define SYSCALL_FAMILIES(X)                                                                        \
    X(AIO, "asynchronous I/O")                                                                     \
    X(DIR, "directories")                                                                          \
    X(EVENTS, "event descriptors")                                                                 \
    X(FD, "descriptors")                                                                           \
    X(FILE, "files")                                                                               \
    X(IDS, "identities")                                                                           \
    X(KEYS, "keys")                                                                                \
    X(MEMORY, "memory")                                                                            \
    X(MODULE, "kernel modules")                                                                    \
    X(MOUNT, "mounts")                                                                             \
    X(MQUEUE, "message queues")                                                                    \
    X(NAMESPACE, "namespaces")                                                                     \
    X(NUMA, "memory policy")                                                                       \
    X(OBSOLETE, "obsolete")                                                                        \
    X(PATH, "paths")                                                                               \
    X(POLL, "polling")                                                                             \
    X(PROCESS, "processes")                                                                        \
    X(SCHED, "scheduling")                                                                         \
    X(SECURITY, "security")                                                                        \
    X(SIGNAL, "signals")                                                                           \
    X(SOCKET, "sockets")                                                                           \
    X(STAT, "file attributes")                                                                     \
    X(SYSTEM, "system")                                                                            \
    X(SYSVIPC, "System V IPC")                                                                     \
    X(THREAD, "threads")                                                                           \
    X(TIME, "time")                                                                                \
    X(TIMER, "timers")                                                                             \
    X(TRACE, "tracing")                                                                            \
    X(URING, "io_uring")                                                                           \
    X(XATTR, "extended attributes")

enum syscall_family {
#define X(name, text) FAMILY_##name,
    SYSCALL_FAMILIES(X)
#undef X
};

/* What a call's result means: how --strace shows it. */
enum syscall_returns {
    RETURNS_ZERO,      /* 0 */
    RETURNS_INT,       /* a number */
    RETURNS_SIZE,      /* a number of bytes, an offset */
    RETURNS_FD,        /* a descriptor */
    RETURNS_ADDR,      /* an address */
    RETURNS_OCTAL,     /* a mode */
    RETURNS_NEVER,     /* does not return */
    RETURNS_SIGNAL,    /* a signal's number */
    RETURNS_SIGRETURN, /* whatever rax was when the signal came */
    RETURNS_TIME,      /* seconds since the epoch */
    RETURNS_FCNTL,     /* by the command */
    RETURNS_PRCTL,     /* by the option */
    RETURNS_POLL,      /* how many descriptors are ready: the array shows which */
    RETURNS_SELECT,    /* the same for select */
    RETURNS_PERSONALITY,
    RETURNS_SCHED_POLICY,
    RETURNS_IOPRIO,
    RETURNS_ADJTIMEX,   /* the clock's state */
    RETURNS_MEMBARRIER, /* a mask of commands, for QUERY */
};

/* Every kind of kinds.def and flags.def. */
enum syscall_kind {
#define KIND(name, ctype, direction, printer, parameter) KIND_##name,
#include "syscall_table/kinds.def"
#undef KIND
#define LIST(kind, name, ctype, unknown) KIND_##kind##_##name,
#define ITEM(name)
#define VALUE(name, value)
#define CHOICE(name, value, mask)
#define END(kind, name)
#include "syscall_table/flags.def"
#undef LIST
#undef ITEM
#undef VALUE
#undef CHOICE
#undef END
    KIND_COUNT
};

struct syscall_arg {
    enum syscall_kind kind;
    const char *name;
};

struct syscall_row {
    /* Casts the six registers to the handler's types and calls it; NULL: SYSCALL_NONE. */
    long (*call)(struct task *task, const uint64_t regs[SYSCALL_ARGS]);
    const char *name; /* NULL: no such call */
    uint16_t number;
    uint8_t support; /* enum syscall_support */
    uint8_t family;  /* enum syscall_family */
    uint8_t returns; /* enum syscall_returns */
    uint8_t argc;
    struct syscall_arg args[SYSCALL_ARGS];
    const char *signature; /* "fd, buf, count" */
};

/* By number; rows of numbers that do not exist have no name and no call. */
extern const struct syscall_row sys_call_table[SYSCALL_NUMBERS];

/* How many calls the table lists, and the index-th of them by number (NULL: there is none). */
size_t syscall_count(void);
const struct syscall_row *syscall_at(size_t index);
/* The row of a number, or NULL. */
const struct syscall_row *syscall_find(uint64_t number);
const char *syscall_family_name(enum syscall_family family);
/* What a SYSCALL_PARTIAL call lacks, or why a SYSCALL_NONE one is refused; "" when there is nothing
 * to say. */
const char *syscall_note(uint64_t number);

#endif
