/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_RBTREE_H
#define LSTAR_BASE_RBTREE_H
/*
 * A red-black tree, its links inside the members. The caller descends by itself (it knows the key) and links the new
 * node where the descent ended.
 */
#include "base/compiler.h"

struct rb_node {
    struct rb_node *parent;
    struct rb_node *left;
    struct rb_node *right;
    bool red;
};

struct rb_tree {
    struct rb_node *root; /* NULL when empty */
};

/* Link `node` as the child of `parent` at `*link` (&tree->root, &parent->left or &parent->right) and rebalance. */
void rb_insert(struct rb_tree *tree, struct rb_node *parent, struct rb_node **link,
               struct rb_node *node);
void rb_remove(struct rb_tree *tree, struct rb_node *node);
/* In order; NULL at the ends. */
struct rb_node *rb_first(const struct rb_tree *tree);
struct rb_node *rb_last(const struct rb_tree *tree);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

#define rb_entry(node, type, member) container_of(node, type, member)

#endif
