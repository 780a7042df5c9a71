/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does /proc/PID/pagemap say of pages: there or not, private or of a file, mapped by one
 * alone? */
#include "proc_text.h"

#include <sys/mman.h>
#include <sys/wait.h>

#define PAGE 4096ul
#define EXCLUSIVE (1ul << 56)
#define OF_FILE (1ul << 61)
#define SWAPPED (1ul << 62)
#define PRESENT (1ul << 63)
#define END (0x7ffffffff000ul / PAGE * 8)

static int fd;

static uint64_t bits_of(const volatile void *page)
{
    uint64_t entry;
    EXPECT_EQ(8, pread(fd, &entry, 8, (off_t)((uintptr_t)page / PAGE * 8)));
    return entry & (EXCLUSIVE | OF_FILE | SWAPPED | PRESENT);
}

static volatile char *map(int flags, int file)
{
    return CHECK((volatile char *)mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, flags, file, 0));
}

static void private_pages(void)
{
    volatile char *at = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    CHECK(madvise((void *)at, 4 * PAGE, MADV_NOHUGEPAGE));
    EXPECT_EQ(0, bits_of(at));
    at[0] = 1;
    (void)at[PAGE];
    EXPECT_EQ(PRESENT | EXCLUSIVE, bits_of(at));
    EXPECT_EQ(PRESENT, bits_of(at + PAGE)); /* everybody's zeros */
    EXPECT_EQ(0, bits_of(at + 2 * PAGE));
    /* All at once, and no more than asked for. */
    uint64_t entries[5] = {[4] = 77};
    EXPECT_EQ(32, pread(fd, entries, 32, (off_t)((uintptr_t)at / PAGE * 8)));
    EXPECT((entries[0] & PRESENT) && (entries[1] & PRESENT));
    EXPECT_EQ(0, entries[2] | entries[3]);
    EXPECT_EQ(77, entries[4]);

    int done[2], go[2];
    CHECK(pipe(done));
    CHECK(pipe(go));
    pid_t child = CHECK(fork());
    if (child == 0) {
        char byte;
        at[2 * PAGE] = 1;
        EXPECT_EQ(1, write(done[1], "", 1));
        EXPECT_EQ(1, read(go[0], &byte, 1));
        _exit(0);
    }
    char byte;
    EXPECT_EQ(1, read(done[0], &byte, 1));
    EXPECT_EQ(PRESENT, bits_of(at)); /* two have it */
    EXPECT_EQ(0, bits_of(at + 2 * PAGE));
    char name[64];
    snprintf(name, sizeof name, "/proc/%d/pagemap", child);
    int own = fd;
    fd = CHECK(open(name, O_RDONLY));
    EXPECT_EQ(PRESENT, bits_of(at));
    EXPECT_EQ(PRESENT | EXCLUSIVE, bits_of(at + 2 * PAGE));
    EXPECT_EQ(1, write(go[1], "", 1));
    EXPECT_EQ(child, waitpid(child, NULL, 0));
    EXPECT_EQ(0, pread(fd, name, 8, (off_t)((uintptr_t)at / PAGE * 8))); /* nobody's now */
    CHECK(close(fd));
    fd = own;

    CHECK(mprotect((void *)at, PAGE, PROT_NONE));
    EXPECT(bits_of(at) & PRESENT);
    CHECK(madvise((void *)at, 4 * PAGE, MADV_DONTNEED));
    EXPECT_EQ(0, bits_of(at) | bits_of(at + PAGE));
    CHECK(munmap((void *)at, 4 * PAGE));
    EXPECT_EQ(0, bits_of(at));
}

static void pages_of_files(void)
{
    volatile char *at = map(MAP_SHARED | MAP_ANONYMOUS, -1);
    EXPECT_EQ(0, bits_of(at));
    at[0] = 1;
    (void)at[PAGE];
    EXPECT_EQ(PRESENT | OF_FILE | EXCLUSIVE, bits_of(at));
    EXPECT_EQ(PRESENT | OF_FILE | EXCLUSIVE, bits_of(at + PAGE));
    int file = CHECK(memfd_create("pagemap", 0));
    CHECK(ftruncate(file, 4 * PAGE));
    at = map(MAP_PRIVATE, file);
    volatile char *twin = map(MAP_SHARED, file);
    EXPECT_EQ(0, bits_of(at));
    twin[0] = 1;
    EXPECT_EQ(PRESENT | OF_FILE | EXCLUSIVE, bits_of(twin));
    (void)at[0];
    EXPECT_EQ(PRESENT | OF_FILE, bits_of(at));
    EXPECT_EQ(PRESENT | OF_FILE, bits_of(twin));
    at[0] = 2; /* a copy */
    EXPECT_EQ(PRESENT | EXCLUSIVE, bits_of(at));
    EXPECT_EQ(PRESENT | OF_FILE | EXCLUSIVE, bits_of(twin));
}

static void positions(void)
{
    uint64_t entries[4];
    EXPECT_ERRNO(EINVAL, pread(fd, entries, 4, 0));
    EXPECT_ERRNO(EINVAL, pread(fd, entries, 12, 0));
    EXPECT_ERRNO(EINVAL, pread(fd, entries, 8, 4));
    EXPECT_ERRNO(EFAULT, pread(fd, (void *)8, 8, 0));
    EXPECT_EQ(16, pread(fd, entries, 32, END - 16));
    EXPECT_EQ(0, pread(fd, entries, 32, END));
    EXPECT_EQ(0, pread(fd, entries, 32, 1l << 60));
    EXPECT_EQ(80, lseek(fd, 80, SEEK_SET));
    EXPECT_EQ(32, read(fd, entries, 32));
    EXPECT_EQ(112, lseek(fd, 0, SEEK_CUR));
    EXPECT_ERRNO(EINVAL, lseek(fd, 0, SEEK_END));
}

int main(void)
{
    fd = CHECK(open("/proc/self/pagemap", O_RDONLY));
    private_pages();
    pages_of_files();
    positions();
    return 0;
}
