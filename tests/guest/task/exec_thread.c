/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A thread that is not the leader execs: do the others die and does it keep the process's number?
 */
#include "guest_test.h"
#include <pthread.h>
#include <sys/syscall.h>

static char self[32];
static char *program;

static void *sleeper(void *arg)
{
    (void)arg;
    for (;;)
        pause();
    return NULL;
}

static void *execer(void *arg)
{
    (void)arg;
    execl("/proc/self/exe", program, self, NULL);
    FAIL("exec failed: %d", errno);
    return NULL;
}

int main(int argc, char **argv)
{
    program = argv[0];
    if (argc > 1) {
        EXPECT_EQ(atoi(argv[1]), getpid());
        EXPECT_EQ(getpid(), syscall(SYS_gettid));
        return 0;
    }
    snprintf(self, sizeof self, "%d", getpid());
    pthread_t thread;
    for (int i = 0; i < 3; i++)
        EXPECT_EQ(0, pthread_create(&thread, NULL, sleeper, NULL));
    EXPECT_EQ(0, pthread_create(&thread, NULL, execer, NULL));
    pthread_join(thread, NULL);
    return 1;
}
