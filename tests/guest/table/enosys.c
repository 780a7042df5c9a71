/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What do numbers that no call has answer, and do bits above the low 32 of rax count? ENOSYS, and
 * no. */
#include "guest_test.h"
#include "raw_call.h"

int main(void)
{
    static const long unknown[] = {337, 400, 423, 500, 511, 512, 547, 1000, 0x7fffffff, -1, -2};

    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        EXPECT_EQ(-ENOSYS, raw_call(unknown[i], 0, 0, 0).rax);
    /* obsolete ones that have a number and no code */
    static const long empty[] = {156, 174, 177, 178, 180, 181, 182, 183,
                                 184, 185, 205, 211, 214, 215, 236};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        EXPECT_EQ(-ENOSYS, raw_call(empty[i], 0, 0, 0).rax);
    /* the number is an int */
    EXPECT_EQ(getpid(), raw_call(39L | 1L << 32, 0, 0, 0).rax);
    EXPECT_EQ(getpid(), raw_call(39L | 1L << 63, 0, 0, 0).rax);
    return 0;
}
