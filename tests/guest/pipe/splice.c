/* SPDX-License-Identifier: GPL-2.0-or-later */
/* splice, tee and vmsplice: what moves, what stays, what is refused and in which order? */
#include "guest_test.h"
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/uio.h>

static char bytes[65536 * 2];

static int held(int fd)
{
    int n;
    CHECK(ioctl(fd, FIONREAD, &n));
    return n;
}

static int make_file(const char *text)
{
    char name[] = "/tmp/lstar-splice-XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(unlink(name));
    EXPECT_EQ(strlen(text), write(fd, text, strlen(text)));
    CHECK(lseek(fd, 0, SEEK_SET));
    return fd;
}

static void refused(void)
{
    int a[2], b[2], file = make_file("0123456789"), null = CHECK(open("/dev/null", O_RDWR));
    CHECK(pipe(a));
    CHECK(pipe2(b, O_NONBLOCK));
    loff_t zero = 0, minus = -1;
    EXPECT_ERRNO(EBADF, splice(-1, NULL, a[1], NULL, 1, 0));
    EXPECT_ERRNO(EBADF, splice(file, NULL, -1, NULL, 1, 0));
    EXPECT_EQ(0, splice(-1, NULL, -1, NULL, 0, 0));
    EXPECT_EQ(0, splice(-1, NULL, -1, NULL, 0, ~0u));
    EXPECT_ERRNO(EINVAL, splice(-1, NULL, -1, NULL, 1, 0x10));
    EXPECT_ERRNO(EINVAL, splice(file, NULL, null, NULL, 1, 0));
    EXPECT_ERRNO(ESPIPE, splice(a[0], &zero, file, NULL, 1, 0));
    EXPECT_ERRNO(ESPIPE, splice(file, NULL, a[1], &zero, 1, 0));
    EXPECT_ERRNO(EBADF, splice(a[1], NULL, file, NULL, 1, 0));
    EXPECT_ERRNO(EBADF, splice(file, NULL, a[0], NULL, 1, 0));
    EXPECT_ERRNO(EINVAL, splice(a[0], NULL, a[1], NULL, 1, 0));
    EXPECT_ERRNO(EFAULT, splice(file, (void *)8, a[1], NULL, 1, 0));
    EXPECT_ERRNO(EINVAL, splice(file, &minus, a[1], NULL, 1, 0));
    int append = CHECK(open("/tmp", O_TMPFILE | O_RDWR | O_APPEND, 0600));
    EXPECT_EQ(1, write(a[1], "x", 1));
    EXPECT_ERRNO(EINVAL, splice(a[0], NULL, append, NULL, 1, 0));
    int dir = CHECK(open("/tmp", O_RDONLY));
    EXPECT_ERRNO(EINVAL, splice(dir, NULL, a[1], NULL, 1, 0));
    EXPECT_ERRNO(EAGAIN, splice(b[0], NULL, file, NULL, 1, SPLICE_F_NONBLOCK));
    EXPECT_ERRNO(EAGAIN, splice(b[0], NULL, file, NULL, 1, 0)); /* the pipe's own O_NONBLOCK */

    EXPECT_ERRNO(EBADF, tee(-1, a[1], 1, 0));
    EXPECT_ERRNO(EINVAL, tee(file, a[1], 1, 0));
    EXPECT_ERRNO(EINVAL, tee(a[0], file, 1, 0));
    EXPECT_ERRNO(EINVAL, tee(a[0], a[1], 1, 0));
    EXPECT_ERRNO(EINVAL, tee(a[0], b[1], 1, 0x10));
    EXPECT_EQ(0, tee(a[0], b[1], 0, 0));
    EXPECT_ERRNO(EBADF, tee(a[1], b[1], 1, 0));

    struct iovec v = {bytes, 4};
    EXPECT_ERRNO(EBADF, vmsplice(-1, &v, 1, 0));
    EXPECT_ERRNO(EBADF, vmsplice(file, &v, 1, 0));
    EXPECT_ERRNO(EINVAL, vmsplice(a[1], &v, 1, 0x10));
    EXPECT_ERRNO(EINVAL, vmsplice(a[1], &v, 1025, 0));
    EXPECT_EQ(0, vmsplice(a[1], &v, 0, 0));
    v.iov_base = (void *)8;
    EXPECT_ERRNO(EFAULT, vmsplice(a[1], &v, 1, 0));
    for (int i = 0; i < 2; i++) {
        CHECK(close(a[i]));
        CHECK(close(b[i]));
    }
    CHECK(close(dir));
    CHECK(close(append));
    CHECK(close(file));
    CHECK(close(null));
}

static void files(void)
{
    int a[2], file = make_file("0123456789"), copy = make_file("");
    CHECK(pipe2(a, O_NONBLOCK));
    loff_t at = 3;
    EXPECT_EQ(4, splice(file, &at, a[1], NULL, 4, 0));
    EXPECT_EQ(7, at);
    EXPECT_EQ(0, lseek(file, 0, SEEK_CUR)); /* the position stays */
    EXPECT_EQ(2, splice(file, NULL, a[1], NULL, 2, 0));
    EXPECT_EQ(2, lseek(file, 0, SEEK_CUR));
    at = 100;
    EXPECT_EQ(0, splice(file, &at, a[1], NULL, 4, 0));
    at = 0;
    EXPECT_EQ(6, held(a[0]));
    EXPECT_EQ(5, splice(a[0], NULL, copy, NULL, 5, 0));
    EXPECT_EQ(5, lseek(copy, 0, SEEK_CUR));
    at = 20;
    EXPECT_EQ(1, splice(a[0], NULL, copy, &at, 5, 0));
    EXPECT_EQ(21, at);
    EXPECT_EQ(5, lseek(copy, 0, SEEK_CUR));
    EXPECT_EQ(21, pread(copy, bytes, 30, 0));
    EXPECT(!memcmp(bytes, "34560\0", 6) && bytes[20] == '1');

    /* What a file gave is the pipe's: writing the file... the page is shared, so nothing here
     * depends on it. */
    int limit = CHECK(fcntl(a[1], F_SETPIPE_SZ, 8192));
    EXPECT_EQ(8192, limit);
    memset(bytes, 'x', 30000);
    EXPECT_EQ(30000, pwrite(file, bytes, 30000, 0));
    at = 100;
    long n = splice(file, &at, a[1], NULL, 30000, 0);
    EXPECT(n > 4096 && n <= 8192);
    EXPECT_EQ(100 + n, at);
    EXPECT_ERRNO(EAGAIN, splice(file, &at, a[1], NULL, 1, 0));
    EXPECT_EQ(n, splice(a[0], NULL, copy, NULL, 30000, 0));
    CHECK(close(a[1]));
    EXPECT_EQ(0, splice(a[0], NULL, copy, NULL, 10, 0)); /* the end */
    CHECK(close(a[0]));
    signal(SIGPIPE, SIG_IGN);
    CHECK(pipe(a));
    CHECK(close(a[0]));
    at = 0;
    EXPECT_ERRNO(EPIPE, splice(file, &at, a[1], NULL, 10, 0));
    CHECK(close(a[1]));
    CHECK(close(file));
    CHECK(close(copy));
}

static void pipes(void)
{
    int a[2], b[2];
    CHECK(pipe2(a, O_NONBLOCK));
    CHECK(pipe2(b, O_NONBLOCK));
    EXPECT_EQ(6, write(a[1], "abcdef", 6));
    EXPECT_EQ(4, tee(a[0], b[1], 4, 0));
    EXPECT_EQ(6, held(a[0]));
    EXPECT_EQ(4, held(b[0]));
    EXPECT_EQ(2, write(b[1], "XY", 2)); /* does not touch what is shared */
    EXPECT_EQ(6, read(a[0], bytes, 99));
    EXPECT(!memcmp(bytes, "abcdef", 6));
    EXPECT_EQ(6, read(b[0], bytes, 99));
    EXPECT(!memcmp(bytes, "abcdXY", 6));

    EXPECT_EQ(6, write(a[1], "abcdef", 6));
    EXPECT_EQ(4, splice(a[0], NULL, b[1], NULL, 4, 0));
    EXPECT_EQ(2, write(a[1], "gh", 2));
    EXPECT_EQ(4, read(a[0], bytes, 99));
    EXPECT(!memcmp(bytes, "efgh", 4));
    EXPECT_EQ(4, read(b[0], bytes, 99));
    EXPECT(!memcmp(bytes, "abcd", 4));

    EXPECT_ERRNO(EAGAIN, tee(a[0], b[1], 4, 0));
    EXPECT_ERRNO(EAGAIN, splice(a[0], NULL, b[1], NULL, 4, 0));
    EXPECT_EQ(1, write(a[1], "z", 1));
    for (int i = 0; i < 16; i++)
        EXPECT_EQ(4096, write(b[1], bytes, 4096));
    EXPECT_ERRNO(EAGAIN, tee(a[0], b[1], 4, 0));
    EXPECT_ERRNO(EAGAIN, splice(a[0], NULL, b[1], NULL, 4, 0));
    EXPECT_EQ(1, held(a[0]));
    EXPECT_EQ(65536, read(b[0], bytes, sizeof bytes));
    CHECK(close(a[1]));
    EXPECT_EQ(1, tee(a[0], b[1], 4, 0));
    EXPECT_EQ(1, splice(a[0], NULL, b[1], NULL, 4, 0));
    EXPECT_EQ(0, tee(a[0], b[1], 4, 0));
    EXPECT_EQ(0, splice(a[0], NULL, b[1], NULL, 4, 0));
    EXPECT_EQ(2, read(b[0], bytes, 9));
    signal(SIGPIPE, SIG_IGN);
    CHECK(close(b[0]));
    EXPECT_ERRNO(EPIPE, splice(a[0], NULL, b[1], NULL, 4, 0)); /* before the end of what is read */
    CHECK(close(a[0]));
    CHECK(close(b[1]));
    CHECK(pipe2(a, O_NONBLOCK));
    CHECK(pipe2(b, O_NONBLOCK));
    CHECK(close(b[0]));
    EXPECT_EQ(1, write(a[1], "z", 1));
    EXPECT_ERRNO(EPIPE, splice(a[0], NULL, b[1], NULL, 4, 0));
    EXPECT_ERRNO(EPIPE, tee(a[0], b[1], 4, 0));
    EXPECT_EQ(1, held(a[0]));
    for (int i = 0; i < 2; i++)
        CHECK(close(a[i]));
    CHECK(close(b[1]));
}

static void memory(void)
{
    int a[2];
    CHECK(pipe2(a, O_NONBLOCK));
    memcpy(bytes, "hello world", 11);
    struct iovec v[2] = {{bytes, 5}, {bytes + 5, 6}};
    EXPECT_EQ(11, vmsplice(a[1], v, 2, 0));
    char got[16] = {0};
    struct iovec w = {got, 16};
    EXPECT_EQ(11, vmsplice(a[0], &w, 1, 0)); /* from the reading end: as readv */
    EXPECT(!strcmp(got, "hello world"));
    EXPECT_ERRNO(EAGAIN, vmsplice(a[0], &w, 1, SPLICE_F_NONBLOCK));
    CHECK(close(a[0]));
    CHECK(close(a[1]));
}

static void send(void)
{
    int file = make_file("0123456789"), copy = make_file(""), a[2];
    off_t at = 4;
    EXPECT_EQ(6, sendfile(copy, file, &at, 100));
    EXPECT_EQ(10, at);
    EXPECT_EQ(0, lseek(file, 0, SEEK_CUR));
    EXPECT_EQ(0, sendfile(copy, file, &at, 100));
    EXPECT_EQ(3, sendfile(copy, file, NULL, 3));
    EXPECT_EQ(3, lseek(file, 0, SEEK_CUR));
    EXPECT_EQ(9, pread(copy, bytes, 99, 0));
    EXPECT(!memcmp(bytes, "456789012", 9));
    EXPECT_ERRNO(EBADF, sendfile(copy, -1, NULL, 3));
    EXPECT_ERRNO(EBADF, sendfile(-1, file, NULL, 3));
    EXPECT_ERRNO(EFAULT, sendfile(copy, file, (void *)8, 3));
    at = -1;
    EXPECT_ERRNO(EINVAL, sendfile(copy, file, &at, 3));
    CHECK(pipe2(a, O_NONBLOCK));
    EXPECT_EQ(10, write(a[1], "abcdefghij", 10));
    at = 0;
    EXPECT_ERRNO(ESPIPE, sendfile(copy, a[0], &at, 3));
    EXPECT_ERRNO(EINVAL, sendfile(copy, a[0], NULL, 3)); /* what cannot be sought is not sent */
    EXPECT_EQ(5, sendfile(a[1], file, &at, 5));
    EXPECT_EQ(15, read(a[0], bytes, 99));
    EXPECT(!memcmp(bytes, "abcdefghij01234", 15));
    int append = CHECK(open("/tmp", O_TMPFILE | O_RDWR | O_APPEND, 0600));
    EXPECT_ERRNO(EINVAL, sendfile(append, file, &at, 5));
    int dir = CHECK(open("/tmp", O_RDONLY));
    EXPECT_ERRNO(EINVAL, sendfile(copy, dir, NULL, 5));
    int event = CHECK(eventfd(1, EFD_NONBLOCK));
    EXPECT_ERRNO(EINVAL, sendfile(copy, event, NULL, 8));
    EXPECT_ERRNO(EINVAL, sendfile(event, file, &(off_t){0}, 8));
    EXPECT_EQ(0, sendfile(event, file, &(off_t){99}, 8)); /* nothing is left of it */
    EXPECT_EQ(0, sendfile(copy, file, NULL, 0));
    EXPECT_EQ(0, sendfile(a[1], a[0], NULL, 0));
    EXPECT_EQ(0, sendfile(a[1], dir, NULL, 0));
    EXPECT_ERRNO(EINVAL, sendfile(copy, file, NULL, SIZE_MAX));
    at = INT64_MAX - 1;
    EXPECT_ERRNO(EINVAL, sendfile(copy, file, &at, 3));
}

/* A file that grows as it is sent, by itself, is sent on. */
static void send_on(void)
{
    int file = CHECK(open("/tmp", O_TMPFILE | O_RDWR, 0600));
    EXPECT_EQ(10, write(file, "0123456789", 10));
    off_t at = 4;
    EXPECT_EQ(100, sendfile(file, file, &at, 100));
    EXPECT_EQ(104, at);
    EXPECT_EQ(110, lseek(file, 0, SEEK_CUR));
    char text[120];
    EXPECT_EQ(110, pread(file, text, sizeof text, 0));
    EXPECT(!memcmp(text, "012345678945678945678945", 24));
}

/* No room is told before there is nothing to move, and never will be. */
static void end_to_full(void)
{
    int a[2], b[2];
    CHECK(pipe2(a, O_NONBLOCK));
    CHECK(pipe2(b, O_NONBLOCK));
    EXPECT_EQ(4096, CHECK(fcntl(b[1], F_SETPIPE_SZ, 4096)));
    EXPECT_EQ(4096, write(b[1], bytes, 4096));
    EXPECT_ERRNO(EAGAIN, splice(a[0], NULL, b[1], NULL, 8, 0));
    CHECK(close(a[1]));
    EXPECT_ERRNO(EAGAIN, splice(a[0], NULL, b[1], NULL, 8, 0));
    EXPECT_ERRNO(EAGAIN, tee(a[0], b[1], 8, 0));
    EXPECT_EQ(4096, read(b[0], bytes, 4096));
    EXPECT_EQ(0, splice(a[0], NULL, b[1], NULL, 8, 0));
    EXPECT_EQ(0, tee(a[0], b[1], 8, 0));
}

/* What counts, and is no stream of bytes, is neither spliced from nor to. */
static void events(void)
{
    int a[2];
    CHECK(pipe2(a, O_NONBLOCK));
    int event = CHECK(eventfd(1, EFD_NONBLOCK));
    EXPECT_ERRNO(EINVAL, splice(event, NULL, a[1], NULL, 8, 0));
    EXPECT_EQ(8, write(a[1], "\1\0\0\0\0\0\0\0", 8));
    EXPECT_ERRNO(EINVAL, splice(a[0], NULL, event, NULL, 8, 0));
    uint64_t count;
    EXPECT_EQ(8, read(event, &count, 8));
    EXPECT_EQ(1, count);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL));
    CHECK(raise(SIGUSR1));
    int signals = CHECK(signalfd(-1, &set, SFD_NONBLOCK));
    EXPECT_ERRNO(EINVAL, splice(signals, NULL, a[1], NULL, 4000, 0));
    char info[128];
    EXPECT_EQ(128, read(signals, info, 128));
}

/* A full pipe has no room, even where the last page is not full. */
static void send_to_full(void)
{
    int a[2];
    static char bytes[4096];
    CHECK(pipe2(a, O_NONBLOCK));
    EXPECT_EQ(4096, CHECK(fcntl(a[1], F_SETPIPE_SZ, 4096)));
    int file = CHECK(open("/tmp", O_TMPFILE | O_RDWR, 0600));
    EXPECT_EQ(10, write(file, "0123456789", 10));
    off_t at = 0;
    EXPECT_EQ(10, write(a[1], bytes, 10));
    EXPECT_ERRNO(EAGAIN, sendfile(a[1], file, &at, 10));
    EXPECT_EQ(0, at);
    EXPECT_EQ(10, read(a[0], bytes, sizeof bytes));
    EXPECT_EQ(10, sendfile(a[1], file, &at, 100));
    EXPECT_EQ(10, at);
}

int main(void)
{
    refused();
    files();
    pipes();
    memory();
    send();
    send_on();
    end_to_full();
    events();
    send_to_full();
    return 0;
}
