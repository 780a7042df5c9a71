/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_BASE_STRBUF_H
#define LSTAR_BASE_STRBUF_H
/*
 * Text that grows in the arena up to a cap. After a failed append the buffer keeps what it had and
 * remembers that it is incomplete: callers append freely and ask once at the end.
 */
#include "base/arena.h"

struct strbuf {
    struct arena *arena;
    char *data;    /* NUL-terminated; NULL while empty */
    size_t length; /* without the NUL */
    size_t room;   /* bytes allocated */
    size_t cap;    /* most bytes that it may hold */
    bool failed;   /* an append found no memory or went over the cap */
};

void strbuf_init(struct strbuf *buf, struct arena *arena, size_t cap);
void strbuf_fini(struct strbuf *buf);
void strbuf_clear(struct strbuf *buf);
void strbuf_add(struct strbuf *buf, const void *bytes, size_t length);
void strbuf_puts(struct strbuf *buf, const char *string);
void strbuf_putc(struct strbuf *buf, char c);
void strbuf_printf(struct strbuf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* "" when empty. */
const char *strbuf_string(const struct strbuf *buf);

#endif
