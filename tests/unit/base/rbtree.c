/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Red-black trees against a bitmap: order, balance and subtree sums after every one of many random
 * insertions and removals.
 */
#include "base/rbtree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>

#define KEYS 400

struct item {
    struct rb_node node;
    unsigned key;
    unsigned sum; /* items in the subtree */
};

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static unsigned sum_of(const struct rb_node *node)
{
    return node ? rb_entry(node, struct item, node)->sum : 0;
}

static void sum(struct rb_node *node)
{
    rb_entry(node, struct item, node)->sum = 1 + sum_of(node->left) + sum_of(node->right);
}

/* Black nodes on a path below; fails when two paths disagree or red meets red. */
static int black_height(const struct rb_node *node)
{
    if (!node)
        return 1;
    assert_int_equal(sum_of(node), 1 + sum_of(node->left) + sum_of(node->right));
    if (node->red) {
        assert_false(node->left && node->left->red);
        assert_false(node->right && node->right->red);
    }
    assert_true(!node->left || node->left->parent == node);
    assert_true(!node->right || node->right->parent == node);
    int left = black_height(node->left), right = black_height(node->right);
    assert_int_equal(left, right);
    return left + !node->red;
}

static void check(const struct rb_tree *tree, const bool *present)
{
    black_height(tree->root);
    assert_false(tree->root && tree->root->red);
    struct rb_node *node = rb_first(tree);
    struct rb_node *last = NULL;
    for (unsigned key = 0; key < KEYS; key++) {
        if (!present[key])
            continue;
        assert_non_null(node);
        assert_int_equal(rb_entry(node, struct item, node)->key, key);
        assert_ptr_equal(rb_prev(node), last);
        last = node;
        node = rb_next(node);
    }
    assert_null(node);
    assert_ptr_equal(rb_last(tree), last);
}

static void insert(struct rb_tree *tree, struct item *item)
{
    struct rb_node *parent = NULL, **link = &tree->root;
    while (*link) {
        parent = *link;
        link =
            item->key < rb_entry(parent, struct item, node)->key ? &parent->left : &parent->right;
    }
    rb_insert_summed(tree, parent, link, &item->node, sum);
}

static void random_operations(void **state)
{
    (void)state;
    struct item items[KEYS] = {0};
    bool present[KEYS] = {0};
    struct rb_tree tree = {NULL};
    uint64_t seed = 1;
    for (unsigned key = 0; key < KEYS; key++)
        items[key].key = key;

    for (int step = 0; step < 20000; step++) {
        unsigned key = (unsigned)(next_random(&seed) % KEYS);
        if (present[key])
            rb_remove_summed(&tree, &items[key].node, sum);
        else
            insert(&tree, &items[key]);
        present[key] = !present[key];
        if (step % 16 == 0)
            check(&tree, present);
    }
    for (unsigned key = 0; key < KEYS; key++)
        if (present[key])
            rb_remove_summed(&tree, &items[key].node, sum);
    assert_null(tree.root);
}

static void in_order(void **state)
{
    (void)state;
    struct item items[KEYS] = {0};
    bool present[KEYS] = {0};
    struct rb_tree tree = {NULL};
    for (unsigned key = 0; key < KEYS; key++) {
        items[key].key = key;
        insert(&tree, &items[key]);
        present[key] = true;
        check(&tree, present);
    }
    for (unsigned key = 0; key < KEYS; key++) {
        rb_remove_summed(&tree, &items[key].node, sum);
        present[key] = false;
        check(&tree, present);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations),
        cmocka_unit_test(in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
