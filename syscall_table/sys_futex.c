/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * futex(2) and its split forms futex_waitv, futex_wait, futex_wake, futex_requeue. Decoding and
 * waiting; the queues are src/ipc's.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "ipc/futex.h"
#include "mem/uaccess.h"
#include "syscall_table/sys_clock.h"

enum { PHASE_START, PHASE_QUEUED };

enum futex_command {
    CMD_WAIT,
    CMD_WAKE,
    CMD_FD,
    CMD_REQUEUE,
    CMD_CMP_REQUEUE,
    CMD_WAKE_OP,
    CMD_LOCK_PI,
    CMD_UNLOCK_PI,
    CMD_TRYLOCK_PI,
    CMD_WAIT_BITSET,
    CMD_WAKE_BITSET,
    CMD_WAIT_REQUEUE_PI,
    CMD_CMP_REQUEUE_PI,
    CMD_LOCK_PI2,
};
#define FUTEX_PRIVATE 128
#define FUTEX_CLOCK_REALTIME 256

static struct futex_table *futexes(struct task *task)
{
    return &task->kernel->futexes;
}

/* An optional time to task->call.deadline (UINT64_MAX: none). Absolute ones are of CLOCK_REALTIME
 * or CLOCK_MONOTONIC. */
static long set_deadline(struct task *task, gva_t timeout, bool absolute, bool realtime)
{
    task->call.deadline = UINT64_MAX;
    if (!timeout)
        return 0;
    struct lx_timespec ts;
    if (user_get(task->mm, &ts, timeout))
        return -LX_EFAULT;
    if (!timespec_valid(&ts))
        return -LX_EINVAL;
    uint64_t time = timespec_ns(&ts);
    uint64_t monotonic = clock_monotonic(&task->kernel->clock);
    uint64_t now = !absolute ? 0 : realtime ? clock_realtime(&task->kernel->clock) : monotonic;
    uint64_t left = time > now ? time - now : 0;
    task->call.deadline = left > INT64_MAX - monotonic ? UINT64_MAX : monotonic + left;
    return 0;
}

/* Sleep on until woken, the deadline, or a signal. 0: woken (`*index` which). */
static long sleep_queued(struct task *task, int *index)
{
    struct task_call *call = &task->call;
    *index = futex_wait_result(&task->futex);
    if (*index >= 0) {
        futex_wait_end(futexes(task), &task->futex);
        return 0;
    }
    if (call->deadline != UINT64_MAX && clock_monotonic(&task->kernel->clock) >= call->deadline)
        return -LX_ETIMEDOUT;
    if (call->interrupted)
        return -call->on_signal;
    if (call->waited) {
        long err = futex_wait_sleep(futexes(task), &task->futex);
        if (err)
            return err;
    }
    if (call->deadline != UINT64_MAX)
        wait_until(&task->kernel->sched, call->deadline);
    return BLOCKED;
}

static long wait_words(struct task *task, const struct futex_word *words, unsigned count,
                       int *index)
{
    struct task_call *call = &task->call;
    if (call->phase == PHASE_START) {
        task->futex.priority = task->sched.priority;
        long err = futex_wait_begin(futexes(task), task->mm, &task->futex, words, count);
        if (err)
            return err;
        call->phase = PHASE_QUEUED;
    }
    long result = sleep_queued(task, index);
    if (result != BLOCKED)
        futex_wait_end(futexes(task), &task->futex);
    return result;
}

/* `restart`: what is left of a timeout, even of an absolute one, is waited for by
 * restart_syscall(2): a handler ends the wait. */
static long wait_one(struct task *task, const struct futex_word *word, gva_t timeout, bool absolute,
                     bool realtime, bool restart)
{
    struct task_call *call = &task->call;
    if (call->phase == PHASE_START) {
        long err = set_deadline(task, timeout, absolute, realtime);
        if (err)
            return err;
        if (restart && timeout)
            call->on_signal = LX_ERESTART_RESTARTBLOCK;
    }
    int index;
    return wait_words(task, word, 1, &index);
}

static long lock_pi(struct task *task, gva_t uaddr, bool shared, gva_t timeout, bool realtime,
                    bool try_only)
{
    struct task_call *call = &task->call;
    if (call->phase == PHASE_START) {
        long err = set_deadline(task, try_only ? 0 : timeout, true, realtime);
        if (err)
            return err;
        task->futex.priority = task->sched.priority;
        err = futex_lock_pi(futexes(task), task->mm, &task->futex, uaddr, shared,
                            (uint32_t)task->tid, try_only);
        if (err <= 0)
            return err;
        call->phase = PHASE_QUEUED;
        call->on_signal = LX_ERESTARTNOINTR;
    }
    int index;
    long result = sleep_queued(task, &index);
    if (result != BLOCKED)
        futex_wait_end(futexes(task), &task->futex);
    return result;
}

static long wait_requeue_pi(struct task *task, gva_t uaddr, const struct futex_word *word,
                            gva_t timeout, bool realtime)
{
    struct task_call *call = &task->call;
    if (call->phase == PHASE_START) {
        long err = set_deadline(task, timeout, true, realtime);
        task->futex.priority = task->sched.priority;
        if (!err)
            err = futex_wait_requeue_pi_begin(futexes(task), task->mm, &task->futex, word, uaddr,
                                              (uint32_t)task->tid);
        if (err)
            return err;
        call->phase = PHASE_QUEUED;
    }
    /* Linux: once it is queued for the lock it cannot start over (guest/futex/requeue_pi). */
    call->on_signal = task->futex.one.requeued ? LX_EAGAIN : LX_ERESTARTNOINTR;
    int index;
    long result = sleep_queued(task, &index);
    if (result != BLOCKED)
        futex_wait_end(futexes(task), &task->futex);
    return result;
}

static bool may_use_realtime(int command)
{
    return command == CMD_WAIT_BITSET || command == CMD_WAIT_REQUEUE_PI || command == CMD_LOCK_PI2;
}

long sys_futex(struct task *task, gva_t uaddr, int op, uint32_t val, gva_t timeout, gva_t uaddr2,
               uint32_t val3)
{
    int command = op & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME);
    bool shared = !(op & FUTEX_PRIVATE), realtime = op & FUTEX_CLOCK_REALTIME;
    int val2 = (int)(uint32_t)timeout; /* the fourth argument is a number in these */
    struct mm *mm = task->mm;
    struct futex_word word = {uaddr, val, FUTEX_BITSET_ANY, shared};
    if (realtime && !may_use_realtime(command)) {
        /* Linux: a timeout is looked at first (guest/futex/errors). */
        bool timed = command == CMD_WAIT || command == CMD_LOCK_PI;
        long err = timed ? set_deadline(task, timeout, false, false) : 0;
        return err ? err : -LX_ENOSYS;
    }
    switch (command) {
    case CMD_WAIT:
        return wait_one(task, &word, timeout, false, false, true);
    case CMD_WAIT_BITSET:
        word.bitset = val3;
        return wait_one(task, &word, timeout, true, realtime, true);
    case CMD_WAKE:
        return futex_wake(futexes(task), mm, uaddr, shared, FUTEX_BITSET_ANY, (int)val);
    case CMD_WAKE_BITSET:
        return futex_wake(futexes(task), mm, uaddr, shared, val3, (int)val);
    case CMD_REQUEUE:
        return futex_requeue(futexes(task), mm, uaddr, shared, uaddr2, shared, (int)val, val2,
                             NULL);
    case CMD_CMP_REQUEUE:
        return futex_requeue(futexes(task), mm, uaddr, shared, uaddr2, shared, (int)val, val2,
                             &val3);
    case CMD_WAKE_OP:
        return futex_wake_op(futexes(task), mm, uaddr, shared, uaddr2, (int)val, val2, val3);
    case CMD_LOCK_PI:
        return lock_pi(task, uaddr, shared, timeout, true, false);
    case CMD_LOCK_PI2:
        return lock_pi(task, uaddr, shared, timeout, realtime, false);
    case CMD_TRYLOCK_PI:
        return lock_pi(task, uaddr, shared, 0, true, true);
    case CMD_UNLOCK_PI:
        return futex_unlock_pi(futexes(task), mm, uaddr, shared, (uint32_t)task->tid);
    case CMD_WAIT_REQUEUE_PI:
        return wait_requeue_pi(task, uaddr2, &word, timeout, realtime);
    case CMD_CMP_REQUEUE_PI:
        if (val != 1)
            return -LX_EINVAL;
        return futex_cmp_requeue_pi(futexes(task), mm, uaddr, shared, uaddr2, shared, val2, val3);
    default:
        return -LX_ENOSYS;
    }
}

/* Flags of the newer calls: 32-bit words only, no NUMA; where memory comes from makes no difference
 * (MPOL). */
#define FUTEX2_SIZE_U32 2u
#define FUTEX2_MPOL 8u
#define FUTEX2_PRIVATE 128u

static long check_futex2(uint32_t flags)
{
    return (flags & ~(FUTEX2_PRIVATE | FUTEX2_MPOL | 3u)) || (flags & 3u) != FUTEX2_SIZE_U32
               ? -LX_EINVAL
               : 0;
}

/* Their timeouts are absolute, of CLOCK_REALTIME (0) or CLOCK_MONOTONIC (1). */
static long check_clock(gva_t timeout, int clockid)
{
    return timeout && clockid != 0 && clockid != 1 ? -LX_EINVAL : 0;
}

long sys_futex_wait(struct task *task, gva_t uaddr, uint64_t val, uint64_t mask, uint32_t flags,
                    gva_t timeout, int clockid)
{
    long err = check_futex2(flags);
    if (!err)
        err = check_clock(timeout, clockid);
    if (err)
        return err;
    if (val > UINT32_MAX || mask > UINT32_MAX)
        return -LX_EINVAL;
    struct futex_word word = {uaddr, (uint32_t)val, (uint32_t)mask, !(flags & FUTEX2_PRIVATE)};
    return wait_one(task, &word, timeout, true, clockid == 0, false);
}

long sys_futex_wake(struct task *task, gva_t uaddr, uint64_t mask, int nr, uint32_t flags)
{
    long err = check_futex2(flags);
    if (err)
        return err;
    if (mask > UINT32_MAX || mask == 0)
        return -LX_EINVAL;
    if (nr == 0)
        return futex_check(task->mm, uaddr, !(flags & FUTEX2_PRIVATE));
    return futex_wake(futexes(task), task->mm, uaddr, !(flags & FUTEX2_PRIVATE), (uint32_t)mask,
                      nr);
}

/* struct futex_waitv */
struct lx_futex_waitv {
    uint64_t val, uaddr;
    uint32_t flags, reserved;
};

static long get_words(struct task *task, gva_t waiters, unsigned count, struct futex_word *words)
{
    for (unsigned i = 0; i < count; i++) {
        struct lx_futex_waitv waiter;
        if (user_get(task->mm, &waiter, waiters + i * sizeof waiter))
            return -LX_EFAULT;
        if (waiter.reserved || check_futex2(waiter.flags) || waiter.val > UINT32_MAX)
            return -LX_EINVAL;
        words[i] = (struct futex_word){waiter.uaddr, (uint32_t)waiter.val, FUTEX_BITSET_ANY,
                                       !(waiter.flags & FUTEX2_PRIVATE)};
    }
    return 0;
}

long sys_futex_waitv(struct task *task, gva_t waiters, uint32_t nr, uint32_t flags, gva_t timeout,
                     int clockid)
{
    struct futex_word words[FUTEX_WAITV_MAX];
    if (task->call.phase == PHASE_START) {
        if (flags || nr == 0 || nr > FUTEX_WAITV_MAX || !waiters)
            return -LX_EINVAL;
        long err = check_clock(timeout, clockid);
        if (!err)
            err = set_deadline(task, timeout, true, clockid == 0);
        if (!err)
            err = get_words(task, waiters, nr, words);
        if (err)
            return err;
    }
    int index;
    long result = wait_words(task, words, nr, &index);
    return result ? result : index;
}

long sys_futex_requeue(struct task *task, gva_t waiters, uint32_t flags, int nr_wake,
                       int nr_requeue)
{
    struct futex_word words[2];
    if (flags || !waiters)
        return -LX_EINVAL;
    long err = get_words(task, waiters, 2, words);
    if (err)
        return err;
    if (words[0].shared != words[1].shared)
        return -LX_EINVAL;
    return futex_requeue(futexes(task), task->mm, words[0].addr, words[0].shared, words[1].addr,
                         words[1].shared, nr_wake, nr_requeue, &words[0].value);
}
