/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_KERNEL_H
#define LSTAR_PROC_KERNEL_H
/*
 * All state of the simulated kernel, one struct a room. It lives at the start of the machine's
 * arena; only caches and host handles are elsewhere.
 */
#include "base/arena.h"
#include "base/list.h"
#include "cpu/cpu.h"
#include "host/host.h"
#include "ipc/futex.h"
#include "mem/mm.h"
#include "net/unix_pair.h"
#include "sched/clock.h"
#include "sched/sched.h"
#include "vfs/vfs.h"

struct task;
struct lx_siginfo;

#define SYSCALL_NUMBERS 512
/* Tasks of a machine, zombies included. */
#define TASK_MAX 8192
#define PID_HASH 1024

/* Why the machine's run ended. */
enum kernel_stop {
    KERNEL_RUNNING = 0,
    KERNEL_EXITED,    /* the first process exited: stop_status is its wait status */
    KERNEL_INSNS,     /* the instruction budget */
    KERNEL_TIME,      /* the time budget */
    KERNEL_DEADLOCK,  /* every task waits for what can never come */
    KERNEL_NO_MEMORY, /* RAM or arena exhausted where Linux would call the OOM killer */
    KERNEL_HOST,      /* the embedder asked (lstar_stop) */
    KERNEL_SUSPENDED, /* job control: the first process is stopped */
    KERNEL_BROKEN,    /* the engine failed: a defect of lstar */
};

struct kernel {
    struct arena *arena; /* outside objects, borrowed from the machine */
    struct ram *ram;
    struct cpu *cpu;
    struct host *host;
    struct clock clock;
    struct sched sched;
    struct vfs vfs;

    struct futex_table futexes;
    struct unix_domain sockets;

    struct list tasks;     /* struct task.all_link, oldest first */
    struct list processes; /* struct process.all_link, zombies included */
    struct task *init;     /* the first process's leader: the end of its process is the machine's */
    struct task *current;  /* whose state is in the CPU; NULL before the first run */
    struct mm *loaded_mm;  /* whose page tables the CPU's TLB caches */
    unsigned task_count;   /* at most TASK_MAX */
    int last_pid;
    uint16_t *pid_uses; /* by number: tasks, process groups and sessions that have it (pid.c) */
    struct list task_hash[PID_HASH];    /* struct task.hash_link by tid */
    struct list process_hash[PID_HASH]; /* struct process.hash_link by tgid */
    struct list dead_tasks;             /* struct task.thread_link: freed by tasks_reap() */
    struct list dead_processes;         /* struct process.sibling_link */
    bool foreign_cpu_timers;            /* a timer of one process counts the CPU time of another */
    struct wait_queue
        cpu_time_waiters;    /* tasks in clock_nanosleep(2) on CPU time: woken when a slice ends */
    uint64_t cpu_time_woken; /* clock.insns at which they were last */
    unsigned queued_signals; /* of all processes, timers included */
    int tty_pgrp;            /* foreground process group of the terminal; 0: the first process's */
    int tty_sid;          /* session that the terminal controls; 0: the first process's; -1: none */
    unsigned tty_unheard; /* interrupts typed in a row that nobody listened to */
    bool job_control;     /* the first process's parent is outside and is told when it stops */

    enum kernel_stop stop;
    int stop_status;       /* wait status of init */
    bool out_of_memory;    /* init is being killed because no frame is left: KERNEL_NO_MEMORY, not
                              KERNEL_EXITED */
    char stop_reason[120]; /* for people */

    bool aslr;
    bool deterministic;
    uint8_t boot_id[16]; /* /proc/sys/kernel/random/boot_id; zero until it is asked for */
    char hostname[65];
    char domainname[65];
    uint32_t hostname_changes; /* how often they were set */
    uint32_t domainname_changes;
    struct wait_queue names_changed; /* woken when one of them is */
    uint64_t insn_limit;             /* 0: none */
    uint64_t time_limit; /* CLOCK_MONOTONIC ns at which the run ends; UINT64_MAX: none */

    uint64_t syscalls;                /* made so far */
    uint32_t enosys[SYSCALL_NUMBERS]; /* refused as not built, by number */
    uint64_t enosys_other;            /* unknown numbers */

    struct strace *strace; /* NULL: not traced */
    /* The tracer's hooks for what is no system call; NULL: not traced. */
    void (*strace_signal)(struct task *task, const struct lx_siginfo *info);
    void (*strace_stopped)(struct task *task, int signal);
    void (*strace_exit)(struct task *task, int status);
    char *
        missing_interpreter; /* of the last execve that failed for want of it (arena); NULL: none */
    struct kernel_death
        *death; /* filled when a signal kills a process: for --report; NULL before */
};

/* What --report shows of a guest that a signal killed. */
struct kernel_death {
    int pid;
    int signal;
    int code;
    gva_t addr;
    struct cpu_state state;
    struct mm *mm; /* a reference: its mappings and bytes can still be read */
};

#endif
