/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_SYSCALL_TABLE_STRACE_SHOW_H
#define LSTAR_SYSCALL_TABLE_STRACE_SHOW_H
/*
 * Between the files of --strace: one call that is being shown, what writes its text, and a printer
 * for each kind of argument.
 */
#include "syscall_table/strace.h"

#define STRACE_ROOM 65536 /* bytes of one line; what goes over is left out */
#define STRACE_STRING                                                                              \
    32 /* characters of a string, elements of an array: strace's -s and its like */
#define STRACE_NOTE 1024
#define STRACE_LATER 16 /* signals remembered at once; more are not shown */

struct strace {
    strace_sink_fn *sink;
    void *opaque;
    bool json;
    struct task
        *open;     /* whose line in the output has no end yet; NULL: the last line is complete */
    size_t column; /* of that line */
    size_t length; /* bytes in text */
    char text[STRACE_ROOM];
    /* Signals that came to nothing during a call: shown after it. */
    struct {
        struct task *task;
        struct lx_siginfo info;
    } later[STRACE_LATER];
    unsigned later_count;
    char note[STRACE_NOTE]; /* what stands in parentheses after the result; "" is nothing */
};

struct show {
    struct strace *strace;
    struct task *task;
    const struct syscall_row *row;
    const uint64_t *args; /* the registers at entry */
    long result;          /* when leaving */
    bool leaving;
};

/* A printer shows argument `index`, whose register is args[index]; `parameter` as in kinds.def. */
typedef void show_fn(struct show *show, unsigned index, int parameter);

/* --- text (strace_text.c) --- */
void show_puts(struct show *show, const char *text);
void show_bytes(struct show *show, const char *bytes, size_t length);
void show_printf(struct show *show, const char *format, ...) PRINTF_LIKE(2, 3);
void show_note(struct show *show, const char *format, ...) PRINTF_LIKE(2, 3);
/* %#x and its special cases: 0 is "0", the null pointer "NULL". */
void show_hex(struct show *show, uint64_t value);
void show_pointer(struct show *show, gva_t addr);
/* Quoted with C escapes, or all of it as \xNN; "..." after it when there is `more`. */
void show_quoted(struct show *show, const void *bytes, size_t length, bool hex, bool more);
/* Guest memory: false and the address shown instead when it is not there (or NULL). */
bool show_read(struct show *show, void *to, gva_t from, size_t size);
/* As show_read() for what the kernel fills: also false when the call failed. */
bool show_read_result(struct show *show, void *to, gva_t from, size_t size);
bool show_failed(const struct show *show);
const char *errno_name(long number);
const char *errno_text(long number);
/* "SIGINT", "SIGRT_3" into `name`. */
void signal_name(int signal, char name[16]);
/* UTC as strace shows it: 2026-11-21T11:54:18+0000, with a fraction of `digits` (0, 6, 9). */
void show_date(struct show *show, int64_t seconds, int64_t fraction, int digits);

/* --- names (strace_names.c) --- */
struct name_value {
    uint64_t value;
    uint64_t mask; /* bits that the value stands in; a flag's own bits */
    const char *name;
};
struct name_list {
    const struct name_value *items;
    unsigned count;
    const char *unknown; /* "O_???"; "" shows the bare number */
};
/* Of a kind FLAGS_x or ENUM_x. */
const struct name_list *names_of(enum syscall_kind kind);
/* The name of exactly this value, or NULL. */
const char *name_of(enum syscall_kind kind, uint64_t value);
/* Flags joined by |: into the line, or `room` bytes at `to`. */
void show_flags(struct show *show, enum syscall_kind kind, uint64_t value);
void format_flags(char *to, size_t room, enum syscall_kind kind, uint64_t value);
void show_enum(struct show *show, enum syscall_kind kind, uint64_t value);

struct kind_info {
    show_fn *show;
    int parameter;
    uint8_t direction; /* enum kind_direction */
    uint8_t size;      /* bytes of the C type */
};
enum kind_direction { KIND_IN, KIND_OUT, KIND_BOTH };
extern const struct kind_info kind_infos[];
/* Is a BOTH argument shown when the call begins? (strace_io.c) */
bool shown_on_entry(const struct show *show, unsigned index);

/* --- shared by printers --- */
void show_timespec(struct show *show, gva_t addr);
void show_sigset(struct show *show, uint64_t set);
void show_siginfo(struct show *show, const struct lx_siginfo *info);
void show_mode(struct show *show, uint32_t mode);
void show_wait_status(struct show *show, int status);
void show_cstring(struct show *show, gva_t addr);
void show_path_at(struct show *show, gva_t addr);
/* The result in words, after "= " (strace_result.c). */
void show_result(struct show *show);

/* Every printer. */
#define KIND(name, ctype, direction, printer, parameter) show_fn show_kind_##printer;
#include "syscall_table/kinds.def"
#undef KIND
show_fn show_kind_flags, show_kind_enum;

#endif
