/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rseq(2). The machine has one CPU, number 0 of node 0: what is left to do is to abort sequences
 * that were interrupted.
 */
#include "proc/rseq.h"

#include "abi/errno.h"
#include "mem/uaccess.h"
#include "proc/signal.h"

/* struct rseq of the guest. */
struct lx_rseq {
    uint32_t cpu_id_start, cpu_id;
    uint64_t cs; /* address of a struct lx_rseq_cs, or 0 */
    uint32_t flags, node_id, mm_cid, padding;
};
_Static_assert(sizeof(struct lx_rseq) == 32, "struct rseq's size");

struct lx_rseq_cs {
    uint32_t version, flags;
    uint64_t start, length, abort;
};

#define UNREGISTER 1u
#define CPU_ID_UNINITIALIZED UINT32_MAX

static long unregister(struct task *task, gva_t addr, uint32_t size, uint32_t flags,
                       uint32_t signature)
{
    if (flags & ~UNREGISTER)
        return -LX_EINVAL;
    if (!task->rseq.addr || addr != task->rseq.addr || size != task->rseq.size)
        return -LX_EINVAL;
    if (signature != task->rseq.signature)
        return -LX_EPERM;
    const struct lx_rseq none = {.cpu_id = CPU_ID_UNINITIALIZED};
    if (user_put(task->mm, addr, &none))
        return -LX_EFAULT;
    task->rseq = (struct task_rseq){0};
    return 0;
}

long rseq_register(struct task *task, gva_t addr, uint32_t size, uint32_t flags, uint32_t signature)
{
    if (flags & UNREGISTER)
        return unregister(task, addr, size, flags, signature);
    if (flags)
        return -LX_EINVAL;
    if (task->rseq.addr) {
        if (addr != task->rseq.addr || size != task->rseq.size)
            return -LX_EINVAL;
        return signature != task->rseq.signature ? -LX_EPERM : -LX_EBUSY;
    }
    if (size < sizeof(struct lx_rseq) || (addr & (sizeof(struct lx_rseq) - 1)))
        return -LX_EINVAL;
    if (addr >= TASK_SIZE || size > TASK_SIZE - addr)
        return -LX_EFAULT;
    /* As the first return to user space fills it in. */
    const struct lx_rseq now = {0};
    if (user_put(task->mm, addr, &now))
        return -LX_EFAULT;
    task->rseq = (struct task_rseq){.addr = addr, .size = size, .signature = signature};
    return 0;
}

/* The sequence that `at` describes, checked. False: malformed. */
static bool read_sequence(struct task *task, gva_t at, struct lx_rseq_cs *cs)
{
    uint32_t signature;
    return !user_get(task->mm, cs, at) && cs->start < TASK_SIZE && cs->abort < TASK_SIZE &&
           cs->length <= TASK_SIZE - cs->start && cs->version == 0 &&
           cs->abort - cs->start >= cs->length &&
           !user_get(task->mm, &signature, cs->abort - sizeof signature) &&
           signature == task->rseq.signature;
}

void rseq_interrupted(struct task *task)
{
    gva_t slot = task->rseq.addr + offsetof(struct lx_rseq, cs);
    uint64_t at, none = 0;
    struct lx_rseq_cs cs;
    bool bad = user_get(task->mm, &at, slot) != 0;
    if (!bad && at == 0)
        return;
    if (!bad)
        bad = !read_sequence(task, at, &cs) || user_put(task->mm, slot, &none);
    if (bad) {
        signal_force_fault(task, LX_SIGSEGV, LX_SI_KERNEL, 0);
        return;
    }
    uint64_t rip = cpu_rip(task->kernel->cpu);
    if (rip - cs.start < cs.length)
        cpu_set_rip(task->kernel->cpu, cs.abort);
}
