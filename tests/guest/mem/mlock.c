/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do the calls of mlock(2) refuse, with privilege and without, and what do they bring in? */
#include "fault.h"

#include <linux/capability.h>
#include <pthread.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>

static int lock2(const void *addr, size_t length, unsigned flags)
{
    return (int)syscall(SYS_mlock2, addr, length, flags);
}

static void arguments(void)
{
    char *map = anon(6 * PAGE, PROT_READ | PROT_WRITE);
    unsigned char in[6];
    EXPECT_ERRNO(EINVAL, lock2(map, PAGE, 2));
    EXPECT_ERRNO(ENOMEM, mlock((void *)0x10000, PAGE));
    EXPECT_ERRNO(ENOMEM, munlock((void *)0x10000, PAGE));
    EXPECT_EQ(0, mlock((void *)0x10000, 0));
    EXPECT_EQ(0, mlock(map + 17, 0)); /* a page: the length begins at the page's start */
    EXPECT_ERRNO(EINVAL, mlock(map, -PAGE));
    EXPECT_ERRNO(EINVAL, munlock(map, -PAGE));
    EXPECT_EQ(0, mlock(map + PAGE + 100, PAGE)); /* two pages */
    CHECK(mincore(map, 6 * PAGE, in));
    EXPECT_EQ(1, in[1] & 1);
    EXPECT_EQ(1, in[2] & 1);
    EXPECT_EQ(0, in[3] & 1);
    EXPECT_EQ(0, lock2(map + 3 * PAGE, PAGE, 1));
    CHECK(mincore(map, 6 * PAGE, in));
    EXPECT_EQ(0, in[3] & 1);
    CHECK(mprotect(map + 4 * PAGE, PAGE, PROT_NONE));
    EXPECT_ERRNO(ENOMEM, mlock(map + 4 * PAGE, PAGE));
    EXPECT_EQ(0, munlock(map, 6 * PAGE));
    CHECK(munmap(map + PAGE, PAGE));
    EXPECT_ERRNO(ENOMEM, mlock(map, 3 * PAGE));
    EXPECT_ERRNO(ENOMEM, munlock(map, 3 * PAGE));

    EXPECT_ERRNO(EINVAL, mlockall(0));
    EXPECT_ERRNO(EINVAL, mlockall(8));
    EXPECT_ERRNO(EINVAL, mlockall(4));
    CHECK(mlockall(MCL_FUTURE));
    map = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(mincore(map, 2 * PAGE, in));
    EXPECT_EQ(1, in[0] & in[1] & 1);
    CHECK(munlockall());
    map = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    CHECK(mincore(map, 2 * PAGE, in));
    EXPECT_EQ(0, in[0] & 1);
}

static void limits(void)
{
    struct rlimit limit = {.rlim_cur = 4 * PAGE, .rlim_max = 4 * PAGE};
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));
    if (geteuid() == 0)
        CHECK(setresuid(1000, 1000, 1000));
    char *map = anon(16 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_EQ(0, mlock(map, 3 * PAGE));
    EXPECT_ERRNO(ENOMEM, mlock(map + 4 * PAGE, 2 * PAGE));
    EXPECT_EQ(0, mlock(map, 4 * PAGE)); /* what is locked already does not count twice */
    EXPECT_ERRNO(EAGAIN,
                 mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    EXPECT_ERRNO(ENOMEM, mlockall(MCL_CURRENT));
    EXPECT_EQ(0, munlock(map, 16 * PAGE));
    EXPECT_EQ(0, mlock(map + 8 * PAGE, 4 * PAGE));
    EXPECT_ERRNO(EAGAIN, mremap(map + 8 * PAGE, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
    EXPECT_EQ(0, munlockall());
    CHECK(mlockall(MCL_FUTURE));
    EXPECT_ERRNO(EAGAIN, mmap_raw(0, 5 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    CHECK(munlockall());
    limit.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));
    EXPECT_ERRNO(EPERM, mlock(map, PAGE));
    EXPECT_ERRNO(EPERM, mlockall(MCL_CURRENT));
    EXPECT_ERRNO(EPERM,
                 mmap_raw(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    EXPECT_EQ(0, munlock(map, PAGE));
}

static void set_lock_right(bool has)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];
    CHECK(syscall(SYS_capget, &header, data));
    data[0].effective &= ~(1u << CAP_IPC_LOCK);
    if (has)
        data[0].effective |= 1u << CAP_IPC_LOCK;
    CHECK(syscall(SYS_capset, &header, data));
}

struct beyond {
    char *map;
    int go[2]; /* the other thread has given up its right */
};

static void *lock_beyond(void *opaque)
{
    struct beyond *beyond = opaque;
    char byte;
    EXPECT_EQ(1, read(beyond->go[0], &byte, 1));
    EXPECT_EQ(0, mlock(beyond->map, 8 * PAGE));
    EXPECT_EQ(0, munlock(beyond->map, 8 * PAGE));
    return NULL;
}

/* It is the capability, not the user, and the caller's own. */
static void without_right(void)
{
    if (geteuid() != 0)
        return;
    struct rlimit limit = {.rlim_cur = 2 * PAGE, .rlim_max = 4 * PAGE};
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));
    char *map = anon(16 * PAGE, PROT_READ | PROT_WRITE);
    EXPECT_EQ(0, mlock(map, 8 * PAGE));
    EXPECT_EQ(0, munlock(map, 8 * PAGE));
    struct beyond beyond = {.map = map};
    CHECK(pipe(beyond.go));
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, lock_beyond, &beyond));
    set_lock_right(false);
    EXPECT_ERRNO(ENOMEM, mlock(map, 8 * PAGE));
    EXPECT_EQ(1, write(beyond.go[1], "", 1));
    EXPECT_EQ(0, pthread_join(thread, NULL));
    EXPECT_ERRNO(EAGAIN,
                 mmap_raw(0, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    EXPECT_EQ(0, mlock(map, 2 * PAGE));
    EXPECT_EQ(0, munlock(map, 2 * PAGE));
    limit.rlim_cur = 3 * PAGE;
    CHECK(setrlimit(RLIMIT_MEMLOCK, &limit));
    EXPECT_EQ(0, mlock(map, 3 * PAGE));
    EXPECT_ERRNO(ENOMEM, mlock(map, 4 * PAGE));
    EXPECT_EQ(0, munlock(map, 3 * PAGE));

    set_lock_right(true);
    EXPECT_EQ(0, mlock(map, 8 * PAGE));
    EXPECT_EQ(0, munlock(map, 8 * PAGE));
}

/* Locked private memory that becomes writable is copied then, not when it is written. */
static void copies(void)
{
    int file = CHECK(memfd_create("m", 0));
    CHECK(ftruncate(file, PAGE));
    char *map = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
    EXPECT(map != MAP_FAILED);
    EXPECT_EQ(0, mlock(map, PAGE));
    EXPECT_EQ(1, pwrite(file, "a", 1, 0));
    EXPECT_EQ('a', map[0]);
    CHECK(mprotect(map, PAGE, PROT_READ | PROT_WRITE));
    EXPECT_EQ(1, pwrite(file, "b", 1, 0));
    EXPECT_EQ('a', map[0]);
    CHECK(munmap(map, PAGE));
    EXPECT_EQ(0, mlock(map, 0)); /* nothing is looked at */
}

int main(void)
{
    arguments();
    copies();
    pid_t child = CHECK(fork());
    if (child == 0) {
        without_right();
        _exit(0);
    }
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
    limits();
    return 0;
}
