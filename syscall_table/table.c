/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys_call_table: syscalls.def read as data. A row's thunk casts the registers to the argument
 * types of its kinds and calls the handler; a row without handler has none.
 */
#include "syscall_table/table.h"

#include "syscall_table/handlers.h"

#define CAST(index, argument) , CAST_ARGUMENT(index, CAST_KIND argument)
#define CAST_KIND(kind, name) kind
#define CAST_ARGUMENT(index, kind) CAST_ARGUMENT_(index, kind)
#define CAST_ARGUMENT_(index, kind) (arg_##kind) regs[index]

#define THUNK_NONE(name, ...)
#define THUNK_PARTIAL(name, ...) THUNK_FULL(name, __VA_ARGS__)
#define THUNK_FULL(name, ...)                                                                      \
    static long thunk_##name(struct task *task, const uint64_t regs[SYSCALL_ARGS])                 \
    {                                                                                              \
        (void)regs;                                                                                \
        return sys_##name(task EXPAND_EACH(CAST, __VA_ARGS__));                                    \
    }
#define SYSCALL(number, name, support, family, returns, ...)                                       \
    THUNK_##support(name __VA_OPT__(, ) __VA_ARGS__)
#include "syscall_table/syscalls.def"
#undef SYSCALL

#define CALL_NONE(name) NULL
#define CALL_PARTIAL(name) thunk_##name
#define CALL_FULL(name) thunk_##name
#define ARGUMENT(index, argument) ARGUMENT_ argument,
#define ARGUMENT_(kind, name)                                                                      \
    {                                                                                              \
        KIND_##kind, #name                                                                         \
    }
#define SIGNATURE(index, argument) SEPARATOR_##index SIGNATURE_ argument
#define SIGNATURE_(kind, name) #name
#define SEPARATOR_0
#define SEPARATOR_1 ", "
#define SEPARATOR_2 ", "
#define SEPARATOR_3 ", "
#define SEPARATOR_4 ", "
#define SEPARATOR_5 ", "

const struct syscall_row sys_call_table[SYSCALL_NUMBERS] = {
#define SYSCALL(nr, id, level, group, result, ...)                                                 \
    [nr] = {.call = CALL_##level(id),                                                              \
            .name = #id,                                                                           \
            .number = nr,                                                                          \
            .support = SYSCALL_##level,                                                            \
            .family = FAMILY_##group,                                                              \
            .returns = RETURNS_##result,                                                           \
            .argc = EXPAND_NUMBER(__VA_ARGS__),                                                    \
            .args = {EXPAND_EACH(ARGUMENT, __VA_ARGS__)},                                          \
            .signature = "" EXPAND_EACH(SIGNATURE, __VA_ARGS__)},
#include "syscall_table/syscalls.def"
#undef SYSCALL
};

/* The numbers that have a row, in order. */
static const uint16_t numbers[] = {
#define SYSCALL(nr, ...) nr,
#include "syscall_table/syscalls.def"
#undef SYSCALL
};

size_t syscall_count(void)
{
    return ARRAY_SIZE(numbers);
}

const struct syscall_row *syscall_at(size_t index)
{
    return index < ARRAY_SIZE(numbers) ? &sys_call_table[numbers[index]] : NULL;
}

const struct syscall_row *syscall_find(uint64_t number)
{
    if (number >= SYSCALL_NUMBERS || !sys_call_table[number].name)
        return NULL;
    return &sys_call_table[number];
}

const char *syscall_family_name(enum syscall_family family)
{
    static const char *const names[] = {
#define X(name, text) [FAMILY_##name] = text,
        SYSCALL_FAMILIES(X)
#undef X
    };
    return (unsigned)family < ARRAY_SIZE(names) ? names[family] : "";
}

/* Numbers by name, for notes.def. */
enum {
#define SYSCALL(nr, name, ...) NUMBER_##name = nr,
#include "syscall_table/syscalls.def"
#undef SYSCALL
};

const char *syscall_note(uint64_t number)
{
    switch (number) {
#define NOTE(name, text)                                                                           \
    case NUMBER_##name:                                                                            \
        return text;
#include "syscall_table/notes.def"
#undef NOTE
    default:
        return "";
    }
}
