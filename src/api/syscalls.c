/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system call table as the public interface shows it: the kernel's own rows.
 */
#include "syscall_table/table.h"
#include "api/api.h"

static enum lstar_support support_of(const struct syscall_row *row)
{
    switch ((enum syscall_support)row->support) {
    case SYSCALL_FULL:
        return LSTAR_SUPPORT_FULL;
    case SYSCALL_PARTIAL:
        return LSTAR_SUPPORT_PARTIAL;
    case SYSCALL_NONE:
        break;
    }
    return LSTAR_SUPPORT_NONE;
}

size_t lstar_syscall_count(void)
{
    return syscall_count();
}

bool lstar_syscall_get(size_t index, struct lstar_syscall *out)
{
    const struct syscall_row *row = syscall_at(index);
    if (!row)
        return false;
    *out = (struct lstar_syscall){
        .number = row->number,
        .name = row->name,
        .family = syscall_family_name((enum syscall_family)row->family),
        .support = support_of(row),
        .signature = row->signature,
        .note = syscall_note(row->number),
    };
    return true;
}
