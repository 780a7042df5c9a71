/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets that are only to be found in messages to sockets that are only to be found in messages:
 * nobody can receive them, and their references keep each other alive (unix(7), SCM_RIGHTS).
 * unix_collect() finds them: whatever has references besides those in messages is reached, and
 * whatever waits in the queue of a reached socket is reached; the queues of all others are emptied.
 *
 * Letting go of a message may close sockets with messages of their own, any number deep; they are
 * put in domain->dying and ended one after the other, so that nothing nests on the host's stack.
 */
#include "net/unix_internal.h"

void unix_domain_init(struct unix_domain *domain, struct arena *arena)
{
    domain->arena = arena;
    list_init(&domain->sockets);
    list_init(&domain->dying);
    domain->collect_at = UNIX_COLLECT_AT;
}

/* Count the sockets among a message's files. */
static void count_files(struct unix_domain *domain, const struct unix_message *m, bool leave)
{
    for (unsigned i = 0; i < m->file_count; i++) {
        if (!file_is_socket(m->files[i]))
            continue;
        struct unix_socket *s = unix_socket_of(m->files[i]);
        s->in_flight += leave ? 1u : -1u;
        domain->in_flight += leave ? 1u : -1u;
    }
}

void unix_files_leave(struct unix_domain *domain, const struct unix_message *m)
{
    count_files(domain, m, true);
}

void unix_files_arrive(struct unix_domain *domain, const struct unix_message *m)
{
    count_files(domain, m, false);
}

void unix_message_end(struct unix_domain *domain, struct unix_message *m)
{
    unix_files_arrive(domain, m);
    list_push_back(&domain->dying, &m->link);
    if (domain->ending)
        return;
    domain->ending = true;
    while (!list_empty(&domain->dying)) {
        m = list_first(&domain->dying, struct unix_message, link);
        list_remove(&m->link);
        for (unsigned i = 0; i < m->file_count; i++)
            file_put(m->files[i]);
        arena_free(domain->arena, m->files);
        arena_free(domain->arena, m);
    }
    domain->ending = false;
}

void unix_message_drop(struct unix_socket *s, struct unix_message *m)
{
    list_remove(&m->link);
    s->queued -= m->length;
    s->charged -= m->charge;
    unix_message_end(s->domain, m);
}

static void move_to(struct list *list, struct unix_socket *s)
{
    list_remove(&s->link);
    list_push_back(list, &s->link);
}

/* Whatever waits in the queue of a reached socket is reached. */
static void reach_queue(const struct unix_socket *s, struct list *reached)
{
    struct unix_message *m;
    list_for_each (m, &s->messages, link)
        for (unsigned i = 0; i < m->file_count; i++) {
            if (!file_is_socket(m->files[i]))
                continue;
            struct unix_socket *found = unix_socket_of(m->files[i]);
            if (!found->reached)
                move_to(reached, found);
            found->reached = true;
        }
}

/* Moves all sockets that somebody can get at from domain->sockets to `kept`. */
static void keep_reached(struct unix_domain *domain, struct list *kept)
{
    struct list reached;
    struct unix_socket *s, *next;
    list_init(&reached);
    list_for_each_safe (s, next, &domain->sockets, link) {
        s->reached = s->file.refs > s->in_flight;
        if (s->reached)
            move_to(&reached, s);
    }
    while (!list_empty(&reached)) {
        s = list_first(&reached, struct unix_socket, link);
        move_to(kept, s);
        reach_queue(s, &reached);
    }
}

void unix_collect(struct unix_domain *domain, unsigned at_least)
{
    struct list kept, lost;
    struct unix_socket *s;
    if (domain->in_flight < at_least)
        return;
    list_init(&kept);
    list_init(&lost);
    keep_reached(domain, &kept);
    list_for_each (s, &domain->sockets, link)
        file_get(&s->file); /* until all their queues are empty */
    while (!list_empty(&domain->sockets)) {
        s = list_first(&domain->sockets, struct unix_socket, link);
        move_to(&lost, s);
        while (!list_empty(&s->messages))
            unix_message_drop(s, list_first(&s->messages, struct unix_message, link));
    }
    while (!list_empty(&lost)) {
        s = list_first(&lost, struct unix_socket, link);
        list_remove(&s->link);
        file_put(&s->file);
    }
    list_splice_back(&domain->sockets, &kept);
    domain->collect_at = MAX(UNIX_COLLECT_AT, 2 * domain->in_flight);
}
