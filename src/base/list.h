/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_LIST_H
#define LSTAR_BASE_LIST_H
/*
 * A circular doubly linked list, its links inside the members. A list is a node too; a node that is
 * in no list points to itself, so list_remove() may be called twice.
 */
#include "base/compiler.h"

struct list {
    struct list *next; /* first member, or the list itself when empty */
    struct list *prev; /* last member, or the list itself when empty */
};

static inline void list_init(struct list *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool list_empty(const struct list *list)
{
    return list->next == list;
}

/* Insert `node` after `at`: at the front when `at` is the list. */
static inline void list_insert_after(struct list *at, struct list *node)
{
    node->next = at->next;
    node->prev = at;
    at->next->prev = node;
    at->next = node;
}

static inline void list_push_back(struct list *list, struct list *node)
{
    list_insert_after(list->prev, node);
}

static inline void list_push_front(struct list *list, struct list *node)
{
    list_insert_after(list, node);
}

static inline void list_remove(struct list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

/* Move all members of `from` to the end of `to`; `from` becomes empty. */
static inline void list_splice_back(struct list *to, struct list *from)
{
    if (list_empty(from))
        return;
    from->next->prev = to->prev;
    from->prev->next = to;
    to->prev->next = from->next;
    to->prev = from->prev;
    list_init(from);
}

#define list_entry(node, type, member) container_of(node, type, member)
#define list_first(list, type, member) list_entry((list)->next, type, member)
#define list_last(list, type, member) list_entry((list)->prev, type, member)

/*
 * The links of `pos`. At the end of a walk `pos` is where a member around the list itself would be:
 * no object, and not aligned as one, so it must not be accessed as one.
 */
#define list_links(pos, member)                                                                    \
    ((struct list *)(void *)((char *)(pos) + offsetof(__typeof__(*(pos)), member)))
#define list_after(pos, member)                                                                    \
    list_entry(list_links(pos, member)->next, __typeof__(*(pos)), member)

/* Visit each member; the body must not remove `pos`. */
#define list_for_each(pos, list, member)                                                           \
    for (pos = list_entry((list)->next, __typeof__(*pos), member);                                 \
         list_links(pos, member) != (list); pos = list_after(pos, member))

/* Visit each member; the body may remove `pos`, not `tmp`. */
#define list_for_each_safe(pos, tmp, list, member)                                                 \
    for (pos = list_entry((list)->next, __typeof__(*pos), member), tmp = list_after(pos, member);  \
         list_links(pos, member) != (list); pos = tmp, tmp = list_after(tmp, member))

#endif
