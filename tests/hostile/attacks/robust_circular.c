/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads and processes that leave a list of locks without an end. */
#include "attack.h"

struct node {
    struct node *next;
};

static void leave(void)
{
    struct {
        struct node list;
        long offset;
        struct node *pending;
    } head;
    struct node nodes[4];
    for (int i = 0; i < 4; i++)
        nodes[i].next = &nodes[(i + 1) % 4];
    head.list.next = nodes;
    head.offset = getpid() % 2 ? 8 : INT64_MIN / 2;
    head.pending = getpid() % 3 ? nodes : (struct node *)-1ul;
    syscall(SYS_set_robust_list, &head, sizeof head);
    syscall(SYS_exit, 0);
}

int main(void)
{
    repeat_in_children(leave);
}
