/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_RBTREE_H
#define LSTAR_BASE_RBTREE_H
/*
 * A red-black tree, its links inside the members. The caller descends by itself (it knows the key)
 * and links the new node where the descent ended.
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

/* Link `node` as the child of `parent` at `*link` (&tree->root, &parent->left or &parent->right)
 * and rebalance. */
void rb_insert(struct rb_tree *tree, struct rb_node *parent, struct rb_node **link,
               struct rb_node *node);
void rb_remove(struct rb_tree *tree, struct rb_node *node);

/*
 * The same for trees whose nodes sum up their subtrees: `sum` computes a node's sum from the node
 * and its children. Whoever changes what a node brings into the sums calls rb_resum().
 */
typedef void rb_sum_fn(struct rb_node *node);
void rb_insert_summed(struct rb_tree *tree, struct rb_node *parent, struct rb_node **link,
                      struct rb_node *node, rb_sum_fn *sum);
void rb_remove_summed(struct rb_tree *tree, struct rb_node *node, rb_sum_fn *sum);
void rb_resum(struct rb_node *node, rb_sum_fn *sum);

/* In order; NULL at the ends. */
struct rb_node *rb_first(const struct rb_tree *tree);
struct rb_node *rb_last(const struct rb_tree *tree);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);

#define rb_entry(node, type, member) container_of(node, type, member)

#endif
