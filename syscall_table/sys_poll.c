/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * poll(2), ppoll(2), select(2), pselect6(2). Each look asks every file; when none has anything, the
 * task stands on all their queues until one of them, the deadline or a signal wakes it, and looks
 * again.
 */
#include "syscall_table/handlers.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/personality.h"
#include "abi/poll.h"
#include "mem/uaccess.h"
#include "proc/signal.h"
#include "syscall_table/sys_clock.h"

enum { PHASE_START, PHASE_WAITING };

/* Registers the current task on the queues of the files that are asked. */
struct task_table {
    struct poll_table table;
    struct sched *sched;
    bool failed; /* no memory */
};

static void add_waiter(struct poll_table *table, struct file *file, struct wait_queue *queue)
{
    struct task_table *t = container_of(table, struct task_table, table);
    (void)file;
    if (wait_on(t->sched, queue, 0, false))
        t->failed = true;
}

/* --- the wait that all four share --- */

static void set_deadline(struct task *task, uint64_t length)
{
    uint64_t now = clock_monotonic(&task->kernel->clock);
    task->call.deadline = length > INT64_MAX - now ? UINT64_MAX : now + length;
}

static bool is_late(struct task *task)
{
    return task->call.deadline != UINT64_MAX &&
           clock_monotonic(&task->kernel->clock) >= task->call.deadline;
}

/* An optional mask for the time of the call. */
static long set_mask(struct task *task, gva_t mask, uint64_t size)
{
    uint64_t set;
    if (!mask)
        return 0;
    if (size != sizeof set)
        return -LX_EINVAL;
    if (user_get(task->mm, &set, mask))
        return -LX_EFAULT;
    task->saved_sigmask = task->sigmask;
    task->restore_sigmask = true;
    signal_set_mask(task, set);
    return 0;
}

/* The call ends without a signal: the mask goes back at once. */
static void end_mask(struct task *task, long result)
{
    if (result == -LX_ERESTARTNOHAND || !task->restore_sigmask)
        return;
    task->restore_sigmask = false;
    task->sigmask = task->saved_sigmask;
}

/* Nothing was ready: the answer now, or BLOCKED with the task on the queues. Linux: a signal comes
 * before the end of the time, also where that is over at once (guest/poll/poll). */
static long sleep_on_files(struct task *task, const struct task_table *table)
{
    if (is_late(task))
        return signal_pending(task) ? -LX_ERESTARTNOHAND : 0;
    if (table->failed)
        return -LX_ENOMEM;
    task->call.on_signal = LX_ERESTARTNOHAND;
    if (task->call.interrupted)
        return -LX_ERESTARTNOHAND;
    wait_until(&task->kernel->sched, task->call.deadline);
    return BLOCKED;
}

/* --- poll --- */

/* Copies of the guest's array in the arena: a large one does not go on the stack. */
static long get_pollfds(struct task *task, gva_t fds, uint32_t nfds, struct lx_pollfd **out)
{
    *out = NULL;
    if (nfds > task_rlimit(task, LX_RLIMIT_NOFILE))
        return -LX_EINVAL;
    if (nfds == 0)
        return 0;
    struct lx_pollfd *copy = arena_alloc(task->kernel->arena, nfds * sizeof *copy);
    if (!copy)
        return -LX_ENOMEM;
    if (user_read(task->mm, copy, fds, nfds * sizeof *copy)) {
        arena_free(task->kernel->arena, copy);
        return -LX_EFAULT;
    }
    *out = copy;
    return 0;
}

/* Ask each; how many have something. Registers through `table` until one has. */
static long ask_pollfds(struct task *task, struct lx_pollfd *fds, uint32_t nfds,
                        struct poll_table *table)
{
    long count = 0;
    for (uint32_t i = 0; i < nfds; i++) {
        fds[i].revents = 0;
        if (fds[i].fd < 0)
            continue;
        struct file *file = fdtable_get(task->fds, fds[i].fd);
        unsigned wanted = (uint16_t)fds[i].events | LX_POLLERR | LX_POLLHUP;
        unsigned ready = file ? file_poll(file, count ? NULL : table) & wanted : LX_POLLNVAL;
        fds[i].revents = (int16_t)ready;
        count += ready != 0;
    }
    return count;
}

static long put_revents(struct task *task, gva_t fds, const struct lx_pollfd *copy, uint32_t nfds)
{
    for (uint32_t i = 0; i < nfds; i++) {
        gva_t at = fds + i * sizeof *copy + offsetof(struct lx_pollfd, revents);
        if (user_put(task->mm, at, &copy[i].revents))
            return -LX_EFAULT;
    }
    return 0;
}

static long poll_files(struct task *task, gva_t fds, uint32_t nfds)
{
    struct lx_pollfd *copy;
    long err = get_pollfds(task, fds, nfds, &copy);
    if (err)
        return err;
    struct task_table table = {.table = {add_waiter}, .sched = &task->kernel->sched};
    long result = ask_pollfds(task, copy, nfds,
                              is_late(task) || task->call.interrupted ? NULL : &table.table);
    if (result == 0)
        result = sleep_on_files(task, &table);
    if (result >= 0) {
        err = put_revents(task, fds, copy, nfds);
        result = err ? err : result;
    }
    if (result != BLOCKED)
        sched_wake(&task->kernel->sched, &task->sched);
    arena_free(task->kernel->arena, copy);
    return result;
}

long sys_poll(struct task *task, gva_t fds, uint32_t nfds, int timeout)
{
    if (task->call.phase == PHASE_START) {
        if (!task->call.restarted)
            set_deadline(task, timeout < 0 ? UINT64_MAX : (uint64_t)timeout * 1000000);
        task->call.phase = PHASE_WAITING;
    }
    long result = poll_files(task, fds, nfds);
    /* What is left of the time is waited for by restart_syscall(2). */
    return result == -LX_ERESTARTNOHAND ? -LX_ERESTART_RESTARTBLOCK : result;
}

/* A timeout that ppoll and pselect6 write what is left of back to. 0: none. */
static long get_timeout(struct task *task, gva_t timeout)
{
    struct lx_timespec ts;
    task->call.deadline = UINT64_MAX;
    if (!timeout)
        return 0;
    if (user_get(task->mm, &ts, timeout))
        return -LX_EFAULT;
    if (!timespec_valid(&ts))
        return -LX_EINVAL;
    set_deadline(task, timespec_ns(&ts));
    return 0;
}

static uint64_t time_left(struct task *task)
{
    uint64_t now = clock_monotonic(&task->kernel->clock);
    return task->call.deadline > now ? task->call.deadline - now : 0;
}

/*
 * What is left goes back to where the timeout came from, `timeval` or else a timespec. Linux: it is
 * no error that this cannot be, or shall not (STICKY_TIMEOUTS), but then a signal ends the call for
 * good (guest/poll/timeout_readonly). The call's result.
 */
static long put_time_left(struct task *task, gva_t timeout, bool timeval, long result)
{
    if (!timeout || task->call.deadline == UINT64_MAX)
        return result;
    struct lx_timespec left = timespec_of(time_left(task));
    if (timeval)
        left.nsec /= 1000; /* the same struct, of microseconds */
    bool sticky = task->personality & LX_STICKY_TIMEOUTS;
    if (!sticky && !user_put(task->mm, timeout, &left))
        return result;
    return result == -LX_ERESTARTNOHAND ? -LX_EINTR : result;
}

long sys_ppoll(struct task *task, gva_t fds, uint32_t nfds, gva_t timeout, gva_t sigmask,
               uint64_t size)
{
    if (task->call.phase == PHASE_START) {
        long err = get_timeout(task, timeout);
        if (!err)
            err = set_mask(task, sigmask, size);
        if (err)
            return err;
        task->call.phase = PHASE_WAITING;
    }
    long result = poll_files(task, fds, nfds);
    if (result != BLOCKED) {
        end_mask(task, result);
        result = put_time_left(task, timeout, false, result);
    }
    return result;
}

/* --- select --- */

#define FEW_WORDS 16 /* 1024 descriptors: more are allocated */

struct fd_sets {
    uint64_t *in[3], *out[3]; /* read, write, except */
    unsigned words;           /* of each, as the guest passed it */
    int nfds;
    uint64_t few[6 * FEW_WORDS];
    uint64_t *many; /* instead of `few`; or NULL */
};

#define SELECT_READ                                                                                \
    (LX_POLLIN | LX_POLLRDNORM | LX_POLLRDBAND | LX_POLLHUP | LX_POLLERR | LX_POLLNVAL)
#define SELECT_WRITE (LX_POLLOUT | LX_POLLWRNORM | LX_POLLWRBAND | LX_POLLERR | LX_POLLNVAL)
#define SELECT_EXCEPT (LX_POLLPRI | LX_POLLNVAL)

/* Linux: what is beyond the table's room is not looked at, nor copied (guest/poll/select). */
static long alloc_sets(struct task *task, int nfds, struct fd_sets *sets)
{
    sets->nfds = (int)MIN((unsigned)nfds, task->fds->room);
    sets->words = ((unsigned)sets->nfds + 63) / 64;
    sets->many = NULL;
    uint64_t *at = sets->few;
    if (sets->words > FEW_WORDS) {
        sets->many = arena_alloc(task->kernel->arena, 6 * sets->words * sizeof *at);
        if (!sets->many)
            return -LX_ENOMEM;
        at = sets->many;
    }
    memset(at, 0, 6 * sets->words * sizeof *at);
    for (int i = 0; i < 3; i++) {
        sets->in[i] = at + (unsigned)i * sets->words;
        sets->out[i] = at + (unsigned)(i + 3) * sets->words;
    }
    return 0;
}

static void free_sets(struct task *task, struct fd_sets *sets)
{
    if (sets->many)
        arena_free(task->kernel->arena, sets->many);
}

static long get_sets(struct task *task, int nfds, const gva_t addr[3], struct fd_sets *sets)
{
    if (nfds < 0)
        return -LX_EINVAL;
    long err = alloc_sets(task, nfds, sets);
    if (err)
        return err;
    for (int i = 0; i < 3 && !err; i++)
        if (addr[i])
            err = user_read(task->mm, sets->in[i], addr[i], sets->words * sizeof(uint64_t));
    if (err)
        free_sets(task, sets);
    return err;
}

/* One descriptor in the three sets: how many bits came true; -LX_EBADF. */
static long ask_fd(struct task *task, struct fd_sets *sets, int fd, struct poll_table *table)
{
    static const unsigned wanted[3] = {SELECT_READ, SELECT_WRITE, SELECT_EXCEPT};
    int word = fd / 64;
    uint64_t bit = UINT64_C(1) << (fd % 64);
    if (!((sets->in[0][word] | sets->in[1][word] | sets->in[2][word]) & bit))
        return 0;
    struct file *file = fdtable_get_any(task->fds, fd);
    if (!file)
        return -LX_EBADF;
    /* Linux: what is only a place is ready for anything (guest/poll/select). */
    unsigned ready = file->flags & LX_O_PATH ? LX_POLLNVAL : file_poll(file, table);
    long count = 0;
    for (int i = 0; i < 3; i++) {
        if (!(sets->in[i][word] & bit) || !(ready & wanted[i]))
            continue;
        sets->out[i][word] |= bit;
        count++;
    }
    return count;
}

static long ask_sets(struct task *task, struct fd_sets *sets, struct poll_table *table)
{
    long count = 0;
    for (int fd = 0; fd < sets->nfds; fd++) {
        long bits = ask_fd(task, sets, fd, count ? NULL : table);
        if (bits < 0)
            return bits;
        count += bits;
    }
    return count;
}

static long select_files(struct task *task, int nfds, const gva_t addr[3])
{
    struct fd_sets sets;
    long result = get_sets(task, nfds, addr, &sets);
    if (result)
        return result;
    struct task_table table = {.table = {add_waiter}, .sched = &task->kernel->sched};
    result = ask_sets(task, &sets, is_late(task) || task->call.interrupted ? NULL : &table.table);
    if (result == 0)
        result = sleep_on_files(task, &table);
    for (int i = 0; i < 3 && result >= 0; i++)
        if (addr[i] && user_write(task->mm, addr[i], sets.out[i], sets.words * sizeof(uint64_t)))
            result = -LX_EFAULT;
    free_sets(task, &sets);
    if (result != BLOCKED)
        sched_wake(&task->kernel->sched, &task->sched);
    return result;
}

long sys_select(struct task *task, int nfds, gva_t readfds, gva_t writefds, gva_t exceptfds,
                gva_t timeout)
{
    if (task->call.phase == PHASE_START) {
        struct lx_timeval tv;
        task->call.deadline = UINT64_MAX;
        if (timeout) {
            if (user_get(task->mm, &tv, timeout))
                return -LX_EFAULT;
            if (tv.sec < 0 || tv.usec < 0)
                return -LX_EINVAL;
            struct lx_timespec ts = {tv.sec + tv.usec / 1000000, tv.usec % 1000000 * 1000};
            set_deadline(task, timespec_ns(&ts));
        }
        task->call.phase = PHASE_WAITING;
    }
    const gva_t addr[3] = {readfds, writefds, exceptfds};
    long result = select_files(task, nfds, addr);
    return result == BLOCKED ? result : put_time_left(task, timeout, true, result);
}

/* pselect6's last argument: a pointer and a size. */
struct lx_sigset_argpack {
    uint64_t set, size;
};

long sys_pselect6(struct task *task, int nfds, gva_t readfds, gva_t writefds, gva_t exceptfds,
                  gva_t timeout, gva_t sigmask)
{
    if (task->call.phase == PHASE_START) {
        struct lx_sigset_argpack pack = {0};
        if (sigmask && user_get(task->mm, &pack, sigmask))
            return -LX_EFAULT;
        long err = get_timeout(task, timeout);
        if (!err)
            err = set_mask(task, pack.set, pack.size);
        if (err)
            return err;
        task->call.phase = PHASE_WAITING;
    }
    const gva_t addr[3] = {readfds, writefds, exceptfds};
    long result = select_files(task, nfds, addr);
    if (result != BLOCKED) {
        end_mask(task, result);
        result = put_time_left(task, timeout, false, result);
    }
    return result;
}
