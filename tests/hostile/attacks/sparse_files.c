/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files with far ends, and everything that walks over the holes. */
#include "attack.h"

#include <sys/sendfile.h>

int main(void)
{
    for (unsigned turn = 0;; turn++) {
        int fd = turn % 2 ? open("/tmp/sparse", O_CREAT | O_RDWR, 0600)
                          : memfd_create("sparse", MFD_ALLOW_SEALING);
        int null = open("/dev/null", O_RDWR);
        off_t end = INT64_MAX / 2;
        TRY(ftruncate(fd, INT64_MAX));
        for (off_t at = 1; at < end; at *= 4)
            TRY(pwrite(fd, "x", 1, at));
        for (off_t at = 0; at >= 0 && at < end;)
            at = lseek(fd, lseek(fd, at, SEEK_HOLE), SEEK_DATA);
        fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, INT64_MAX);
        fallocate(fd, 0, 0, INT64_MAX);
        fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, (off_t)1 << 40);
        lseek(fd, 0, SEEK_SET);
        TRY(sendfile(null, fd, NULL, (size_t)1 << 40));
        TRY(copy_file_range(fd, NULL, fd, &(loff_t){(off_t)1 << 42}, (size_t)1 << 40, 0));
        char *mapped = mmap(NULL, (size_t)1 << 40, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (mapped != MAP_FAILED) {
            madvise(mapped, (size_t)1 << 40, MADV_REMOVE);
            msync(mapped, (size_t)1 << 40, MS_SYNC);
            munmap(mapped, (size_t)1 << 40);
        }
        TRY(ftruncate(fd, 0));
        close(fd);
        close(null);
    }
}
