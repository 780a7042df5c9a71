/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is /proc/PID/mem the process's memory, with and without rights, by address? */
#include "proc_text.h"

/* Bad addresses are asked about. */
#pragma GCC diagnostic ignored "-Wstringop-overflow"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

static char word[] = "before";

static char *pages(int prot, int flags)
{
    char *at = mmap(NULL, 2 * 4096, prot, flags | MAP_ANONYMOUS, -1, 0);
    EXPECT(at != MAP_FAILED);
    return at;
}

static void check_rights(int fd)
{
    char bytes[8];
    char *at = pages(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    strcpy(at, "secret");
    CHECK(mprotect(at, 4096, PROT_NONE));
    EXPECT_EQ(7, pread(fd, bytes, 7, (off_t)at));
    EXPECT(strcmp(bytes, "secret") == 0);
    EXPECT_EQ(7, pwrite(fd, "opened", 7, (off_t)at));
    CHECK(mprotect(at, 4096, PROT_READ));
    EXPECT(strcmp(at, "opened") == 0);
    EXPECT_EQ(2, pwrite(fd, "re", 2, (off_t)at));
    EXPECT(strcmp(at, "reened") == 0);

    /* The rights are what they were. */
    int child = CHECK(fork());
    if (!child) {
        *(volatile char *)at = 'x';
        _exit(0);
    }
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);

    /* A page that was never touched. */
    char *fresh = pages(PROT_READ, MAP_PRIVATE);
    EXPECT_EQ(4, pwrite(fd, "new", 4, (off_t)fresh + 10));
    EXPECT(fresh[9] == 0 && strcmp(fresh + 10, "new") == 0);
    CHECK(mprotect(fresh, 4096, PROT_READ | PROT_WRITE));
    fresh[10] = 'k';
    EXPECT(strcmp(fresh + 10, "kew") == 0);

    /* Shared pages without PROT_WRITE stay so. */
    char *shared = pages(PROT_READ, MAP_SHARED);
    EXPECT_ERRNO(EIO, pwrite(fd, "x", 1, (off_t)shared));
}

static void check_ends(int fd)
{
    char bytes[4096] = {0};
    char *at = pages(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    CHECK(munmap(at + 4096, 4096));
    EXPECT_EQ(1, pread(fd, bytes, 100, (off_t)at + 4095));
    EXPECT_ERRNO(EIO, pread(fd, bytes, 100, (off_t)at + 4096));
    EXPECT_EQ(96, pwrite(fd, bytes, 100, (off_t)at + 4000));
    EXPECT_ERRNO(EIO, pwrite(fd, bytes, 100, (off_t)at + 4096));
    EXPECT_ERRNO(EFAULT, pread(fd, (char *)1, 10, (off_t)at));
    EXPECT_ERRNO(EIO, pread(fd, bytes, 1, 0));
    EXPECT_EQ(0, pread(fd, bytes, 0, 0));
    CHECK(munmap(at, 4096));
}

static void check_position(int fd)
{
    char bytes[8] = {0};
    EXPECT_EQ((off_t)word, lseek(fd, (off_t)word, SEEK_SET));
    EXPECT_EQ(3, read(fd, bytes, 3));
    EXPECT_EQ((off_t)word + 4, lseek(fd, 1, SEEK_CUR));
    EXPECT_EQ(2, read(fd, bytes, 2));
    EXPECT(strcmp(bytes, "ref") == 0);
    EXPECT_ERRNO(EINVAL, lseek(fd, 0, SEEK_END));
    EXPECT_EQ((off_t)word, lseek(fd, (off_t)word, SEEK_SET));
    EXPECT_EQ(6, write(fd, "behind", 6));
    EXPECT(strcmp(word, "behind") == 0);
    EXPECT(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED && errno == ENODEV);
}

/* Another process's: while it lives, not after, and not of the program that it becomes. */
static void check_other(void)
{
    char path[64], byte, bytes[8] = {0};
    int go[2], ready[2];
    CHECK(pipe(go));
    CHECK(pipe(ready));
    int child = CHECK(fork());
    if (!child) {
        strcpy(word, "child");
        CHECK(write(ready[1], "r", 1));
        CHECK(read(go[0], &byte, 1));
        execl("/proc/self/exe", "mem", "wait", NULL);
        _exit(1);
    }
    EXPECT_EQ(1, read(ready[0], &byte, 1));
    snprintf(path, sizeof path, "/proc/%d/mem", child);
    int fd = CHECK(open(path, O_RDWR | O_CLOEXEC));
    EXPECT_EQ(6, pread(fd, bytes, 6, (off_t)word));
    EXPECT(strcmp(bytes, "child") == 0 && strcmp(word, "behind") == 0);
    CHECK(write(go[1], "g", 1));
    while (pread(fd, bytes, 6, (off_t)word) == 6)
        ; /* until it has become another program */
    EXPECT_EQ(0, pread(fd, bytes, 6, (off_t)word));
    int other = CHECK(open(path, O_RDWR | O_CLOEXEC));
    CHECK(kill(child, SIGKILL));
    EXPECT_EQ(child, waitpid(child, NULL, 0));
    EXPECT_EQ(0, pread(other, bytes, 6, (off_t)word));
    EXPECT_EQ(0, pwrite(other, bytes, 6, (off_t)word));
    EXPECT_ERRNO(ENOENT, open(path, O_RDONLY));
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        for (;;)
            pause();
    int fd = CHECK(open("/proc/self/mem", O_RDWR | O_CLOEXEC));
    check_rights(fd);
    check_ends(fd);
    check_position(fd);
    check_other();
    return 0;
}
