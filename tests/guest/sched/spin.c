/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do threads that spin starve those that they wait for, whatever their nice values? */
#include "guest_test.h"
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define THREADS 4

static volatile int turn;

/* Each waits for its turn without ever giving the processor away. */
static void *spinner(void *arg)
{
    int mine = (int)(long)arg;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), mine % 2 ? 19 : 0);
    for (int round = 0; round < 2; round++) {
        while (turn % THREADS != mine)
            continue;
        turn++;
    }
    return NULL;
}

static volatile int *shared;

int main(void)
{
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        EXPECT_EQ(0, pthread_create(&threads[i], NULL, spinner, (void *)i));
    for (int i = 0; i < THREADS; i++)
        EXPECT_EQ(0, pthread_join(threads[i], NULL));
    EXPECT_EQ(2 * THREADS, turn);

    /* A most favoured spinner, and a child that nobody favours. */
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        setpriority(PRIO_PROCESS, 0, 19);
        while (*shared == 0)
            continue;
        *shared = 2;
        _exit(0);
    }
    setpriority(PRIO_PROCESS, 0, -20); /* a user may not: all the same */
    *shared = 1;
    while (*shared != 2)
        continue;
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    return 0;
}
