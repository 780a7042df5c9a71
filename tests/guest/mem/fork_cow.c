/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do parent and child share after fork(2): private, shared, DONTFORK, WIPEONFORK memory,
 * protections? */
#include "fault.h"

#include <sys/wait.h>

#define PAGES 1500

static unsigned *map_shared(void)
{
    return CHECK(
        mmap_raw(0, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

int main(void)
{
    fault_catch();
    unsigned *private = (unsigned *)anon(PAGES * PAGE, PROT_READ | PROT_WRITE);
    unsigned *shared = map_shared();
    char *absent = anon(PAGE, PROT_READ | PROT_WRITE), *wiped = anon(PAGE, PROT_READ | PROT_WRITE);
    char *guard = anon(2 * PAGE, PROT_READ | PROT_WRITE);
    for (unsigned i = 0; i < PAGES; i++)
    private[i * PAGE / 4] = shared[i * PAGE / 4] = i;
    absent[0] = wiped[0] = 1;
    CHECK(madvise(absent, PAGE, MADV_DONTFORK));
    CHECK(madvise(wiped, PAGE, MADV_WIPEONFORK));
    CHECK(mprotect(private, 700 * PAGE, PROT_READ));

    pid_t child = CHECK(fork());
    if (child == 0) {
        EXPECT_EQ(MAPERR, touch(absent, TOUCH_READ));
        EXPECT_EQ(0, wiped[0]);
        EXPECT_EQ(ACCERR, touch_store(private + 600 * PAGE / 4, 1));
        CHECK(mprotect(private, PAGES * PAGE, PROT_READ | PROT_WRITE));
        for (unsigned i = 0; i < PAGES; i++) {
            EXPECT_EQ(i, private[i * PAGE / 4]);
            private[i * PAGE / 4] = i + 1;
            shared[i * PAGE / 4] += 2;
        }
        guard[PAGE] = 1;
        _exit(42);
    }
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(42 << 8, status);
    EXPECT_EQ(1, absent[0]);
    EXPECT_EQ(1, wiped[0]);
    EXPECT_EQ(0, guard[PAGE]);
    for (unsigned i = 0; i < PAGES; i++) {
        EXPECT_EQ(i, private[i * PAGE / 4]);
        EXPECT_EQ(i + 2, shared[i * PAGE / 4]);
    }
    for (unsigned i = 700; i < PAGES; i++)
    private[i * PAGE / 4] = 0;
    EXPECT_EQ(ACCERR, touch_store(private, 1));
    return 0;
}
