/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of threads: their data, their stacks, signals to them, fork among them, a thousand of
 * them, semaphores, timers that make them. */
#include "thread.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/resource.h>

/* --- thread-specific data --- */

static pthread_key_t first, second;
static int destroyed[4];
static __thread int mine = 5;

static void destroy_first(void *value)
{
    __atomic_add_fetch(&destroyed[0], (int)(long)value, __ATOMIC_RELAXED);
}

/* Sets itself again: called up to PTHREAD_DESTRUCTOR_ITERATIONS times. */
static void destroy_second(void *value)
{
    __atomic_add_fetch(&destroyed[1], 1, __ATOMIC_RELAXED);
    pthread_setspecific(second, value);
}

static void *use_keys(void *number)
{
    if (pthread_getspecific(first) != NULL)
        return (void *)1;
    pthread_setspecific(first, number);
    pthread_setspecific(second, number);
    mine += (int)(long)number;
    sched_yield();
    return (void *)(long)(pthread_getspecific(first) != number || mine != 5 + (int)(long)number);
}

static void data(void)
{
    SAY(pthread_key_create(&first, destroy_first));
    SAY(pthread_key_create(&second, destroy_second));
    pthread_t threads[10];
    long wrong = 0;
    for (long i = 0; i < 10; i++)
        threads[i] = start(use_keys, (void *)(i + 1));
    for (int i = 0; i < 10; i++)
        wrong += (long)finish(threads[i]);
    VALUE(wrong);
    VALUE(destroyed[0]);
    VALUE(destroyed[1]);
    VALUE(mine);
    SAY(pthread_key_delete(second));
    pthread_key_t keys[PTHREAD_KEYS_MAX];
    int made = 0, err;
    while (made < PTHREAD_KEYS_MAX && (err = pthread_key_create(&keys[made], NULL)) == 0)
        made++;
    say("one key more", err);
    VALUE(made > 100);
    while (made > 0)
        pthread_key_delete(keys[--made]);
}

/* --- attributes and stacks --- */

static void *where(void *size)
{
    pthread_attr_t attr;
    void *stack;
    size_t stack_size, guard;
    char here;
    MUST(pthread_getattr_np(pthread_self(), &attr));
    MUST(pthread_attr_getstack(&attr, &stack, &stack_size));
    MUST(pthread_attr_getguardsize(&attr, &guard));
    pthread_attr_destroy(&attr);
    printf("on its stack: %d, large enough: %d\n",
           &here > (char *)stack && &here < (char *)stack + stack_size,
           stack_size >= (size_t)size / 2);
    return NULL;
}

static volatile int depth;

__attribute__((noinline)) static int dive(int n)
{
    volatile char frame[4096];
    frame[0] = (char)n;
    depth = n;
    return n > 1000000 ? 0 : dive(n + 1) + frame[0];
}

static void *overflow(void *unused)
{
    printf("%d\n", dive(0));
    return unused;
}

static void on_overflow(int signal, siginfo_t *info, void *context)
{
    (void)context;
    printf("signal %d, code %d, deep enough: %d\n", signal, info->si_code, depth > 10);
    fflush(stdout);
    _exit(3);
}

static void *overflow_caught(void *unused)
{
    stack_t alternate = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaltstack(&alternate, NULL);
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_overflow;
    sigaction(SIGSEGV, &action, NULL);
    return overflow(unused);
}

static void with_attr(pthread_attr_t *attr, void *(*function)(void *), void *argument)
{
    pthread_t thread;
    MUST(pthread_create(&thread, attr, function, argument));
    finish(thread);
}

static void attributes(void)
{
    pthread_attr_t attr;
    int value;
    MUST(pthread_attr_init(&attr));
    for (size_t size = 65536; size <= 64 << 20; size *= 16) {
        MUST(pthread_attr_setstacksize(&attr, size));
        with_attr(&attr, where, (void *)size);
    }
    SAY(pthread_attr_setstacksize(&attr, 100));
    MUST(pthread_attr_setstacksize(&attr, 262144));
    MUST(pthread_attr_setguardsize(&attr, 65536));
    with_attr(&attr, where, (void *)262144);
    MUST(pthread_attr_setstack(&attr, shared(1 << 20), 1 << 20));
    with_attr(&attr, where, (void *)(1 << 20));
    MUST(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
    MUST(pthread_attr_getdetachstate(&attr, &value));
    VALUE(value == PTHREAD_CREATE_DETACHED);
    MUST(pthread_attr_setscope(&attr, PTHREAD_SCOPE_SYSTEM));
    SAY(pthread_attr_setschedpolicy(&attr, SCHED_OTHER));
    where((void *)65536);
    for (int caught = 0; caught < 2; caught++) {
        pid_t pid = child();
        if (pid == 0) {
            setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
            MUST(pthread_attr_init(&attr));
            MUST(pthread_attr_setstacksize(&attr, 262144));
            with_attr(&attr, caught ? overflow_caught : overflow, NULL);
            _exit(0);
        }
        reap(pid, "the overflowing child");
    }
}

/* --- signals --- */

static pthread_t expected;
static volatile sig_atomic_t hits, elsewhere, values;
static int turn;

static void count(int signal, siginfo_t *info, void *context)
{
    (void)context;
    (void)signal;
    hits++;
    values += info->si_value.sival_int;
    if (!pthread_equal(pthread_self(), expected))
        elsewhere++;
}

static void *wait_for_hits(void *number)
{
    while (hits < (long)number)
        sched_yield();
    return NULL;
}

static void *wait_signals(void *unused)
{
    sigset_t set;
    int sum = 0, signal;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGRTMIN + 2);
    do {
        MUST(sigwait(&set, &signal));
        sum += signal;
        __atomic_add_fetch(&turn, 1, __ATOMIC_RELEASE);
    } while (signal != SIGTERM);
    (void)unused;
    return (void *)(long)sum;
}

static void signals(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = count;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGRTMIN + 1, &action, NULL);
    expected = start(wait_for_hits, (void *)1);
    MUST(pthread_kill(expected, SIGUSR1));
    finish(expected);
    expected = start(wait_for_hits, (void *)11);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    MUST(pthread_sigmask(SIG_BLOCK, &set, NULL)); /* so that the other takes them */
    for (int i = 0; i < 10; i++)
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i});
    finish(expected);
    VALUE(hits);
    VALUE(values);
    VALUE(elsewhere);
    SAY(pthread_kill(pthread_self(), 0));
    SAY(pthread_kill(pthread_self(), 999));

    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGRTMIN + 2);
    MUST(pthread_sigmask(SIG_BLOCK, &set, NULL));
    pthread_t waiter = start(wait_signals, NULL);
    for (int i = 0; i < 3; i++) {
        int seen = __atomic_load_n(&turn, __ATOMIC_ACQUIRE);
        kill(getpid(), i == 1 ? SIGRTMIN + 2 : SIGUSR2);
        while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) == seen)
            sched_yield();
    }
    kill(getpid(), SIGTERM);
    VALUE((long)finish(waiter) - 2 * SIGUSR2 - SIGTERM - SIGRTMIN - 2);
    pid_t pid = child();
    if (pid == 0) {
        pthread_t thread = start(wait_signals, NULL);
        pthread_kill(thread, SIGHUP); /* the default action is the process's */
        for (;;)
            pause();
    }
    reap(pid, "a thread's default action");
}

/* --- timers that make threads --- */

static sem_t fired;
static int fired_sum;

static void on_timer(union sigval value)
{
    __atomic_add_fetch(&fired_sum, value.sival_int, __ATOMIC_RELAXED);
    sem_post(&fired);
}

static void timers(void)
{
    timer_t id;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 7};
    event.sigev_notify_function = on_timer;
    sem_init(&fired, 0, 0);
    if (timer_create(CLOCK_MONOTONIC, &event, &id))
        must("timer_create", errno);
    struct itimerspec every = {{0, 2000000}, {0, 1000000}};
    timer_settime(id, 0, &every, NULL);
    for (int i = 0; i < 5; i++)
        sem_wait(&fired);
    VALUE(timer_delete(id));
    VALUE(__atomic_load_n(&fired_sum, __ATOMIC_RELAXED) >= 35);

    event = (struct sigevent){.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 3);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    timer_create(CLOCK_REALTIME, &event, &id);
    struct itimerspec once = {{0, 0}, {0, 1}};
    timer_settime(id, 0, &once, NULL);
    siginfo_t info;
    VALUE(sigwaitinfo(&set, &info) == SIGRTMIN + 3);
    VALUE(info.si_code == SI_TIMER);
    VALUE(timer_delete(id));
}

/* --- fork among threads --- */

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static int prepared, in_parent, in_child;
static volatile int over;

static void prepare(void)
{
    pthread_mutex_lock(&guard);
    prepared++;
}

static void parent(void)
{
    in_parent++;
    pthread_mutex_unlock(&guard);
}

static void in_child_too(void)
{
    in_child++;
    pthread_mutex_unlock(&guard);
}

static void *hold_often(void *unused)
{
    while (!over) {
        pthread_mutex_lock(&guard);
        free(malloc(2000));
        sched_yield();
        pthread_mutex_unlock(&guard);
    }
    return unused;
}

static void *fork_in_thread(void *unused)
{
    pid_t pid = fork();
    if (pid == 0) {
        pthread_mutex_lock(&guard);
        void *result = finish(start(use_keys, (void *)1));
        _exit(result ? 1 : in_child);
    }
    int status;
    waitpid(pid, &status, 0);
    (void)unused;
    return (void *)(long)WEXITSTATUS(status);
}

static void forks(void)
{
    MUST(pthread_key_create(&first, destroy_first));
    MUST(pthread_key_create(&second, destroy_second));
    MUST(pthread_atfork(prepare, parent, in_child_too));
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        threads[i] = start(hold_often, NULL);
    fflush(stdout);
    long sum = 0;
    for (int i = 0; i < 10; i++)
        sum += (long)fork_in_thread(NULL);
    for (int i = 0; i < 10; i++)
        sum += (long)finish(start(fork_in_thread, NULL));
    over = 1;
    for (int i = 0; i < 4; i++)
        finish(threads[i]);
    VALUE(sum);
    VALUE(prepared);
    VALUE(in_parent);
    VALUE(in_child);
}

/* --- a thousand --- */

#define MANY 1000
static sem_t all_here, all_go;

static void *one_of_many(void *number)
{
    sem_post(&all_here);
    sem_wait(&all_go);
    return number;
}

static void *quick(void *number)
{
    return number;
}

static void many(void)
{
    static pthread_t threads[MANY];
    pthread_attr_t attr;
    long sum = 0;
    sem_init(&all_here, 0, 0);
    sem_init(&all_go, 0, 0);
    MUST(pthread_attr_init(&attr));
    MUST(pthread_attr_setstacksize(&attr, 65536));
    for (long i = 0; i < MANY; i++)
        MUST(pthread_create(&threads[i], &attr, one_of_many, (void *)i));
    for (int i = 0; i < MANY; i++)
        sem_wait(&all_here);
    for (int i = 0; i < MANY; i++)
        sem_post(&all_go);
    for (int i = 0; i < MANY; i++)
        sum += (long)finish(threads[i]);
    VALUE(sum);
    sum = 0;
    for (long i = 0; i < MANY; i++)
        sum += (long)finish(start(quick, (void *)i));
    VALUE(sum);
    MUST(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
    for (long i = 0; i < 100; i++)
        MUST(pthread_create(&threads[0], &attr, one_of_many, (void *)i));
    for (int i = 0; i < 100; i++) {
        sem_wait(&all_here);
        sem_post(&all_go);
    }
    printf("detached\n");
}

/* --- semaphores, once --- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int once_calls;

static void initialise(void)
{
    once_calls++;
    sched_yield();
}

static void *call_once(void *unused)
{
    MUST(pthread_once(&once, initialise));
    return once_calls == 1 ? unused : (void *)1;
}

static void semaphores(void)
{
    sem_t *it = shared(sizeof *it);
    int value;
    SAY(sem_init(it, 1, 2) ? errno : 0);
    SAY(sem_wait(it) ? errno : 0);
    SAY(sem_trywait(it) ? errno : 0);
    SAY(sem_trywait(it) ? errno : 0);
    struct timespec soon = after(CLOCK_REALTIME, 3);
    SAY(sem_timedwait(it, &soon) ? errno : 0);
    SAY(sem_init(it, 1, 0x80000000u) ? errno : 0);
    pid_t pid = child();
    if (pid == 0) {
        for (int i = 0; i < 100; i++)
            sem_post(it);
        _exit(0);
    }
    for (int i = 0; i < 100; i++)
        sem_wait(it);
    reap(pid, "the poster");
    sem_getvalue(it, &value);
    VALUE(value);
    pthread_t threads[8];
    long wrong = 0;
    for (int i = 0; i < 8; i++)
        threads[i] = start(call_once, NULL);
    for (int i = 0; i < 8; i++)
        wrong += (long)finish(threads[i]);
    VALUE(wrong);
    VALUE(once_calls);
}

static void named(void)
{
    char name[64];
    snprintf(name, sizeof name, "/lstar-real-%d", (int)getpid());
    sem_unlink(name);
    VALUE(sem_open(name, 0) == SEM_FAILED);
    perror("sem_open");
    sem_t *it = sem_open(name, O_CREAT | O_EXCL, 0600, 1);
    VALUE(it != SEM_FAILED);
    VALUE(sem_open(name, O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED);
    VALUE(sem_open(name, O_CREAT, 0600, 9) == it);
    pid_t pid = child();
    if (pid == 0) {
        sem_t *other = sem_open(name, 0);
        sem_wait(other);
        sem_post(other);
        sem_post(other);
        _exit(0);
    }
    reap(pid, "the other user");
    sem_wait(it);
    sem_wait(it);
    VALUE(sem_trywait(it));
    VALUE(sem_close(it));
    VALUE(sem_unlink(name));
    VALUE(sem_unlink(name));
    int fd = shm_open(name, O_CREAT | O_RDWR, 0600);
    VALUE(ftruncate(fd, 8192));
    char *map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    pid = child();
    if (pid == 0) {
        strcpy(map + 4096, "from the child");
        _exit(0);
    }
    reap(pid, "the writer");
    printf("%s\n", map + 4096);
    VALUE(shm_unlink(name));
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {{"data", data},
                                        {"attributes", attributes},
                                        {"signals", signals},
                                        {"timers", timers},
                                        {"forks", forks},
                                        {"many", many},
                                        {"semaphores", semaphores},
                                        {"named", named}};
    return run_parts(parts, sizeof parts / sizeof *parts, argc, argv);
}
