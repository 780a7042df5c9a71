/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What stands after "= ": a call's result by its row's kind of return, an error with its text, a
 * remark in parentheses.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/poll.h"
#include "abi/prctl.h"
#include "abi/time.h"
#include "mem/uaccess.h"

static void show_error(struct show *show)
{
    long number = -show->result;
    const char *name = errno_name(number);
    bool restart = number >= LX_ERESTARTSYS && number <= LX_ERESTART_RESTARTBLOCK;

    if (!name)
        show_printf(show, "-1 (errno %ld)", number);
    else if (restart)
        show_printf(show, "? %s (%s)", name, errno_text(number));
    else
        show_printf(show, "-1 %s (%s)", name, errno_text(number));
}

static void note_flags(struct show *show, const char *before, enum syscall_kind kind)
{
    char text[600];
    format_flags(text, sizeof text, kind, (uint64_t)show->result);
    show_note(show, "%s%s", before, text);
}

/* Shows `text` of printers in the note instead of the line: `length` is where the line ended
 * before. */
static void move_to_note(struct show *show, size_t length)
{
    struct strace *strace = show->strace;
    size_t size = MIN(strace->length - length, sizeof strace->note - 1);
    memcpy(strace->note, strace->text + length, size);
    strace->note[size] = '\0';
    strace->length = length;
}

static void result_fcntl(struct show *show)
{
    switch ((uint32_t)show->args[1]) {
    case LX_F_GETFD:
        if (show->result)
            note_flags(show, "flags ", KIND_FLAGS_fd);
        break;
    case LX_F_GETFL:
        note_flags(show, "flags ", KIND_FLAGS_open);
        break;
    case LX_F_GET_SEALS:
        if (show->result)
            note_flags(show, "seals ", KIND_FLAGS_seals);
        break;
    default:
        show_printf(show, "%ld", show->result);
        return;
    }
    show_hex(show, (uint64_t)show->result);
}

static void result_prctl(struct show *show)
{
    static const char *const dumpable[] = {"SUID_DUMP_DISABLE", "SUID_DUMP_USER", "SUID_DUMP_ROOT"};
    show_printf(show, "%ld", show->result);
    if ((uint32_t)show->args[0] == LX_PR_GET_DUMPABLE && show->result <= 2)
        show_note(show, "%s", dumpable[show->result]);
}

/* The timeout that is left, for calls that write it back. */
static void note_time_left(struct show *show, const char *separator)
{
    for (unsigned i = 0; i < show->row->argc; i++) {
        enum syscall_kind kind = show->row->args[i].kind;
        if ((kind != KIND_TIMESPEC_SELECT && kind != KIND_TIMEVAL_SELECT) || !show->args[i])
            continue;
        show_printf(show, "%sleft ", separator);
        kind_infos[kind].show(show, i, 0);
    }
}

static void result_poll(struct show *show)
{
    uint32_t count = (uint32_t)show->args[1];
    struct lx_pollfd fd;
    unsigned shown = 0;

    show_printf(show, "%ld", show->result);
    if (show->result == 0) {
        show_note(show, "Timeout");
        return;
    }
    size_t length = show->strace->length;
    for (uint32_t i = 0; i < count; i++) {
        if (user_get(show->task->mm, &fd, show->args[0] + i * sizeof fd))
            break;
        if (!fd.revents)
            continue;
        if (shown == STRACE_STRING) {
            show_puts(show, ", ...");
            break;
        }
        show_printf(show, "%s{fd=%d, revents=", shown++ ? ", " : "[", fd.fd);
        show_flags(show, KIND_FLAGS_poll, (uint16_t)fd.revents);
        show_puts(show, "}");
    }
    if (shown)
        show_puts(show, "]");
    note_time_left(show, ", ");
    move_to_note(show, length);
}

static void result_select(struct show *show)
{
    static const char *const names[] = {"in", "out", "except"};
    const char *separator = "";

    show_printf(show, "%ld", show->result);
    if (show->result == 0) {
        show_note(show, "Timeout");
        return;
    }
    size_t length = show->strace->length;
    for (unsigned i = 0; i < 3; i++) {
        size_t before = show->strace->length;
        if (!show->args[i + 1])
            continue;
        show_printf(show, "%s%s ", separator, names[i]);
        size_t set = show->strace->length;
        show_kind_fdset(show, i + 1, 0);
        if (show->strace->length - set <= 2) /* "[]" */
            show->strace->length = before;
        else
            separator = ", ";
    }
    note_time_left(show, separator);
    move_to_note(show, length);
}

static void result_number(struct show *show)
{
    static const char *const clock_states[] = {"TIME_OK",  "TIME_INS",  "TIME_DEL",
                                               "TIME_OOP", "TIME_WAIT", "TIME_ERROR"};
    char name[16];

    show_printf(show, "%ld", show->result);
    switch (show->row->returns) {
    case RETURNS_SIGNAL:
        signal_name((int)show->result, name);
        show_note(show, "%s", name);
        break;
    case RETURNS_ADJTIMEX:
        if ((unsigned long)show->result < ARRAY_SIZE(clock_states))
            show_note(show, "%s", clock_states[show->result]);
        break;
    case RETURNS_SCHED_POLICY: {
        const char *policy = name_of(KIND_ENUM_sched_policy, (uint64_t)show->result);
        if (policy)
            show_note(show, "%s", policy);
        break;
    }
    default:
        break;
    }
}

/* The result in the note as an argument's printer would show it. */
static void note_printed(struct show *show, show_fn *printer)
{
    const uint64_t value[SYSCALL_ARGS] = {(uint64_t)show->result};
    size_t length = show->strace->length;
    struct show inner = *show;
    inner.args = value;
    printer(&inner, 0, 0);
    move_to_note(show, length);
}

static void show_value(struct show *show)
{
    size_t length;

    switch (show->row->returns) {
    case RETURNS_ADDR:
        show_hex(show, (uint64_t)show->result);
        break;
    case RETURNS_OCTAL:
        show_printf(show, "%#03lo", (unsigned long)show->result);
        break;
    case RETURNS_TIME:
        show_printf(show, "%ld", show->result);
        length = show->strace->length;
        show_date(show, show->result, 0, 0);
        move_to_note(show, length);
        break;
    case RETURNS_FCNTL:
        result_fcntl(show);
        break;
    case RETURNS_PRCTL:
        result_prctl(show);
        break;
    case RETURNS_POLL:
        result_poll(show);
        break;
    case RETURNS_SELECT:
        result_select(show);
        break;
    case RETURNS_PERSONALITY:
        show_hex(show, (uint64_t)show->result);
        note_printed(show, show_kind_personality);
        break;
    case RETURNS_IOPRIO:
        show_printf(show, "%ld", show->result);
        note_printed(show, show_kind_ioprio);
        break;
    case RETURNS_MEMBARRIER:
        if (show->args[0] != 0 || show->result == 0) {
            show_printf(show, "%ld", show->result);
            break;
        }
        show_hex(show, (uint64_t)show->result);
        note_flags(show, "", KIND_ENUM_membarrier);
        break;
    default:
        result_number(show);
    }
}

void show_result(struct show *show)
{
    struct strace *strace = show->strace;

    strace->note[0] = '\0';
    if (show_failed(show)) {
        show_error(show);
        return;
    }
    show_value(show);
    if (strace->note[0]) {
        show_puts(show, " (");
        show_puts(show, strace->note);
        show_puts(show, ")");
    }
}
