/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do a shared mapping and the file's reads and writes see each other? */
#include "file_test.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

static sigjmp_buf back;

static void on_bus(int signal)
{
    siglongjmp(back, signal);
}

int main(void)
{
    scratch_enter();
    signal(SIGBUS, on_bus);
    int fd = CHECK(open("f", O_CREAT | O_RDWR, 0600));
    CHECK(ftruncate(fd, 8192 + 10));
    char *map = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    EXPECT(map != MAP_FAILED);
    EXPECT_EQ(5, pwrite(fd, "hello", 5, 4094));
    EXPECT(!memcmp(map + 4094, "hello", 5));
    memcpy(map + 100, "world", 5);
    char bytes[8];
    EXPECT_EQ(5, pread(fd, bytes, 5, 100));
    EXPECT(!memcmp(bytes, "world", 5));
    char *private = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    private[100] = 'X';
    EXPECT_EQ('w', map[100]);
    map[101] = '!';
    EXPECT_EQ('o', private[101]);

    /* Behind the last page there is nothing; behind the last byte there are zeros. */
    EXPECT_EQ(0, map[8192 + 11]);
    int got = sigsetjmp(back, 1);
    if (!got) {
        (void)*(volatile char *)(map + 12288);
        FAIL("a page behind the end was read");
    }
    EXPECT_EQ(SIGBUS, got);
    CHECK(ftruncate(fd, 16384));
    EXPECT_EQ(0, *(volatile char *)(map + 12288));
    map[12288] = 1;
    CHECK(ftruncate(fd, 4096));
    got = sigsetjmp(back, 1);
    if (!got) {
        (void)*(volatile char *)(map + 4096);
        FAIL("a page that was cut off was read");
    }
    /* It lives on without its name and its descriptor. */
    CHECK(unlink("f"));
    CHECK(close(fd));
    EXPECT_EQ('!', map[101]);
    return 0;
}
