/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mutexes of every kind, condition variables, barriers, reader-writer locks, spin locks: what each
 * call returns and what it guards. */
#include "thread.h"

#include <signal.h>

#define THREADS 8
#define ROUNDS 2000

static pthread_mutex_t *mutex;
static long counter;

static void make(pthread_mutex_t *at, int type, int protocol, int robust, int pshared)
{
    pthread_mutexattr_t attr;
    MUST(pthread_mutexattr_init(&attr));
    MUST(pthread_mutexattr_settype(&attr, type));
    MUST(pthread_mutexattr_setprotocol(&attr, protocol));
    MUST(pthread_mutexattr_setrobust(&attr, robust));
    MUST(pthread_mutexattr_setpshared(&attr, pshared));
    MUST(pthread_mutex_init(at, &attr));
    MUST(pthread_mutexattr_destroy(&attr));
}

static void *add(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        MUST(pthread_mutex_lock(mutex));
        long was = counter;
        if (i % 64 == 0)
            sched_yield();
        counter = was + 1;
        MUST(pthread_mutex_unlock(mutex));
    }
    return NULL;
}

static void *lock_and_die(void *result)
{
    *(int *)result = pthread_mutex_lock(mutex);
    return NULL;
}

static void *others(void *protocol)
{
    SAY(pthread_mutex_trylock(mutex));
    struct timespec soon = after(CLOCK_REALTIME, 5), past = {1, 0}, bad = {1, 1000000000};
    SAY(pthread_mutex_timedlock(mutex, &soon));
    SAY(pthread_mutex_timedlock(mutex, &past));
    if ((long)protocol == PTHREAD_PRIO_NONE) /* musl waits for ever where the kernel says EINVAL */
        SAY(pthread_mutex_timedlock(mutex, &bad));
    return NULL;
}

static void contend(const char *name)
{
    pthread_t threads[THREADS];
    counter = 0;
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(add, NULL);
    for (int i = 0; i < THREADS; i++)
        finish(threads[i]);
    printf("%s: %ld\n", name, counter);
}

static void one_kind(const char *name, int type, int protocol)
{
    pthread_mutex_t it;
    mutex = &it;
    printf("-- %s\n", name);
    make(mutex, type, protocol, PTHREAD_MUTEX_STALLED, PTHREAD_PROCESS_PRIVATE);
    SAY(pthread_mutex_lock(mutex));
    finish(start(others, (void *)(long)protocol));
    SAY(pthread_mutex_trylock(mutex));
    if (type == PTHREAD_MUTEX_RECURSIVE)
        SAY(pthread_mutex_unlock(mutex));
    if (type == PTHREAD_MUTEX_ERRORCHECK)
        SAY(pthread_mutex_lock(mutex));
    SAY(pthread_mutex_unlock(mutex));
    if (type != PTHREAD_MUTEX_NORMAL)
        SAY(pthread_mutex_unlock(mutex));
    contend("contended");
    SAY(pthread_mutex_destroy(mutex));
}

static void kinds(void)
{
    one_kind("normal", PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE);
    one_kind("recursive", PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_NONE);
    one_kind("error-checking", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_NONE);
    one_kind("normal, inheriting", PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_INHERIT);
    one_kind("recursive, inheriting", PTHREAD_MUTEX_RECURSIVE, PTHREAD_PRIO_INHERIT);
    one_kind("error-checking, inheriting", PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PRIO_INHERIT);
}

static void robust_kind(const char *name, int protocol)
{
    mutex = shared(sizeof *mutex);
    printf("-- %s\n", name);
    make(mutex, PTHREAD_MUTEX_NORMAL, protocol, PTHREAD_MUTEX_ROBUST, PTHREAD_PROCESS_SHARED);
    int result = -1;
    finish(start(lock_and_die, &result));
    say("the dying thread's lock", result);
    SAY(pthread_mutex_lock(mutex));
    SAY(pthread_mutex_consistent(mutex));
    SAY(pthread_mutex_unlock(mutex));
    contend("contended after it was made consistent");

    pid_t pid = child();
    if (pid == 0) {
        pthread_mutex_lock(mutex);
        raise(SIGKILL);
    }
    reap(pid, "the owner");
    SAY(pthread_mutex_trylock(mutex));
    SAY(pthread_mutex_unlock(mutex)); /* not made consistent */
    SAY(pthread_mutex_lock(mutex));
    SAY(pthread_mutex_trylock(mutex));
    SAY(pthread_mutex_destroy(mutex));
}

/* The owner dies while others wait for it. */
static void robust_waited(void)
{
    mutex = shared(sizeof *mutex);
    int *pipes = shared(2 * sizeof *pipes);
    if (pipe(pipes))
        must("pipe", errno);
    make(mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PRIO_NONE, PTHREAD_MUTEX_ROBUST,
         PTHREAD_PROCESS_SHARED);
    pid_t pid = child();
    if (pid == 0) {
        char byte;
        pthread_mutex_lock(mutex);
        if (write(pipes[1], "x", 1) == 1 && read(pipes[0], &byte, 0) == 0)
            usleep(20000);
        _exit(0);
    }
    char byte;
    if (read(pipes[0], &byte, 1) == 1)
        SAY(pthread_mutex_lock(mutex));
    SAY(pthread_mutex_consistent(mutex));
    SAY(pthread_mutex_unlock(mutex));
    reap(pid, "the owner");
}

static void robust(void)
{
    robust_kind("robust", PTHREAD_PRIO_NONE);
    robust_kind("robust, inheriting", PTHREAD_PRIO_INHERIT);
    robust_waited();
}

static void shared_mutexes(void)
{
    struct both {
        pthread_mutex_t mutex;
        long counter;
    } *both = shared(sizeof *both);
    for (int protocol = PTHREAD_PRIO_NONE; protocol <= PTHREAD_PRIO_INHERIT; protocol++) {
        make(&both->mutex, PTHREAD_MUTEX_NORMAL, protocol, PTHREAD_MUTEX_STALLED,
             PTHREAD_PROCESS_SHARED);
        both->counter = 0;
        pid_t pids[4];
        for (int i = 0; i < 4; i++) {
            pids[i] = child();
            if (pids[i])
                continue;
            for (int n = 0; n < ROUNDS; n++) {
                pthread_mutex_lock(&both->mutex);
                long was = both->counter;
                if (n % 64 == 0)
                    sched_yield();
                both->counter = was + 1;
                pthread_mutex_unlock(&both->mutex);
            }
            _exit(0);
        }
        for (int i = 0; i < 4; i++)
            reap(pids[i], "child");
        VALUE(both->counter);
    }
}

/* --- condition variables --- */

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled, emptied;
    int items[4], count;
    long sum;
};

static void queue_init(struct queue *queue, int protocol, int pshared, clockid_t clock)
{
    pthread_condattr_t attr;
    memset(queue, 0, sizeof *queue);
    make(&queue->mutex, PTHREAD_MUTEX_NORMAL, protocol, PTHREAD_MUTEX_STALLED, pshared);
    MUST(pthread_condattr_init(&attr));
    MUST(pthread_condattr_setpshared(&attr, pshared));
    MUST(pthread_condattr_setclock(&attr, clock));
    MUST(pthread_cond_init(&queue->filled, &attr));
    MUST(pthread_cond_init(&queue->emptied, &attr));
    MUST(pthread_condattr_destroy(&attr));
}

static void *produce(void *argument)
{
    struct queue *queue = argument;
    for (int i = 1; i <= ROUNDS; i++) {
        MUST(pthread_mutex_lock(&queue->mutex));
        while (queue->count == 4)
            MUST(pthread_cond_wait(&queue->emptied, &queue->mutex));
        queue->items[queue->count++] = i;
        MUST(pthread_cond_signal(&queue->filled));
        MUST(pthread_mutex_unlock(&queue->mutex));
    }
    return NULL;
}

static void *consume(void *argument)
{
    struct queue *queue = argument;
    for (int i = 1; i <= ROUNDS; i++) {
        MUST(pthread_mutex_lock(&queue->mutex));
        while (queue->count == 0)
            MUST(pthread_cond_wait(&queue->filled, &queue->mutex));
        queue->sum += queue->items[--queue->count];
        MUST(pthread_cond_broadcast(&queue->emptied));
        MUST(pthread_mutex_unlock(&queue->mutex));
    }
    return NULL;
}

static void *consume_from_child(void *queue)
{
    pid_t pid = child();
    if (pid == 0) {
        consume(queue);
        _exit(0);
    }
    reap(pid, "the consumer");
    return NULL;
}

static void timed(clockid_t clock)
{
    struct queue queue;
    queue_init(&queue, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_PRIVATE, clock);
    struct timespec soon = after(clock, 5), past = {0, 1}, bad = {0, -1};
    MUST(pthread_mutex_lock(&queue.mutex));
    SAY(pthread_cond_timedwait(&queue.filled, &queue.mutex, &soon));
    SAY(pthread_cond_timedwait(&queue.filled, &queue.mutex, &past));
    SAY(pthread_cond_timedwait(&queue.filled, &queue.mutex, &bad));
    struct timespec now = after(clock, 0);
    VALUE(now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec && now.tv_nsec >= soon.tv_nsec));
    SAY(pthread_mutex_trylock(&queue.mutex)); /* the wait took it back */
    MUST(pthread_mutex_unlock(&queue.mutex));
    SAY(pthread_cond_destroy(&queue.filled));
}

static void conditions(void)
{
    for (int protocol = PTHREAD_PRIO_NONE; protocol <= PTHREAD_PRIO_INHERIT; protocol++) {
        struct queue queue;
        queue_init(&queue, protocol, PTHREAD_PROCESS_PRIVATE, CLOCK_MONOTONIC);
        pthread_t threads[6];
        for (int i = 0; i < 6; i++)
            threads[i] = start(i % 2 ? produce : consume, &queue);
        for (int i = 0; i < 6; i++)
            finish(threads[i]);
        VALUE(queue.sum);
    }
    struct queue *queue = shared(sizeof *queue);
    queue_init(queue, PTHREAD_PRIO_NONE, PTHREAD_PROCESS_SHARED, CLOCK_REALTIME);
    pthread_t producer = start(produce, queue);
    consume_from_child(queue);
    finish(producer);
    VALUE(queue->sum);
    timed(CLOCK_REALTIME);
    timed(CLOCK_MONOTONIC);
}

/* --- barriers --- */

static pthread_barrier_t *barrier;
static int serial, phases[THREADS], broken;

static void *meet(void *argument)
{
    int self = (int)(long)argument;
    for (int round = 0; round < 200; round++) {
        phases[self] = round;
        int is = pthread_barrier_wait(barrier);
        if (is == PTHREAD_BARRIER_SERIAL_THREAD)
            __atomic_add_fetch(&serial, 1, __ATOMIC_RELAXED);
        for (int i = 0; i < THREADS; i++)
            if (phases[i] != round)
                __atomic_add_fetch(&broken, 1, __ATOMIC_RELAXED);
        pthread_barrier_wait(barrier);
    }
    return NULL;
}

static void barriers(void)
{
    pthread_barrier_t it;
    barrier = &it;
    MUST(pthread_barrier_init(barrier, NULL, THREADS));
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        threads[i] = start(meet, (void *)i);
    for (int i = 0; i < THREADS; i++)
        finish(threads[i]);
    VALUE(serial);
    VALUE(broken);
    SAY(pthread_barrier_destroy(barrier));
    SAY(pthread_barrier_init(barrier, NULL, 0));

    pthread_barrierattr_t attr;
    MUST(pthread_barrierattr_init(&attr));
    MUST(pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
    barrier = shared(sizeof *barrier);
    MUST(pthread_barrier_init(barrier, &attr, 3));
    int *serials = shared(sizeof *serials);
    pid_t pids[3];
    for (int i = 0; i < 3; i++) {
        pids[i] = child();
        if (pids[i])
            continue;
        for (int round = 0; round < 50; round++)
            if (pthread_barrier_wait(barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
                __atomic_add_fetch(serials, 1, __ATOMIC_RELAXED);
        _exit(0);
    }
    for (int i = 0; i < 3; i++)
        reap(pids[i], "child");
    VALUE(*serials);
}

/* --- reader-writer locks, spin locks --- */

static pthread_rwlock_t *rwlock;
static long value_a, value_b, torn;

static void *read_or_write(void *argument)
{
    long self = (long)argument;
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 4 == self % 4) {
            MUST(pthread_rwlock_wrlock(rwlock));
            value_a++;
            if (i % 50 == 0)
                sched_yield();
            value_b++;
        } else {
            MUST(pthread_rwlock_rdlock(rwlock));
            if (value_a != value_b)
                __atomic_add_fetch(&torn, 1, __ATOMIC_RELAXED);
        }
        MUST(pthread_rwlock_unlock(rwlock));
    }
    return NULL;
}

static void *try_all(void *unused)
{
    (void)unused;
    struct timespec soon = after(CLOCK_REALTIME, 3);
    SAY(pthread_rwlock_tryrdlock(rwlock) ? EBUSY : pthread_rwlock_unlock(rwlock));
    SAY(pthread_rwlock_trywrlock(rwlock));
    SAY(pthread_rwlock_timedwrlock(rwlock, &soon));
    return NULL;
}

static void rwlocks(void)
{
    pthread_rwlock_t it = PTHREAD_RWLOCK_INITIALIZER;
    rwlock = &it;
    SAY(pthread_rwlock_rdlock(rwlock));
    SAY(pthread_rwlock_rdlock(rwlock));
    finish(start(try_all, NULL));
    SAY(pthread_rwlock_unlock(rwlock));
    SAY(pthread_rwlock_unlock(rwlock));
    SAY(pthread_rwlock_wrlock(rwlock));
    finish(start(try_all, NULL));
    SAY(pthread_rwlock_unlock(rwlock));
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        threads[i] = start(read_or_write, (void *)i);
    for (int i = 0; i < THREADS; i++)
        finish(threads[i]);
    VALUE(value_a);
    VALUE(value_b);
    VALUE(torn);
    SAY(pthread_rwlock_destroy(rwlock));

    pthread_rwlockattr_t attr;
    MUST(pthread_rwlockattr_init(&attr));
    MUST(pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
    rwlock = shared(sizeof *rwlock);
    MUST(pthread_rwlock_init(rwlock, &attr));
    MUST(pthread_rwlock_wrlock(rwlock));
    pid_t pid = child();
    if (pid == 0)
        _exit(pthread_rwlock_rdlock(rwlock));
    MUST(pthread_rwlock_unlock(rwlock));
    reap(pid, "the reader");
}

static pthread_spinlock_t spin;

static void *spin_add(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        MUST(pthread_spin_lock(&spin));
        counter++;
        MUST(pthread_spin_unlock(&spin));
    }
    return NULL;
}

static void spins(void)
{
    MUST(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE));
    SAY(pthread_spin_lock(&spin));
    SAY(pthread_spin_trylock(&spin));
    SAY(pthread_spin_unlock(&spin));
    pthread_t threads[THREADS];
    counter = 0;
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(spin_add, NULL);
    for (int i = 0; i < THREADS; i++)
        finish(threads[i]);
    VALUE(counter);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"kinds", kinds},           {"robust", robust},     {"shared", shared_mutexes},
        {"conditions", conditions}, {"barriers", barriers}, {"rwlocks", rwlocks},
        {"spins", spins},
    };
    return run_parts(parts, sizeof parts / sizeof *parts, argc, argv);
}
