/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Growing text. Invariant: data is NULL or NUL-terminated at `length`, and length < room <= cap
 * + 1. An append that does not fit appends nothing and sets `failed`; later ones append nothing
 * either, so that the text has no holes.
 */
#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void strbuf_init(struct strbuf *buf, struct arena *arena, size_t cap)
{
    *buf = (struct strbuf){.arena = arena, .cap = cap};
}

void strbuf_fini(struct strbuf *buf)
{
    arena_free(buf->arena, buf->data);
    *buf = (struct strbuf){.arena = buf->arena, .cap = buf->cap};
}

void strbuf_clear(struct strbuf *buf)
{
    buf->length = 0;
    buf->failed = false;
    if (buf->data)
        buf->data[0] = '\0';
}

/* Make room for `length` more bytes and the NUL. */
static bool reserve(struct strbuf *buf, size_t length)
{
    if (buf->failed || length > buf->cap - buf->length) {
        buf->failed = true;
        return false;
    }
    size_t need = buf->length + length + 1;
    if (need <= buf->room)
        return true;
    size_t room = MIN(MAX(need, MAX(buf->room * 2, (size_t)64)), buf->cap + 1);
    char *data = arena_realloc(buf->arena, buf->data, room);
    if (!data) {
        buf->failed = true;
        return false;
    }
    buf->data = data;
    buf->room = room;
    return true;
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t length)
{
    if (length == 0 || !reserve(buf, length))
        return;
    memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void strbuf_puts(struct strbuf *buf, const char *string)
{
    strbuf_add(buf, string, strlen(string));
}

void strbuf_putc(struct strbuf *buf, char c)
{
    strbuf_add(buf, &c, 1);
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length <= 0 || !reserve(buf, (size_t)length)) {
        buf->failed = buf->failed || length < 0;
        return;
    }
    va_start(args, format);
    vsnprintf(buf->data + buf->length, (size_t)length + 1, format, args);
    va_end(args);
    buf->length += (size_t)length;
}

const char *strbuf_string(const struct strbuf *buf)
{
    return buf->data ? buf->data : "";
}
