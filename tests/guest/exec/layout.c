/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where are stack, heap and mappings? With randomisation elsewhere each time, else where known. */
#include "guest_test.h"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>

extern char _end[];

#define PAGE 4096ul
#define TOP 0x7ffffffff000ul

static uintptr_t page_up(uintptr_t at)
{
    return (at + PAGE - 1) & -PAGE;
}

static void again(const char *argument, uintptr_t place)
{
    char text[32];
    snprintf(text, sizeof text, "%lx", (unsigned long)place);
    char *argv[] = {"layout", (char *)argument, text, NULL}, *envp[] = {NULL};
    CHECK(execve((char *)getauxval(AT_EXECFN), argv, envp));
}

/* The lowest place that mappings get at first: nothing but a vDSO is above. */
static uintptr_t first_mapping(void)
{
    void *at = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(at != MAP_FAILED);
    return (uintptr_t)at;
}

static void check_fixed(uintptr_t heap)
{
    /* libc has taken some of it. */
    EXPECT(heap - page_up((uintptr_t)_end) < 64 * PAGE);
    uintptr_t name = getauxval(AT_EXECFN);
    EXPECT_EQ(TOP, name + strlen((char *)name) + 1 + 8);
    uintptr_t mapping = first_mapping();
    EXPECT(mapping < 0x7ffff7fff000 && mapping > 0x7ffff7f00000);
    again("random", name);
}

int main(int argc, char **argv)
{
    uintptr_t heap = (uintptr_t)syscall(SYS_brk, 0);
    EXPECT(heap >= page_up((uintptr_t)_end));
    if (argc == 1) {
        CHECK(personality(ADDR_NO_RANDOMIZE));
        again("fixed", 0);
    }
    if (strcmp(argv[1], "fixed") == 0) {
        EXPECT_EQ(ADDR_NO_RANDOMIZE, personality(0xffffffff));
        CHECK(personality(0));
        check_fixed(heap);
    }
    EXPECT(strcmp(argv[1], "random") == 0 || strcmp(argv[1], "last") == 0);
    uintptr_t name = getauxval(AT_EXECFN);
    EXPECT(name < TOP && name > TOP - (16ul << 30) - (1 << 20));
    EXPECT(name != strtoul(argv[2], NULL, 16));
    EXPECT(first_mapping() < name - (8 << 20));
    EXPECT(heap < page_up((uintptr_t)_end) + (1ul << 30) + 64 * PAGE);
    if (strcmp(argv[1], "random") == 0)
        again("last", name);
    return 0;
}
