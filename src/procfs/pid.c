/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID and /proc/PID/task/TID: the tables, and the files that need few lines (proc(5)). Longer
 * ones: status.c, maps.c, mounts.c, fd.c.
 */
#include "procfs/internal.h"

#include <stdio.h>
#include <string.h>

#include "abi/capability.h"

#define ARGUMENTS_MAX ((uint64_t)8 << 20)

/* Bytes of the process's memory; cut where they cannot be read. */
static void show_memory(const struct proc_view *view, gva_t from, gva_t to, struct strbuf *out)
{
    if (!view->task || !view->task->mm || to <= from)
        return;
    to = MIN(to, from + ARGUMENTS_MAX);
    while (from < to) {
        char bytes[1024];
        size_t want = (size_t)MIN(sizeof bytes, to - from);
        size_t n = user_read_some(view->task->mm, bytes, from, want);
        strbuf_add(out, bytes, n);
        if (n < want)
            return;
        from += n;
    }
}

static void show_cmdline(const struct proc_view *view, struct strbuf *out)
{
    if (view->task && view->task->mm)
        show_memory(view, view->task->mm->arg_start, view->task->mm->arg_end, out);
}

static void show_environ(const struct proc_view *view, struct strbuf *out)
{
    if (view->task && view->task->mm)
        show_memory(view, view->task->mm->env_start, view->task->mm->env_end, out);
}

static void show_auxv(const struct proc_view *view, struct strbuf *out)
{
    if (view->task && view->task->mm)
        strbuf_add(out, view->task->mm->auxv, view->task->mm->auxv_bytes);
}

static void show_comm(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%s\n", view->task ? view->task->comm : "");
}

/* Linux: any thread of the process may, nobody else; a newline is kept (guest/proc/comm). */
static long write_comm(const struct proc_view *view, const char *text, size_t length)
{
    const struct task *caller = proc_caller(view->kernel);
    if (!view->task || !caller || caller->process != view->process)
        return -LX_EINVAL;
    memset(view->task->comm, 0, sizeof view->task->comm);
    memcpy(view->task->comm, text, MIN(length, sizeof view->task->comm - 1));
    return 0;
}

static void add_io(const struct task_io *io, struct strbuf *out)
{
    strbuf_printf(out, "rchar: %llu\nwchar: %llu\nsyscr: %llu\nsyscw: %llu\n",
                  (unsigned long long)io->read_bytes, (unsigned long long)io->written_bytes,
                  (unsigned long long)io->reads, (unsigned long long)io->writes);
    strbuf_puts(out, "read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
}

static void show_io(const struct proc_view *view, struct strbuf *out)
{
    struct task_io io = view->process->dead_io;
    const struct task *task;
    list_for_each (task, &view->process->threads, thread_link)
        task_io_add(&io, &task->io);
    add_io(&io, out);
}

static void show_task_io(const struct proc_view *view, struct strbuf *out)
{
    const struct task_io none = {0};
    add_io(view->task ? &view->task->io : &none, out);
}

/* Its thread's children, the oldest first (CONFIG_PROC_CHILDREN). */
static void show_children(const struct proc_view *view, struct strbuf *out)
{
    const struct process *child;
    list_for_each (child, &view->process->children, sibling_link) {
        if (view->task && child->parent_tid == view->task->tid)
            strbuf_printf(out, "%d ", child->tgid);
    }
}

/* What it waits in: number, arguments, stack, place (proc(5)). */
static void show_syscall(const struct proc_view *view, struct strbuf *out)
{
    const struct task *task = view->task;
    if (!task || !task->mm) {
        strbuf_puts(out, "0 0x0 0x0\n");
        return;
    }
    if (task->sched.state == SCHED_READY && task != proc_caller(view->kernel)) {
        strbuf_puts(out, "running\n");
        return;
    }
    strbuf_printf(out, "%d", task->call.number);
    for (unsigned i = 0; i < ARRAY_SIZE(task->call.args) && task->call.number >= 0; i++)
        strbuf_printf(out, " 0x%llx", (unsigned long long)task->call.args[i]);
    strbuf_printf(out, " 0x%llx 0x%llx\n", (unsigned long long)task->cpu.gpr[CPU_RSP],
                  (unsigned long long)task->cpu.rip);
}

static void show_limit_value(struct strbuf *out, uint64_t value)
{
    if (value == LX_RLIM_INFINITY)
        strbuf_printf(out, "%-20s ", "unlimited");
    else
        strbuf_printf(out, "%-20llu ", (unsigned long long)value);
}

static void show_limits(const struct proc_view *view, struct strbuf *out)
{
    static const struct {
        const char *name, *unit;
    } rows[LX_RLIM_NLIMITS] = {
        {"Max cpu time", "seconds"},     {"Max file size", "bytes"},
        {"Max data size", "bytes"},      {"Max stack size", "bytes"},
        {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
        {"Max processes", "processes"},  {"Max open files", "files"},
        {"Max locked memory", "bytes"},  {"Max address space", "bytes"},
        {"Max file locks", "locks"},     {"Max pending signals", "signals"},
        {"Max msgqueue size", "bytes"},  {"Max nice priority", ""},
        {"Max realtime priority", ""},   {"Max realtime timeout", "us"},
    };
    strbuf_printf(out, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for (unsigned i = 0; i < LX_RLIM_NLIMITS; i++) {
        strbuf_printf(out, "%-25s ", rows[i].name);
        show_limit_value(out, view->process->rlimits[i].cur);
        show_limit_value(out, view->process->rlimits[i].max);
        if (*rows[i].unit)
            strbuf_printf(out, "%-10s", rows[i].unit);
        strbuf_putc(out, '\n');
    }
}

static void show_personality(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%08x\n", view->task ? view->task->personality : 0u);
}

static void show_schedstat(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%llu 0 0\n",
                  view->task ? (unsigned long long)task_cpu_time(view->task) : 0ull);
}

/* --- links --- */

static long link_exe(const struct proc_view *view, struct link_target *out)
{
    if (!view->process->exe.dentry || !view->task || !view->task->mm)
        return -LX_ENOENT;
    path_get(&view->process->exe);
    return proc_link_to(view->process->exe, out);
}

static long link_cwd(const struct proc_view *view, struct link_target *out)
{
    if (!view->task || !view->task->fs)
        return -LX_ENOENT;
    path_get(&view->task->fs->cwd);
    return proc_link_to(view->task->fs->cwd, out);
}

static long link_root(const struct proc_view *view, struct link_target *out)
{
    if (!view->task || !view->task->fs)
        return -LX_ENOENT;
    path_get(&view->task->fs->root);
    return proc_link_to(view->task->fs->root, out);
}

/* --- the tables --- */

/* What a process and each of its threads have. */
#define ID_MAP "         0          0 4294967295\n"
#define PROC_SHARED_ENTRIES                                                                        \
    PROC_FLAGGED("auxv", 0400, show_auxv,                                                          \
                 PROC_INSPECT | PROC_IMAGE | PROC_HELD | PROC_LASTING | PROC_PLAIN),               \
        PROC_TEXT("cgroup", "0::/\n"), PROC_FLAGGED("cmdline", 0444, show_cmdline, PROC_PLAIN),    \
        PROC_SETTING("comm", show_comm, write_comm),                                               \
        {.name = "cwd", .mode = LX_S_IFLNK | 0777, .link = link_cwd, .flags = PROC_INSPECT},       \
        PROC_FLAGGED("environ", 0400, show_environ,                                                \
                     PROC_INSPECT | PROC_IMAGE | PROC_HELD | PROC_PLAIN),                          \
        {.name = "exe", .mode = LX_S_IFLNK | 0777, .link = link_exe, .flags = PROC_INSPECT},       \
        {.name = "fd", .mode = LX_S_IFDIR | 0500, .dynamic = &proc_fds},                           \
        {.name = "fdinfo",                                                                         \
         .mode = LX_S_IFDIR | 0555,                                                                \
         .dynamic = &proc_fdinfos,                                                                 \
         .flags = PROC_INSPECT},                                                                   \
        {.name = "gid_map",                                                                        \
         .mode = LX_S_IFREG | 0644,                                                                \
         .text = ID_MAP,                                                                           \
         .write = proc_refuse_write,                                                               \
         .flags = PROC_LASTING},                                                                   \
        PROC_FILE("limits", show_limits),                                                          \
        {.name = "loginuid",                                                                       \
         .mode = LX_S_IFREG | 0644,                                                                \
         .text = "4294967295",                                                                     \
         .write = proc_refuse_write,                                                               \
         .flags = PROC_PLAIN},                                                                     \
        PROC_FLAGGED("maps", 0444, proc_show_maps, PROC_INSPECT | PROC_IMAGE),                     \
        {.name = "mem",                                                                            \
         .mode = LX_S_IFREG | 0600,                                                                \
         .ops = &proc_memory_ops,                                                                  \
         .flags = PROC_INSPECT | PROC_HELD},                                                       \
        PROC_FLAGGED("mountinfo", 0444, proc_show_mountinfo, PROC_MOUNTS | PROC_LASTING),          \
        PROC_FLAGGED("mounts", 0444, proc_show_mounts, PROC_MOUNTS | PROC_LASTING),                \
        {.name = "ns", .mode = LX_S_IFDIR | 0511, .children = proc_ns_entries},                    \
        PROC_FILE("oom_score", proc_show_oom_score),                                               \
        {.name = "oom_score_adj",                                                                  \
         .mode = LX_S_IFREG | 0644,                                                                \
         .show = proc_show_oom_score_adj,                                                          \
         .write = proc_write_oom_score_adj,                                                        \
         .flags = PROC_PLAIN},                                                                     \
        {.name = "pagemap",                                                                        \
         .mode = LX_S_IFREG | 0400,                                                                \
         .ops = &proc_pagemap_ops,                                                                 \
         .flags = PROC_INSPECT | PROC_HELD},                                                       \
        PROC_PRIVATE("personality", show_personality),                                             \
        {.name = "projid_map",                                                                     \
         .mode = LX_S_IFREG | 0644,                                                                \
         .text = ID_MAP,                                                                           \
         .write = proc_refuse_write,                                                               \
         .flags = PROC_LASTING},                                                                   \
        {.name = "root", .mode = LX_S_IFLNK | 0777, .link = link_root, .flags = PROC_INSPECT},     \
        PROC_FILE("schedstat", show_schedstat), PROC_TEXT("sessionid", "4294967295"),              \
        {.name = "setgroups",                                                                      \
         .mode = LX_S_IFREG | 0644,                                                                \
         .text = "allow\n",                                                                        \
         .write = proc_write_setgroups,                                                            \
         .flags = PROC_LASTING},                                                                   \
        PROC_FLAGGED("smaps", 0444, proc_show_smaps, PROC_INSPECT | PROC_IMAGE),                   \
        PROC_FLAGGED("smaps_rollup", 0444, proc_show_smaps_rollup, PROC_INSPECT | PROC_IMAGE),     \
        PROC_FILE("statm", proc_show_statm), PROC_FILE("status", proc_show_status),                \
        PROC_FLAGGED("syscall", 0400, show_syscall, PROC_INSPECT),                                 \
        {.name = "timerslack_ns",                                                                  \
         .mode = LX_S_IFREG | 0666,                                                                \
         .show = proc_show_timerslack,                                                             \
         .write = proc_write_timerslack},                                                          \
        {.name = "uid_map",                                                                        \
         .mode = LX_S_IFREG | 0644,                                                                \
         .text = ID_MAP,                                                                           \
         .write = proc_refuse_write,                                                               \
         .flags = PROC_LASTING},                                                                   \
        PROC_TEXT("wchan", "0")

static const struct proc_entry pid_entries[] = {
    PROC_SHARED_ENTRIES,
    {.name = "coredump_filter",
     .mode = LX_S_IFREG | 0644,
     .show = proc_show_coredump_filter,
     .write = proc_write_coredump_filter,
     .flags = PROC_PLAIN},
    PROC_FLAGGED("io", 0400, show_io, PROC_INSPECT),
    PROC_FLAGGED("mountstats", 0400, proc_show_mountstats, PROC_MOUNTS | PROC_LASTING),
    PROC_FILE("stat", proc_show_stat),
    {.name = "task", .mode = LX_S_IFDIR | 0555, .dynamic = &proc_threads},
    PROC_END,
};

static const struct proc_entry task_entries[] = {
    PROC_SHARED_ENTRIES,
    PROC_FILE("children", show_children),
    PROC_FLAGGED("io", 0400, show_task_io, PROC_INSPECT),
    PROC_FILE("stat", proc_show_task_stat),
    PROC_END,
};

const struct proc_entry proc_pid_directory = PROC_DIR("pid", pid_entries);
static const struct proc_entry task_directory = PROC_DIR("task", task_entries);

/* --- which processes, which threads --- */

static long pids_lookup(const struct proc_view *view, const char *name, struct proc_target *out)
{
    int pid = proc_number(name);
    /* A thread's number leads to its process's files too, though it is not listed
     * (guest/proc/threads). */
    const struct process *process = pid > 0 ? pid_find_process(view->kernel, pid) : NULL;
    const struct task *task = pid > 0 && !process ? pid_find_task(view->kernel, pid) : NULL;
    if (!process && task)
        process = task->process;
    if (!process)
        return -LX_ENOENT;
    *out = (struct proc_target){
        .entry = &proc_pid_directory,
        .pid = process->tgid,
        .tid = task ? task->tid : process->tgid,
        .fd = -1,
    };
    return 0;
}

static int pids_next(const struct proc_view *view, int from, struct proc_target *out)
{
    const struct process *process, *best = NULL;
    list_for_each (process, &view->kernel->processes, all_link) {
        if (process->tgid >= from && (!best || process->tgid < best->tgid))
            best = process;
    }
    if (!best)
        return -1;
    *out = (struct proc_target){.entry = &proc_pid_directory, .pid = best->tgid};
    return best->tgid;
}

static long threads_lookup(const struct proc_view *view, const char *name, struct proc_target *out)
{
    int tid = proc_number(name);
    const struct task *task = tid > 0 ? pid_find_task(view->kernel, tid) : NULL;
    if (!task || task->process != view->process)
        return -LX_ENOENT;
    *out = (struct proc_target){
        .entry = &task_directory, .pid = view->process->tgid, .tid = tid, .fd = -1};
    return 0;
}

static int threads_next(const struct proc_view *view, int from, struct proc_target *out)
{
    const struct process *process = view->process;
    const struct task *task, *best = NULL;
    if (proc_leader_ended(process) && process->leader->tid >= from)
        best = process->leader;
    list_for_each (task, &process->threads, thread_link) {
        if (task->tid >= from && (!best || task->tid < best->tid))
            best = task;
    }
    if (!best)
        return -1;
    *out = (struct proc_target){.entry = &task_directory};
    return best->tid;
}

const struct proc_dynamic proc_pids = {.lookup = pids_lookup, .next = pids_next};
const struct proc_dynamic proc_threads = {.lookup = threads_lookup, .next = threads_next};
