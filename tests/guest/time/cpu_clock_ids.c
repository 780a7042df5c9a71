/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which negative clock ids name a CPU clock, and whose may one read? */
#include "guest_test.h"
#include <sys/syscall.h>
#include <time.h>

#define CPU_CLOCK(pid, kind) ((int)((~(unsigned)(pid)) << 3 | (unsigned)(kind)))
enum { PROF, VIRT, SCHED, OF_FD, THREAD = 4 };

static long get(int id)
{
    struct timespec ts;
    return syscall(SYS_clock_gettime, id, &ts);
}

int main(void)
{
    struct timespec res;
    int me = (int)syscall(SYS_gettid);

    for (int kind = PROF; kind <= SCHED; kind++) {
        EXPECT_EQ(0, get(CPU_CLOCK(0, kind)));
        EXPECT_EQ(0, get(CPU_CLOCK(me, kind)));
        EXPECT_EQ(0, get(CPU_CLOCK(0, kind | THREAD)));
        EXPECT_EQ(0, get(CPU_CLOCK(me, kind | THREAD)));
        EXPECT_ERRNO(EINVAL, get(CPU_CLOCK(999999, kind)));
        EXPECT_EQ(0, syscall(SYS_clock_getres, CPU_CLOCK(0, kind), &res));
        EXPECT_EQ(kind == SCHED, res.tv_nsec == 1);
    }
    EXPECT_ERRNO(EINVAL, get(CPU_CLOCK(0, OF_FD)));
    EXPECT_ERRNO(EINVAL, get(CPU_CLOCK(999999, SCHED | THREAD)));
    clockid_t id;
    EXPECT_EQ(0, clock_getcpuclockid(0, &id));
    EXPECT_EQ(0, get(id));
    return 0;
}
