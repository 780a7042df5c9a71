/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PROC_TEXT_H
#define PROC_TEXT_H
/* Reading files of /proc and finding lines in them. */
#include "guest_test.h"

/* All of a file, NUL-terminated; its length. */
static inline size_t proc_read(const char *path, char *to, size_t room)
{
    int fd = CHECK(open(path, O_RDONLY | O_CLOEXEC));
    size_t length = 0;
    for (;;) {
        ssize_t n = CHECK(read(fd, to + length, room - 1 - length));
        if (n == 0)
            break;
        length += (size_t)n;
        EXPECT(length < room - 1);
    }
    to[length] = '\0';
    CHECK(close(fd));
    return length;
}

/* What follows `key` at the beginning of a line, blanks skipped; fails when there is none. */
static inline const char *proc_field(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = text; line && *line; line = strchr(line, '\n')) {
        if (*line == '\n')
            line++;
        if (strncmp(line, key, length) == 0) {
            line += length;
            while (*line == ' ' || *line == '\t')
                line++;
            return line;
        }
    }
    FAIL("no line begins with %s in:\n%s", key, text);
}

static inline long long proc_number(const char *text, const char *key)
{
    return strtoll(proc_field(text, key), NULL, 10);
}

#endif
