/* SPDX-License-Identifier: GPL-2.0-or-later */
/* select and pselect6: which sets, which limits, which errors, and what is left of the time? */
#include "guest_test.h"
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t hits;

static void on_signal(int signal)
{
    (void)signal;
    hits++;
}

static int one(int fd, int which)
{
    fd_set sets[3];
    struct timeval tv = {0, 0};
    for (int i = 0; i < 3; i++)
        FD_ZERO(&sets[i]);
    FD_SET(fd, &sets[which]);
    int n = select(fd + 1, &sets[0], &sets[1], &sets[2], &tv);
    EXPECT(n == -1 || n == !!FD_ISSET(fd, &sets[which]));
    return n;
}

static long raw_select(int n, void *r, void *w, void *e, void *tv)
{
    return syscall(SYS_select, n, r, w, e, tv);
}

static void sets(void)
{
    int a[2];
    CHECK(pipe2(a, O_NONBLOCK));
    EXPECT_EQ(0, one(a[0], 0));
    EXPECT_EQ(0, one(a[0], 1)); /* the wrong end is not writable */
    EXPECT_EQ(1, one(a[1], 1));
    EXPECT_EQ(0, one(a[1], 0));
    EXPECT_EQ(0, one(a[1], 2));
    EXPECT_EQ(1, write(a[1], "x", 1));
    EXPECT_EQ(1, one(a[0], 0));
    EXPECT_EQ(0, one(a[0], 2));
    CHECK(close(a[0]));
    EXPECT_EQ(1, one(a[1], 0)); /* an error is readable and writable */
    EXPECT_EQ(1, one(a[1], 1));
    CHECK(close(a[1]));
    CHECK(pipe(a));
    CHECK(close(a[1]));
    EXPECT_EQ(1, one(a[0], 0));
    EXPECT_EQ(0, one(a[0], 1)); /* a hang-up is not writable */
    CHECK(close(a[0]));
    EXPECT_ERRNO(EBADF, one(a[0], 0));

    int path = CHECK(open("/", O_PATH));
    for (int which = 0; which < 3; which++)
        EXPECT_EQ(1, one(path, which));
    CHECK(close(path));

    /* All three sets at once count thrice; a file is always ready, but never exceptional. */
    int file = CHECK(open("/dev/zero", O_RDWR));
    fd_set r, w, e;
    FD_ZERO(&r);
    FD_SET(file, &r);
    w = e = r;
    EXPECT_EQ(2, raw_select(file + 1, &r, &w, &e, NULL));
    EXPECT(FD_ISSET(file, &r) && FD_ISSET(file, &w) && !FD_ISSET(file, &e));
    CHECK(close(file));
}

static void limits(void)
{
    fd_set r;
    FD_ZERO(&r);
    struct timeval zero = {0, 0};
    EXPECT_ERRNO(EINVAL, raw_select(-1, &r, NULL, NULL, &zero));
    EXPECT_EQ(0, raw_select(0, (void *)8, (void *)8, (void *)8, &zero));
    EXPECT_ERRNO(EFAULT, raw_select(1, (void *)8, NULL, NULL, &zero));
    EXPECT_ERRNO(EFAULT, raw_select(1, &r, NULL, NULL, (void *)8));
    EXPECT_EQ(0, raw_select(FD_SETSIZE, &r, &r, &r, &zero));
    /* Beyond the descriptors that the table has room for nothing is looked at. */
    EXPECT_EQ(0, raw_select(1 << 20, &r, NULL, NULL, &zero));
    EXPECT_EQ(0, raw_select(INT32_MAX, NULL, NULL, NULL, &zero));
    FD_SET(1023, &r);
    long n = raw_select(1024, &r, NULL, NULL, &zero);
    EXPECT(n == 0 || (n == -1 && errno == EBADF));
    FD_ZERO(&r);
    FD_SET(63, &r);
    EXPECT_ERRNO(EBADF, raw_select(64, &r, NULL, NULL, &zero));
    FD_SET(63, &r);
    EXPECT_EQ(0, raw_select(63, &r, NULL, NULL, &zero)); /* one below it is not asked */

    /* Bits above nfds in the last word are cleared all the same. */
    int a[2];
    CHECK(pipe(a));
    EXPECT_EQ(1, write(a[1], "x", 1));
    memset(&r, 0xff, sizeof r);
    uint64_t *words = (uint64_t *)&r;
    words[0] = UINT64_C(1) << a[0] | UINT64_C(1) << 60;
    EXPECT_EQ(1, raw_select(a[0] + 1, &r, NULL, NULL, NULL));
    EXPECT_EQ(UINT64_C(1) << a[0], words[0]);
    EXPECT_EQ(-1, (int64_t)words[1]);

    /* A descriptor above 1024 through a larger set. */
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit));
    if (limit.rlim_cur > 2000) {
        uint64_t large[64] = {0};
        CHECK(dup2(a[0], 2000));
        large[2000 / 64] = UINT64_C(1) << 2000 % 64;
        EXPECT_EQ(1, raw_select(2001, large, NULL, NULL, NULL));
        EXPECT_EQ(UINT64_C(1) << 2000 % 64, large[2000 / 64]);
        CHECK(close(2000));
    }
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

static void times(void)
{
    int a[2];
    CHECK(pipe(a));
    fd_set r;
    FD_ZERO(&r);
    FD_SET(a[0], &r);
    struct timeval tv = {0, -1};
    EXPECT_ERRNO(EINVAL, raw_select(a[0] + 1, &r, NULL, NULL, &tv));
    tv = (struct timeval){-1, 0};
    EXPECT_ERRNO(EINVAL, raw_select(a[0] + 1, &r, NULL, NULL, &tv));
    EXPECT(FD_ISSET(a[0], &r));
    tv = (struct timeval){0, 3000000}; /* more than a second of them is taken */
    EXPECT_EQ(1, write(a[1], "x", 1));
    EXPECT_EQ(1, raw_select(a[0] + 1, &r, NULL, NULL, &tv));
    EXPECT(tv.tv_sec == 2 && tv.tv_usec < 1000000);
    tv = (struct timeval){INT64_MAX, 999999};
    EXPECT_EQ(1, raw_select(a[0] + 1, &r, NULL, NULL, &tv));
    EXPECT(tv.tv_sec > 1000000);
    tv = (struct timeval){0, 1000};
    EXPECT_EQ(0, raw_select(0, NULL, NULL, NULL, &tv));
    EXPECT(tv.tv_sec == 0 && tv.tv_usec == 0);
    EXPECT_EQ(1, read(a[0], (char[1]){0}, 1));
    tv = (struct timeval){0, 1000};
    EXPECT_EQ(0, raw_select(a[0] + 1, &r, NULL, NULL, &tv));
    EXPECT(!FD_ISSET(a[0], &r));
    /* Only one word was passed, only one word is written. */
    char *page =
        CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    struct timespec *ro = (struct timespec *)page;
    *ro = (struct timespec){0, 1000};
    CHECK(mprotect(page, 4096, PROT_READ));
    EXPECT_EQ(0, syscall(SYS_pselect6, 0, NULL, NULL, NULL, ro, NULL));
    EXPECT_EQ(1000, ro->tv_nsec); /* what is left could not be written: no error */
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

static void masks(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL));
    sigset_t set, none, now;
    sigemptyset(&set);
    sigemptyset(&none);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    raise(SIGUSR1);
    struct timespec zero = {0, 0}, bad = {0, 1000000000};
    EXPECT_EQ(0, hits);
    EXPECT_ERRNO(EINVAL, syscall(SYS_pselect6, 0, NULL, NULL, NULL, &bad, NULL));
    uint64_t bits = 0;
    struct {
        void *set;
        size_t size;
    } pack = {&bits, 4};
    EXPECT_ERRNO(EINVAL, syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &pack));
    pack.set = (void *)8;
    pack.size = 8;
    EXPECT_ERRNO(EFAULT, syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &pack));
    EXPECT_ERRNO(EFAULT, syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, (void *)8));
    pack.set = NULL;
    pack.size = 99;
    EXPECT_EQ(0, syscall(SYS_pselect6, 0, NULL, NULL, NULL, &zero, &pack));
    EXPECT_EQ(0, hits);
    EXPECT_ERRNO(EINTR,
                 pselect(0, NULL, NULL, NULL, NULL, &none)); /* never restarted by SA_RESTART */
    EXPECT_EQ(1, hits);
    raise(SIGUSR1);
    EXPECT_ERRNO(EINTR, pselect(0, NULL, NULL, NULL, &zero, &none)); /* also without waiting */
    EXPECT_EQ(2, hits--);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &now));
    EXPECT(sigismember(&now, SIGUSR1));
    /* Something is ready: the signal stays pending. */
    int file = CHECK(open("/dev/zero", O_RDONLY));
    fd_set r;
    FD_ZERO(&r);
    FD_SET(file, &r);
    raise(SIGUSR1);
    EXPECT_EQ(1, pselect(file + 1, &r, NULL, NULL, NULL, &none));
    EXPECT_EQ(1, hits);
    sigset_t pending;
    CHECK(sigpending(&pending));
    EXPECT(sigismember(&pending, SIGUSR1));
    /* A timeout that is over at once, with a signal pending. */
    int n = pselect(0, NULL, NULL, NULL, &zero, &none);
    EXPECT(n == 0 || (n == -1 && errno == EINTR));
    CHECK(close(file));
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    sets();
    limits();
    times();
    masks();
    return 0;
}
