/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does getdents64(2) give each name once, also in small pieces and from positions that it named? */
#include "file_test.h"

struct entry {
    uint64_t ino;
    int64_t off;
    unsigned short reclen;
    unsigned char type;
    char name[];
};

static int read_all(int fd, unsigned size, unsigned char *seen)
{
    char buffer[4096];
    int count = 0;
    for (;;) {
        long n = CHECK(syscall(SYS_getdents64, fd, buffer, size));
        if (n == 0)
            return count;
        for (long at = 0; at < n;) {
            struct entry *e = (struct entry *)(buffer + at);
            EXPECT(e->reclen % 8 == 0 && e->reclen >= 24);
            EXPECT(e->ino != 0);
            if (e->name[0] == 'n') {
                seen[atoi(e->name + 1)]++;
                EXPECT_EQ(DT_REG, e->type);
            } else {
                EXPECT_EQ(DT_DIR, e->type);
            }
            count++;
            at += e->reclen;
        }
    }
}

int main(void)
{
    scratch_enter();
    char name[16];
    for (int i = 0; i < 200; i++) {
        snprintf(name, sizeof name, "n%d", i);
        make_file(name, "");
    }
    int fd = CHECK(open(".", O_RDONLY));
    for (unsigned size = 32; size <= 4096; size *= 2) {
        unsigned char seen[200] = {0};
        CHECK(lseek(fd, 0, SEEK_SET));
        EXPECT_EQ(202, read_all(fd, size, seen));
        for (int i = 0; i < 200; i++)
            EXPECT_EQ(1, seen[i]);
    }
    char buffer[4096];
    CHECK(lseek(fd, 0, SEEK_SET));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getdents64, fd, buffer, 20));
    EXPECT_ERRNO(EINVAL, syscall(SYS_getdents64, fd, buffer, -1));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getdents64, fd, (void *)8, 4096));
    EXPECT_ERRNO(EBADF, syscall(SYS_getdents64, 1000, buffer, 4096));
    EXPECT_ERRNO(ENOTDIR, syscall(SYS_getdents64, CHECK(open("n0", O_RDONLY)), buffer, 4096));

    /* From the position behind the third entry. */
    CHECK(lseek(fd, 0, SEEK_SET));
    CHECK(syscall(SYS_getdents64, fd, buffer, 4096));
    struct entry *e = (struct entry *)buffer;
    for (int i = 0; i < 2; i++)
        e = (struct entry *)((char *)e + e->reclen);
    struct entry *next = (struct entry *)((char *)e + e->reclen);
    snprintf(name, sizeof name, "%s", next->name);
    CHECK(lseek(fd, e->off, SEEK_SET));
    CHECK(syscall(SYS_getdents64, fd, buffer, 4096));
    EXPECT(!strcmp(((struct entry *)buffer)->name, name));

    /* Removing while reading loses nothing. */
    CHECK(lseek(fd, 0, SEEK_SET));
    int removed = 0;
    for (;;) {
        long n = CHECK(syscall(SYS_getdents64, fd, buffer, 128));
        if (n == 0)
            break;
        for (long at = 0; at < n; at += ((struct entry *)(buffer + at))->reclen) {
            struct entry *one = (struct entry *)(buffer + at);
            if (one->name[0] == 'n') {
                CHECK(unlink(one->name));
                removed++;
            }
        }
    }
    EXPECT_EQ(200, removed);
    /* The old call: the type is the last byte. */
    CHECK(lseek(fd, 0, SEEK_SET));
    CHECK(mkdir("dir", 0755));
    long n = CHECK(syscall(SYS_getdents, fd, buffer, 4096));
    EXPECT_EQ(24 * 3, n);
    EXPECT_EQ(DT_DIR, buffer[23]);
    return 0;
}
