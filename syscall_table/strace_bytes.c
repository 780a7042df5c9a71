/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of strings, buffers and arrays of them.
 */
#include "syscall_table/strace_show.h"

#include <string.h>

#include "abi/fcntl.h"
#include "mem/uaccess.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

/* A string that ends with NUL, of which at most `room` - 1 characters are shown. */
static void show_string(struct show *show, gva_t addr, char *copy, size_t room)
{
    if (!addr || !show->task->mm) {
        show_pointer(show, addr);
        return;
    }
    size_t got = user_read_some(show->task->mm, copy, addr, room);
    size_t length = strnlen(copy, got);
    if (length == got && got < room)
        show_pointer(show, addr); /* runs into what is not mapped */
    else if (length == room)
        show_quoted(show, copy, room - 1, false, true);
    else
        show_quoted(show, copy, length, false, false);
}

void show_cstring(struct show *show, gva_t addr)
{
    char copy[STRACE_STRING + 1];
    show_string(show, addr, copy, sizeof copy);
}

void show_path_at(struct show *show, gva_t addr)
{
    char copy[LX_PATH_MAX];
    show_string(show, addr, copy, sizeof copy);
}

static void show_buffer(struct show *show, gva_t addr, uint64_t length, bool hex)
{
    char copy[STRACE_STRING];
    size_t shown = MIN(length, sizeof copy);
    if (!addr) {
        show_puts(show, "NULL");
        return;
    }
    if (shown == 0) {
        show_puts(show, "\"\"");
        return;
    }
    if (show_read(show, copy, addr, shown))
        show_quoted(show, copy, shown, hex, length > shown);
}

/* The size argument that stands after a buffer: as many bits as its kind has, negative ones are
 * nothing. */
static uint64_t length_after(const struct show *show, unsigned index)
{
    uint64_t length = show->args[index + 1];
    if (kind_infos[show->row->args[index + 1].kind].size == 4)
        return (uint32_t)length;
    return length;
}

PRINTER(path)
{
    show_path_at(show, ARG);
}

PRINTER(str)
{
    show_cstring(show, ARG);
}

PRINTER(buf)
{
    show_buffer(show, ARG, length_after(show, index), false);
}

/* At most as long as a host's name may be. */
PRINTER(hostname)
{
    uint32_t length = (uint32_t)show->args[index + 1];
    if (length > 64)
        show_pointer(show, ARG);
    else
        show_buffer(show, ARG, length, false);
}

PRINTER(buf_out)
{
    if (show_failed(show))
        show_pointer(show, ARG);
    else
        show_buffer(show, ARG, (uint64_t)show->result, false);
}

PRINTER(buf_hex_out)
{
    if (show_failed(show))
        show_pointer(show, ARG);
    else
        show_buffer(show, ARG, (uint64_t)show->result, true);
}

PRINTER(path_out)
{
    if (show_failed(show))
        show_pointer(show, ARG);
    else
        show_path_at(show, ARG);
}

/* --- argument vectors --- */

/* Pointers of a NULL-terminated array: how many there are; a bad address ends it. */
static unsigned count_strings(struct show *show, gva_t addr)
{
    unsigned count = 0;
    uint64_t pointer;
    while (count < 100000 && user_get(show->task->mm, &pointer, addr + 8 * (gva_t)count) == 0 &&
           pointer)
        count++;
    return count;
}

PRINTER(argv)
{
    uint64_t pointer;
    if (!show_read(show, &pointer, ARG, sizeof pointer))
        return;
    show_puts(show, "[");
    for (unsigned i = 0;; i++) {
        gva_t at = ARG + 8 * (gva_t)i;
        if (user_get(show->task->mm, &pointer, at)) {
            show_printf(show, "%s... /* %#llx */", i ? ", " : "", (unsigned long long)at);
            break;
        }
        if (!pointer)
            break;
        show_puts(show, i ? ", " : "");
        if (i == STRACE_STRING) {
            show_puts(show, "...");
            break;
        }
        show_cstring(show, pointer);
    }
    show_puts(show, "]");
}

PRINTER(envp)
{
    show_pointer(show, ARG);
    if (!ARG || !show->task->mm)
        return;
    unsigned count = count_strings(show, ARG);
    show_printf(show, " /* %u var%s */", count, count == 1 ? "" : "s");
}

/* --- vectors --- */

struct iovec {
    uint64_t base;
    uint64_t length;
};

/* `bytes`: how many of them hold something to show; none: addresses only. */
static void show_iovec(struct show *show, unsigned index, bool contents, uint64_t bytes)
{
    uint64_t count = show->args[index + 1];
    struct iovec vec;

    if (!ARG || !show->task->mm) {
        show_pointer(show, ARG);
        return;
    }
    if (count == 0) {
        show_puts(show, "[]");
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        gva_t at = ARG + i * sizeof vec;
        if (i > STRACE_STRING - 1) {
            show_puts(show, ", ...");
            break;
        }
        if (user_get(show->task->mm, &vec, at)) {
            if (i == 0) {
                show_pointer(show, ARG);
                return;
            }
            show_printf(show, ", ... /* %#llx */", (unsigned long long)at);
            break;
        }
        show_puts(show, i ? ", {iov_base=" : "[{iov_base=");
        uint64_t here = MIN(vec.length, bytes);
        if (contents)
            show_buffer(show, vec.base, here, false);
        else
            show_pointer(show, vec.base);
        bytes -= here;
        show_printf(show, ", iov_len=%llu}", (unsigned long long)vec.length);
    }
    show_puts(show, "]");
}

PRINTER(iovec_in)
{
    show_iovec(show, index, true, UINT64_MAX);
}

PRINTER(iovec_out)
{
    bool contents = !show_failed(show);
    show_iovec(show, index, contents, contents ? (uint64_t)show->result : 0);
}

PRINTER(iovec_ptr)
{
    show_iovec(show, index, false, 0);
}

static void show_gids(struct show *show, gva_t addr, uint64_t count)
{
    uint32_t gid;

    if (!addr || !show->task->mm) {
        show_pointer(show, addr);
        return;
    }
    if (count == 0) {
        show_puts(show, "[]");
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        if (i == STRACE_STRING) {
            show_puts(show, ", ...");
            break;
        }
        if (user_get(show->task->mm, &gid, addr + i * sizeof gid)) {
            if (i == 0) {
                show_pointer(show, addr);
                return;
            }
            break;
        }
        show_printf(show, i ? ", %u" : "[%u", gid);
    }
    show_puts(show, "]");
}

PRINTER(gids_in)
{
    show_gids(show, ARG, (uint32_t)show->args[0]);
}

PRINTER(gids_out)
{
    if (show_failed(show) || show->args[0] == 0)
        show_pointer(show, ARG);
    else
        show_gids(show, ARG, (uint64_t)show->result);
}
