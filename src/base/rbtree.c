/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Red-black trees. Invariants: the root is black; a red node has no red child; every path from a
 * node down to a NULL meets as many black nodes. So a tree of n nodes is at most 2 log2(n + 1)
 * deep, whatever order a guest inserts in.
 */
#include "base/rbtree.h"

/* Put `new` (may be NULL) where `old` hangs below `parent`. */
static void replace_child(struct rb_tree *tree, struct rb_node *parent, struct rb_node *old,
                          struct rb_node *new)
{
    if (!parent)
        tree->root = new;
    else if (parent->left == old)
        parent->left = new;
    else
        parent->right = new;
}

/* Turn `node` and its right (or left) child, which takes its place. */
static void rotate(struct rb_tree *tree, struct rb_node *node, bool to_left, rb_sum_fn *sum)
{
    struct rb_node *child = to_left ? node->right : node->left;
    struct rb_node *inner = to_left ? child->left : child->right;

    replace_child(tree, node->parent, node, child);
    child->parent = node->parent;
    node->parent = child;
    if (to_left) {
        node->right = inner;
        child->left = node;
    } else {
        node->left = inner;
        child->right = node;
    }
    if (inner)
        inner->parent = node;
    if (sum) {
        sum(node);
        sum(child);
    }
}

void rb_resum(struct rb_node *node, rb_sum_fn *sum)
{
    for (; node; node = node->parent)
        sum(node);
}

void rb_insert_summed(struct rb_tree *tree, struct rb_node *parent, struct rb_node **link,
                      struct rb_node *node, rb_sum_fn *sum)
{
    *node = (struct rb_node){.parent = parent, .red = true};
    *link = node;
    if (sum)
        rb_resum(node, sum);

    while ((parent = node->parent) && parent->red) {
        struct rb_node *grand = parent->parent;
        bool left = grand->left == parent;
        struct rb_node *uncle = left ? grand->right : grand->left;
        if (uncle && uncle->red) {
            parent->red = uncle->red = false;
            grand->red = true;
            node = grand;
            continue;
        }
        if (node == (left ? parent->right : parent->left)) {
            rotate(tree, parent, left, sum);
            parent = node;
        }
        parent->red = false;
        grand->red = true;
        rotate(tree, grand, !left, sum);
        break;
    }
    tree->root->red = false;
}

/* Paths through `node` (may be NULL), a child of `parent`, lack one black node: make up for it. */
static void rebalance(struct rb_tree *tree, struct rb_node *node, struct rb_node *parent,
                      rb_sum_fn *sum)
{
    while (parent && !(node && node->red)) {
        bool left = parent->left == node;
        struct rb_node *sibling = left ? parent->right : parent->left;
        if (sibling->red) {
            sibling->red = false;
            parent->red = true;
            rotate(tree, parent, left, sum);
            sibling = left ? parent->right : parent->left;
        }
        struct rb_node *near = left ? sibling->left : sibling->right;
        struct rb_node *far = left ? sibling->right : sibling->left;
        if (!(near && near->red) && !(far && far->red)) {
            sibling->red = true;
            node = parent;
            parent = node->parent;
            continue;
        }
        if (!(far && far->red)) {
            near->red = false;
            sibling->red = true;
            rotate(tree, sibling, !left, sum);
            sibling = near;
            far = left ? sibling->right : sibling->left;
        }
        sibling->red = parent->red;
        parent->red = false;
        far->red = false;
        rotate(tree, parent, left, sum);
        return;
    }
    if (node)
        node->red = false;
}

void rb_remove_summed(struct rb_tree *tree, struct rb_node *node, rb_sum_fn *sum)
{
    struct rb_node *child, *parent; /* what moves up, and below whom it comes to hang */
    bool lost_black;

    if (node->left && node->right) {
        struct rb_node *next = node->right; /* takes the node's place and colour */
        while (next->left)
            next = next->left;
        lost_black = !next->red;
        child = next->right;
        parent = next->parent;
        if (parent == node) {
            parent = next;
        } else {
            parent->left = child;
            if (child)
                child->parent = parent;
            next->right = node->right;
            next->right->parent = next;
        }
        next->left = node->left;
        next->left->parent = next;
        next->red = node->red;
        next->parent = node->parent;
        replace_child(tree, node->parent, node, next);
    } else {
        child = node->left ? node->left : node->right;
        parent = node->parent;
        lost_black = !node->red;
        replace_child(tree, parent, node, child);
        if (child)
            child->parent = parent;
    }
    if (sum)
        rb_resum(parent, sum);
    if (lost_black)
        rebalance(tree, child, parent, sum);
}

void rb_insert(struct rb_tree *tree, struct rb_node *parent, struct rb_node **link,
               struct rb_node *node)
{
    rb_insert_summed(tree, parent, link, node, NULL);
}

void rb_remove(struct rb_tree *tree, struct rb_node *node)
{
    rb_remove_summed(tree, node, NULL);
}

struct rb_node *rb_first(const struct rb_tree *tree)
{
    struct rb_node *node = tree->root;
    while (node && node->left)
        node = node->left;
    return node;
}

struct rb_node *rb_last(const struct rb_tree *tree)
{
    struct rb_node *node = tree->root;
    while (node && node->right)
        node = node->right;
    return node;
}

struct rb_node *rb_next(const struct rb_node *node)
{
    if (node->right) {
        struct rb_node *next = node->right;
        while (next->left)
            next = next->left;
        return next;
    }
    while (node->parent && node->parent->right == node)
        node = node->parent;
    return node->parent;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
    if (node->left) {
        struct rb_node *prev = node->left;
        while (prev->right)
            prev = prev->right;
        return prev;
    }
    while (node->parent && node->parent->left == node)
        node = node->parent;
    return node->parent;
}
