/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The end of a process and the thread's own registers with the kernel: exit(2), exit_group(2),
 * arch_prctl(2), set_tid_address(2), set_robust_list(2), personality(2), membarrier(2).
 */
#include "syscall_table/handlers.h"

#include "abi/errno.h"
#include "abi/prctl.h"
#include "abi/sched.h"
#include "mem/uaccess.h"
#include "proc/rseq.h"
#include "proc/exit.h"
#include "proc/pid.h"

long sys_exit(struct task *task, int status)
{
    task_exit(task, LX_WAIT_EXITED(status));
    return SYSCALL_NO_RESULT;
}

long sys_exit_group(struct task *task, int status)
{
    process_exit(task->process, LX_WAIT_EXITED(status));
    return SYSCALL_NO_RESULT;
}

long sys_arch_prctl(struct task *task, int option, uint64_t arg)
{
    struct cpu *cpu = task->kernel->cpu;

    switch (option) {
    case LX_ARCH_SET_FS:
    case LX_ARCH_SET_GS:
        if (arg >= TASK_SIZE)
            return -LX_EPERM;
        if (option == LX_ARCH_SET_FS)
            cpu_set_fs_base(cpu, arg);
        else
            cpu_set_gs_base(cpu, arg);
        return 0;
    case LX_ARCH_GET_FS:
        task_save_cpu(task);
        return user_put(task->mm, arg, &task->cpu.fs_base);
    case LX_ARCH_GET_GS:
        task_save_cpu(task);
        return user_put(task->mm, arg, &task->cpu.gs_base);
    case LX_ARCH_GET_CPUID: /* the instruction does not fault */
        return 1;
    case LX_ARCH_SET_CPUID:
        return -LX_ENODEV;
    default:
        return -LX_EINVAL;
    }
}

long sys_set_tid_address(struct task *task, gva_t tidptr)
{
    task->clear_child_tid = tidptr;
    return task->tid;
}

#define ROBUST_LIST_HEAD_SIZE 24

long sys_set_robust_list(struct task *task, gva_t head, uint64_t length)
{
    if (length != ROBUST_LIST_HEAD_SIZE)
        return -LX_EINVAL;
    task->robust_list = head;
    task->robust_list_size = length;
    return 0;
}

long sys_get_robust_list(struct task *task, int pid, gva_t head, gva_t length)
{
    uint64_t size = ROBUST_LIST_HEAD_SIZE;
    struct task *target = pid ? pid_find_task(task->kernel, pid) : task;
    if (!target)
        return -LX_ESRCH;
    if (target->cred.uid != task->cred.uid && task->cred.euid != 0)
        return -LX_EPERM;
    if (user_put(task->mm, length, &size))
        return -LX_EFAULT;
    return user_put(task->mm, head, &target->robust_list);
}

long sys_personality(struct task *task, uint32_t persona)
{
    unsigned old = task->personality;
    if (persona != LX_PERSONALITY_QUERY)
        task->personality = persona;
    return (long)old;
}

long sys_rseq(struct task *task, gva_t rseq, uint32_t length, uint32_t flags, uint32_t signature)
{
    return rseq_register(task, rseq, length, flags, signature);
}

/* LX_MEMBARRIER_CMD_REGISTER_*: those of sys_membarrier()'s commands that need it, in pairs. */
#define REGISTERED_COMMANDS                                                                        \
    (LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED | LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE |         \
     LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ)
#define REGISTRATIONS (LX_MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED | REGISTERED_COMMANDS << 1)

/*
 * Tasks take turns on one CPU, and a trap orders everything: each barrier is there already, and
 * whoever was in a restartable sequence finds it aborted. What is left to keep is who registered.
 */
long sys_membarrier(struct task *task, int command, uint32_t flags, int cpu)
{
    unsigned *registered = &task->process->membarrier;
    (void)cpu; /* one that is not there has nothing to order */

    if (flags && (command != LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ ||
                  flags != LX_MEMBARRIER_CMD_FLAG_CPU))
        return -LX_EINVAL;
    switch (command) {
    case LX_MEMBARRIER_CMD_QUERY:
        return LX_MEMBARRIER_CMD_GLOBAL | LX_MEMBARRIER_CMD_GLOBAL_EXPEDITED | REGISTRATIONS |
               REGISTERED_COMMANDS | LX_MEMBARRIER_CMD_GET_REGISTRATIONS;
    case LX_MEMBARRIER_CMD_GLOBAL:
    case LX_MEMBARRIER_CMD_GLOBAL_EXPEDITED:
        return 0;
    case LX_MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
    case LX_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
    case LX_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
    case LX_MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ:
        *registered |= (unsigned)command;
        return 0;
    case LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED:
    case LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
    case LX_MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ:
        return *registered & (unsigned)command << 1 ? 0 : -LX_EPERM;
    case LX_MEMBARRIER_CMD_GET_REGISTRATIONS:
        return *registered;
    default:
        return -LX_EINVAL;
    }
}
