/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of signals: sets, actions, siginfo, stacks.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>

#include "abi/signal.h"
#include "mem/uaccess.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

/* "[INT TERM]"; of more than half of all signals what is missing: "~[KILL STOP]". */
void show_sigset(struct show *show, uint64_t set)
{
    bool most = __builtin_popcountll(set) >= LX_NSIG * 2 / 3;
    const char *separator = "";
    char name[16];

    if (most)
        set = ~set;
    show_puts(show, most ? "~[" : "[");
    for (int sig = 1; sig <= LX_NSIG; sig++) {
        if (!(set & LX_SIGMASK(sig)))
            continue;
        signal_name(sig, name);
        show_printf(show, "%s%s", separator, name + 3); /* without SIG */
        separator = " ";
    }
    show_puts(show, "]");
}

PRINTER(sigset_in)
{
    uint64_t set;
    if (show_read(show, &set, ARG, sizeof set))
        show_sigset(show, set);
}

PRINTER(sigset_out)
{
    uint64_t set;
    if (show_read_result(show, &set, ARG, sizeof set))
        show_sigset(show, set);
}

/* pselect6(2)'s sixth argument: the address of a set and its size. */
PRINTER(pselect_sigmask)
{
    uint64_t pair[2], set;
    if (!show_read(show, pair, ARG, sizeof pair))
        return;
    show_puts(show, "{sigmask=");
    if (show_read(show, &set, pair[0], sizeof set))
        show_sigset(show, set);
    show_printf(show, ", sigsetsize=%llu}", (unsigned long long)pair[1]);
}

static void show_action(struct show *show, const struct lx_ksigaction *action)
{
    show_puts(show, "{sa_handler=");
    if (action->handler == LX_SIG_DFL)
        show_puts(show, "SIG_DFL");
    else if (action->handler == LX_SIG_IGN)
        show_puts(show, "SIG_IGN");
    else
        show_hex(show, action->handler);
    show_puts(show, ", sa_mask=");
    show_sigset(show, action->mask);
    show_puts(show, ", sa_flags=");
    show_flags(show, KIND_FLAGS_sa, action->flags);
    if (action->flags & LX_SA_RESTORER) {
        show_puts(show, ", sa_restorer=");
        show_pointer(show, action->restorer);
    }
    show_puts(show, "}");
}

PRINTER(sigaction_in)
{
    struct lx_ksigaction action;
    if (show_read(show, &action, ARG, sizeof action))
        show_action(show, &action);
}

PRINTER(sigaction_out)
{
    struct lx_ksigaction action;
    if (show_read_result(show, &action, ARG, sizeof action))
        show_action(show, &action);
}

static const char *code_name(int signal, int code)
{
    switch (code) {
#define X(name, value)                                                                             \
    case value:                                                                                    \
        return #name;
        LX_SI_CODE_LIST(X)
#undef X
    default:
        break;
    }
#define X(sig, name, value)                                                                        \
    if (signal == LX_##sig && code == (value))                                                     \
        return #name;
    LX_SIGNAL_CODE_LIST(X)
#undef X
    return NULL;
}

static void show_sender(struct show *show, const struct lx_siginfo *info)
{
    show_printf(show, ", si_pid=%d, si_uid=%u", info->rt.pid, info->rt.uid);
}

static void show_value(struct show *show, uint64_t value)
{
    show_printf(show, ", si_int=%d, si_ptr=", (int)(uint32_t)value);
    show_pointer(show, value);
}

static void show_child(struct show *show, const struct lx_siginfo *info)
{
    char name[16];
    show_sender(show, info);
    if (info->code == LX_CLD_EXITED) {
        show_printf(show, ", si_status=%d", info->chld.status);
    } else {
        signal_name(info->chld.status, name);
        show_printf(show, ", si_status=%s", name);
    }
    show_printf(show, ", si_utime=%lld, si_stime=%lld", (long long)info->chld.utime,
                (long long)info->chld.stime);
}

/* What the kernel raised by itself for a fault, a child, a descriptor. */
static void show_cause(struct show *show, const struct lx_siginfo *info)
{
    switch (info->signo) {
    case LX_SIGCHLD:
        show_child(show, info);
        break;
    case LX_SIGILL:
    case LX_SIGFPE:
    case LX_SIGSEGV:
    case LX_SIGBUS:
        show_puts(show, ", si_addr=");
        show_pointer(show, info->fault.addr);
        break;
    case LX_SIGTRAP:
        break;
    case LX_SIGIO:
        show_printf(show, ", si_fd=%d, si_band=%lld", info->poll.fd, (long long)info->poll.band);
        break;
    case LX_SIGSYS:
        show_puts(show, ", si_call_addr=");
        show_pointer(show, info->sys.call_addr);
        show_printf(show, ", si_syscall=%d, si_arch=%#x", info->sys.syscall, info->sys.arch);
        break;
    default:
        show_sender(show, info);
    }
}

void show_siginfo(struct show *show, const struct lx_siginfo *info)
{
    char name[16];
    const char *code = code_name(info->signo, info->code);

    if (info->signo == 0) {
        show_puts(show, "{}");
        return;
    }
    signal_name(info->signo, name);
    show_printf(show, "{si_signo=%s", name);
    if (code)
        show_printf(show, ", si_code=%s", code);
    else
        show_printf(show, ", si_code=%d", info->code);
    const char *err = info->err ? errno_name(info->err) : NULL;
    if (err)
        show_printf(show, ", si_errno=%s", err);
    switch (info->code) {
    case LX_SI_KERNEL:
        if (info->signo == LX_SIGSEGV || info->signo == LX_SIGBUS || info->signo == LX_SIGFPE ||
            info->signo == LX_SIGILL) {
            show_puts(show, ", si_addr=");
            show_pointer(show, info->fault.addr);
        }
        break;
    case LX_SI_USER:
    case LX_SI_TKILL:
        show_sender(show, info);
        break;
    case LX_SI_TIMER:
        show_printf(show, ", si_timerid=%#x, si_overrun=%d", (unsigned)info->timer.timerid,
                    info->timer.overrun);
        show_value(show, info->timer.value);
        break;
    default:
        if (info->code > 0) {
            show_cause(show, info);
            break;
        }
        show_sender(show, info);
        show_value(show, info->rt.value);
    }
    show_puts(show, "}");
}

PRINTER(siginfo_in)
{
    struct lx_siginfo info;
    if (show_read(show, &info, ARG, sizeof info))
        show_siginfo(show, &info);
}

PRINTER(siginfo_out)
{
    struct lx_siginfo info;
    if (show_read_result(show, &info, ARG, sizeof info))
        show_siginfo(show, &info);
}

static void show_stack(struct show *show, const struct lx_stack *stack)
{
    show_puts(show, "{ss_sp=");
    show_pointer(show, stack->sp);
    show_puts(show, ", ss_flags=");
    show_flags(show, KIND_FLAGS_sigstack, (uint32_t)stack->flags);
    show_printf(show, ", ss_size=%llu}", (unsigned long long)stack->size);
}

PRINTER(sigstack_in)
{
    struct lx_stack stack;
    if (show_read(show, &stack, ARG, sizeof stack))
        show_stack(show, &stack);
}

PRINTER(sigstack_out)
{
    struct lx_stack stack;
    if (show_read_result(show, &stack, ARG, sizeof stack))
        show_stack(show, &stack);
}

/* sigevent_t: value, signal, notify, thread id. */
PRINTER(sigevent)
{
    struct {
        uint64_t value;
        int32_t signo, notify, tid, padding;
    } event;
    static const char *const notifies[] = {"SIGEV_SIGNAL", "SIGEV_NONE", "SIGEV_THREAD", NULL,
                                           "SIGEV_THREAD_ID"};
    char name[16];

    if (!show_read(show, &event, ARG, sizeof event))
        return;
    show_printf(show, "{sigev_value={sival_int=%d, sival_ptr=", (int)(uint32_t)event.value);
    show_pointer(show, event.value);
    signal_name(event.signo, name);
    show_printf(show, "}, sigev_signo=%s, sigev_notify=", name);
    if (event.notify >= 0 && event.notify <= 4 && notifies[event.notify])
        show_puts(show, notifies[event.notify]);
    else
        show_printf(show, "%#x /* SIGEV_??? */", (unsigned)event.notify);
    if (event.notify == 4)
        show_printf(show, ", sigev_notify_thread_id=%d", event.tid);
    show_puts(show, "}");
}
