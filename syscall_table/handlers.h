/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_HANDLERS_H
#define LSTAR_SYSCALL_TABLE_HANDLERS_H
/*
 * The prototype of every handler, from the table: `long sys_NAME(struct task *task, TYPE argument,
 * ...)`. Include it in each sys_*.c: a handler that disagrees with its row does not compile. The
 * types of arguments are those of kinds.def.
 */
#include "syscall_table/dispatch.h"
#include "syscall_table/expand.h"

/* arg_KIND: the C type of an argument. */
#define KIND(name, ctype, direction, printer, parameter) typedef ctype arg_##name;
#include "syscall_table/kinds.def"
#undef KIND
#define LIST(kind, name, ctype, unknown) typedef ctype arg_##kind##_##name;
#define ITEM(name)
#define VALUE(name, value)
#define CHOICE(name, value, mask)
#define END(kind, name)
#include "syscall_table/flags.def"
#undef LIST
#undef ITEM
#undef VALUE
#undef CHOICE
#undef END

#define PARAMETER(index, argument) , PARAMETER_ argument
#define PARAMETER_(kind, name) arg_##kind name
#define SYSCALL(number, name, support, family, returns, ...)                                       \
    long sys_##name(struct task *task EXPAND_EACH(PARAMETER, __VA_ARGS__));
#include "syscall_table/syscalls.def"
#undef SYSCALL
#undef PARAMETER
#undef PARAMETER_

#endif
