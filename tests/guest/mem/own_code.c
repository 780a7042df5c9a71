/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does code run that writes to the page it stands on, and as it was written last? */
#include <sys/mman.h>

#include "../guest_test.h"

static uint8_t *page;

static int run(size_t offset, int argument)
{
    return ((int (*)(int))(uintptr_t)(page + offset))(argument);
}

int main(void)
{
    page = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(page != MAP_FAILED);

    /* Counts on its own page: incl 1024(page); dec %edi; jne; ret */
    static const uint8_t counts[] = {0xff, 0x05, 0xfa, 0x03, 0x00, 0x00,
                                     0xff, 0xcf, 0x75, 0xf6, 0xc3};
    memcpy(page, counts, sizeof counts);
    run(0, 5000);
    EXPECT_EQ(5000, *(uint32_t *)(page + 1024));

    /* Increments the immediate of an instruction behind it: incl 7(page + 64); mov $n, %eax; ret */
    static const uint8_t ahead[] = {0xff, 0x05, 0x01, 0x00, 0x00, 0x00, 0xb8, 41, 0, 0, 0, 0xc3};
    memcpy(page + 64, ahead, sizeof ahead);
    for (int i = 1; i < 1000; i++)
        EXPECT_EQ(41 + i, run(64, 0));

    /* The same at the border of two pages: written on one, run on the other. */
    memcpy(page + 4096 - 6, ahead, sizeof ahead);
    for (int i = 1; i < 1000; i++)
        EXPECT_EQ(41 + i, run(4096 - 6, 0));

    /* Written by the kernel. */
    int pipes[2];
    CHECK(pipe(pipes));
    for (int i = 0; i < 100; i++) {
        uint8_t code[] = {0xb8, (uint8_t)i, 0, 0, 0, 0xc3};
        EXPECT_EQ(6, write(pipes[1], code, 6));
        EXPECT_EQ(6, read(pipes[0], page + 256, 6));
        EXPECT_EQ(i, run(256, 0));
    }
    return 0;
}
