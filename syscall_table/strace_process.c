/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of what describes processes and the system: limits, usage, capabilities, scheduling,
 * wait status, prctl(2)'s arguments.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>
#include <string.h>

#include "abi/prctl.h"
#include "abi/resource.h"
#include "abi/sched.h"
#include "abi/utsname.h"
#include "mem/uaccess.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

static void show_limit(struct show *show, uint64_t limit)
{
    if (limit == LX_RLIM_INFINITY)
        show_puts(show, "RLIM64_INFINITY");
    else if (limit > 1024 && limit % 1024 == 0)
        show_printf(show, "%llu*1024", (unsigned long long)limit / 1024);
    else
        show_printf(show, "%llu", (unsigned long long)limit);
}

static void show_rlimit(struct show *show, const struct lx_rlimit64 *limit)
{
    show_puts(show, "{rlim_cur=");
    show_limit(show, limit->cur);
    show_puts(show, ", rlim_max=");
    show_limit(show, limit->max);
    show_puts(show, "}");
}

PRINTER(rlimit_in)
{
    struct lx_rlimit64 limit;
    if (show_read(show, &limit, ARG, sizeof limit))
        show_rlimit(show, &limit);
}

PRINTER(rlimit_out)
{
    struct lx_rlimit64 limit;
    if (show_read_result(show, &limit, ARG, sizeof limit))
        show_rlimit(show, &limit);
}

PRINTER(rusage)
{
    struct lx_rusage ru;
    if (!show_read_result(show, &ru, ARG, sizeof ru))
        return;
    show_printf(show, "{ru_utime={tv_sec=%lld, tv_usec=%lld}, ru_stime={tv_sec=%lld, ",
                (long long)ru.utime.sec, (long long)ru.utime.usec, (long long)ru.stime.sec);
    show_printf(show, "tv_usec=%lld}, ...}", (long long)ru.stime.usec);
}

PRINTER(utsname)
{
    struct lx_utsname name;
    if (!show_read_result(show, &name, ARG, sizeof name))
        return;
    show_puts(show, "{sysname=");
    show_quoted(show, name.sysname, strnlen(name.sysname, LX_UTS_LEN), false, false);
    show_puts(show, ", nodename=");
    show_quoted(show, name.nodename, strnlen(name.nodename, LX_UTS_LEN), false, false);
    show_puts(show, ", ...}");
}

PRINTER(sysinfo)
{
    struct lx_sysinfo s;
    if (!show_read_result(show, &s, ARG, sizeof s))
        return;
    show_printf(show, "{uptime=%lld, loads=[%llu, %llu, %llu], totalram=%llu, freeram=%llu",
                (long long)s.uptime, (unsigned long long)s.loads[0], (unsigned long long)s.loads[1],
                (unsigned long long)s.loads[2], (unsigned long long)s.totalram,
                (unsigned long long)s.freeram);
    show_printf(show, ", sharedram=%llu, bufferram=%llu, totalswap=%llu, freeswap=%llu",
                (unsigned long long)s.sharedram, (unsigned long long)s.bufferram,
                (unsigned long long)s.totalswap, (unsigned long long)s.freeswap);
    show_printf(show, ", procs=%u, totalhigh=%llu, freehigh=%llu, mem_unit=%u}", s.procs,
                (unsigned long long)s.totalhigh, (unsigned long long)s.freehigh, s.mem_unit);
}

/* --- capabilities --- */

static unsigned capability_words(const struct show *show)
{
    uint32_t version;
    if (user_get(show->task->mm, &version, show->args[0]))
        return 0;
    return version == LX_CAPABILITY_VERSION_1 ? 1 : 2;
}

PRINTER(cap_header)
{
    static const struct name_value versions[] = {
        {LX_CAPABILITY_VERSION_1, 0, "_LINUX_CAPABILITY_VERSION_1"},
        {LX_CAPABILITY_VERSION_2, 0, "_LINUX_CAPABILITY_VERSION_2"},
        {LX_CAPABILITY_VERSION_3, 0, "_LINUX_CAPABILITY_VERSION_3"},
    };
    struct lx_cap_header header;
    if (!show_read(show, &header, ARG, sizeof header))
        return;
    const char *name = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
        if (versions[i].value == header.version)
            name = versions[i].name;
    }
    show_puts(show, "{version=");
    if (name)
        show_puts(show, name);
    else
        show_printf(show, "%#x /* _LINUX_CAPABILITY_VERSION_??? */", header.version);
    show_printf(show, ", pid=%d}", header.pid);
}

static void show_capabilities(struct show *show, uint32_t low, uint32_t high)
{
    uint64_t set = low | (uint64_t)high << 32;
    const char *separator = "";

    if (!set)
        show_puts(show, "0");
    for (unsigned cap = 0; cap < 64; cap++) {
        if (!(set >> cap & 1))
            continue;
        const char *name = name_of(KIND_ENUM_capability, cap);
        if (name)
            show_printf(show, "%s1<<%s", separator, name);
        else
            show_printf(show, "%s1<<%u", separator, cap);
        separator = "|";
    }
}

static void show_cap_data(struct show *show, gva_t addr)
{
    struct lx_cap_data data[2] = {0};
    unsigned words = capability_words(show);
    if (!show_read(show, data, addr, words * sizeof data[0]))
        return;
    show_puts(show, "{effective=");
    show_capabilities(show, data[0].effective, data[1].effective);
    show_puts(show, ", permitted=");
    show_capabilities(show, data[0].permitted, data[1].permitted);
    show_puts(show, ", inheritable=");
    show_capabilities(show, data[0].inheritable, data[1].inheritable);
    show_puts(show, "}");
}

PRINTER(cap_data_in)
{
    show_cap_data(show, ARG);
}

PRINTER(cap_data_out)
{
    if (show_failed(show))
        show_pointer(show, ARG);
    else
        show_cap_data(show, ARG);
}

/* --- scheduling --- */

PRINTER(sched_param_in)
{
    struct lx_sched_param param;
    if (show_read(show, &param, ARG, sizeof param))
        show_printf(show, "[%d]", param.priority);
}

PRINTER(sched_param_out)
{
    struct lx_sched_param param;
    if (show_read_result(show, &param, ARG, sizeof param))
        show_printf(show, "[%d]", param.priority);
}

static void show_sched_attr(struct show *show, const struct lx_sched_attr *attr)
{
    show_printf(show, "{size=%u, sched_policy=", attr->size);
    show_enum(show, KIND_ENUM_sched_policy, attr->policy);
    show_printf(show, ", sched_flags=%#llx, sched_nice=%d, sched_priority=%u",
                (unsigned long long)attr->flags, attr->nice, attr->priority);
    show_printf(show, ", sched_runtime=%llu, sched_deadline=%llu, sched_period=%llu",
                (unsigned long long)attr->runtime, (unsigned long long)attr->deadline,
                (unsigned long long)attr->period);
    if (attr->size >= sizeof *attr)
        show_printf(show, ", sched_util_min=%u, sched_util_max=%u", attr->util_min, attr->util_max);
    show_puts(show, "}");
}

PRINTER(sched_attr_in)
{
    struct lx_sched_attr attr = {0};
    if (show_read(show, &attr, ARG, LX_SCHED_ATTR_SIZE_VER0))
        show_sched_attr(show, &attr);
}

PRINTER(sched_attr_out)
{
    struct lx_sched_attr attr = {0};
    size_t size = MIN((uint32_t)show->args[2], sizeof attr);
    if (show_read_result(show, &attr, ARG, size))
        show_sched_attr(show, &attr);
}

static void show_cpus(struct show *show, gva_t addr, uint64_t size)
{
    uint64_t mask[16] = {0};
    const char *separator = "";
    size = MIN(size, sizeof mask);
    if (!show_read(show, mask, addr, size))
        return;
    show_puts(show, "[");
    for (unsigned cpu = 0; cpu < size * 8; cpu++) {
        if (!(mask[cpu / 64] >> (cpu % 64) & 1))
            continue;
        show_printf(show, "%s%u", separator, cpu);
        separator = " ";
    }
    show_puts(show, "]");
}

PRINTER(cpuset_in)
{
    show_cpus(show, ARG, (uint32_t)show->args[index - 1]);
}

PRINTER(cpuset_out)
{
    if (show_failed(show))
        show_pointer(show, ARG);
    else
        show_cpus(show, ARG, (uint64_t)show->result);
}

/* --- single words --- */

PRINTER(int_out)
{
    int32_t value;
    if (show_read_result(show, &value, ARG, sizeof value))
        show_printf(show, "[%d]", value);
}

PRINTER(u32_out)
{
    uint32_t value;
    if (show_read_result(show, &value, ARG, sizeof value))
        show_printf(show, "[%u]", value);
}

PRINTER(uid_out)
{
    show_kind_u32_out(show, index, 0);
}

PRINTER(u64_out)
{
    uint64_t value;
    if (show_read_result(show, &value, ARG, sizeof value))
        show_printf(show, "[%llu]", (unsigned long long)value);
}

PRINTER(ptr_out)
{
    uint64_t value;
    if (!show_read_result(show, &value, ARG, sizeof value))
        return;
    show_puts(show, "[");
    show_pointer(show, value);
    show_puts(show, "]");
}

void show_wait_status(struct show *show, int status)
{
    char name[16];
    if ((status & 0x7f) == 0) {
        show_printf(show, "{WIFEXITED(s) && WEXITSTATUS(s) == %d}", status >> 8 & 0xff);
    } else if ((status & 0xff) == 0x7f) {
        signal_name(status >> 8 & 0xff, name);
        if (status == 0xffff)
            show_puts(show, "{WIFCONTINUED(s)}");
        else
            show_printf(show, "{WIFSTOPPED(s) && WSTOPSIG(s) == %s}", name);
    } else {
        signal_name(status & 0x7f, name);
        show_printf(show, "{WIFSIGNALED(s) && WTERMSIG(s) == %s%s}", name,
                    status & LX_WAIT_CORE ? " && WCOREDUMP(s)" : "");
    }
}

PRINTER(wait_status)
{
    int32_t status;
    if (show->result == 0 || !show_read_result(show, &status, ARG, sizeof status)) {
        if (show->result == 0)
            show_pointer(show, ARG);
        return;
    }
    show_puts(show, "[");
    show_wait_status(show, status);
    show_puts(show, "]");
}

/* --- clone3(2) --- */

struct clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static void show_clone_request(struct show *show, const struct clone_args *a)
{
    char name[16];

    show_puts(show, "{flags=");
    show_flags(show, KIND_FLAGS_clone_bits, a->flags);
    if (a->flags & LX_CLONE_PIDFD)
        show_printf(show, ", pidfd=%#llx", (unsigned long long)a->pidfd);
    if (a->flags & (LX_CLONE_CHILD_SETTID | LX_CLONE_CHILD_CLEARTID))
        show_printf(show, ", child_tid=%#llx", (unsigned long long)a->child_tid);
    if (a->flags & LX_CLONE_PARENT_SETTID)
        show_printf(show, ", parent_tid=%#llx", (unsigned long long)a->parent_tid);
    signal_name((int)a->exit_signal, name);
    show_printf(show, ", exit_signal=%s, stack=", name);
    show_pointer(show, a->stack);
    show_printf(show, ", stack_size=%#llx", (unsigned long long)a->stack_size);
    if (a->flags & LX_CLONE_SETTLS)
        show_printf(show, ", tls=%#llx", (unsigned long long)a->tls);
    show_puts(show, "}");
}

/* What the kernel wrote where the flags asked it to. */
static void show_clone_answer(struct show *show, const struct clone_args *a)
{
    const uint64_t wanted = a->flags & (LX_CLONE_PIDFD | LX_CLONE_PARENT_SETTID);
    uint32_t value;

    if (!wanted || show_failed(show))
        return;
    show_puts(show, " => {");
    if (wanted & LX_CLONE_PIDFD) {
        show_puts(show, "pidfd=");
        if (show_read(show, &value, a->pidfd, sizeof value))
            show_printf(show, "[%d]", (int)value);
    }
    if (wanted & LX_CLONE_PARENT_SETTID) {
        show_puts(show, wanted & LX_CLONE_PIDFD ? ", parent_tid=" : "parent_tid=");
        if (show_read(show, &value, a->parent_tid, sizeof value))
            show_printf(show, "[%d]", (int)value);
    }
    show_puts(show, "}");
}

/* In two parts: what is asked on entry, what is answered on return. */
PRINTER(clone_args)
{
    struct clone_args a;

    if (show->args[index + 1] < sizeof a) {
        if (!show->leaving || show->strace->json)
            show_pointer(show, ARG);
        return;
    }
    if (!show->leaving || show->strace->json) {
        if (show_read(show, &a, ARG, sizeof a))
            show_clone_request(show, &a);
    }
    if (show->leaving && show->task->mm && user_get(show->task->mm, &a, ARG) == 0)
        show_clone_answer(show, &a);
}

/* --- prctl(2) --- */

PRINTER(prctl_option)
{
    show_enum(show, KIND_ENUM_prctl, (uint32_t)ARG);
}

/* How many of its four arguments an option has. */
static unsigned prctl_arguments(uint32_t option)
{
    switch (option) {
    case LX_PR_GET_DUMPABLE:
    case LX_PR_GET_KEEPCAPS:
    case LX_PR_GET_SECCOMP:
    case LX_PR_GET_SECUREBITS:
    case LX_PR_GET_TIMERSLACK:
    case LX_PR_GET_TIMING:
        return 0;
    case LX_PR_GET_NO_NEW_PRIVS:
    case LX_PR_SET_NO_NEW_PRIVS:
    case LX_PR_CAP_AMBIENT:
    case LX_PR_GET_THP_DISABLE:
    case LX_PR_SET_THP_DISABLE:
    case LX_PR_MCE_KILL_GET:
    case LX_PR_SET_VMA:
        return 4;
    default:
        return name_of(KIND_ENUM_prctl, option) ? 1 : 4;
    }
}

static void show_prctl_word(struct show *show, uint32_t option, uint64_t value)
{
    char name[16];
    int32_t word;

    switch (option) {
    case LX_PR_SET_NAME:
    case LX_PR_GET_NAME:
        show_cstring(show, value);
        break;
    case LX_PR_GET_PDEATHSIG:
    case LX_PR_GET_CHILD_SUBREAPER:
    case LX_PR_GET_TSC:
        if (show_read_result(show, &word, value, sizeof word))
            show_printf(show, "[%d]", word);
        break;
    case LX_PR_GET_TID_ADDRESS:
        if (show_read_result(show, &value, value, sizeof value))
            show_printf(show, "[%#llx]", (unsigned long long)value);
        break;
    case LX_PR_SET_PDEATHSIG:
        signal_name((int)value, name);
        show_puts(show, name);
        break;
    case LX_PR_SET_DUMPABLE:
        show_puts(show, value == 0   ? "SUID_DUMP_DISABLE"
                        : value == 1 ? "SUID_DUMP_USER"
                        : value == 2 ? "SUID_DUMP_ROOT"
                                     : "SUID_DUMP_???");
        break;
    case LX_PR_CAPBSET_READ:
    case LX_PR_CAPBSET_DROP:
        show_enum(show, KIND_ENUM_capability, value);
        break;
    default:
        if (name_of(KIND_ENUM_prctl, option))
            show_printf(show, "%llu", (unsigned long long)value);
        else
            show_hex(show, value);
    }
}

PRINTER(prctl_arg)
{
    uint32_t option = (uint32_t)show->args[0];

    if (index > prctl_arguments(option))
        return;
    if (option == LX_PR_CAP_AMBIENT && index == 1) {
        show_enum(show, KIND_ENUM_cap_ambient, ARG);
    } else if (option == LX_PR_CAP_AMBIENT && index == 2 && show->args[1] != 4) {
        show_enum(show, KIND_ENUM_capability, ARG);
    } else if (option == LX_PR_SET_VMA && index == 1) {
        if (ARG)
            show_hex(show, ARG);
        else
            show_puts(show, "PR_SET_VMA_ANON_NAME");
    } else if (option == LX_PR_SET_VMA && index == 2) {
        show_pointer(show, ARG);
    } else if (option == LX_PR_SET_VMA && index == 4) {
        show_cstring(show, ARG);
    } else {
        show_prctl_word(show, option, ARG);
    }
}

PRINTER(arch_prctl_arg)
{
    uint64_t value;
    switch ((int)show->args[0]) {
    case LX_ARCH_GET_FS:
    case LX_ARCH_GET_GS:
        if (show_read_result(show, &value, ARG, sizeof value))
            show_printf(show, "[%#llx]", (unsigned long long)value);
        break;
    case LX_ARCH_GET_CPUID:
        break;
    case LX_ARCH_SET_CPUID:
        show_printf(show, "%llu", (unsigned long long)ARG);
        break;
    default:
        show_hex(show, ARG);
    }
}
