/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mappings of terabytes that shall be filled, locked, told about. */
#include "attack.h"

static void ask(void)
{
    size_t size = (size_t)1 << 40;
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_MEMLOCK, &limit);
    char *all = map(size);
    unsigned char *told = map((size_t)1 << 28);
    mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE | MAP_NORESERVE, -1, 0);
    madvise(all, size, 22); /* MADV_POPULATE_READ */
    mincore(all, size, told);
    msync(all, size, MS_SYNC);
    mprotect(all, size, PROT_READ);
    madvise(all, size, MADV_DONTNEED);
    mremap(all, size, size * 2, MREMAP_MAYMOVE);
    munlockall();
    mlock(all, size);
    mlockall(MCL_CURRENT | MCL_FUTURE);
    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
}

int main(void)
{
    repeat_in_children(ask);
}
