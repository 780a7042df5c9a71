/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory policies: set_mempolicy(2), get_mempolicy(2), mbind(2), migrate_pages(2), of a machine
 * with one node.
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/mempolicy.h"
#include "mem/mm.h"
#include "mem/uaccess.h"
#include "proc/inspect.h"
#include "proc/pid.h"

#define NODES_MAX 1024 /* that a mask may name */
#define MODE_FLAGS (LX_MPOL_F_NUMA_BALANCING | LX_MPOL_F_RELATIVE_NODES | LX_MPOL_F_STATIC_NODES)

struct nodes {
    bool any;   /* one is named, also of those that are not there */
    bool first; /* node 0 */
};

static long get_nodes(struct task *task, gva_t from, uint64_t count, struct nodes *out)
{
    *out = (struct nodes){0};
    count--;
    if (count == 0 || !from)
        return 0;
    if (count > PAGE_SIZE * 8)
        return -LX_EINVAL;
    for (uint64_t i = 0; i * 64 < count; i++) {
        uint64_t word;
        long err = user_get(task->mm, &word, from + i * sizeof word);
        if (err)
            return err;
        if (count - i * 64 < 64)
            word &= (UINT64_C(1) << (count - i * 64)) - 1;
        if (word && i >= NODES_MAX / 64)
            return -LX_EINVAL;
        out->any |= word != 0;
        out->first |= i == 0 && word & 1;
    }
    return 0;
}

static long check_mode(unsigned mode)
{
    unsigned plain = mode & ~MODE_FLAGS;
    if (plain >= LX_MPOL_MAX)
        return -LX_EINVAL;
    if (mode & LX_MPOL_F_STATIC_NODES && mode & LX_MPOL_F_RELATIVE_NODES)
        return -LX_EINVAL;
    bool balances = plain == LX_MPOL_BIND || plain == LX_MPOL_PREFERRED_MANY;
    return mode & LX_MPOL_F_NUMA_BALANCING && !balances ? -LX_EINVAL : 0;
}

/* The policy of a mode that check_mode() knows, or -LX_EINVAL. */
static long make_policy(unsigned mode, const struct nodes *nodes)
{
    unsigned plain = mode & ~MODE_FLAGS;
    unsigned about_nodes = mode & (LX_MPOL_F_STATIC_NODES | LX_MPOL_F_RELATIVE_NODES);
    if (plain == LX_MPOL_DEFAULT)
        return nodes->any ? -LX_EINVAL : 0;
    if (plain == LX_MPOL_PREFERRED && !nodes->any)
        plain = LX_MPOL_LOCAL;
    if (plain == LX_MPOL_LOCAL)
        return nodes->any || about_nodes ? -LX_EINVAL : LX_MPOL_LOCAL;
    bool there = mode & LX_MPOL_F_RELATIVE_NODES ? nodes->any : nodes->first;
    if (!there)
        return -LX_EINVAL;
    return (long)(plain | (mode & LX_MPOL_F_STATIC_NODES ? POLICY_STATIC : 0) |
                  (mode & LX_MPOL_F_RELATIVE_NODES ? POLICY_RELATIVE : 0) |
                  (mode & LX_MPOL_F_NUMA_BALANCING ? POLICY_BALANCING : 0));
}

static long get_policy_arg(struct task *task, int mode, gva_t nodemask, uint64_t count)
{
    struct nodes nodes;
    long err = check_mode((unsigned)mode);
    if (!err)
        err = get_nodes(task, nodemask, count, &nodes);
    return err ? err : make_policy((unsigned)mode, &nodes);
}

long sys_set_mempolicy(struct task *task, int mode, gva_t nodemask, uint64_t maxnode)
{
    long policy = get_policy_arg(task, mode, nodemask, maxnode);
    if (policy < 0)
        return policy;
    task->memory_policy = (unsigned)policy;
    return 0;
}

static int32_t mode_of(unsigned policy)
{
    unsigned mode = policy & POLICY_MODE;
    if (policy & POLICY_STATIC)
        mode |= LX_MPOL_F_STATIC_NODES;
    if (policy & POLICY_RELATIVE)
        mode |= LX_MPOL_F_RELATIVE_NODES;
    if (policy & POLICY_BALANCING)
        mode |= LX_MPOL_F_NUMA_BALANCING;
    return (int32_t)mode;
}

static bool has_nodes(unsigned policy)
{
    unsigned mode = policy & POLICY_MODE;
    return mode != LX_MPOL_DEFAULT && mode != LX_MPOL_LOCAL;
}

static bool takes_turns(unsigned policy)
{
    unsigned mode = policy & POLICY_MODE;
    return mode == LX_MPOL_INTERLEAVE || mode == LX_MPOL_WEIGHTED_INTERLEAVE;
}

static long put_nodes(struct task *task, gva_t to, uint64_t count, bool first)
{
    uint64_t bytes = (count - 1 + 63) / 64 * 8, word = first;
    if (bytes == 0)
        return 0;
    if (bytes > PAGE_SIZE)
        return -LX_EINVAL;
    if (user_clear(task->mm, to + sizeof word, bytes - sizeof word))
        return -LX_EFAULT;
    return user_put(task->mm, to, &word);
}

/* The node that holds this page, which is made if need be. */
static long node_of(struct task *task, gva_t at)
{
    uint8_t byte;
    return user_get(task->mm, &byte, at) ? -LX_EFAULT : 0;
}

/* What is asked for: *mode, *first. */
static long tell_policy(struct task *task, gva_t addr, uint32_t flags, int32_t *mode, bool *first)
{
    const bool of_address = flags & LX_MPOL_F_ADDR, asks_node = flags & LX_MPOL_F_NODE;
    if (flags & ~(LX_MPOL_F_NODE | LX_MPOL_F_ADDR | LX_MPOL_F_MEMS_ALLOWED))
        return -LX_EINVAL;
    if (flags & LX_MPOL_F_MEMS_ALLOWED) {
        *first = true;
        return flags == LX_MPOL_F_MEMS_ALLOWED ? 0 : -LX_EINVAL;
    }
    if (addr && !of_address)
        return -LX_EINVAL;
    long policy = of_address ? mm_policy(task->mm, addr) : (long)task->memory_policy;
    if (policy < 0)
        return policy;
    *first = has_nodes((unsigned)policy);
    if (!asks_node)
        *mode = mode_of((unsigned)policy);
    else if (of_address)
        return node_of(task, addr);
    else if (!takes_turns((unsigned)policy))
        return -LX_EINVAL;
    return 0;
}

long sys_get_mempolicy(struct task *task, gva_t mode, gva_t nodemask, uint64_t maxnode, gva_t addr,
                       uint32_t flags)
{
    if (nodemask && maxnode < 1)
        return -LX_EINVAL;
    int32_t answer = 0;
    bool first = false;
    long err = tell_policy(task, addr, flags, &answer, &first);
    if (!err && mode)
        err = user_put(task->mm, mode, &answer);
    if (!err && nodemask)
        err = put_nodes(task, nodemask, maxnode, first);
    return err;
}

/* The end of a range of pages: *end, or -LX_EINVAL. */
static long range_end(gva_t start, uint64_t length, gva_t *end)
{
    *end = start + PAGE_ALIGN_UP(length);
    return *end < start ? -LX_EINVAL : 0;
}

long sys_mbind(struct task *task, gva_t addr, uint64_t len, int mode, gva_t nodemask,
               uint64_t maxnode, uint32_t flags)
{
    struct nodes nodes;
    gva_t end;
    long err = check_mode((unsigned)mode);
    if (!err)
        err = get_nodes(task, nodemask, maxnode, &nodes);
    if (err)
        return err;
    if (flags & ~(LX_MPOL_MF_STRICT | LX_MPOL_MF_MOVE | LX_MPOL_MF_MOVE_ALL))
        return -LX_EINVAL;
    if (flags & LX_MPOL_MF_MOVE_ALL && !cred_capable(&task->cred, LX_CAP_SYS_NICE))
        return -LX_EPERM;
    if (addr & ~PAGE_MASK || range_end(addr, len, &end))
        return -LX_EINVAL;
    if (end == addr)
        return 0;
    long policy = make_policy((unsigned)mode, &nodes);
    return policy < 0 ? policy : mm_bind(task->mm, addr, end, (unsigned)policy);
}

long sys_set_mempolicy_home_node(struct task *task, gva_t start, uint64_t len, uint64_t home_node,
                                 uint64_t flags)
{
    gva_t end;
    if (start & ~PAGE_MASK || flags || home_node != 0 || range_end(start, len, &end))
        return -LX_EINVAL;
    if (end == start)
        return 0;
    return mm_check_policies(task->mm, start, end,
                             1u << LX_MPOL_BIND | 1u << LX_MPOL_PREFERRED_MANY);
}

/* Nothing can go anywhere. */
long sys_migrate_pages(struct task *task, int pid, uint64_t maxnode, gva_t old_nodes,
                       gva_t new_nodes)
{
    struct nodes from, to;
    long err = get_nodes(task, old_nodes, maxnode, &from);
    if (!err)
        err = get_nodes(task, new_nodes, maxnode, &to);
    if (err)
        return err;
    const struct task *other = pid ? pid_find_task(task->kernel, pid) : task;
    if (!other)
        return -LX_ESRCH;
    if (!task_may_inspect(task, other))
        return -LX_EPERM;
    return to.first ? 0 : -LX_EINVAL;
}
