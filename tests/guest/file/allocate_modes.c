/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fallocate's modes, holes and data, copy_file_range and seals: which bytes are there afterwards?
 */
#include "file_test.h"

#include <sys/mman.h>

#define PUNCH (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE)

static char bytes[65536];

static void modes(void)
{
    int fd = CHECK(open("f", O_CREAT | O_RDWR, 0600));
    memset(bytes, 'x', sizeof bytes);
    EXPECT_EQ(20000, write(fd, bytes, 20000));
    EXPECT_ERRNO(EINVAL, fallocate(fd, 0, 0, 0));
    EXPECT_ERRNO(EINVAL, fallocate(fd, 0, 0, -1));
    EXPECT_ERRNO(EINVAL, fallocate(fd, 0, -1, 1));
    EXPECT_ERRNO(EFBIG, fallocate(fd, 0, INT64_MAX, 1));
    EXPECT_ERRNO(EOPNOTSUPP, fallocate(fd, 0x8000, 0, 1));
    EXPECT_ERRNO(EOPNOTSUPP, fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1)); /* without KEEP_SIZE */
    EXPECT_ERRNO(EBADF, fallocate(CHECK(open("f", O_RDONLY)), 0, 0, 1));
    EXPECT_ERRNO(EBADF, fallocate(99, 0, 0, 0));
    CHECK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100000));
    EXPECT_EQ(20000, stat_of("f").st_size);
    CHECK(fallocate(fd, 0, 0, 30000));
    EXPECT_EQ(30000, stat_of("f").st_size);
    CHECK(fallocate(fd, PUNCH, 100, 10000)); /* pages and parts of pages */
    EXPECT_EQ(30000, pread(fd, bytes, sizeof bytes, 0));
    for (int i = 0; i < 30000; i++)
        EXPECT_EQ(i < 100 || (i >= 10100 && i < 20000) ? 'x' : 0, bytes[i]);
    CHECK(fallocate(fd, PUNCH, 1000000, 10)); /* beyond the end: nothing */
    EXPECT_EQ(30000, stat_of("f").st_size);
    int app = CHECK(open("f", O_WRONLY | O_APPEND)); /* which says where writes go, no more */
    CHECK(fallocate(app, PUNCH, 0, 100));
    EXPECT_EQ(100, pread(fd, bytes, 100, 0));
    EXPECT_EQ(0, bytes[0] | bytes[99]);
    CHECK(close(app));
    int dir = CHECK(open(".", O_RDONLY)), ends[2];
    EXPECT_ERRNO(EBADF, fallocate(dir, 0, 0, 1));
    CHECK(pipe(ends));
    EXPECT_ERRNO(ESPIPE, fallocate(ends[1], 0, 0, 1));
    EXPECT_ERRNO(ENODEV, fallocate(CHECK(open("/dev/null", O_RDWR)), 0, 0, 1));
    CHECK(close(fd));
}

static void copies(void)
{
    int a = CHECK(open("a", O_CREAT | O_RDWR, 0600)), b = CHECK(open("b", O_CREAT | O_RDWR, 0600));
    EXPECT_EQ(10, write(a, "0123456789", 10));
    loff_t from = 2, to = 5;
    EXPECT_EQ(4, copy_file_range(a, &from, b, &to, 4, 0));
    EXPECT_EQ(6, from);
    EXPECT_EQ(9, to);
    EXPECT_EQ(9, pread(b, bytes, 99, 0));
    EXPECT(!memcmp(bytes,
                   "\0\0\0\0\0"
                   "2345",
                   9));
    EXPECT_EQ(10, lseek(a, 0, SEEK_CUR));
    EXPECT_EQ(0, copy_file_range(a, NULL, b, NULL, 4, 0)); /* at the end */
    from = 8;
    EXPECT_EQ(2, copy_file_range(a, &from, b, NULL, 100, 0));
    EXPECT_EQ(2, lseek(b, 0, SEEK_CUR));
    from = 0, to = 3;
    EXPECT_ERRNO(EINVAL, copy_file_range(a, &from, a, &to, 5, 0)); /* overlaps itself */
    to = 20;
    EXPECT_EQ(5, copy_file_range(a, &from, a, &to, 5, 0));
    EXPECT_ERRNO(EINVAL, copy_file_range(a, NULL, b, NULL, 1, 1));
    EXPECT_ERRNO(EBADF, copy_file_range(a, NULL, 99, NULL, 1, 0));
    EXPECT_ERRNO(EBADF, copy_file_range(CHECK(open("a", O_WRONLY)), NULL, b, NULL, 1, 0));
    EXPECT_ERRNO(EBADF, copy_file_range(a, NULL, CHECK(open("b", O_RDONLY)), NULL, 1, 0));
    EXPECT_ERRNO(EBADF,
                 copy_file_range(a, NULL, CHECK(open("b", O_WRONLY | O_APPEND)), NULL, 1, 0));
    EXPECT_ERRNO(EISDIR, copy_file_range(CHECK(open(".", O_RDONLY)), NULL, b, NULL, 1, 0));
    int ends[2];
    CHECK(pipe(ends));
    EXPECT_ERRNO(EINVAL, copy_file_range(ends[0], NULL, b, NULL, 1, 0));
    EXPECT_ERRNO(EFAULT, copy_file_range(a, (void *)8, b, NULL, 1, 0));
    from = -1;
    EXPECT_ERRNO(EOVERFLOW, copy_file_range(a, &from, b, NULL, 1, 0));
    from = -5;
    EXPECT_ERRNO(EINVAL, copy_file_range(a, &from, b, NULL, 1, 0));
    from = INT64_MAX;
    EXPECT_EQ(0, copy_file_range(a, &from, b, NULL, 5, 0));
    from = 0, to = INT64_MAX;
    EXPECT_ERRNO(EFBIG, copy_file_range(a, &from, b, &to, 0, 0));
    CHECK(close(a));
    CHECK(close(b));
}

static void seals(void)
{
    int fd = CHECK(memfd_create("m", MFD_ALLOW_SEALING | MFD_CLOEXEC));
    EXPECT_EQ(0, CHECK(fcntl(fd, F_GET_SEALS)));
    EXPECT_ERRNO(EPERM, fcntl(CHECK(open("/", O_RDONLY)), F_ADD_SEALS, F_SEAL_SHRINK));
    EXPECT_EQ(10, write(fd, "0123456789", 10));
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    EXPECT_ERRNO(EPERM, ftruncate(fd, 5));
    CHECK(ftruncate(fd, 20));
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    EXPECT_ERRNO(EPERM, ftruncate(fd, 30));
    EXPECT_ERRNO(EPERM, fallocate(fd, 0, 0, 30));
    EXPECT_EQ(20, pwrite(fd, bytes, 20, 0));
    long n = pwrite(fd, bytes, 10, 15);
    EXPECT((n == -1 && errno == EPERM) || n == 5);
    char *map = CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    EXPECT_ERRNO(EBUSY, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    CHECK(munmap(map, 4096));
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    EXPECT_ERRNO(EPERM, pwrite(fd, "x", 1, 0));
    EXPECT_ERRNO(EPERM, fallocate(fd, PUNCH, 0, 1));
    EXPECT_ERRNO(EPERM, mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    map = CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
    EXPECT_ERRNO(EACCES, mprotect(map, 4096, PROT_READ | PROT_WRITE));
    map = CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
    map[0] = 'p';
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
    EXPECT_EQ(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
              CHECK(fcntl(fd, F_GET_SEALS)));
    EXPECT_ERRNO(EPERM, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    CHECK(close(fd));

    fd = CHECK(memfd_create("future", MFD_ALLOW_SEALING));
    CHECK(ftruncate(fd, 4096));
    map = CHECK(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    CHECK(fcntl(fd, F_ADD_SEALS, 0x10)); /* F_SEAL_FUTURE_WRITE: old mappings go on */
    map[0] = 'y';
    EXPECT_ERRNO(EPERM, pwrite(fd, "x", 1, 0));
    EXPECT_ERRNO(EPERM, mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_ADD_SEALS, 0x1000));
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    EXPECT_ERRNO(EPERM, fcntl(CHECK(open(path, O_RDONLY)), F_ADD_SEALS, F_SEAL_SEAL));
    CHECK(close(fd));
    fd = CHECK(memfd_create("none", 0));
    EXPECT_EQ(F_SEAL_SEAL, CHECK(fcntl(fd, F_GET_SEALS)));
    EXPECT_ERRNO(EPERM, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    fd = CHECK(memfd_create("noexec", 0x8)); /* MFD_NOEXEC_SEAL */
    EXPECT_EQ(0x20, CHECK(fcntl(fd, F_GET_SEALS)));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0666, st.st_mode & 07777);
    EXPECT_ERRNO(EPERM, fchmod(fd, 0777));
    EXPECT_ERRNO(EINVAL, memfd_create("both", 0x18));
    EXPECT_ERRNO(EINVAL, memfd_create("bits", 0x40));
    char longer[260];
    memset(longer, 'n', sizeof longer);
    longer[249] = 0;
    CHECK(close(CHECK(memfd_create(longer, 0))));
    longer[249] = 'n', longer[250] = 0;
    EXPECT_ERRNO(EINVAL, memfd_create(longer, 0));
    EXPECT_ERRNO(EFAULT, memfd_create((void *)8, 0));
    int regular = CHECK(open("a", O_RDWR));
    long got = fcntl(regular, F_GET_SEALS);
    EXPECT(got == F_SEAL_SEAL || (got == -1 && errno == EINVAL)); /* tmpfs has them, others not */
}

int main(void)
{
    scratch_enter();
    modes();
    copies();
    seals();
    return 0;
}
