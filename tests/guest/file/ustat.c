/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ustat(2): what is free on the file system of a device, and what is refused? */
#include "file_test.h"

#include <sys/statfs.h>

struct ustat {
    int32_t tfree;
    uint64_t tinode;
    char names[12];
};

int main(void)
{
    scratch_enter();
    struct stat st = stat_of(".");
    struct statfs fs;
    struct ustat got;
    memset(&got, 0x55, sizeof got);
    CHECK(statfs(".", &fs));
    EXPECT_EQ(0, CHECK(syscall(SYS_ustat, st.st_dev, &got)));
    EXPECT(got.tfree >= 0 && (uint64_t)got.tfree <= fs.f_blocks);
    EXPECT(got.tinode <= fs.f_files);
    for (int i = 0; i < 12; i++)
        EXPECT_EQ(0, got.names[i]);
    EXPECT_ERRNO(EINVAL, syscall(SYS_ustat, 0xfffff, &got));
    EXPECT_ERRNO(EINVAL, syscall(SYS_ustat, 0xfffff, 8)); /* the device first */
    EXPECT_ERRNO(EFAULT, syscall(SYS_ustat, st.st_dev, 8));
    st = stat_of("/proc");
    EXPECT_EQ(0, CHECK(syscall(SYS_ustat, st.st_dev, &got)));
    EXPECT_EQ(0, got.tinode);
    return 0;
}
