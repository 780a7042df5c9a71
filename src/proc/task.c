/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tasks and processes as objects: how the first comes to be, what each owns, how its registers get
 * in and out of the CPU.
 */
#include "proc/task.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/prctl.h"
#include "proc/pid.h"
#include "proc/rseq.h"
#include "proc/sigio.h"
#include "proc/signal.h"
#include "vfs/path.h"

/* Capabilities that a current Linux knows: 0 (CHOWN) to 40 (CHECKPOINT_RESTORE). */
#define CAP_ALL ((UINT64_C(1) << 41) - 1)

static void default_rlimits(struct lx_rlimit64 rlimits[LX_RLIM_NLIMITS])
{
    for (int i = 0; i < LX_RLIM_NLIMITS; i++)
        rlimits[i] = (struct lx_rlimit64){LX_RLIM_INFINITY, LX_RLIM_INFINITY};
    rlimits[LX_RLIMIT_STACK].cur = UINT64_C(8) << 20;
    rlimits[LX_RLIMIT_CORE].cur = 0;
    rlimits[LX_RLIMIT_NPROC] = (struct lx_rlimit64){4096, 4096};
    rlimits[LX_RLIMIT_NOFILE] = (struct lx_rlimit64){1024, 4096};
    rlimits[LX_RLIMIT_MEMLOCK] = (struct lx_rlimit64){UINT64_C(8) << 20, UINT64_C(8) << 20};
    rlimits[LX_RLIMIT_SIGPENDING] = (struct lx_rlimit64){4096, 4096};
    rlimits[LX_RLIMIT_MSGQUEUE] = (struct lx_rlimit64){819200, 819200};
    rlimits[LX_RLIMIT_NICE] = (struct lx_rlimit64){0, 0};
    rlimits[LX_RLIMIT_RTPRIO] = (struct lx_rlimit64){0, 0};
}

static void init_cred(struct cred *cred, uint32_t uid, uint32_t gid)
{
    *cred = (struct cred){
        .uid = uid,
        .euid = uid,
        .suid = uid,
        .fsuid = uid,
        .gid = gid,
        .egid = gid,
        .sgid = gid,
        .fsgid = gid,
        .cap_bounding = CAP_ALL,
    };
    if (uid == 0) {
        cred->cap_effective = CAP_ALL;
        cred->cap_permitted = CAP_ALL;
    }
}

struct process *process_new(struct kernel *kernel, int pid)
{
    struct process *process = arena_alloc(kernel->arena, sizeof *process);
    if (!process)
        return NULL;
    process->kernel = kernel;
    process->tgid = pid;
    process->dumpable = true;
    process->coredump_filter = LX_COREDUMP_FILTER_DEFAULT;
    process->start_time = clock_boottime(&kernel->clock);
    list_init(&process->threads);
    list_init(&process->all_link);
    list_init(&process->hash_link);
    list_init(&process->children);
    list_init(&process->sibling_link);
    wait_queue_init(&process->child_waiters);
    wait_queue_init(&process->exit_waiters);
    wait_queue_init(&process->signal_waiters);
    sigpending_init(&process->pending);
    process_timers_init(process);
    default_rlimits(process->rlimits);
    return process;
}

struct task *task_new(struct kernel *kernel, int tid)
{
    struct task *task = arena_alloc(kernel->arena, sizeof *task);
    if (!task)
        return NULL;
    task->kernel = kernel;
    task->tid = tid;
    task->call.number = -1;
    task->timer_slack = 50000;
    task->default_timer_slack = 50000;
    task->mce_kill = LX_PR_MCE_KILL_DEFAULT;
    task->cpu.rflags = 0x202;
    task->cpu.cs = 0x33;
    task->cpu.ss = 0x2b;
    task->cpu.fx.fcw = 0x37f;
    task->cpu.fx.mxcsr = 0x1f80;
    sched_entity_init(&task->sched);
    sigpending_init(&task->pending);
    pid_hold(kernel, tid);
    list_init(&task->all_link);
    list_init(&task->hash_link);
    list_init(&task->thread_link);
    return task;
}

static long create_shared(struct task *task)
{
    struct kernel *kernel = task->kernel;
    task->sighand = arena_alloc(kernel->arena, sizeof *task->sighand);
    if (!task->sighand)
        return -LX_ENOMEM;
    task->sighand->refs = 1;

    struct path root = {kernel->vfs.root, kernel->vfs.root->root};
    long err = fs_struct_create(&kernel->vfs, &root, &task->fs);
    if (!err)
        err = fdtable_create(&kernel->vfs, &task->fds);
    if (!err)
        err = mm_create(kernel->arena, kernel->ram, kernel->cpu, &task->mm);
    return err;
}

void task_publish(struct task *task)
{
    struct kernel *kernel = task->kernel;
    struct process *process = task->process;
    if (!process->leader) {
        process->leader = task;
        list_push_back(&kernel->processes, &process->all_link);
        pid_enter_process(process);
    }
    list_push_back(&process->threads, &task->thread_link);
    list_push_back(&kernel->tasks, &task->all_link);
    pid_enter_task(task);
    process->thread_count++;
    kernel->task_count++;
}

long task_create_init(struct kernel *kernel, uint32_t uid, uint32_t gid, struct task **out)
{
    long pid = pid_alloc(kernel);
    if (pid < 0)
        return pid;
    struct process *process = process_new(kernel, (int)pid);
    struct task *task = process ? task_new(kernel, (int)pid) : NULL;
    if (!task) {
        arena_free(kernel->arena, process);
        return -LX_ENOMEM;
    }
    kernel->vfs.signal_owner = sigio_send;
    task->process = process;
    process_set_group(process, (int)pid, (int)pid);
    init_cred(&task->cred, uid, gid);
    task_publish(task);
    kernel->init = task;

    /* A machine that cannot be completed is destroyed whole: nothing to undo here. */
    long err = create_shared(task);
    if (err)
        return err;
    sched_add(&kernel->sched, &task->sched);
    *out = task;
    return 0;
}

void task_destroy(struct task *task)
{
    struct kernel *kernel = task->kernel;
    list_remove(&task->all_link);
    list_remove(&task->hash_link);
    list_remove(&task->thread_link);
    pid_release(kernel, task->tid);
    kernel->task_count--;
    if (kernel->current == task)
        kernel->current = NULL;
    arena_free(kernel->arena, task);
}

void task_save_cpu(struct task *task)
{
    if (task->kernel->current == task)
        cpu_get_state(task->kernel->cpu, &task->cpu);
}

void task_load_cpu(struct task *task)
{
    struct kernel *kernel = task->kernel;
    if (kernel->current != task) {
        if (kernel->current)
            task_save_cpu(kernel->current);
        cpu_set_state(kernel->cpu, &task->cpu);
        kernel->current = task;
        task->rseq.preempted = true;
    }
    if (task->rseq.preempted && task->rseq.addr)
        rseq_interrupted(task);
    task->rseq.preempted = false;
    if (kernel->loaded_mm != task->mm) {
        kernel->loaded_mm = task->mm;
        cpu_flush_tlb(kernel->cpu);
    }
}

void task_call_keep_files(struct task *task)
{
    for (unsigned i = 0; i < ARRAY_SIZE(task->call.file); i++)
        if (task->call.file[i])
            file_get(task->call.file[i]);
}

void task_call_put_files(struct task *task)
{
    struct task_call *call = &task->call;
    for (unsigned i = 0; i < ARRAY_SIZE(call->file); i++) {
        struct file *file = call->file[i];
        call->file[i] = NULL;
        if (call->waited && file)
            file_put(file);
    }
    struct file *opening = call->opening;
    call->opening = NULL;
    if (opening)
        file_put(opening);
}

struct fs_context task_fs_context(struct task *task)
{
    return (struct fs_context){
        .vfs = &task->kernel->vfs,
        .fs = task->fs,
        .cred = &task->cred,
        .fds = task->fds,
        .file_size_limit = task->process->rlimits[LX_RLIMIT_FSIZE].cur,
        .tgid = task->process->tgid,
        .tid = task->tid,
        .opening = &task->call.opening,
    };
}

uint64_t task_rlimit(const struct task *task, unsigned resource)
{
    return task->process->rlimits[resource].cur;
}

uint64_t task_cpu_time(const struct task *task)
{
    struct usage usage = usage_of_task(task);
    return usage.user + usage.system;
}

uint64_t process_cpu_time(const struct process *process)
{
    struct usage usage = usage_of_process(process);
    return usage.user + usage.system;
}
