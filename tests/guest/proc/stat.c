/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has /proc/self/stat its 52 fields, also when the name is hostile? */
#include "proc_text.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

int main(void)
{
    static char text[4096];
    CHECK(prctl(PR_SET_NAME, "a) R (b c"));
    size_t length = proc_read("/proc/self/stat", text, sizeof text);
    EXPECT(text[length - 1] == '\n');
    EXPECT_EQ(getpid(), atoi(text));
    char *open = strchr(text, '('), *close = strrchr(text, ')');
    EXPECT(open && close);
    EXPECT(strncmp(open, "(a) R (b c)", 11) == 0);

    long long fields[60];
    char state;
    int count = 3, used;
    EXPECT_EQ(1, sscanf(close + 1, " %c%n", &state, &used));
    EXPECT_EQ('R', state);
    for (char *at = close + 1 + used; sscanf(at, " %lld%n", &fields[count + 1], &used) == 1;
         at += used)
        count++;
    EXPECT_EQ(52, count);
    EXPECT_EQ(getppid(), fields[4]);
    EXPECT_EQ(getpgrp(), fields[5]);
    EXPECT_EQ(getsid(0), fields[6]);
    int nice_value = getpriority(PRIO_PROCESS, 0);
    EXPECT_EQ(20 + nice_value, fields[18]);
    EXPECT_EQ(nice_value, fields[19]);
    EXPECT_EQ(1, fields[20]);
    struct timespec now;
    CHECK(clock_gettime(CLOCK_BOOTTIME, &now));
    EXPECT(fields[22] >= 0 && fields[22] <= (now.tv_sec + 1) * 100);
    EXPECT(fields[23] > 0 && fields[23] % 4096 == 0);
    EXPECT(fields[24] > 0 && fields[24] * 4096 <= fields[23]);
    EXPECT((unsigned long long)fields[26] <= (unsigned long long)(uintptr_t)main);
    EXPECT((unsigned long long)fields[27] > (unsigned long long)(uintptr_t)main);
    EXPECT((uintptr_t)&now < (uintptr_t)fields[28]); /* startstack */

    /* statm: seven numbers of pages. */
    long long pages[8];
    proc_read("/proc/self/statm", text, sizeof text);
    EXPECT_EQ(7, sscanf(text, "%lld %lld %lld %lld %lld %lld %lld %lld", &pages[0], &pages[1],
                        &pages[2], &pages[3], &pages[4], &pages[5], &pages[6], &pages[7]));
    EXPECT(pages[0] >= pages[1] && pages[1] > 0 && pages[3] > 0 && pages[4] == 0 && pages[6] == 0);
    return 0;
}
