/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "syscall_table/strace.h"

#include "abi/errno.h"

long strace_start(struct kernel *kernel, bool json, strace_sink_fn *sink, void *opaque)
{
    (void)kernel, (void)json, (void)sink, (void)opaque;
    return -LX_ENOSYS;
}
void strace_stop(struct kernel *kernel)
{
    (void)kernel;
}
void strace_exec(struct task *task, const char *path, const char *const *argv, unsigned env_count)
{
    (void)task, (void)path, (void)argv, (void)env_count;
}
void strace_enter(struct task *task, const struct syscall_row *row)
{
    (void)task, (void)row;
}
void strace_blocked(struct task *task)
{
    (void)task;
}
void strace_leave(struct task *task, const struct syscall_row *row, long result)
{
    (void)task, (void)row, (void)result;
}
