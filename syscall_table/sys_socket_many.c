/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sendmmsg(2), recvmmsg(2): one message after the other. How many are done survives a wait in
 * task->call.word[]. An error counts only when it comes first.
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "abi/socket.h"
#include "mem/uaccess.h"
#include "syscall_table/sys_clock.h"
#include "syscall_table/sys_socket.h"

#define MESSAGES_MAX 1024u
enum { WORD_DONE, WORD_DEADLINE, WORD_BEGUN }; /* of call->word */

/* struct mmsghdr: a struct msghdr, and how many bytes it moved. */
struct lx_mmsghdr {
    struct lx_msghdr header;
    uint32_t length, padding;
};

typedef long (*one_message)(struct task *task, struct file *file, gva_t msg, uint32_t flags);

/* One message, its length told. 0, an error, or BLOCKED. */
static long do_one(struct task *task, struct file *file, one_message one, gva_t entry,
                   uint32_t flags)
{
    struct task_call *call = &task->call;
    long n = one(task, file, entry, flags);
    if (n == BLOCKED && call->interrupted && call->progress) {
        sched_wake(&task->kernel->sched, &task->sched);
        n = (long)call->progress; /* a part of it went */
    }
    if (n < 0)
        return n;
    uint32_t length = (uint32_t)n;
    call->progress = call->deadline = 0; /* the next one waits anew */
    return user_put(task->mm, entry + offsetof(struct lx_mmsghdr, length), &length);
}

static bool time_is_over(const struct task *task)
{
    uint64_t deadline = task->call.word[WORD_DEADLINE];
    return deadline && clock_monotonic(&task->kernel->clock) >= deadline;
}

static long do_many(struct task *task, int fd, one_message one, gva_t vector, uint32_t count,
                    uint32_t flags)
{
    uint64_t *done = &task->call.word[WORD_DONE];
    long err;
    struct file *file = socket_file(task, fd, &err);
    if (err)
        return err;
    count = MIN(count, MESSAGES_MAX);
    while (!err && *done < count) {
        bool poll = (flags & LX_MSG_WAITFORONE) && *done > 0;
        err = do_one(task, file, one, vector + *done * sizeof(struct lx_mmsghdr),
                     (flags & ~LX_MSG_WAITFORONE) | (poll ? LX_MSG_DONTWAIT : 0));
        if (!err)
            ++*done;
        if (!err && time_is_over(task))
            break;
    }
    if (err == BLOCKED && !(task->call.interrupted && *done))
        return BLOCKED;
    if (err == BLOCKED)
        sched_wake(&task->kernel->sched, &task->sched);
    return *done ? (long)*done : err;
}

long sys_sendmmsg(struct task *task, int fd, gva_t msgvec, uint32_t vlen, uint32_t flags)
{
    return do_many(task, fd, socket_send_message, msgvec, vlen, flags & ~LX_MSG_WAITFORONE);
}

/* The deadline is looked at when a message has come (recvmmsg(2), "BUGS"). */
static long begin_timeout(struct task *task, gva_t timeout)
{
    struct task_call *call = &task->call;
    struct lx_timespec ts;
    if (!timeout || call->word[WORD_BEGUN])
        return 0;
    if (user_get(task->mm, &ts, timeout))
        return -LX_EFAULT;
    if (!timespec_valid(&ts))
        return -LX_EINVAL;
    uint64_t now = clock_monotonic(&task->kernel->clock), length = timespec_ns(&ts);
    call->word[WORD_DEADLINE] = length > INT64_MAX - now ? INT64_MAX : now + length;
    call->word[WORD_BEGUN] = true;
    return 0;
}

static long put_remaining(struct task *task, gva_t timeout)
{
    uint64_t deadline = task->call.word[WORD_DEADLINE], now = clock_monotonic(&task->kernel->clock);
    struct lx_timespec left = timespec_of(deadline > now ? deadline - now : 0);
    return user_put(task->mm, timeout, &left);
}

long sys_recvmmsg(struct task *task, int fd, gva_t msgvec, uint32_t vlen, uint32_t flags,
                  gva_t timeout)
{
    long err = begin_timeout(task, timeout);
    if (err)
        return err;
    long n = do_many(task, fd, socket_receive_message, msgvec, vlen, flags);
    if (n > 0 && timeout && put_remaining(task, timeout))
        return -LX_EFAULT;
    return n;
}
