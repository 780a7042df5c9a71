/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tasks and processes have used: times are counted by task, faults and resident pages by
 * address space. Whatever goes away leaves its counts in process->dead_usage.
 */
#include "proc/usage.h"

#include "abi/resource.h"
#include "mem/mm.h"
#include "proc/task.h"

static struct usage times_of(const struct task *task)
{
    return (struct usage){
        .user = task->sched.insns,
        .system = task->syscalls * SYSTEM_CALL_NS,
        .voluntary = task->sched.voluntary,
        .involuntary = task->sched.involuntary,
    };
}

static struct usage memory_of(const struct mm *mm)
{
    return (struct usage){
        .minor_faults = mm->minor_faults,
        .major_faults = mm->major_faults,
        .max_resident = mm->peak_resident_pages,
    };
}

void usage_add(struct usage *to, const struct usage *from)
{
    to->user += from->user;
    to->system += from->system;
    to->minor_faults += from->minor_faults;
    to->major_faults += from->major_faults;
    to->voluntary += from->voluntary;
    to->involuntary += from->involuntary;
    to->max_resident = MAX(to->max_resident, from->max_resident);
}

struct usage usage_of_task(const struct task *task)
{
    struct usage usage = times_of(task);
    if (task->mm) {
        struct usage memory = memory_of(task->mm);
        usage_add(&usage, &memory);
    }
    return usage;
}

struct usage usage_of_process(const struct process *process)
{
    struct usage usage = process->dead_usage;
    const struct task *task;
    const struct mm *mm = NULL;
    list_for_each (task, &process->threads, thread_link) {
        struct usage times = times_of(task);
        usage_add(&usage, &times);
        mm = task->mm ? task->mm : mm; /* threads share it */
    }
    if (mm) {
        struct usage memory = memory_of(mm);
        usage_add(&usage, &memory);
    }
    return usage;
}

void usage_keep_times(const struct task *task)
{
    struct usage times = times_of(task);
    usage_add(&task->process->dead_usage, &times);
}

void usage_keep_memory(struct process *process, const struct mm *mm)
{
    struct usage memory = memory_of(mm);
    if (mm->refs > 1) /* others go on counting: faults are not counted twice */
        memory.minor_faults = memory.major_faults = 0;
    usage_add(&process->dead_usage, &memory);
}

static struct lx_timeval timeval_of(uint64_t ns)
{
    return (struct lx_timeval){
        .sec = (int64_t)(ns / (uint64_t)LX_NSEC_PER_SEC),
        .usec = (int64_t)(ns % (uint64_t)LX_NSEC_PER_SEC / 1000),
    };
}

void usage_to_rusage(const struct usage *usage, struct lx_rusage *out)
{
    *out = (struct lx_rusage){
        .utime = timeval_of(usage->user),
        .stime = timeval_of(usage->system),
        .maxrss = (int64_t)(usage->max_resident * (PAGE_SIZE / 1024)),
        .minflt = (int64_t)usage->minor_faults,
        .majflt = (int64_t)usage->major_faults,
        .nvcsw = (int64_t)usage->voluntary,
        .nivcsw = (int64_t)usage->involuntary,
    };
}
