/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flags.def and kinds.def as data for printing: the constants of each list, the printer of each
 * kind.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>
#include <string.h>

#include "abi/capability.h"
#include "abi/fcntl.h"
#include "abi/ioctl.h"
#include "abi/mman.h"
#include "abi/mount.h"
#include "abi/poll.h"
#include "abi/prctl.h"
#include "abi/resource.h"
#include "abi/sched.h"
#include "abi/stat.h"
#include "abi/system.h"

/* The values are of many types, some negative: what counts are the bits of the argument's type. */
#define LIST(kind, id, ctype, other) static const struct name_value kind##_##id[] = {
#define ITEM(id) {(uint64_t)(LX_##id), (uint64_t)(LX_##id), #id},
#define VALUE(id, number) {(number), (number), #id},
#define CHOICE(id, number, bits) {(number), (bits), #id},
#define END(kind, id)                                                                              \
    {                                                                                              \
        0, 0, NULL                                                                                 \
    }                                                                                              \
    }                                                                                              \
    ;
#include "syscall_table/flags.def"
#undef LIST
#undef ITEM
#undef VALUE
#undef CHOICE
#undef END

const struct name_list *names_of(enum syscall_kind kind)
{
    static const struct name_list lists[KIND_COUNT] = {
#define LIST(kind, id, ctype, other)                                                               \
    [KIND_##kind##_##id] = {kind##_##id, ARRAY_SIZE(kind##_##id) - 1, other},
#define ITEM(id)
#define VALUE(id, number)
#define CHOICE(id, number, bits)
#define END(kind, id)
#include "syscall_table/flags.def"
#undef LIST
#undef ITEM
#undef VALUE
#undef CHOICE
#undef END
    };
    return &lists[kind];
}

const struct kind_info kind_infos[KIND_COUNT] = {
#define KIND(name, ctype, dir, printer, param)                                                     \
    [KIND_##name] = {show_kind_##printer, param, KIND_##dir, sizeof(ctype)},
#include "syscall_table/kinds.def"
#undef KIND
#define SHOW_FLAGS show_kind_flags
#define SHOW_ENUM show_kind_enum
#define LIST(kind, name, ctype, other)                                                             \
    [KIND_##kind##_##name] = {SHOW_##kind, 0, KIND_IN, sizeof(ctype)},
#define ITEM(id)
#define VALUE(id, number)
#define CHOICE(id, number, bits)
#define END(kind, id)
#include "syscall_table/flags.def"
#undef LIST
#undef ITEM
#undef VALUE
#undef CHOICE
#undef END
};

const char *name_of(enum syscall_kind kind, uint64_t value)
{
    const struct name_list *list = names_of(kind);
    uint64_t bits = kind_infos[kind].size == 4 ? UINT32_MAX : UINT64_MAX;
    for (unsigned i = 0; i < list->count; i++) {
        if (((list->items[i].value ^ value) & bits) == 0)
            return list->items[i].name;
    }
    return NULL;
}

static void append(char *to, size_t room, const char *text)
{
    size_t used = strlen(to);
    snprintf(to + used, room - used, "%s%s", used ? "|" : "", text);
}

void format_flags(char *to, size_t room, enum syscall_kind kind, uint64_t value)
{
    const struct name_list *list = names_of(kind);
    uint64_t left = value, chosen = 0;
    char rest[64];

    to[0] = '\0';
    for (unsigned i = 0; i < list->count; i++) {
        const struct name_value *item = &list->items[i];
        bool choice = item->mask != item->value;
        if (choice             ? (chosen & item->mask) != 0 || (value & item->mask) != item->value
            : item->value == 0 ? value != 0
                               : (left & item->mask) != item->value)
            continue;
        append(to, room, item->name);
        left &= ~item->mask;
        if (choice)
            chosen |= item->mask;
    }
    if (to[0] && !left)
        return;
    if (!left) {
        snprintf(to, room, "0");
        return;
    }
    bool known = to[0] || !list->unknown[0];
    snprintf(rest, sizeof rest, known ? "%#llx" : "%#llx /* %s */", (unsigned long long)left,
             list->unknown);
    append(to, room, rest);
}

void show_flags(struct show *show, enum syscall_kind kind, uint64_t value)
{
    char text[1024];
    format_flags(text, sizeof text, kind, value);
    show_puts(show, text);
}

void show_enum(struct show *show, enum syscall_kind kind, uint64_t value)
{
    const char *name = name_of(kind, value);
    if (name) {
        show_puts(show, name);
        return;
    }
    show_hex(show, value);
    if (names_of(kind)->unknown[0])
        show_printf(show, " /* %s */", names_of(kind)->unknown);
}

/* The argument as wide as its C type. */
static uint64_t typed(const struct show *show, unsigned index)
{
    uint64_t value = show->args[index];
    return kind_infos[show->row->args[index].kind].size == 4 ? (uint32_t)value : value;
}

void show_kind_flags(struct show *show, unsigned index, int parameter)
{
    (void)parameter;
    show_flags(show, show->row->args[index].kind, typed(show, index));
}

void show_kind_enum(struct show *show, unsigned index, int parameter)
{
    (void)parameter;
    enum syscall_kind kind = show->row->args[index].kind;
    uint64_t value = typed(show, index);
    /* strace(1) shows these as numbers with the name beside. */
    if (kind == KIND_ENUM_syslog) {
        const char *name = name_of(kind, value);
        show_printf(show, "%d /* %s */", (int)value, name ? name : names_of(kind)->unknown);
        return;
    }
    show_enum(show, kind, value);
}
