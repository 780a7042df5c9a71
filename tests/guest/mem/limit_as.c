/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does RLIMIT_AS stop? */
#include "fault.h"

#include <sys/resource.h>

int main(void)
{
    char *map = anon(8 * PAGE, PROT_NONE), *wall = anon(PAGE, PROT_READ);
    (void)wall;
    CHECK(munmap(map, 4 * PAGE));
    struct rlimit limit = {.rlim_cur = 64UL << 20, .rlim_max = RLIM_INFINITY};
    CHECK(setrlimit(RLIMIT_AS, &limit));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, 65UL << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, 65UL << 20, PROT_NONE,
                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    char *big = CHECK(mmap_raw(0, 60UL << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_ERRNO(ENOMEM, mmap_raw(0, 10UL << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    EXPECT_ERRNO(ENOMEM, mremap(big, 60UL << 20, 70UL << 20, MREMAP_MAYMOVE));
    /* What is replaced does not count. */
    CHECK(mmap_raw((uintptr_t)big, 60UL << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                   -1, 0));
    uintptr_t heap = (uintptr_t)syscall(SYS_brk, 0);
    EXPECT_EQ(heap, syscall(SYS_brk, heap + (10UL << 20)));
    CHECK(munmap(big, 60UL << 20));
    CHECK(mmap_raw(0, 50UL << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    return 0;
}
