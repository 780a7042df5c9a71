/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * argv and envp on their way from the old program to the new one (execve(2), "Limits on size of
 * arguments and environment"): counted first, so that too many are refused before a byte of them is
 * copied; then copied once each.
 */
#include "proc/exec.h"

#include <string.h>

#include "abi/auxv.h"
#include "abi/errno.h"
#include "mem/uaccess.h"

#define CHUNK 64 /* pointers read at once */

/* How many pointers stand before the NULL: at most `most`, beyond that -LX_E2BIG. */
static long count_pointers(struct mm *mm, gva_t array, uint64_t most)
{
    uint64_t count = 0;
    if (!array)
        return 0;
    for (;;) {
        gva_t pointers[CHUNK];
        size_t got = user_read_some(mm, pointers, array + count * sizeof(gva_t), sizeof pointers);
        got /= sizeof(gva_t);
        for (size_t i = 0; i < got; i++, count++)
            if (!pointers[i])
                return (long)count;
        if (got < CHUNK)
            return -LX_EFAULT;
        if (count > most)
            return -LX_E2BIG;
    }
}

static long grow(struct arena *arena, struct exec_strings *strings, size_t room)
{
    char *bytes = arena_realloc(arena, strings->bytes, room);
    if (!bytes)
        return -LX_ENOMEM;
    strings->bytes = bytes;
    strings->room = room;
    return 0;
}

/* One more string; `room`: what all of them may still take. */
static long add_string(struct task *task, struct exec_strings *strings, gva_t string,
                       uint64_t *room)
{
    for (;;) {
        size_t left = strings->room - strings->length;
        long length = left ? user_string(task->mm, strings->bytes + strings->length, string, left)
                           : -LX_ENAMETOOLONG;
        if (length >= 0) {
            uint64_t size = (uint64_t)length + 1;
            if (size > LX_MAX_ARG_STRLEN || size > *room)
                return -LX_E2BIG;
            *room -= size;
            strings->length += size;
            strings->count++;
            return 0;
        }
        if (length != -LX_ENAMETOOLONG)
            return length;
        if (left >= LX_MAX_ARG_STRLEN || left > *room)
            return -LX_E2BIG;
        long err = grow(task->kernel->arena, strings, strings->room ? strings->room * 2 : 2048);
        if (err)
            return err;
    }
}

static long copy_strings(struct task *task, gva_t array, long count, uint64_t *room,
                         struct exec_strings *out)
{
    for (long i = 0; i < count; i++) {
        gva_t string;
        long err = user_get(task->mm, &string, array + (uint64_t)i * sizeof string);
        if (!err)
            err = add_string(task, out, string, room);
        if (err)
            return err;
    }
    return 0;
}

long exec_strings_read(struct task *task, const char *name, gva_t argv, gva_t envp,
                       struct exec_strings *argv_out, struct exec_strings *envp_out)
{
    uint64_t most = LX_ARG_STACK_MAX / sizeof(gva_t);
    *argv_out = *envp_out = (struct exec_strings){0};
    long argc = count_pointers(task->mm, argv, most);
    if (argc < 0)
        return argc;
    long envc = count_pointers(task->mm, envp, most);
    if (envc < 0)
        return envc;
    long limit = exec_string_room(task, (uint64_t)MAX(argc, 1) + (uint64_t)envc);
    if (limit < 0)
        return limit;
    uint64_t room = (uint64_t)limit, name_size = strlen(name) + 1;
    if (name_size > room)
        return -LX_E2BIG;
    room -= name_size;
    long err = copy_strings(task, envp, envc, &room, envp_out);
    if (!err)
        err = copy_strings(task, argv, argc, &room, argv_out);
    if (err) {
        exec_strings_free(task, argv_out);
        exec_strings_free(task, envp_out);
    }
    return err;
}

void exec_strings_free(struct task *task, struct exec_strings *strings)
{
    arena_free(task->kernel->arena, strings->bytes);
    *strings = (struct exec_strings){0};
}
