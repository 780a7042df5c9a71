/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_COMPILER_H
#define LSTAR_BASE_COMPILER_H
/*
 * What every room needs of the compiler, and the scalar types that every room speaks.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h> /* ssize_t */

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt_index, first) __attribute__((format(printf, fmt_index, first)))
#define UNUSED __attribute__((unused))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* A guest virtual address. An integer: nobody can dereference one. */
typedef uint64_t gva_t;

/*
 * What a function returns that has to wait: the task is on a wait queue or has a deadline, pass
 * this up at once; the dispatcher calls the same handler again when the task wakes. Below every
 * -LX_E… so that `< 0` still means "not a result".
 */
#define BLOCKED (-4096L)

#define PAGE_SHIFT 12
#define PAGE_SIZE ((uint64_t)1 << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN_UP(x) (((x) + PAGE_SIZE - 1) & PAGE_MASK)
#define PAGE_ALIGN_DOWN(x) ((x)&PAGE_MASK)

/* The first address that user space cannot have: as Linux with four-level tables (one guard page
 * below 2^47). */
#define TASK_SIZE ((gva_t)0x7ffffffff000)

#endif
