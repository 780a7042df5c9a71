/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setgroups, getgroups: sizes, order, who may; and do children and threads have them? */
#include "guest_test.h"
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static uint32_t many[65537];

static long set(long size, const void *list)
{
    return syscall(SYS_setgroups, size, list);
}

static long get(long size, void *list)
{
    return syscall(SYS_getgroups, size, list);
}

static void *count(void *arg)
{
    *(long *)arg = get(0, NULL);
    return NULL;
}

int main(void)
{
    uint32_t list[4] = {9, 3, 3, 5}, back[8];
    EXPECT_ERRNO(EINVAL, get(-1, NULL));
    if (getuid() != 0) {
        EXPECT_ERRNO(EPERM, set(1, list));
        return 0;
    }
    EXPECT_EQ(0, set(4, list));
    EXPECT_EQ(4, get(0, NULL));
    EXPECT_EQ(4, get(8, back));
    EXPECT(back[0] == 3 && back[1] == 3 && back[2] == 5 && back[3] == 9); /* in order */
    EXPECT_EQ(4, get(4, back));
    list[1] = (uint32_t)-1; /* no group: nothing changes */
    EXPECT_ERRNO(EINVAL, set(4, list));
    list[1] = 3;
    EXPECT_EQ(4, get(4, back));
    EXPECT_ERRNO(EINVAL, get(3, back));
    EXPECT_ERRNO(EFAULT, get(4, (void *)8));
    EXPECT_ERRNO(EFAULT, set(1, (void *)8));
    EXPECT_ERRNO(EINVAL, set(65537, many));
    EXPECT_ERRNO(EINVAL, set(-1, list));
    EXPECT_EQ(4, get(0, NULL)); /* none of these changed anything */
    EXPECT_EQ(0, set(0, NULL));
    EXPECT_EQ(0, get(0, NULL));
    EXPECT_EQ(0, set(2, list));

    /* A thread has its creator's; the system call changes the caller's alone. */
    long seen = -1;
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, count, &seen));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_EQ(2, seen);

    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        EXPECT_EQ(2, get(8, back));
        CHECK(setresuid(1234, 1234, 1234));
        EXPECT_EQ(2, get(8, back));
        EXPECT_ERRNO(EPERM, set(0, NULL));
        EXPECT_ERRNO(EPERM, set(65537, many));
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    return 0;
}
