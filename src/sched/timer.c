/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Deadlines of waiting entities, and kernel timers: two trees ordered by time, equal times in the
 * order of their arming. What is due fires in the order of time over both trees, timers first where
 * they tie.
 */
#include "sched/internal.h"

static uint64_t deadline_key(const struct rb_node *node)
{
    return rb_entry(node, struct sched_entity, deadline_node)->deadline;
}

static uint64_t timer_key(const struct rb_node *node)
{
    return rb_entry(node, struct timer, node)->due;
}

/* Link `node` behind every node whose key is not greater. */
static void insert(struct rb_tree *tree, struct rb_node *node,
                   uint64_t (*key)(const struct rb_node *node))
{
    struct rb_node *parent = NULL, **link = &tree->root;
    while (*link) {
        parent = *link;
        link = key(node) < key(parent) ? &parent->left : &parent->right;
    }
    rb_insert(tree, parent, link, node);
}

void deadline_set(struct sched *sched, struct sched_entity *entity, uint64_t deadline)
{
    deadline_clear(sched, entity);
    entity->deadline = deadline;
    entity->has_deadline = true;
    insert(&sched->deadlines, &entity->deadline_node, deadline_key);
}

void deadline_clear(struct sched *sched, struct sched_entity *entity)
{
    if (!entity->has_deadline)
        return;
    rb_remove(&sched->deadlines, &entity->deadline_node);
    entity->has_deadline = false;
}

void timer_init(struct timer *timer, void (*fire)(struct timer *timer))
{
    *timer = (struct timer){.fire = fire};
}

void timer_arm(struct sched *sched, struct timer *timer, uint64_t due)
{
    timer_disarm(sched, timer);
    timer->due = due;
    timer->armed = true;
    insert(&sched->timers, &timer->node, timer_key);
}

void timer_disarm(struct sched *sched, struct timer *timer)
{
    if (!timer->armed)
        return;
    rb_remove(&sched->timers, &timer->node);
    timer->armed = false;
}

uint64_t timers_next(struct sched *sched)
{
    const struct rb_node *deadline = rb_first(&sched->deadlines);
    const struct rb_node *timer = rb_first(&sched->timers);
    return MIN(deadline ? deadline_key(deadline) : UINT64_MAX,
               timer ? timer_key(timer) : UINT64_MAX);
}

void timers_run(struct sched *sched, uint64_t now)
{
    for (;;) {
        struct rb_node *deadline = rb_first(&sched->deadlines);
        struct rb_node *first_timer = rb_first(&sched->timers);
        uint64_t deadline_due = deadline ? deadline_key(deadline) : UINT64_MAX;
        uint64_t timer_due = first_timer ? timer_key(first_timer) : UINT64_MAX;
        if (MIN(deadline_due, timer_due) > now || (!deadline && !first_timer))
            return;
        if (timer_due <= deadline_due && first_timer) {
            struct timer *timer = rb_entry(first_timer, struct timer, node);
            timer_disarm(sched, timer);
            timer->fire(timer);
        } else {
            struct sched_entity *entity = rb_entry(deadline, struct sched_entity, deadline_node);
            entity->timed_out = true;
            sched_wake(sched, entity);
        }
    }
}
