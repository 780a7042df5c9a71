/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc's own directory: the machine as a whole (proc(5)). Values that a machine of one CPU,
 * without disks and without swap does not have are zero, in the lines that programs look for.
 */
#include "procfs/internal.h"
#include "vfs/locks.h"

#include <stdio.h>

#include "abi/auxv.h"
#include "abi/utsname.h"

#define SECOND UINT64_C(1000000000)
#define TICK_NS (SECOND / LX_CLK_TCK)

static long link_self(const struct proc_view *view, struct link_target *out)
{
    const struct task *caller = proc_caller(view->kernel);
    char text[16];
    if (!caller)
        return -LX_ENOENT;
    snprintf(text, sizeof text, "%d", caller->process->tgid);
    return proc_link_text(view->kernel, text, out);
}

static long link_thread_self(const struct proc_view *view, struct link_target *out)
{
    const struct task *caller = proc_caller(view->kernel);
    char text[40];
    if (!caller)
        return -LX_ENOENT;
    snprintf(text, sizeof text, "%d/task/%d", caller->process->tgid, caller->tid);
    return proc_link_text(view->kernel, text, out);
}

static long link_mounts(const struct proc_view *view, struct link_target *out)
{
    return proc_link_text(view->kernel, "self/mounts", out);
}

/* ns of CPU time that all tasks have had, and ns since boot. */
static void times(const struct proc_view *view, uint64_t *busy, uint64_t *up)
{
    *up = clock_boottime(&view->kernel->clock);
    *busy = MIN(view->kernel->clock.insns, *up);
}

static void show_uptime(const struct proc_view *view, struct strbuf *out)
{
    uint64_t busy, up;
    times(view, &busy, &up);
    uint64_t idle = up - busy;
    strbuf_printf(out, "%llu.%02llu %llu.%02llu\n", (unsigned long long)(up / SECOND),
                  (unsigned long long)(up % SECOND / TICK_NS), (unsigned long long)(idle / SECOND),
                  (unsigned long long)(idle % SECOND / TICK_NS));
}

static void count_tasks(const struct kernel *kernel, unsigned *running, unsigned *all)
{
    const struct task *task;
    *running = *all = 0;
    list_for_each (task, &kernel->tasks, all_link) {
        ++*all;
        *running += task->sched.state == SCHED_READY;
    }
}

static void show_loadavg(const struct proc_view *view, struct strbuf *out)
{
    unsigned running, all;
    count_tasks(view->kernel, &running, &all);
    strbuf_printf(out, "0.00 0.00 0.00 %u/%u %d\n", running, all, view->kernel->last_pid);
}

static void show_stat(const struct proc_view *view, struct strbuf *out)
{
    struct kernel *kernel = view->kernel;
    uint64_t busy, up;
    unsigned running, all;
    times(view, &busy, &up);
    count_tasks(kernel, &running, &all);
    unsigned long long user = busy / TICK_NS, idle = (up - busy) / TICK_NS;
    strbuf_printf(out, "cpu  %llu 0 0 %llu 0 0 0 0 0 0\ncpu0 %llu 0 0 %llu 0 0 0 0 0 0\n", user,
                  idle, user, idle);
    strbuf_printf(out, "intr 0\nctxt %llu\nbtime %llu\nprocesses %d\nprocs_running %u\n",
                  (unsigned long long)kernel->sched.switches,
                  (unsigned long long)((clock_realtime(&kernel->clock) - up) / SECOND),
                  kernel->last_pid, running);
    strbuf_puts(out, "procs_blocked 0\nsoftirq 0 0 0 0 0 0 0 0 0 0 0\n");
}

static void show_meminfo(const struct proc_view *view, struct strbuf *out)
{
    const struct ram *ram = view->kernel->ram;
    uint64_t total = ram_size(ram) >> 10, free_kb = ram_free(ram) << (PAGE_SHIFT - 10);
    uint64_t used = total - free_kb;
    const struct {
        const char *name;
        uint64_t kb;
    } rows[] = {
        {"MemTotal", total},
        {"MemFree", free_kb},
        {"MemAvailable", free_kb},
        {"Buffers", 0},
        {"Cached", 0},
        {"SwapCached", 0},
        {"Active", used},
        {"Inactive", 0},
        {"Active(anon)", used},
        {"Inactive(anon)", 0},
        {"Active(file)", 0},
        {"Inactive(file)", 0},
        {"Unevictable", 0},
        {"Mlocked", 0},
        {"SwapTotal", 0},
        {"SwapFree", 0},
        {"Dirty", 0},
        {"Writeback", 0},
        {"AnonPages", used},
        {"Mapped", 0},
        {"Shmem", 0},
        {"KReclaimable", 0},
        {"Slab", 0},
        {"SReclaimable", 0},
        {"SUnreclaim", 0},
        {"KernelStack", 0},
        {"PageTables", 0},
        {"NFS_Unstable", 0},
        {"Bounce", 0},
        {"WritebackTmp", 0},
        {"CommitLimit", total},
        {"Committed_AS", used},
        {"VmallocTotal", 34359738367},
        {"VmallocUsed", 0},
        {"VmallocChunk", 0},
        {"Percpu", 0},
        {"AnonHugePages", 0},
        {"ShmemHugePages", 0},
        {"ShmemPmdMapped", 0},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        int width = 23 - (int)__builtin_strlen(rows[i].name);
        strbuf_printf(out, "%s:%*llu kB\n", rows[i].name, width, (unsigned long long)rows[i].kb);
    }
    strbuf_puts(out, "HugePages_Total:       0\nHugePages_Free:        0\n"
                     "HugePages_Rsvd:        0\nHugePages_Surp:        0\n"
                     "Hugepagesize:       2048 kB\nHugetlb:               0 kB\n");
}

static void show_filesystems(const struct proc_view *view, struct strbuf *out)
{
    const struct vfs *vfs = &view->kernel->vfs;
    for (unsigned i = 0; i < vfs->filesystem_count; i++)
        strbuf_printf(out, "%s\t%s\n", vfs->filesystems[i]->nodev ? "nodev" : "",
                      vfs->filesystems[i]->name);
}

static void show_vmstat(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "nr_free_pages %llu\n", (unsigned long long)ram_free(view->kernel->ram));
    strbuf_puts(out, "pgfault 0\npgmajfault 0\npswpin 0\npswpout 0\noom_kill 0\n");
}

static void show_locks(const struct proc_view *view, struct strbuf *out)
{
    vfs_show_locks(&view->kernel->vfs, out);
}

static const struct proc_entry root_entries[] = {
    PROC_TEXT("cgroups", "#subsys_name\thierarchy\tnum_cgroups\tenabled\n"),
    PROC_TEXT("cmdline", "lstar\n"),
    PROC_FILE("cpuinfo", proc_show_cpuinfo),
    PROC_TEXT("devices", "Character devices:\n  1 mem\n  5 /dev/tty\n136 pts\n\nBlock devices:\n"),
    PROC_TEXT("diskstats", ""),
    PROC_FILE("filesystems", show_filesystems),
    PROC_FILE("loadavg", show_loadavg),
    PROC_FILE("locks", show_locks),
    PROC_FILE("meminfo", show_meminfo),
    PROC_TEXT("modules", ""),
    PROC_LINK("mounts", link_mounts),
    PROC_TEXT("partitions", "major minor  #blocks  name\n\n"),
    PROC_LINK("self", link_self),
    PROC_FILE("stat", show_stat),
    PROC_TEXT("swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"),
    {.name = "sys",
     .mode = LX_S_IFDIR | 0555,
     .children = proc_sys_entries,
     .flags = PROC_SETTINGS},
    PROC_LINK("thread-self", link_thread_self),
    PROC_FILE("uptime", show_uptime),
    PROC_TEXT("version", "Linux version " LX_UTS_RELEASE " (lstar@lstar) (lstar " LSTAR_VERSION
                         ") " LX_UTS_VERSION "\n"),
    PROC_FILE("vmstat", show_vmstat),
    PROC_END,
};

const struct proc_entry proc_root = {
    .name = "proc", .mode = LX_S_IFDIR | 0555, .children = root_entries, .dynamic = &proc_pids};
