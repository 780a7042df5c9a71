/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REAL_THREAD_H
#define REAL_THREAD_H
/*
 * What the programs about threads share: each prints what it found, a line a question; a part of a
 * program is chosen by its first argument.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Print an expression and the error that it returned. */
#define SAY(expression) say(#expression, (expression))
/* Print an expression and its value. */
#define VALUE(expression) printf("%s = %ld\n", #expression, (long)(expression))
/* An expression that must return 0. */
#define MUST(expression) must(#expression, (expression))

static inline int say(const char *what, int err)
{
    printf("%s: %s\n", what, err ? strerror(err) : "done");
    return err;
}

static inline void must(const char *what, int err)
{
    if (err) {
        printf("%s failed: %s\n", what, strerror(err));
        fflush(stdout);
        _exit(99);
    }
}

static inline pthread_t start(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    MUST(pthread_create(&thread, NULL, function, argument));
    return thread;
}

static inline void *finish(pthread_t thread)
{
    void *result;
    MUST(pthread_join(thread, &result));
    return result;
}

/* `ms` from now on the clock. */
static inline struct timespec after(clockid_t clock, long ms)
{
    struct timespec ts;
    clock_gettime(clock, &ts);
    ts.tv_nsec += ms * 1000000;
    ts.tv_sec += ts.tv_nsec / 1000000000;
    ts.tv_nsec %= 1000000000;
    return ts;
}

/* Memory that children share. */
static inline void *shared(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        must("mmap", errno);
    return at;
}

/* How a child ended. */
static inline void reap(pid_t pid, const char *what)
{
    int status = 0;
    waitpid(pid, &status, 0);
    if (WIFEXITED(status))
        printf("%s exited with %d\n", what, WEXITSTATUS(status));
    else
        printf("%s was killed by %d\n", what, WTERMSIG(status));
}

/* Let a child go on in the program; its output is its own. */
static inline pid_t child(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        must("fork", errno);
    return pid;
}

struct part {
    const char *name;
    void (*run)(void);
};

/* Run the parts that the command line names, all if it names none. */
static inline int run_parts(const struct part *parts, size_t count, int argc, char **argv)
{
    for (size_t i = 0; i < count; i++) {
        if (argc > 1 && strcmp(argv[1], parts[i].name) != 0)
            continue;
        printf("== %s\n", parts[i].name);
        parts[i].run();
        fflush(stdout);
    }
    return 0;
}

#endif
