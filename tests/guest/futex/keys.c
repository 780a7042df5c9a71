/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which words are the same: private and shared, anonymous and of a file, in other mappings and
 * processes? */
#include "futex_test.h"

#define WAKE_ALL 1000

static uint32_t word;

static void private_and_shared(void)
{
    struct job one = {.addr = &word, .op = FUTEX_WAIT_PRIVATE},
               two = {.addr = &word, .op = FUTEX_WAIT};
    job_start(&one);
    EXPECT_EQ(0, futex(&word, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    EXPECT_EQ(1, futex(&word, FUTEX_WAKE_PRIVATE, WAKE_ALL, NULL, NULL, 0));
    job_end(&one, 0, 0);
    job_start(&two);
    EXPECT_EQ(0, futex(&word, FUTEX_WAKE_PRIVATE, WAKE_ALL, NULL, NULL, 0));
    EXPECT_EQ(1, futex(&word, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    job_end(&two, 0, 0);
}

/* Two mappings of one page of a file: the word is the same, at the same offset only. */
static void two_mappings(int fd)
{
    char *a = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *b = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096);
    EXPECT(a != MAP_FAILED && b != MAP_FAILED);
    struct job job = {.addr = a + 4096 + 8, .op = FUTEX_WAIT};
    job_start(&job);
    EXPECT_EQ(0, futex(a + 8, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    EXPECT_EQ(0, futex(b + 12, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    EXPECT_EQ(0, futex(b + 8, FUTEX_WAKE_PRIVATE, WAKE_ALL, NULL, NULL, 0));
    EXPECT_EQ(1, futex(b + 8, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    job_end(&job, 0, 0);

    /* A private mapping that is only read is the file's page still; one that can be written is its
     * own. */
    char *c = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096);
    char *d = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 4096);
    job_start(&job);
    EXPECT_EQ(0, futex(d + 8, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    EXPECT_EQ(1, futex(c + 8, FUTEX_WAKE, WAKE_ALL, NULL, NULL, 0));
    job_end(&job, 0, 0);
    munmap(a, 8192);
    munmap(b, 4096);
    munmap(c, 4096);
    munmap(d, 4096);
}

/* A child waits at its own address of `word`; the parent finds it there if the memory is one. */
static void across_fork(uint32_t *shared, int op_wait, int op_wake, int finds)
{
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        long r;
        do
            r = futex(shared, op_wait, 0, NULL, NULL, 0);
        while (r == -1 && errno == EINTR);
        _exit(r == 0 ? 7 : 8);
    }
    int status;
    char path[64], line[512];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    do {
        int fd = CHECK(open(path, O_RDONLY));
        ssize_t n = CHECK(read(fd, line, sizeof line - 1));
        line[n] = '\0';
        close(fd);
        sched_yield();
    } while (strrchr(line, ')')[2] != 'S');
    EXPECT_EQ(finds, futex(shared, op_wake, WAKE_ALL, NULL, NULL, 0));
    if (!finds)
        CHECK(kill(pid, SIGKILL));
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(finds ? 7 << 8 : SIGKILL, status);
}

int main(void)
{
    private_and_shared();
    int fd = CHECK(memfd_create("words", 0));
    CHECK(ftruncate(fd, 8192));
    two_mappings(fd);

    uint32_t *anonymous =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint32_t *file = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    uint32_t *private =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    across_fork(anonymous, FUTEX_WAIT, FUTEX_WAKE, 1);
    across_fork(file, FUTEX_WAIT, FUTEX_WAKE, 1);
    across_fork(file, FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE, 0);
    across_fork(private, FUTEX_WAIT, FUTEX_WAKE, 0);
    return 0;
}
