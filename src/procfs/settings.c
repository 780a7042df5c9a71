/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of /proc/PID that may be written (proc(5)): how their numbers are read, and what they set.
 */
#include "procfs/internal.h"

#include <string.h>

#include "abi/capability.h"

#define BLANKS " \t\n"

static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/*
 * A number as a setting takes it: decimal, octal or hexadecimal, blanks around it at most.
 * -LX_EINVAL, -LX_ERANGE.
 */
static long parse_number(const char *text, int64_t *out)
{
    text += strspn(text, BLANKS);
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    unsigned base = *text != '0' ? 10 : (text[1] | 0x20) == 'x' ? 16 : 8;
    text += base == 16 ? 2 : 0;
    int64_t value = 0;
    bool found = false, over = false;
    for (unsigned digit; (digit = digit_of(*text)) < base; text++, found = true)
        over |= __builtin_mul_overflow(value, (int64_t)base, &value) ||
                __builtin_add_overflow(value, (int64_t)digit, &value);
    if (!found || text[strspn(text, BLANKS)])
        return -LX_EINVAL;
    *out = negative && !over ? -value : value;
    return over ? -LX_ERANGE : 0;
}

void proc_show_oom_score(const struct proc_view *view, struct strbuf *out)
{
    (void)view;
    strbuf_puts(out, "0\n");
}

void proc_show_oom_score_adj(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%d\n", view->process->oom_score_adj);
}

long proc_write_oom_score_adj(const struct proc_view *view, const char *text, size_t length)
{
    (void)length;
    int64_t value;
    long err = parse_number(text, &value);
    if (err)
        return err;
    if (value != (int)value)
        return -LX_ERANGE;
    if (value < -1000 || value > 1000)
        return -LX_EINVAL;
    const struct task *caller = proc_caller(view->kernel);
    if (value < view->process->oom_score_adj &&
        !(caller->cred.cap_effective >> LX_CAP_SYS_RESOURCE & 1))
        return -LX_EACCES;
    view->process->oom_score_adj = (int)value;
    return 0;
}

void proc_show_coredump_filter(const struct proc_view *view, struct strbuf *out)
{
    if (view->task && view->task->mm)
        strbuf_printf(out, "%08x\n", view->process->coredump_filter);
}

long proc_write_coredump_filter(const struct proc_view *view, const char *text, size_t length)
{
    (void)length;
    int64_t value;
    long err = parse_number(text, &value);
    if (err)
        return err;
    if (!view->task || !view->task->mm)
        return -LX_ESRCH;
    view->process->coredump_filter = (unsigned)value & LX_COREDUMP_FILTER_KNOWN;
    return 0;
}

void proc_show_timerslack(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%llu\n", view->task ? (unsigned long long)view->task->timer_slack : 0ull);
}

/* Linux: another process's only with CAP_SYS_NICE; 0 is what it began with (guest/proc/settings).
 */
long proc_write_timerslack(const struct proc_view *view, const char *text, size_t length)
{
    (void)length;
    const struct task *caller = proc_caller(view->kernel);
    int64_t value;
    long err = parse_number(text, &value);
    if (err || value < 0)
        return err ? err : -LX_EINVAL;
    if (!view->task)
        return -LX_ESRCH;
    if (view->task != caller && !cred_capable(&caller->cred, LX_CAP_SYS_NICE))
        return -LX_EPERM;
    view->task->timer_slack = value ? (uint64_t)value : view->task->default_timer_slack;
    return 0;
}

/* setgroups(2) is allowed, and stays so. */
long proc_write_setgroups(const struct proc_view *view, const char *text, size_t length)
{
    (void)view;
    bool allow = strncmp(text, "allow", 5) == 0, deny = strncmp(text, "deny", 4) == 0;
    const char *rest = text + (allow ? 5 : deny ? 4 : 0);
    if (length > 8 || (!allow && !deny) || rest[strspn(rest, BLANKS)])
        return -LX_EINVAL;
    return allow ? 0 : -LX_EPERM;
}

/* The first user namespace has its maps, and nobody his login's id, for good. */
long proc_refuse_write(const struct proc_view *view, const char *text, size_t length)
{
    (void)view, (void)text, (void)length;
    return -LX_EPERM;
}
