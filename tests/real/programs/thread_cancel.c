/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cancellation in every call that blocks: requested before the call, during it, and with
 * asynchronous cancellation. Each line says how the thread ended each time, and whether its cleanup
 * handler ran.
 */
#include "thread.h"

#include <fcntl.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>

enum when { BEFORE, DURING, ASYNC };

/* What the calls wait for; made anew for each. */
static int empty[2], full[2], pair[2], filled[2], event, epoll;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static pthread_t sleeper;
static pid_t sleeping_child;
static char byte, big[1 << 16];

static void do_read(void)
{
    (void)!read(empty[0], &byte, 1);
}
static void do_readv(void)
{
    struct iovec v = {&byte, 1};
    (void)!readv(empty[0], &v, 1);
}
static void do_read_event(void)
{
    uint64_t n;
    (void)!read(event, &n, 8);
}
static void do_write(void)
{
    (void)!write(full[1], big, sizeof big);
}
static void do_writev(void)
{
    struct iovec v = {big, sizeof big};
    (void)!writev(full[1], &v, 1);
}
static void do_open(void)
{
    (void)!open("fifo", O_RDONLY);
}
static void do_openat(void)
{
    (void)!openat(AT_FDCWD, "fifo", O_WRONLY);
}
static void do_creat(void)
{
    (void)!creat("fifo", 0600);
}
static void do_setlkw(void)
{
    struct flock l = {.l_type = F_WRLCK};
    fcntl(open("locked", O_RDWR), F_SETLKW, &l);
}
static void do_lockf(void)
{
    (void)!lockf(open("locked", O_RDWR), F_LOCK, 0);
}
static void do_poll(void)
{
    struct pollfd p = {empty[0], POLLIN, 0};
    poll(&p, 1, -1);
}
static void do_ppoll(void)
{
    struct pollfd p = {empty[0], POLLIN, 0};
    ppoll(&p, 1, NULL, NULL);
}
static void do_select(void)
{
    fd_set s;
    FD_ZERO(&s);
    FD_SET(empty[0], &s);
    select(empty[0] + 1, &s, 0, 0, 0);
}
static void do_pselect(void)
{
    fd_set s;
    FD_ZERO(&s);
    FD_SET(empty[0], &s);
    pselect(empty[0] + 1, &s, 0, 0, 0, 0);
}
static void do_epoll_wait(void)
{
    struct epoll_event e;
    epoll_wait(epoll, &e, 1, -1);
}
static void do_epoll_pwait(void)
{
    struct epoll_event e;
    epoll_pwait(epoll, &e, 1, -1, NULL);
}
static void do_sleep(void)
{
    sleep(1000);
}
static void do_usleep(void)
{
    usleep(900000000);
}
static void do_nanosleep(void)
{
    struct timespec t = {1000, 0};
    nanosleep(&t, NULL);
}
static void do_clock_nanosleep(void)
{
    struct timespec t = after(CLOCK_MONOTONIC, 1000000);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}
static void do_pause(void)
{
    pause();
}
static void do_sigsuspend(void)
{
    sigset_t s;
    sigemptyset(&s);
    sigsuspend(&s);
}
static void do_sigwait(void)
{
    int n;
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGUSR1);
    sigwait(&s, &n);
}
static void do_sigwaitinfo(void)
{
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGUSR1);
    sigwaitinfo(&s, NULL);
}
static void do_sigtimedwait(void)
{
    struct timespec t = {1000, 0};
    sigset_t s;
    sigemptyset(&s);
    sigaddset(&s, SIGUSR1);
    sigtimedwait(&s, NULL, &t);
}
static void do_wait(void)
{
    wait(NULL);
}
static void do_waitpid(void)
{
    waitpid(sleeping_child, NULL, 0);
}
static void do_waitid(void)
{
    siginfo_t i;
    waitid(P_ALL, 0, &i, WEXITED);
}
static void do_join(void)
{
    pthread_join(sleeper, NULL);
}
static void do_cond_wait(void)
{
    pthread_mutex_lock(&mutex);
    pthread_cond_wait(&cond, &mutex);
}
static void do_cond_timedwait(void)
{
    struct timespec t = after(CLOCK_REALTIME, 1000000);
    pthread_mutex_lock(&mutex);
    pthread_cond_timedwait(&cond, &mutex, &t);
}
static void do_sem_wait(void)
{
    sem_wait(&semaphore);
}
static void do_sem_timedwait(void)
{
    struct timespec t = after(CLOCK_REALTIME, 1000000);
    sem_timedwait(&semaphore, &t);
}
static void do_recv(void)
{
    (void)!recv(pair[0], &byte, 1, 0);
}
static void do_recvfrom(void)
{
    (void)!recvfrom(pair[0], &byte, 1, 0, NULL, NULL);
}
static void do_recvmsg(void)
{
    struct iovec v = {&byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    (void)!recvmsg(pair[0], &m, 0);
}
static void do_send(void)
{
    for (;;)
        (void)!send(filled[0], big, sizeof big, 0);
}
static void do_sendmsg(void)
{
    struct iovec v = {big, sizeof big};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
    for (;;)
        (void)!sendmsg(filled[0], &m, 0);
}
static void do_testcancel(void)
{
    for (;;) {
        pthread_testcancel();
        sched_yield();
    }
}
static void do_spin(void)
{
    for (;;)
        ;
}

/* Name, call; `never`: no cancellation point, only asynchronous cancellation ends it; `unreliable`:
 * left out when asynchronous. */
static const struct call {
    const char *name;
    void (*make)(void);
    enum { POINT, NEVER, NOT_ASYNC } kind;
} calls[] =
    {
#define CALL(name)                                                                                 \
    {                                                                                              \
#name, do_##name, POINT                                                                    \
    }
        CALL(read),
        CALL(readv),
        CALL(read_event),
        CALL(write),
        CALL(writev),
        CALL(open),
        CALL(openat),
        CALL(creat),
        CALL(setlkw),
        CALL(lockf),
        CALL(poll),
        CALL(ppoll),
        CALL(select),
        CALL(pselect),
        CALL(epoll_wait),
        CALL(epoll_pwait),
        CALL(sleep),
        CALL(usleep),
        CALL(nanosleep),
        CALL(clock_nanosleep),
        CALL(pause),
        CALL(sigsuspend),
        CALL(sigwait),
        CALL(sigwaitinfo),
        CALL(sigtimedwait),
        CALL(wait),
        CALL(waitpid),
        CALL(waitid),
        CALL(join),
        {"cond_wait", do_cond_wait, NOT_ASYNC},
        {"cond_timedwait", do_cond_timedwait, NOT_ASYNC},
        CALL(sem_wait),
        CALL(sem_timedwait),
        CALL(testcancel),
        {"spin", do_spin, NEVER},
},
  socket_calls[] = {
      CALL(recv), CALL(recvfrom), CALL(recvmsg), CALL(send), CALL(sendmsg),
};

struct victim {
    const struct call *call;
    enum when when;
    pid_t tid;
    sem_t ready, requested;
    int cleaned;
};

static void cleanup(void *argument)
{
    struct victim *victim = argument;
    victim->cleaned++;
    /* cond_wait gives the mutex back locked. */
    if (victim->call->kind == NOT_ASYNC && pthread_mutex_trylock(&mutex) == EBUSY) {
        victim->cleaned++;
        pthread_mutex_unlock(&mutex);
    }
}

static void *body(void *argument)
{
    struct victim *victim = argument;
    victim->tid = gettid();
    pthread_cleanup_push(cleanup, victim);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    sem_post(&victim->ready);
    if (victim->when == BEFORE)
        sem_wait(&victim->requested);
    if (victim->when == ASYNC)
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    victim->call->make();
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_cleanup_pop(0);
    return NULL;
}

/* Until the thread sleeps, or has had time to: what is asked for must happen either way. */
static void let_it_block(pid_t tid)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)tid);
    for (int i = 0; i < 200; i++) {
        int fd = open(path, O_RDONLY);
        ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line - 1);
        close(fd);
        line[n > 0 ? n : 0] = 0;
        const char *end = strrchr(line, ')');
        if (end && end[2] == 'S')
            return;
        sched_yield();
    }
}

static const char *one(const struct call *call, enum when when)
{
    static char text[64];
    struct victim victim = {.call = call, .when = when};
    sem_init(&victim.ready, 0, 0);
    sem_init(&victim.requested, 0, 0);
    pthread_t thread = start(body, &victim);
    sem_wait(&victim.ready);
    if (when != BEFORE)
        let_it_block(victim.tid);
    MUST(pthread_cancel(thread));
    sem_post(&victim.requested);
    void *result = finish(thread);
    snprintf(text, sizeof text, "%s/%d", result == PTHREAD_CANCELED ? "cancelled" : "returned",
             victim.cleaned);
    return text;
}

static void cancel_all(const struct call *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        printf("%s:", list[i].name);
        if (list[i].kind != NEVER) {
            printf(" before %s", one(&list[i], BEFORE));
            printf(" during %s", one(&list[i], DURING));
        }
        if (list[i].kind != NOT_ASYNC)
            printf(" async %s", one(&list[i], ASYNC));
        printf("\n");
        fflush(stdout);
    }
}

static void *sleep_on(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static void fill(int fd)
{
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while (write(fd, big, sizeof big) > 0 || write(fd, big, 1) > 0)
        ;
    fcntl(fd, F_SETFL, 0);
}

static void lock_from_child(void)
{
    int ready[2];
    (void)!pipe(ready);
    sleeping_child = child();
    if (sleeping_child == 0) {
        struct flock lock = {.l_type = F_WRLCK};
        fcntl(open("locked", O_RDWR | O_CREAT, 0600), F_SETLKW, &lock);
        (void)!write(ready[1], "x", 1);
        for (;;)
            pause();
    }
    (void)!read(ready[0], &byte, 1);
}

static void blocking(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    lock_from_child();
    (void)!pipe(empty);
    (void)!pipe(full);
    fill(full[1]);
    event = eventfd(0, 0);
    epoll = epoll_create1(0);
    struct epoll_event watch = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, empty[0], &watch);
    unlink("fifo");
    if (mknod("fifo", S_IFIFO | 0600, 0))
        must("mknod", errno);
    sem_init(&semaphore, 0, 0);
    sleeper = start(sleep_on, NULL);
    cancel_all(calls, sizeof calls / sizeof *calls);
    pthread_cancel(sleeper);
    finish(sleeper);
    kill(sleeping_child, SIGKILL);
    reap(sleeping_child, "the child");
    unlink("fifo");
    unlink("locked");
}

static void sockets(void)
{
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, filled);
    cancel_all(socket_calls, sizeof socket_calls / sizeof *socket_calls);
}

/* --- the rest of pthread_cancel(3) --- */

static int order[8], ordered;

static void note(void *number)
{
    order[ordered++] = (int)(long)number;
}

static void *nested(void *unused)
{
    pthread_key_t key;
    pthread_key_create(&key, note);
    pthread_setspecific(key, (void *)9);
    pthread_cleanup_push(note, (void *)1);
    pthread_cleanup_push(note, (void *)2);
    pthread_cleanup_push(note, (void *)3);
    pthread_cleanup_pop(1);
    pause();
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return unused;
}

static void *disabled(void *semaphore_at)
{
    int before;
    SAY(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before));
    VALUE(before == PTHREAD_CANCEL_ENABLE);
    sem_wait(semaphore_at);
    pthread_testcancel();
    usleep(100);
    printf("not cancelled while disabled\n");
    return (void *)7;
}

static void *exits(void *unused)
{
    pthread_cleanup_push(note, (void *)5);
    pthread_exit((void *)8);
    pthread_cleanup_pop(0);
    return unused;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int once_calls;

static void initialise(void)
{
    if (++once_calls == 1)
        pause();
}

static void *call_once(void *unused)
{
    MUST(pthread_once(&once, initialise));
    return unused;
}

static void rules(void)
{
    pthread_t thread = start(nested, NULL);
    MUST(pthread_cancel(thread));
    VALUE(finish(thread) == PTHREAD_CANCELED);
    for (int i = 0; i < ordered; i++)
        printf("handler %d\n", order[i]);
    sem_t go;
    sem_init(&go, 0, 0);
    thread = start(disabled, &go);
    MUST(pthread_cancel(thread));
    sem_post(&go);
    VALUE(finish(thread));
    ordered = 0;
    VALUE(finish(start(exits, NULL)));
    VALUE(ordered);
    SAY(pthread_setcanceltype(99, NULL));
    SAY(pthread_setcancelstate(99, NULL));
    /* A cancelled initialisation counts as not made. */
    thread = start(call_once, NULL);
    while (__atomic_load_n(&once_calls, __ATOMIC_ACQUIRE) == 0)
        sched_yield();
    MUST(pthread_cancel(thread));
    VALUE(finish(thread) == PTHREAD_CANCELED);
    VALUE(finish(start(call_once, (void *)3)));
    VALUE(once_calls);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {
        {"blocking", blocking}, {"rules", rules}, {"sockets", sockets}};
    return run_parts(parts, sizeof parts / sizeof *parts, argc, argv);
}
