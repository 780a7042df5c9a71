/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROC_TIMERS_H
#define LSTAR_PROC_TIMERS_H
/*
 * A process's timers: setitimer(2), timer_create(2). Those of real time are kernel timers, those of
 * CPU time are looked at when a slice ends.
 */
#include "abi/signal.h"
#include "base/list.h"
#include "sched/sched.h"

struct process;
struct task;

/* What time a timer counts. */
/* TIMER_PROCESS_USER: what ITIMER_VIRTUAL counts, without the time in the kernel. */
enum timer_base { TIMER_REAL, TIMER_PROCESS_CPU, TIMER_PROCESS_USER, TIMER_THREAD_CPU };

/* One timer: of setitimer (id -1) or of timer_create. */
struct process_timer {
    struct list link; /* in process_timers.list, for those of timer_create */
    struct process *process;
    int id;
    enum timer_base base;
    int clock;          /* LX_CLOCK_*: what absolute times are of */
    int thread;         /* tid of SIGEV_THREAD_ID; 0: the process */
    int cpu_id;         /* tid or tgid whose CPU time counts; 0: its own process */
    int signal;         /* 0: SIGEV_NONE */
    uint64_t value;     /* sigev_value */
    struct timer timer; /* TIMER_REAL */
    uint64_t due;       /* in its base's ns; 0: disarmed */
    uint64_t interval;  /* ns; 0: once */
    uint64_t late;      /* ns that its first expiration is older than `due`, until it is counted */
    bool waits_for_delivery; /* its signal is queued: armed again when that is taken */
    int overrun;             /* of the last signal delivered */
};

#define PROCESS_TIMERS_MAX 512

/* In struct process. */
struct process_timers {
    struct process_timer itimer[3]; /* by LX_ITIMER_* */
    struct list list;               /* of timer_create */
    unsigned count;
    int next_id;
    bool cpu_armed; /* one of CPU time is armed */
};

/* A setting in ns: until it first expires, and the period. */
struct timer_setting {
    uint64_t value;
    uint64_t interval;
    uint64_t late; /* an absolute time that was so long ago: what a period missed since then counts
                      as overrun */
};

void process_timers_init(struct process *process);
/* exec: those of timer_create go; exit: all. */
void process_timers_exec(struct process *process);
void process_timers_fini(struct process *process);

struct process_timer *process_timer_find(struct process *process, int id);
/* A timer in the list, disarmed. NULL: no memory, or too many. */
struct process_timer *process_timer_new(struct process *process);
void process_timer_free(struct process_timer *timer);
/* What is left and the period. */
void process_timer_get(struct process_timer *timer, struct timer_setting *out);
/* Arm, value 0: disarm. `value` is relative. */
void process_timer_set(struct process_timer *timer, const struct timer_setting *setting);
/* The time of the timer's base, in ns. */
uint64_t process_timer_now(const struct process_timer *timer);

/* A slice has ended: CPU timers that are due fire, RLIMIT_CPU is looked at. */
void process_check_cpu_time(struct task *task);
/* A queued SI_TIMER signal is taken: fills the overrun in and arms the timer again. */
void process_timer_delivered(struct process *process, struct lx_siginfo *info);

#endif
