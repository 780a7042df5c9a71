/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_TASK_H
#define LSTAR_PROC_TASK_H
/*
 * A task: one thread of execution. Tasks of one process share a struct process (Linux's
 * signal_struct with what belongs to the thread group); what clone(2) can share is a
 * reference-counted object of its own.
 */
#include "abi/resource.h"
#include "abi/signal.h"
#include "cpu/cpu.h"
#include "ipc/futex.h"
#include "proc/kernel.h"
#include "proc/seccomp.h"
#include "proc/timers.h"
#include "proc/usage.h"
#include "vfs/fdtable.h"
#include "vfs/fs_context.h"

/*
 * What must survive a wait: the dispatcher zeroes it when a call begins, keeps it while the handler
 * returns BLOCKED. Plain data: it can be copied. The files in it are references once the handler
 * has returned BLOCKED: a call goes on with the file that it began with, whatever becomes of the
 * descriptor (guest/pipe/closed_while_read).
 *
 * Interruption: when a handler returns BLOCKED while a signal is pending, the dispatcher calls it
 * once more with `interrupted` set, so that it can report what it has (nanosleep's remaining time).
 * If it still returns BLOCKED, the answer is `progress` when that is not 0, else `-on_signal`
 * (LX_ERESTARTSYS unless the handler set another of the four).
 */
struct task_call {
    int number;           /* the call under way, -1: none */
    bool waited;          /* the handler has returned BLOCKED before */
    bool interrupted;     /* a signal ends the wait: say what you have */
    bool stopped;         /* a stop came while it waited: it ends as by a signal without handler */
    bool restarted;       /* restart_syscall(2) goes on with it: the deadline holds already */
    int on_signal;        /* LX_ERESTARTSYS, NOINTR, NOHAND, _RESTARTBLOCK or LX_EINTR */
    unsigned phase;       /* the handler's own */
    uint64_t deadline;    /* absolute, CLOCK_MONOTONIC ns, when phase says so */
    uint64_t progress;    /* bytes already moved and the like */
    uint64_t word[4];     /* the handler's own */
    struct file *file[2]; /* task_file()'s answers */
    struct file *opening; /* fs_context.opening: always a reference */
    uint64_t args[6];     /* the registers at entry */
};

/* What restart_syscall(2) goes on with: a call that ended with LX_ERESTART_RESTARTBLOCK. */
struct task_restart {
    int number; /* 0: nothing */
    uint64_t deadline;
    uint64_t args[6];
};

/* Signals sent and not yet delivered: standard ones at most once each, real-time ones queued
 * (signal(7)). */
struct sigpending {
    uint64_t set;      /* bit n-1: signal n is pending */
    struct list queue; /* struct sigqueue, oldest first; a standard signal may have none (no
                          memory): then SI_USER of nobody */
};

/* How far --strace has shown the call under way. */
struct task_trace {
    uint64_t saved;   /* what an argument held when the call began */
    uint8_t next_arg; /* the first one that has not been shown */
    bool partial;     /* of that one the beginning has */
    bool separated;   /* the comma before it has */
    bool waiting;     /* what was shown is in the output already */
    bool in_call;     /* between a call's beginning and its return */
};

/* Shared by CLONE_SIGHAND. */
struct sighand {
    unsigned refs;
    struct lx_ksigaction action[LX_NSIG]; /* by signal - 1 */
};

/* rseq(2)'s registration; addr 0: none. */
struct task_rseq {
    gva_t addr;
    uint32_t size;
    uint32_t signature;
    bool preempted; /* its slice is over: a sequence under way is to be aborted */
};

/* prctl(2), PR_SET_SYSCALL_USER_DISPATCH: not inherited. */
struct task_user_dispatch {
    bool on;
    gva_t offset; /* code from there on makes calls as ever */
    uint64_t length;
    gva_t selector; /* of a byte: do others? 0: never */
};

/* What it read and wrote through system calls (/proc/PID/io). */
struct task_io {
    uint64_t read_bytes, written_bytes;
    uint64_t reads, writes; /* calls */
};

/* A thread group. */
struct process {
    struct kernel *kernel;
    struct list all_link;  /* kernel.processes, until it is waited for */
    struct list hash_link; /* kernel.process_hash, as long */
    unsigned thread_count; /* its tasks that live */
    int tgid, pgid, sid;
    struct process
        *parent;    /* who gets SIGCHLD and waits; itself NULL: the machine's first process */
    int parent_tid; /* the thread of it that counts as the parent: PR_SET_PDEATHSIG, __WNOTHREAD */
    struct list children;            /* process.sibling_link, zombies included, oldest first */
    struct list sibling_link;        /* in parent->children */
    struct wait_queue child_waiters; /* its threads in wait4(2): woken when a child changes state */
    struct wait_queue signal_waiters; /* readers of signalfds: woken when a signal is sent */
    struct wait_queue exit_waiters;   /* who polls a pidfd of it */
    struct task *leader;  /* NULL once the process is a zombie and the leader's struct is gone */
    int exit_signal;      /* what the parent gets at its end; 0: nothing */
    bool zombie;          /* all threads have ended; it waits to be waited for */
    bool stopped;         /* by job control */
    int stop_signal;      /* that stopped it */
    bool stop_reportable; /* WUNTRACED has not taken it yet */
    bool continue_reportable; /* WCONTINUED has not taken it yet */
    bool has_execed;          /* setpgid(2) of the parent is too late */
    uint32_t images;          /* programs it has become with execve(2) */
    bool adopted;             /* by the first process, as its parent ended */
    bool release_pending;     /* waited for, or nobody will: in kernel.dead_processes */
    bool freed;               /* out of all lists; only pidfds refer to it */
    unsigned pidfd_refs;      /* pidfds that refer to it: the struct stays for them */
    uint32_t exit_uid;        /* real uid of the last thread that changed state, for SIGCHLD */
    struct list threads;      /* task.thread_link */
    struct lx_rlimit64 rlimits[LX_RLIM_NLIMITS];
    int exit_status;             /* wait status */
    bool exiting;                /* exit_group or a fatal signal is under way */
    uint64_t start_time;         /* CLOCK_BOOTTIME ns */
    struct usage dead_usage;     /* of threads and address spaces that are gone */
    struct usage children_usage; /* of waited-for children */
    struct process_timers timers;
    bool dumpable;
    bool child_subreaper;
    struct task_io dead_io;    /* of threads that are gone */
    unsigned coredump_filter;  /* /proc/PID/coredump_filter: what core_dump() writes */
    bool thp_disable;          /* PR_SET_THP_DISABLE, kept */
    bool merge_memory;         /* PR_SET_MEMORY_MERGE, kept */
    int oom_score_adj;         /* /proc/PID/oom_score_adj, kept */
    unsigned membarrier;       /* LX_MEMBARRIER_CMD_REGISTER_* that were made */
    struct path exe;           /* references: what /proc/PID/exe names */
    struct sigpending pending; /* sent to the process: any thread takes them */
    unsigned queued_signals;   /* in all its queues, and timers: for RLIMIT_SIGPENDING */
};

/* sched(7), "SCHED_DEADLINE": nanoseconds. Kept: turns on the CPU are everybody's. */
struct sched_deadline {
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
    bool reclaim; /* LX_SCHED_FLAG_RECLAIM */
};

struct task {
    struct kernel *kernel;
    struct sched_entity sched;
    struct list all_link;    /* kernel.tasks */
    struct list hash_link;   /* kernel.task_hash */
    struct list thread_link; /* process.threads; when dead kernel.dead_tasks */
    int tid;
    struct process *process;

    struct mm *mm; /* references, each may be shared */
    struct fdtable *fds;
    struct fs_struct *fs;
    struct sighand *sighand;
    struct cred cred;

    struct seccomp seccomp; /* what it may call */
    struct task_user_dispatch user_dispatch;
    struct task_rseq rseq;

    struct cpu_state cpu; /* while it is not in the CPU */
    struct task_call call;
    struct task_trace trace;

    uint64_t sigmask;       /* blocked signals, bit n-1 */
    uint64_t saved_sigmask; /* sigsuspend, ppoll, pselect: what to go back to after the handler */
    uint64_t real_blocked;  /* sigtimedwait: blocked but for the time of the wait; not dropped when
                               ignored */
    bool restore_sigmask;   /* saved_sigmask holds */
    struct sigpending pending; /* sent to this task */
    struct lx_stack altstack;  /* sigaltstack(2); size 0: none; flags as they were set last */
    uint64_t trap_number;      /* of the last fault: for sigcontext */
    uint64_t trap_error;
    gva_t trap_addr;           /* cr2 */
    uint16_t iret_cs, iret_ss; /* what a forged frame has the way back fault with; 0: nothing */
    int restart_number; /* 1 + number of a call that a signal interrupted, until it is settled; 0:
                           none */

    struct futex_wait futex; /* the futexes it waits for */
    int vfork_parent;        /* tid of who waits until this task execs or ends; 0: nobody */
    char comm[16];
    gva_t clear_child_tid; /* set_tid_address(2) */
    gva_t robust_list;     /* set_robust_list(2) */
    uint64_t robust_list_size;
    int pdeath_signal;
    uint64_t timer_slack;
    uint64_t default_timer_slack; /* the creator's when this task began */
    int mce_kill;                 /* LX_PR_MCE_KILL_*; kept */
    bool io_flusher;              /* kept */
    bool over_nproc; /* became a user that has too many tasks: execve(2) fails while that is so */
    unsigned personality;
    unsigned memory_policy;   /* set_mempolicy(2): POLICY_* */
    bool tsc_forbidden;       /* PR_SET_TSC: rdtsc is a fault */
    int sched_policy;         /* LX_SCHED_*; its real-time priority is the sched room's */
    bool sched_reset_on_fork; /* children start as anybody */
    struct sched_deadline sched_deadline; /* holds while the policy is LX_SCHED_DEADLINE */
    unsigned io_priority;        /* ioprio_set(2): class << 13 | level; kept, no disk is shared */
    struct task_restart restart; /* the last call that a signal without handler interrupted so */
    uint64_t syscalls;           /* made so far */
    struct task_io io;
};

/*
 * For calls that may wait: the open file of `fd` as fdtable_get() has it, borrowed, and the same
 * one each time the call is called again. `slot`: 0, or 1 for a call's second file. NULL:
 * -LX_EBADF.
 */
static inline struct file *task_file(struct task *task, int fd, unsigned slot)
{
    struct task_call *call = &task->call;
    if (unlikely(call->waited) && call->file[slot])
        return call->file[slot];
    return call->file[slot] = fdtable_get(task->fds, fd);
}
/* The call waits for the first time: it keeps its files. It ends: it lets go of them. */
void task_call_keep_files(struct task *task);
void task_call_put_files(struct task *task);

/*
 * The first process: pid 1's place in the machine, with empty tables, credentials of `uid` and
 * `gid`, Linux's default limits. It runs nothing yet (exec_program). -LX_ENOMEM.
 */
MUST_CHECK long task_create_init(struct kernel *kernel, uint32_t uid, uint32_t gid,
                                 struct task **out);
/* A process without threads, in no list; a task of no process. NULL: no memory. For clone.c. */
struct process *process_new(struct kernel *kernel, int pid);
struct task *task_new(struct kernel *kernel, int tid);
/* Enter a task in its process and in the kernel's lists. */
void task_publish(struct task *task);
/* Free what the task still owns and the task. */
void task_destroy(struct task *task);
/* The task's registers from the CPU into task->cpu, when they are in the CPU. */
void task_save_cpu(struct task *task);
/* The task's registers and address space into the CPU. */
void task_load_cpu(struct task *task);

/*
 * Can it be named? A task that ended is freed a little later: it exists only as a process's first
 * thread that others outlive, or as a zombie that nobody has waited for.
 */
static inline bool task_exists(const struct task *task)
{
    const struct process *process = task->process;
    return task->sched.state != SCHED_DEAD ||
           (process->leader == task && !process->release_pending);
}

/* The context that the VFS asks for. */
struct fs_context task_fs_context(struct task *task);
/* The task's process's limit. */
uint64_t task_rlimit(const struct task *task, unsigned resource);
/* CPU time of the task, and of its process, in ns. */
uint64_t task_cpu_time(const struct task *task);
uint64_t process_cpu_time(const struct process *process);
static inline void task_io_add(struct task_io *sum, const struct task_io *io)
{
    sum->read_bytes += io->read_bytes;
    sum->written_bytes += io->written_bytes;
    sum->reads += io->reads;
    sum->writes += io->writes;
}

#endif
