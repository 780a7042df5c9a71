/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef FUTEX_TEST_H
#define FUTEX_TEST_H
/*
 * Futex calls as system calls, and threads that make one and are known to sleep in it.
 */
#include "guest_test.h"
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif
#define NR_FUTEX_WAITV 449
#define NR_FUTEX_WAKE 454
#define NR_FUTEX_WAIT 455
#define NR_FUTEX_REQUEUE 456
#define SIZE_U32 2u
#define PRIVATE 128u

static inline long futex(void *addr, int op, uint32_t val, const void *timeout, void *addr2,
                         uint32_t val3)
{
    return syscall(SYS_futex, addr, op, val, timeout, addr2, val3);
}

/* The state letter of a thread of ours; 'X' when it is gone. */
static inline char thread_state(int tid)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return 'X';
    ssize_t n = read(fd, line, sizeof line - 1);
    close(fd);
    if (n <= 0)
        return 'X';
    line[n] = '\0';
    return strrchr(line, ')')[2];
}

static inline void until_asleep(int tid)
{
    while (thread_state(tid) != 'S')
        sched_yield();
}

/* One call made by a thread of its own. */
struct job {
    void *addr;
    int op;
    uint32_t val;
    const struct timespec *timeout;
    void *addr2;
    uint32_t val3;
    int fifo; /* real-time priority; 0: none */
    void (*before)(struct job *job);
    long result;
    int error;
    int tid;
    pthread_t thread;
};

static inline void *job_run(void *arg)
{
    struct job *job = arg;
    if (job->fifo)
        CHECK(sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){job->fifo}));
    if (job->before)
        job->before(job);
    __atomic_store_n(&job->tid, (int)syscall(SYS_gettid), __ATOMIC_SEQ_CST);
    errno = 0;
    job->result = futex(job->addr, job->op, job->val, job->timeout, job->addr2, job->val3);
    job->error = errno;
    return NULL;
}

/* Started, and asleep in its call. */
static inline void job_start(struct job *job)
{
    job->tid = 0;
    EXPECT_EQ(0, pthread_create(&job->thread, NULL, job_run, job));
    while (!__atomic_load_n(&job->tid, __ATOMIC_SEQ_CST))
        sched_yield();
    until_asleep(job->tid);
}

static inline void job_end(struct job *job, long result, int error)
{
    EXPECT_EQ(0, pthread_join(job->thread, NULL));
    EXPECT_EQ(result, job->result);
    EXPECT_EQ(error, job->result == -1 ? job->error : 0);
}

/* For a call that does not sleep. */
static inline void job_do(struct job *job, long result, int error)
{
    EXPECT_EQ(0, pthread_create(&job->thread, NULL, job_run, job));
    job_end(job, result, error);
}

#endif
