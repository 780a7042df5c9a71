/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which neighbours are one mapping in /proc/self/maps, and what cuts them in two? */
#include "fault.h"

/* The mappings of [low, high) as a text: pages and protection of each, in order. */
static const char *layout(const char *low, size_t pages)
{
    static char text[512];
    unsigned long from = (unsigned long)low, to = from + pages * PAGE, start, end;
    char line[512], prot[8];
    FILE *maps = fopen("/proc/self/maps", "r");
    if (!maps)
        FAIL("/proc/self/maps: %s", strerror(errno));
    text[0] = '\0';
    while (fgets(line, sizeof line, maps)) {
        if (sscanf(line, "%lx-%lx %7s", &start, &end, prot) != 3)
            FAIL("odd line: %s", line);
        start = start < from ? from : start;
        end = end > to ? to : end;
        if (start < end)
            sprintf(text + strlen(text), "%lu%.3s ", (end - start) / PAGE, prot);
    }
    fclose(maps);
    return text;
}

#define EXPECT_LAYOUT(want, map, pages)                                                            \
    do {                                                                                           \
        const char *got_ = layout(map, pages);                                                     \
        if (strcmp(want, got_) != 0)                                                               \
            FAIL("want \"%s\", got \"%s\"", want, got_);                                           \
    } while (0)

#define RW (PROT_READ | PROT_WRITE)

/* 16 pages with walls on both sides. */
static char *room(int prot)
{
    char *map = anon(18 * PAGE, prot);
    CHECK(mprotect(map, PAGE, PROT_EXEC));
    CHECK(mprotect(map + 17 * PAGE, PAGE, PROT_EXEC));
    return map + PAGE;
}

static void fixed_at(char *map, size_t pages, int prot, int flags)
{
    CHECK(mmap_raw((uintptr_t)map, pages * PAGE, (unsigned long)prot,
                   (unsigned long)(MAP_FIXED | MAP_ANONYMOUS | flags), -1, 0));
}

int main(void)
{
    char *buffer = malloc(1 << 16); /* stdio's memory is mapped before we look */
    free(buffer);
    fclose(fopen("/proc/self/maps", "r"));

    /* mprotect cuts and joins. */
    char *map = room(RW);
    CHECK(mprotect(map + 4 * PAGE, 4 * PAGE, PROT_READ));
    EXPECT_LAYOUT("4rw- 4r-- 8rw- ", map, 16);
    CHECK(mprotect(map + 6 * PAGE, 4 * PAGE, PROT_NONE));
    EXPECT_LAYOUT("4rw- 2r-- 4--- 6rw- ", map, 16);
    CHECK(mprotect(map, 16 * PAGE, RW));
    EXPECT_LAYOUT("16rw- ", map, 16);
    memset(map, 1, 16 * PAGE);
    CHECK(mprotect(map + 4 * PAGE, PAGE, PROT_READ));
    EXPECT_LAYOUT("4rw- 1r-- 11rw- ", map, 16);
    CHECK(mprotect(map + 4 * PAGE, PAGE, RW));
    EXPECT_LAYOUT("16rw- ", map, 16);

    /* A hole filled again, touched or not. */
    CHECK(munmap(map + 3 * PAGE, 2 * PAGE));
    EXPECT_LAYOUT("3rw- 11rw- ", map, 16);
    fixed_at(map + 3 * PAGE, 2, RW, MAP_PRIVATE);
    EXPECT_LAYOUT("16rw- ", map, 16);
    fixed_at(map + 3 * PAGE, 2, RW, MAP_SHARED);
    EXPECT_LAYOUT("3rw- 2rw- 11rw- ", map, 16);
    fixed_at(map + 3 * PAGE, 2, RW, MAP_PRIVATE | MAP_NORESERVE);
    EXPECT_LAYOUT("3rw- 2rw- 11rw- ", map, 16);
    fixed_at(map + 3 * PAGE, 2, RW, MAP_PRIVATE);
    EXPECT_LAYOUT("16rw- ", map, 16);

    /* Advice that is kept cuts, advice that is done does not. */
    CHECK(madvise(map + PAGE, PAGE, MADV_DONTFORK));
    CHECK(madvise(map + 3 * PAGE, PAGE, MADV_DONTNEED));
    CHECK(madvise(map + 5 * PAGE, PAGE, MADV_SEQUENTIAL));
    CHECK(madvise(map + 7 * PAGE, PAGE, MADV_WIPEONFORK));
    CHECK(mlock(map + 9 * PAGE, PAGE));
    EXPECT_LAYOUT("1rw- 1rw- 3rw- 1rw- 1rw- 1rw- 1rw- 1rw- 6rw- ", map, 16);
    CHECK(madvise(map, 16 * PAGE, MADV_DOFORK));
    CHECK(madvise(map, 16 * PAGE, MADV_NORMAL));
    CHECK(madvise(map, 16 * PAGE, MADV_KEEPONFORK));
    CHECK(munlock(map, 16 * PAGE));
    EXPECT_LAYOUT("16rw- ", map, 16);

    /* What was read-only is not counted as used memory until it is writable: it stays apart. */
    map = room(PROT_NONE);
    CHECK(mprotect(map + 4 * PAGE, 4 * PAGE, RW));
    EXPECT_LAYOUT("4--- 4rw- 8--- ", map, 16);
    CHECK(mprotect(map + 4 * PAGE, 4 * PAGE, PROT_NONE)); /* never touched: one again */
    EXPECT_LAYOUT("16--- ", map, 16);
    CHECK(mprotect(map + 4 * PAGE, 4 * PAGE, RW));
    map[4 * PAGE] = 1;
    CHECK(mprotect(map + 4 * PAGE, 4 * PAGE, PROT_NONE));
    EXPECT_LAYOUT("4--- 4--- 8--- ", map, 16);

    /* Grown and moved. */
    map = room(RW);
    CHECK(munmap(map + 2 * PAGE, 14 * PAGE));
    EXPECT_EQ((uintptr_t)map, CHECK(mremap(map, 2 * PAGE, 6 * PAGE, 0)));
    EXPECT_LAYOUT("6rw- ", map, 16);
    map[0] = 1;
    EXPECT_EQ(
        (uintptr_t)map + 8 * PAGE,
        CHECK(mremap(map, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, map + 8 * PAGE)));
    EXPECT_LAYOUT("4rw- 2rw- ", map, 16);

    /* A file's neighbouring pages. */
    char name[] = "/tmp/maps_merge.XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(unlink(name));
    CHECK(ftruncate(fd, 16 * PAGE));
    map = room(PROT_NONE);
    CHECK(mmap_raw((uintptr_t)map, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0));
    CHECK(mmap_raw((uintptr_t)map + 4 * PAGE, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd,
                   4 * PAGE));
    CHECK(mmap_raw((uintptr_t)map + 8 * PAGE, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd,
                   4 * PAGE));
    EXPECT_LAYOUT("8r-- 4r-- 4--- ", map, 16);
    return 0;
}
