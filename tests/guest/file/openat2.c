/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does openat2(2) refuse, and how does it keep a walk in? */
#include "file_test.h"

#include <linux/openat2.h>

static int open2(int dir, const char *name, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct open_how how = {flags, mode, resolve};
    return (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
}

int main(void)
{
    scratch_enter();
    CHECK(mkdir("d", 0755));
    CHECK(mkdir("d/sub", 0755));
    make_file("d/f", "in");
    make_file("out", "out");
    CHECK(symlink("f", "d/l"));
    CHECK(symlink("../out", "d/up"));
    CHECK(symlink("/f", "d/abs"));
    int dir = CHECK(open("d", O_RDONLY | O_DIRECTORY));

    CHECK(close(CHECK(open2(dir, "f", O_RDONLY, 0, 0))));
    EXPECT_ERRNO(EINVAL, open2(dir, "f", UINT64_C(1) << 40, 0, 0));
    EXPECT_ERRNO(EINVAL, open2(dir, "f", O_RDONLY, 0600, 0));
    EXPECT_ERRNO(EINVAL, open2(dir, "f", O_CREAT | O_RDWR, 010000, 0));
    EXPECT_ERRNO(EINVAL, open2(dir, "f", O_RDONLY, 0, 0x40));
    EXPECT_ERRNO(EINVAL, open2(dir, "f", O_RDONLY, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT));
    EXPECT_ERRNO(EINVAL, open2(dir, "f", O_PATH | O_RDWR, 0, 0));
    EXPECT_ERRNO(EAGAIN, open2(dir, "n", O_CREAT | O_RDWR, 0600, RESOLVE_CACHED));
    struct {
        struct open_how how;
        uint64_t more;
    } longer = {{O_RDONLY, 0, 0}, 0};
    EXPECT_ERRNO(EINVAL, syscall(SYS_openat2, dir, "f", &longer, 23));
    CHECK(close(CHECK((int)syscall(SYS_openat2, dir, "f", &longer, sizeof longer))));
    longer.more = 1;
    EXPECT_ERRNO(E2BIG, syscall(SYS_openat2, dir, "f", &longer, sizeof longer));
    EXPECT_ERRNO(E2BIG, syscall(SYS_openat2, dir, "f", &longer, 5000));
    EXPECT_ERRNO(EFAULT, syscall(SYS_openat2, dir, "f", (void *)8, 24));

    EXPECT_ERRNO(ELOOP, open2(dir, "l", O_RDONLY, 0, RESOLVE_NO_SYMLINKS));
    EXPECT_ERRNO(EXDEV, open2(dir, "up", O_RDONLY, 0, RESOLVE_BENEATH));
    EXPECT_ERRNO(EXDEV, open2(dir, "..", O_RDONLY, 0, RESOLVE_BENEATH));
    EXPECT_ERRNO(EXDEV, open2(dir, "/f", O_RDONLY, 0, RESOLVE_BENEATH));
    EXPECT_ERRNO(EXDEV, open2(dir, "abs", O_RDONLY, 0, RESOLVE_BENEATH));
    EXPECT_ERRNO(EXDEV, open2(dir, "sub/../../out", O_RDONLY, 0, RESOLVE_BENEATH));
    CHECK(close(CHECK(open2(dir, "sub/../l", O_RDONLY, 0, RESOLVE_BENEATH))));
    CHECK(close(CHECK(open2(dir, "abs", O_RDONLY, 0, RESOLVE_IN_ROOT))));
    CHECK(close(CHECK(open2(dir, "/../../f", O_RDONLY, 0, RESOLVE_IN_ROOT))));
    EXPECT_ERRNO(ENOENT, open2(dir, "up", O_RDONLY, 0, RESOLVE_IN_ROOT));
    EXPECT_ERRNO(EXDEV, open2(AT_FDCWD, "/dev/null", O_RDONLY, 0, RESOLVE_NO_XDEV));
    CHECK(close(CHECK(open2(dir, "../out", O_RDONLY, 0, RESOLVE_NO_XDEV))));
    EXPECT_ERRNO(ELOOP, open2(AT_FDCWD, "/proc/self/exe", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS));
    return 0;
}
