/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text of a trace line: numbers, strings and names as strace(1) writes them. A line that
 * outgrows its room is cut, never an error.
 */
#include "syscall_table/strace_show.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "mem/uaccess.h"

void show_bytes(struct show *show, const char *bytes, size_t length)
{
    struct strace *strace = show->strace;
    length = MIN(length, sizeof strace->text - strace->length);
    memcpy(strace->text + strace->length, bytes, length);
    strace->length += length;
}

void show_puts(struct show *show, const char *text)
{
    show_bytes(show, text, strlen(text));
}

void show_printf(struct show *show, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length > 0)
        show_bytes(show, text, MIN((size_t)length, sizeof text - 1));
}

void show_note(struct show *show, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(show->strace->note, sizeof show->strace->note, format, args);
    va_end(args);
}

void show_hex(struct show *show, uint64_t value)
{
    show_printf(show, "%#llx", (unsigned long long)value);
}

void show_pointer(struct show *show, gva_t addr)
{
    if (addr)
        show_hex(show, addr);
    else
        show_puts(show, "NULL");
}

/* A byte as C escapes it: octal with as few digits as the next character allows. */
static int escape(char out[5], uint8_t byte, bool digit_follows)
{
    static const char letters[] = "\tt\nn\vv\ff\rr\"\"\\\\";

    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if (byte == (uint8_t)letters[i]) {
            out[0] = '\\';
            out[1] = letters[i + 1];
            return 2;
        }
    }
    if (byte >= ' ' && byte <= '~') {
        out[0] = (char)byte;
        return 1;
    }
    return snprintf(out, 5, digit_follows ? "\\%03o" : "\\%o", byte);
}

void show_quoted(struct show *show, const void *bytes, size_t length, bool hex, bool more)
{
    const uint8_t *b = bytes;
    show_puts(show, "\"");
    for (size_t i = 0; i < length; i++) {
        char out[5];
        if (hex) {
            int n = snprintf(out, sizeof out, "\\x%02x", b[i]);
            show_bytes(show, out, (size_t)n);
            continue;
        }
        bool digit = i + 1 < length && b[i + 1] >= '0' && b[i + 1] <= '9';
        int n = escape(out, b[i], digit);
        show_bytes(show, out, (size_t)n);
    }
    show_puts(show, more ? "\"..." : "\"");
}

bool show_read(struct show *show, void *to, gva_t from, size_t size)
{
    if (from && show->task->mm && user_read(show->task->mm, to, from, size) == 0)
        return true;
    show_pointer(show, from);
    return false;
}

bool show_failed(const struct show *show)
{
    return show->leaving && show->result < 0 && show->result >= -4095;
}

bool show_read_result(struct show *show, void *to, gva_t from, size_t size)
{
    if (!show_failed(show))
        return show_read(show, to, from, size);
    show_pointer(show, from);
    return false;
}

const char *errno_name(long number)
{
    switch (number) {
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return #name;
        LX_ERRNO_LIST(X)
#undef X
    default:
        return NULL;
    }
}

const char *errno_text(long number)
{
    switch (number) {
#define X(name, value, text)                                                                       \
    case value:                                                                                    \
        return text;
        LX_ERRNO_LIST(X)
#undef X
    default:
        return "Unknown error";
    }
}

void signal_name(int signal, char name[16])
{
    switch (signal) {
#define X(id, value, text)                                                                         \
    case value:                                                                                    \
        snprintf(name, 16, "%s", #id);                                                             \
        return;
        LX_SIGNAL_LIST(X)
#undef X
    case LX_SIGRTMIN:
        snprintf(name, 16, "SIGRTMIN");
        return;
    default:
        if (signal > LX_SIGRTMIN && signal <= LX_SIGRTMAX)
            snprintf(name, 16, "SIGRT_%d", signal - LX_SIGRTMIN);
        else
            snprintf(name, 16, "%d", signal);
    }
}

/* Days since the epoch to a date of the Gregorian calendar, with years that begin in March. */
static void civil(int64_t days, int64_t *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t in_era = days - era * 146097;
    int64_t year_in_era = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year_in_era + year_in_era / 4 - year_in_era / 100);
    int64_t march = (5 * in_year + 2) / 153;
    *day = (int)(in_year - (153 * march + 2) / 5 + 1);
    *month = (int)(march < 10 ? march + 3 : march - 9);
    *year = year_in_era + era * 400 + (*month <= 2);
}

void show_date(struct show *show, int64_t seconds, int64_t fraction, int digits)
{
    int64_t year, days = seconds / 86400, rest = seconds % 86400;
    int month, day;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    if (days < -100000000 || days > 100000000)
        return;
    civil(days, &year, &month, &day);
    show_printf(show, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)year, month, day,
                (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
    if (digits && fraction)
        show_printf(show, ".%0*lld", digits, (long long)fraction);
    show_puts(show, "+0000");
}
