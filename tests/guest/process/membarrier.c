/* SPDX-License-Identifier: GPL-2.0-or-later */
/* membarrier: which commands want to be registered first, and who has the registration? */
#include "guest_test.h"
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum {
    GLOBAL = 1,
    GLOBAL_EXPEDITED = 2,
    REGISTER_GLOBAL = 4,
    PRIVATE = 8,
    REGISTER_PRIVATE = 16,
    SYNC_CORE = 32,
    REGISTER_SYNC_CORE = 64,
    RSEQ = 128,
    REGISTER_RSEQ = 256,
    GET_REGISTRATIONS = 512,
};

static long membarrier(int command, unsigned flags, int cpu)
{
    return syscall(SYS_membarrier, command, flags, cpu);
}

static void *in_thread(void *arg)
{
    *(long *)arg = membarrier(RSEQ, 0, 0);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc > 1) { /* a new program has no registrations */
        EXPECT_EQ(0, membarrier(GET_REGISTRATIONS, 0, 0));
        EXPECT_ERRNO(EPERM, membarrier(PRIVATE, 0, 0));
        return 0;
    }
    EXPECT_EQ(1023, membarrier(0, 0, 0));
    EXPECT_ERRNO(EINVAL, membarrier(0, 1, 0));
    EXPECT_ERRNO(EINVAL, membarrier(3, 0, 0));
    EXPECT_ERRNO(EINVAL, membarrier(1024, 0, 0));
    EXPECT_ERRNO(EINVAL, membarrier(-1, 0, 0));
    EXPECT_EQ(0, membarrier(GLOBAL, 0, 0));
    EXPECT_ERRNO(EINVAL, membarrier(GLOBAL, 1, 0));
    EXPECT_EQ(0, membarrier(GLOBAL_EXPEDITED, 0, 0));
    EXPECT_EQ(0, membarrier(GET_REGISTRATIONS, 0, 0));
    EXPECT_ERRNO(EPERM, membarrier(PRIVATE, 0, 0));
    EXPECT_ERRNO(EPERM, membarrier(SYNC_CORE, 0, 0));
    EXPECT_ERRNO(EPERM, membarrier(RSEQ, 0, 0));
    EXPECT_ERRNO(EINVAL, membarrier(PRIVATE, 1, 0));
    EXPECT_ERRNO(EINVAL, membarrier(RSEQ, 2, 0));
    EXPECT_ERRNO(EINVAL, membarrier(REGISTER_RSEQ, 1, 0));

    EXPECT_EQ(0, membarrier(REGISTER_PRIVATE, 0, 0));
    EXPECT_EQ(0, membarrier(PRIVATE, 0, 0));
    EXPECT_ERRNO(EPERM, membarrier(SYNC_CORE, 0, 0));
    EXPECT_EQ(0, membarrier(REGISTER_GLOBAL, 0, 0));
    EXPECT_EQ(0, membarrier(REGISTER_RSEQ, 0, 0));
    EXPECT_EQ(0, membarrier(RSEQ, 0, 0));
    EXPECT_EQ(0, membarrier(RSEQ, 1, 0));
    EXPECT_EQ(0, membarrier(RSEQ, 1, 999999)); /* nobody runs there */
    EXPECT_EQ(REGISTER_GLOBAL | REGISTER_PRIVATE | REGISTER_RSEQ,
              membarrier(GET_REGISTRATIONS, 0, 0));

    long seen = -1;
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, in_thread, &seen));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(0, seen);

    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) { /* a copy of the memory has them too */
        EXPECT_EQ(REGISTER_GLOBAL | REGISTER_PRIVATE | REGISTER_RSEQ,
                  membarrier(GET_REGISTRATIONS, 0, 0));
        EXPECT_EQ(0, membarrier(PRIVATE, 0, 0));
        execl("/proc/self/exe", argv[0], "again", NULL);
        _exit(1);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    return 0;
}
