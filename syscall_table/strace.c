/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --strace: the lines. A call's line is written when it returns; when it waits, what there is of it
 * is written first and the line stays open: if another task has something to say meanwhile, it ends
 * with "<unfinished ...>" and goes on later with "<... read resumed>", as strace(1) does it. In
 * JSON every call is one object, written when it returns.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "mem/uaccess.h"

#define RESULT_COLUMN 40
/* Where rt_sigreturn(2) finds the mask: struct ucontext at rsp, uc_sigmask in it. */
#define UCONTEXT_SIGMASK 296

long strace_start(struct kernel *kernel, bool json, strace_sink_fn *sink, void *opaque)
{
    struct strace *strace = arena_alloc(kernel->arena, sizeof *strace);
    if (!strace)
        return -LX_ENOMEM;
    strace->sink = sink;
    strace->opaque = opaque;
    strace->json = json;
    kernel->strace = strace;
    kernel->strace_signal = strace_signal;
    kernel->strace_stopped = strace_stopped;
    kernel->strace_exit = strace_ended;
    return 0;
}

void strace_stop(struct kernel *kernel)
{
    arena_free(kernel->arena, kernel->strace);
    kernel->strace = NULL;
    kernel->strace_signal = NULL;
    kernel->strace_stopped = NULL;
    kernel->strace_exit = NULL;
}

/* Write out what is in `text`. */
static void flush(struct strace *strace)
{
    if (strace->length)
        strace->sink(strace->opaque, strace->text, strace->length);
    strace->length = 0;
}

static void end_line(struct show *show)
{
    struct strace *strace = show->strace;
    if (strace->length == sizeof strace->text)
        strace->length--; /* a line too long is cut, its end stays */
    show_puts(show, "\n");
    flush(strace);
    strace->open = NULL;
    strace->column = 0;
}

/* A new line of text: end the one that another task left open, say whose this is when there are
 * several. */
static void begin_line(struct show *show)
{
    struct strace *strace = show->strace;
    if (strace->open) {
        show_puts(show, " <unfinished ...>");
        end_line(show);
    }
    if (!strace->json && show->task->kernel->task_count > 1)
        show_printf(show, "[pid %5d] ", show->task->tid);
}

static struct show show_of(struct task *task, const struct syscall_row *row)
{
    return (struct show){
        .strace = task->kernel->strace,
        .task = task,
        .row = row,
        .args = task->call.args,
    };
}

/* --- arguments --- */

/* The text from `start` on as the contents of a JSON string, in place. */
static void escape_json(struct strace *strace, size_t start)
{
    char *text = strace->text;
    size_t extra = 0, end = strace->length;

    for (size_t i = start; i < end; i++)
        extra += text[i] == '"' || text[i] == '\\';
    extra = MIN(extra, sizeof strace->text - end);
    strace->length = end + extra;
    for (size_t i = end; i > start && extra > 0; i--) {
        char c = text[i - 1];
        text[i - 1 + extra] = c;
        if (c == '"' || c == '\\')
            text[i - 1 + --extra] = '\\';
    }
}

/* Show one argument with what separates it from the one before; a printer that writes nothing
 * leaves it out. */
static void show_argument(struct show *show, unsigned index, bool first)
{
    struct strace *strace = show->strace;
    const struct syscall_arg *arg = &show->row->args[index];
    const struct kind_info *kind = &kind_infos[arg->kind];
    size_t before = strace->length;

    if (!first)
        show_puts(show, strace->json ? "," : ", ");
    if (strace->json)
        show_printf(show, "\"%s\":\"", arg->name);
    size_t start = strace->length;
    kind->show(show, index, kind->parameter);
    if (strace->length == start) {
        strace->length = before;
        return;
    }
    if (strace->json) {
        escape_json(strace, start);
        show_puts(show, "\"");
    }
}

/* Does the argument wait for the call's return? */
static bool deferred(const struct show *show, unsigned index)
{
    switch (kind_infos[show->row->args[index].kind].direction) {
    case KIND_IN:
        return false;
    case KIND_OUT:
        return true;
    default:
        return !shown_on_entry(show, index);
    }
}

/* Is a beginning shown on entry, the rest on return? */
static bool has_two_parts(const struct show *show, unsigned index)
{
    enum syscall_kind kind = show->row->args[index].kind;
    return (kind == KIND_OFFSET_INOUT && show->args[index]) || kind == KIND_CLONE_ARGS;
}

/* Arguments from trace.next_arg on, until one has to wait (entering) or to the last (leaving). */
static void show_arguments(struct show *show)
{
    struct task_trace *trace = &show->task->trace;

    if (trace->partial) {
        kind_infos[show->row->args[trace->next_arg].kind].show(show, trace->next_arg, 0);
        trace->partial = false;
        trace->next_arg++;
    }
    for (; trace->next_arg < show->row->argc; trace->next_arg++) {
        unsigned index = trace->next_arg;
        if (!show->leaving && deferred(show, index)) {
            if (!has_two_parts(show, index) || show->strace->json)
                return;
            show_argument(show, index, index == 0);
            trace->partial = true;
            return;
        }
        show_argument(show, index, index == 0 || trace->separated);
        trace->separated = false;
    }
}

/* What is compared when the call returns. */
static void remember(struct show *show)
{
    struct task_trace *trace = &show->task->trace;
    uint32_t length;

    *trace = (struct task_trace){.in_call = true};
    for (unsigned i = 0; i < show->row->argc; i++) {
        enum syscall_kind kind = show->row->args[i].kind;
        if ((kind == KIND_SOCKLEN_INOUT || kind == KIND_INT_INOUT) && show->task->mm &&
            user_get(show->task->mm, &length, show->args[i]) == 0)
            trace->saved = length;
    }
}

static void show_unknown_arguments(struct show *show)
{
    for (unsigned i = 0; i < SYSCALL_ARGS; i++) {
        show_puts(show, i ? ", " : "");
        show_hex(show, show->args[i]);
    }
}

static void show_name(struct show *show)
{
    if (show->row->name)
        show_puts(show, show->row->name);
    else
        show_printf(show, "syscall_%#x", (unsigned)show->task->call.number);
}

/* --- JSON --- */

static void begin_object(struct show *show)
{
    show_printf(show, "{\"pid\":%d,\"tid\":%d,", show->task->process->tgid, show->task->tid);
}

static void begin_json_call(struct show *show)
{
    begin_object(show);
    show_puts(show, "\"call\":\"");
    show_name(show);
    show_puts(show, "\",\"args\":{");
    if (show->row->name)
        show_arguments(show);
}

static void finish_json_call(struct show *show, bool known)
{
    if (show->row->name)
        show_arguments(show);
    show_puts(show, "}");
    if (known) {
        const char *error = show_failed(show) ? errno_name(-show->result) : NULL;
        show_printf(show, ",\"result\":%ld", show->result);
        if (error)
            show_printf(show, ",\"error\":\"%s\"", error);
        show_puts(show, ",\"text\":\"");
        size_t start = show->strace->length;
        show_result(show);
        escape_json(show->strace, start);
        show_puts(show, "\"");
    }
    show_puts(show, "}");
    end_line(show);
}

/* --- calls --- */

void strace_enter(struct task *task, const struct syscall_row *row)
{
    struct show show = show_of(task, row);
    uint64_t mask;

    begin_line(&show);
    remember(&show);
    if (show.strace->json) {
        begin_json_call(&show);
        return;
    }
    show_name(&show);
    show_puts(&show, "(");
    if (!row->name) {
        show_unknown_arguments(&show);
    } else if (row->returns == RETURNS_SIGRETURN) {
        gva_t sp = cpu_gprs(task->kernel->cpu)[CPU_RSP];
        if (user_get(task->mm, &mask, sp + UCONTEXT_SIGMASK) == 0) {
            show_puts(&show, "{mask=");
            show_sigset(&show, mask);
            show_puts(&show, "}");
        }
    } else {
        show_arguments(&show);
    }
}

void strace_blocked(struct task *task)
{
    struct strace *strace = task->kernel->strace;
    if (task->trace.waiting)
        return;
    task->trace.waiting = true;
    if (strace->json) {
        strace->length = 0; /* shown as a whole when it returns */
        return;
    }
    const struct syscall_row *row = syscall_find((uint64_t)task->call.number);
    if (row && !task->trace.partial && task->trace.next_arg > 0 &&
        task->trace.next_arg < row->argc) {
        struct show show = show_of(task, row);
        show_puts(&show, ", ");
        task->trace.separated = true;
    }
    strace->column = strace->length;
    flush(strace);
    strace->open = task;
}

/* Back at the line of a call that has waited. */
static void resume(struct show *show)
{
    struct strace *strace = show->strace;
    struct task_trace *trace = &show->task->trace;

    if (!trace->waiting)
        return;
    trace->waiting = false;
    if (strace->json) {
        trace->next_arg = 0;
        begin_json_call(show);
    } else if (strace->open == show->task) {
        strace->open = NULL;
    } else {
        begin_line(show);
        show_puts(show, "<... ");
        show_name(show);
        show_puts(show, " resumed>");
    }
}

/* ")" and "= " in its column. */
static void begin_result(struct show *show)
{
    struct strace *strace = show->strace;

    show_puts(show, ")");
    size_t column = strace->column + strace->length;
    int spaces = column < RESULT_COLUMN ? (int)(RESULT_COLUMN - column) : 1;
    show_printf(show, "%*s= ", spaces, "");
}

static void settle_later(struct task *task, bool shown);
static void abandon(struct show *show);

void strace_leave(struct task *task, const struct syscall_row *row, long result)
{
    struct show show = show_of(task, row);

    if (!task->trace.in_call)
        return; /* the task has ended in this call */
    if ((task->pending.set | task->process->pending.set) & LX_SIGMASK(LX_SIGKILL)) {
        abandon(&show); /* nobody will see what it returned */
        settle_later(task, false);
        return;
    }
    if (result == SYSCALL_NO_RESULT)
        result = (long)cpu_gprs(task->kernel->cpu)[CPU_RAX];
    show.leaving = true;
    show.result = result;
    resume(&show);
    task->trace.in_call = false;
    if (show.strace->json) {
        finish_json_call(&show, true);
    } else {
        if (row->name)
            show_arguments(&show);
        begin_result(&show);
        show_result(&show);
        end_line(&show);
    }
    settle_later(task, true);
}

/* A call that will never return. */
static void abandon(struct show *show)
{
    struct task_trace *trace = &show->task->trace;

    resume(show);
    trace->in_call = false;
    if (show->strace->json) {
        finish_json_call(show, false);
        return;
    }
    begin_result(show);
    show_puts(show, "?");
    end_line(show);
}

/* --- what is no call --- */

void strace_exec(struct task *task, const char *path, const char *const *argv, unsigned env_count)
{
    struct show show = show_of(task, &sys_call_table[59]);
    bool json = show.strace && show.strace->json;

    if (!show.strace)
        return;
    begin_line(&show);
    if (json)
        begin_object(&show);
    show_puts(&show, json ? "\"call\":\"execve\",\"args\":{\"path\":\"" : "execve(");
    size_t start = show.strace->length;
    show_quoted(&show, path, strlen(path), false, false);
    if (json) {
        escape_json(show.strace, start);
        show_puts(&show, "\",\"argv\":\"");
        start = show.strace->length;
    }
    show_puts(&show, json ? "[" : ", [");
    for (unsigned i = 0; argv && argv[i]; i++) {
        size_t length = strlen(argv[i]);
        show_puts(&show, i ? ", " : "");
        if (i == STRACE_STRING) {
            show_puts(&show, "...");
            break;
        }
        show_quoted(&show, argv[i], MIN(length, (size_t)STRACE_STRING), false,
                    length > STRACE_STRING);
    }
    show_puts(&show, "]");
    if (json) {
        escape_json(show.strace, start);
        show_puts(&show, "\"},\"result\":0,\"text\":\"0\"}");
    } else {
        show_printf(&show, ", %#llx /* %u var%s */", (unsigned long long)task->mm->env_start,
                    env_count, env_count == 1 ? "" : "s");
        begin_result(&show);
        show_puts(&show, "0");
    }
    end_line(&show);
}

static void show_signal(struct task *task, const struct lx_siginfo *info)
{
    struct show show = show_of(task, NULL);
    char name[16];

    begin_line(&show);
    signal_name(info->signo, name);
    if (show.strace->json) {
        begin_object(&show);
        show_printf(&show, "\"signal\":\"%s\",\"info\":\"", name);
        show_siginfo(&show, info);
        show_puts(&show, "\"}");
    } else {
        show_printf(&show, "--- %s ", name);
        show_siginfo(&show, info);
        show_puts(&show, " ---");
    }
    end_line(&show);
}

void strace_signal(struct task *task, const struct lx_siginfo *info)
{
    struct strace *strace = task->kernel->strace;

    if (!strace || info->signo == LX_SIGKILL) /* no tracer sees that one coming */
        return;
    /* In the middle of its own line, or of another's: when that is done. */
    bool busy = task->trace.in_call || (strace->length > 0 && !strace->open);
    if (!busy) {
        show_signal(task, info);
    } else if (strace->later_count < STRACE_LATER) {
        strace->later[strace->later_count].task = task;
        strace->later[strace->later_count++].info = *info;
    }
}

void strace_stopped(struct task *task, int signal)
{
    struct show show = show_of(task, NULL);
    char name[16];

    if (!show.strace)
        return;
    begin_line(&show);
    signal_name(signal, name);
    if (show.strace->json) {
        begin_object(&show);
        show_printf(&show, "\"stopped\":\"%s\"}", name);
    } else {
        show_printf(&show, "--- stopped by %s ---", name);
    }
    end_line(&show);
}

/* Show what came during the task's call, or forget it with the task. What came for others is shown,
 * too, unless they are in one. */
static void settle_later(struct task *task, bool shown)
{
    struct strace *strace = task->kernel->strace;
    unsigned kept = 0;

    for (unsigned i = 0; i < strace->later_count; i++) {
        struct task *other = strace->later[i].task;
        if (other != task && other->trace.in_call)
            strace->later[kept++] = strace->later[i];
        else if (other != task || shown)
            show_signal(other, &strace->later[i].info);
    }
    strace->later_count = kept;
}

void strace_ended(struct task *task, int status)
{
    struct show show = show_of(task, NULL);
    char name[16];
    bool json;

    if (!show.strace)
        return;
    json = show.strace->json;
    settle_later(task, false);
    if (task->trace.in_call) {
        show.row = syscall_find((uint64_t)(uint32_t)task->call.number);
        if (show.row)
            abandon(&show);
    }
    begin_line(&show);
    if (json)
        begin_object(&show);
    if ((status & 0x7f) == 0) {
        show_printf(&show, json ? "\"exited\":%d}" : "+++ exited with %d +++", status >> 8 & 0xff);
    } else {
        signal_name(status & 0x7f, name);
        show_printf(&show, json ? "\"killed\":\"%s\"%s}" : "+++ killed by %s%s +++", name,
                    json                    ? ""
                    : status & LX_WAIT_CORE ? " (core dumped)"
                                            : "");
    }
    end_line(&show);
}
