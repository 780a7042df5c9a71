/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/stat, status and statm (proc(5)): a process or thread in numbers, in the order and the
 * units that Linux uses.
 */
#include "procfs/internal.h"

#include "abi/auxv.h"
#include "abi/capability.h"

#define TICK_NS (UINT64_C(1000000000) / LX_CLK_TCK)
#define KB(pages) ((unsigned long long)(pages) << (PAGE_SHIFT - 10))

static char state_letter(const struct proc_view *view)
{
    bool ended = view->task && view->task->sched.state == SCHED_DEAD;
    if (!view->task || view->process->zombie || (ended && view->task == view->process->leader))
        return 'Z';
    if (view->process->stopped || view->task->sched.state == SCHED_STOPPED)
        return 'T';
    if (ended)
        return 'X';
    return view->task->sched.state == SCHED_READY ? 'R' : 'S';
}

static const char *state_name(char letter)
{
    switch (letter) {
    case 'R':
        return "running";
    case 'S':
        return "sleeping";
    case 'T':
        return "stopped";
    case 'X':
        return "dead";
    default:
        return "zombie";
    }
}

static int parent_pid(const struct process *process)
{
    return process->parent ? process->parent->tgid : 0;
}

/* Signals that are ignored, and those that have handlers. */
static void handled(const struct task *task, uint64_t *ignored, uint64_t *caught)
{
    *ignored = *caught = 0;
    for (unsigned i = 0; task && task->sighand && i < LX_NSIG; i++) {
        uint64_t handler = task->sighand->action[i].handler;
        if (handler == LX_SIG_IGN)
            *ignored |= UINT64_C(1) << i;
        else if (handler != LX_SIG_DFL)
            *caught |= UINT64_C(1) << i;
    }
}

/* A zombie is one. */
static unsigned thread_count(const struct proc_view *view)
{
    return MAX(proc_thread_count(view->process), 1u);
}

static void add(struct strbuf *out, uint64_t value)
{
    strbuf_printf(out, " %llu", (unsigned long long)value);
}

/* Fields 10 to 22: faults, times, priority, threads, start. */
static void add_accounting(const struct proc_view *view, bool whole, struct strbuf *out)
{
    const struct task *task = view->task;
    const struct usage none = {0};
    const struct usage children = whole ? view->process->children_usage : none;
    struct usage own = whole ? usage_of_process(view->process) : task ? usage_of_task(task) : none;
    add(out, own.minor_faults);
    add(out, children.minor_faults);
    add(out, own.major_faults);
    add(out, children.major_faults);
    add(out, own.user / TICK_NS);
    add(out, own.system / TICK_NS);
    add(out, children.user / TICK_NS);
    add(out, children.system / TICK_NS);
    int nice = task ? task->sched.nice : 0;
    strbuf_printf(out, " %d %d %u 0", 20 + nice, nice, thread_count(view));
    add(out, view->process->start_time / TICK_NS);
}

/* Fields 23 to 30 and 45 to 51: the address space. */
static void add_memory(const struct proc_view *view, struct strbuf *out)
{
    const struct mm *mm = view->task ? view->task->mm : NULL;
    add(out, mm ? mm->total_pages << PAGE_SHIFT : 0);
    add(out, mm ? mm->resident_pages : 0);
    add(out, view->process->rlimits[LX_RLIMIT_RSS].cur);
    add(out, mm ? mm->code_start : 0);
    add(out, mm ? mm->code_end : 0);
    add(out, mm ? mm->stack_top : 0);
    add(out, 0);
    add(out, 0);
}

static void add_layout(const struct proc_view *view, struct strbuf *out)
{
    const struct mm *mm = view->task ? view->task->mm : NULL;
    add(out, mm ? mm->data_start : 0);
    add(out, mm ? mm->data_end : 0);
    add(out, mm ? mm->brk_start : 0);
    add(out, mm ? mm->arg_start : 0);
    add(out, mm ? mm->arg_end : 0);
    add(out, mm ? mm->env_start : 0);
    add(out, mm ? mm->env_end : 0);
}

static void show_stat(const struct proc_view *view, bool whole, struct strbuf *out)
{
    const struct process *process = view->process;
    const struct task *task = view->task;
    uint64_t ignored, caught;
    handled(task, &ignored, &caught);
    strbuf_printf(out, "%d (%s) %c %d %d %d 0 -1 4194304",
                  task && !whole ? task->tid : process->tgid, task ? task->comm : "",
                  state_letter(view), parent_pid(process), process->pgid, process->sid);
    add_accounting(view, whole, out);
    add_memory(view, out);
    uint64_t low = 0x7fffffff;
    add(out, task ? task->pending.set & low : 0);
    add(out, task ? task->sigmask & low : 0);
    add(out, ignored & low);
    add(out, caught & low);
    strbuf_printf(out, " 0 0 0 %d 0 0 0 0 0 0", whole ? process->exit_signal : -1);
    add_layout(view, out);
    strbuf_printf(out, " %d\n", process->zombie ? process->exit_status : 0);
}

void proc_show_stat(const struct proc_view *view, struct strbuf *out)
{
    show_stat(view, true, out);
}

void proc_show_task_stat(const struct proc_view *view, struct strbuf *out)
{
    show_stat(view, false, out);
}

void proc_show_statm(const struct proc_view *view, struct strbuf *out)
{
    struct mm *mm = view->task ? view->task->mm : NULL;
    if (!mm) {
        strbuf_puts(out, "0 0 0 0 0 0 0\n");
        return;
    }
    struct proc_pages pages;
    proc_count_pages(mm, &pages);
    strbuf_printf(out, "%llu %llu %llu %llu 0 %llu 0\n", (unsigned long long)mm->total_pages,
                  (unsigned long long)mm->resident_pages, (unsigned long long)pages.file,
                  (unsigned long long)pages.text,
                  (unsigned long long)(mm->data_pages + pages.stack));
}

static void status_ids(const struct proc_view *view, struct strbuf *out)
{
    const struct cred *cred = &view->task->cred;
    strbuf_printf(out, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\n", cred->uid, cred->euid,
                  cred->suid, cred->fsuid, cred->gid, cred->egid, cred->sgid, cred->fsgid);
    strbuf_printf(out, "FDSize:\t%u\nGroups:\t", view->task->fds ? view->task->fds->room : 0);
    for (unsigned i = 0; i < cred->group_count; i++)
        strbuf_printf(out, "%u ", cred->groups[i]);
    if (cred->group_count == 0)
        strbuf_putc(out, ' ');
    strbuf_printf(out, "\nNStgid:\t%d\nNSpid:\t%d\nNSpgid:\t%d\nNSsid:\t%d\nKthread:\t0\n",
                  view->process->tgid, view->task->tid, view->process->pgid, view->process->sid);
}

static void status_memory(struct mm *mm, struct strbuf *out)
{
    struct proc_pages pages;
    proc_count_pages(mm, &pages);
    const struct {
        const char *name;
        uint64_t pages;
    } rows[] = {
        {"VmPeak:", mm->peak_total_pages},
        {"VmSize:", mm->total_pages},
        {"VmLck:", mm->locked_pages},
        {"VmPin:", 0},
        {"VmHWM:", mm->peak_resident_pages},
        {"VmRSS:", mm->resident_pages},
        {"RssAnon:", pages.anon},
        {"RssFile:", pages.file},
        {"RssShmem:", 0},
        {"VmData:", mm->data_pages},
        {"VmStk:", pages.stack},
        {"VmExe:", pages.text},
        {"VmLib:", pages.libraries},
        {"VmPTE:", pages.tables},
        {"VmSwap:", 0},
        {"HugetlbPages:", 0},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        strbuf_printf(out, "%s\t%8llu kB\n", rows[i].name, KB(rows[i].pages));
    strbuf_puts(out, "CoreDumping:\t0\nTHP_enabled:\t0\nuntag_mask:\t0xffffffffffffffff\n");
}

static void status_signals(const struct proc_view *view, struct strbuf *out)
{
    const struct task *task = view->task;
    uint64_t ignored, caught;
    handled(task, &ignored, &caught);
    strbuf_printf(out, "Threads:\t%u\nSigQ:\t%u/%llu\n", thread_count(view),
                  view->process->queued_signals,
                  (unsigned long long)view->process->rlimits[LX_RLIMIT_SIGPENDING].cur);
    const struct {
        const char *name;
        uint64_t set;
    } rows[] = {
        {"SigPnd", task ? task->pending.set : 0},
        {"ShdPnd", view->process->pending.set},
        {"SigBlk", task ? task->sigmask : 0},
        {"SigIgn", ignored},
        {"SigCgt", caught},
        {"CapInh", task ? task->cred.cap_inheritable : 0},
        {"CapPrm", task ? task->cred.cap_permitted : 0},
        {"CapEff", task ? task->cred.cap_effective : 0},
        {"CapBnd", task ? task->cred.cap_bounding : 0},
        {"CapAmb", task ? task->cred.cap_ambient : 0},
    };
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        uint64_t set = i >= 5 ? rows[i].set & LX_CAP_FULL_SET : rows[i].set;
        strbuf_printf(out, "%s:\t%016llx\n", rows[i].name, (unsigned long long)set);
    }
}

void proc_show_status(const struct proc_view *view, struct strbuf *out)
{
    const struct task *task = view->task;
    char letter = state_letter(view);
    strbuf_printf(out, "Name:\t%s\n", task ? task->comm : "");
    if (task && task->fs)
        strbuf_printf(out, "Umask:\t%04o\n", task->fs->umask);
    strbuf_printf(out, "State:\t%c (%s)\nTgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n",
                  letter, state_name(letter), view->process->tgid,
                  task ? task->tid : view->process->tgid, parent_pid(view->process));
    if (task)
        status_ids(view, out);
    if (task && task->mm)
        status_memory(task->mm, out);
    status_signals(view, out);
    strbuf_printf(out, "NoNewPrivs:\t%d\nSeccomp:\t%u\nSeccomp_filters:\t%u\n",
                  task && task->cred.no_new_privs, task ? task->seccomp.mode : 0,
                  task ? seccomp_filters(&task->seccomp) : 0);
    strbuf_puts(out, "Speculation_Store_Bypass:\tnot vulnerable\n"
                     "SpeculationIndirectBranch:\tnot affected\n"
                     "Cpus_allowed:\t1\nCpus_allowed_list:\t0\nMems_allowed:\t1\n"
                     "Mems_allowed_list:\t0\n");
    strbuf_printf(out, "voluntary_ctxt_switches:\t%llu\nnonvoluntary_ctxt_switches:\t%llu\n",
                  task ? (unsigned long long)task->sched.voluntary : 0ull,
                  task ? (unsigned long long)task->sched.involuntary : 0ull);
}
