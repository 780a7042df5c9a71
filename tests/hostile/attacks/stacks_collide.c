/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks that grow until they meet: each other, the heap, a thread's. */
#include "attack.h"

static int deepest = 1 << 30;

static int grow(int depth)
{
    char room[65536];
    memset(room, depth, sizeof room);
    __asm__ volatile("" ::"r"(room) : "memory");
    if (depth == deepest)
        return 0;
    return grow(depth + 1) + room[depth % 65536];
}

static void collide(void)
{
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_STACK, &limit);
    char *end = (char *)&limit;
    for (size_t distance = (size_t)4 << 20; distance < (size_t)64 << 20; distance += 9 << 20) {
        void *at = (void *)(((uintptr_t)end - distance) & ~4095ul);
        mmap(at, 8192, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0);
    }
    grow(1);
}

int main(void)
{
    repeat_in_children(collide);
}
