/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is a file of memfd_create(2), and what do its seals forbid? */
#include "file_test.h"

#include <sys/mman.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8u
#define MFD_EXEC 16u
#define F_SEAL_EXEC 32
#endif

int main(void)
{
    char name[260];
    memset(name, 'n', sizeof name);
    name[250] = 0;
    EXPECT_ERRNO(EINVAL, memfd_create(name, 0));
    name[249] = 0;
    CHECK(close(CHECK(memfd_create(name, 0))));
    EXPECT_ERRNO(EINVAL, memfd_create("x", 0x20));
    EXPECT_ERRNO(EFAULT, memfd_create((void *)8, 0));
    EXPECT_ERRNO(EINVAL, memfd_create("x", MFD_EXEC | MFD_NOEXEC_SEAL));

    int fd = CHECK(memfd_create("x", MFD_CLOEXEC));
    EXPECT_EQ(FD_CLOEXEC, CHECK(fcntl(fd, F_GETFD)));
    EXPECT_EQ(O_RDWR | 0100000, CHECK(fcntl(fd, F_GETFL)));
    EXPECT_EQ(F_SEAL_SEAL, CHECK(fcntl(fd, F_GET_SEALS)));
    EXPECT_ERRNO(EPERM, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0100777, st.st_mode);
    EXPECT_EQ(0, st.st_nlink);

    fd = CHECK(memfd_create("x", MFD_ALLOW_SEALING));
    EXPECT_EQ(0, CHECK(fcntl(fd, F_GET_SEALS)));
    EXPECT_EQ(5, write(fd, "01234", 5));
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
    EXPECT_ERRNO(EPERM, ftruncate(fd, 4));
    CHECK(ftruncate(fd, 6));
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    EXPECT_ERRNO(EPERM, ftruncate(fd, 7));
    EXPECT_ERRNO(EPERM, pwrite(fd, "789", 3, 6));
    EXPECT_ERRNO(EPERM, fallocate(fd, 0, 0, 100));
    EXPECT_EQ(3, pwrite(fd, "abc", 3, 3));
    char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    EXPECT(map != MAP_FAILED);
    EXPECT_EQ('a', map[3]);
    map[0] = 'M';
    EXPECT_ERRNO(EBUSY, fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    CHECK(munmap(map, 4096));
    char c;
    EXPECT_EQ(1, pread(fd, &c, 1, 0));
    EXPECT_EQ('M', c);
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
    EXPECT_ERRNO(EPERM, pwrite(fd, "x", 1, 0));
    EXPECT(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
    EXPECT_EQ(EPERM, errno);
    map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    EXPECT(map != MAP_FAILED);
    EXPECT_EQ(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE, CHECK(fcntl(fd, F_GET_SEALS)));
    EXPECT_ERRNO(EINVAL, fcntl(fd, F_ADD_SEALS, 0x100));
    EXPECT_ERRNO(EINVAL, fcntl(CHECK(open("/dev/null", O_RDWR)), F_GET_SEALS));
    EXPECT_EQ(0, write(fd, "", 0));

    fd = CHECK(memfd_create("x", MFD_NOEXEC_SEAL));
    EXPECT_EQ(F_SEAL_EXEC, CHECK(fcntl(fd, F_GET_SEALS)));
    CHECK(fstat(fd, &st));
    EXPECT_EQ(0100666, st.st_mode);
    EXPECT_ERRNO(EPERM, fchmod(fd, 0777));
    CHECK(fchmod(fd, 0600));

    /* A write that would let it grow is done up to the page where it would. */
    static char bytes[3 * 4096];
    fd = CHECK(memfd_create("x", MFD_ALLOW_SEALING));
    CHECK(ftruncate(fd, 4096));
    CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
    EXPECT_EQ(96, pwrite(fd, bytes, 200, 4000));
    EXPECT_EQ(4096, pwrite(fd, bytes, sizeof bytes, 0));
    EXPECT_ERRNO(EPERM, pwrite(fd, bytes, 1, 4096));
    CHECK(ftruncate(fd, 3000));
    EXPECT_ERRNO(EPERM, pwrite(fd, bytes, 200, 2900));
    EXPECT_EQ(100, pwrite(fd, bytes, 100, 2900));
    return 0;
}
