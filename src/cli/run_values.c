/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Values of options: numbers with units, users.
 */
#include "run.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A decimal number that begins with a digit; *rest is what follows it. */
static bool parse_number(const char *text, uint64_t *out, char **rest)
{
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    *out = strtoull(text, rest, 0);
    return errno == 0;
}

/* A number and at most one unit of `units`, each `base` times the one before. */
static bool parse_scaled(const char *text, const char *units, uint64_t base, uint64_t *out)
{
    uint64_t value;
    char *rest;
    if (!parse_number(text, &value, &rest))
        return false;
    if (*rest) {
        const char *unit = strchr(units, toupper((unsigned char)*rest));
        if (!unit || rest[1])
            return false;
        for (const char *u = units; u <= unit; u++) {
            if (__builtin_mul_overflow(value, base, &value))
                return false;
        }
    }
    *out = value;
    return true;
}

bool run_parse_count(const char *text, uint64_t *out)
{
    return parse_scaled(text, "KMGT", 1000, out);
}

bool run_parse_size(const char *text, uint64_t *out)
{
    return parse_scaled(text, "KMGT", 1024, out);
}

bool run_parse_duration(const char *text, uint64_t *out)
{
    static const struct {
        const char *name;
        double nanoseconds;
    } units[] = {{"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"m", 6e10}, {"h", 3.6e12}};

    if (!isdigit((unsigned char)text[0]))
        return false;
    char *rest;
    double value = strtod(text, &rest);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(rest, units[i].name) != 0)
            continue;
        value *= units[i].nanoseconds;
        if (!(value >= 1 && value < 9e18))
            return false;
        *out = (uint64_t)value;
        return true;
    }
    return false;
}

bool run_parse_user(const char *text, uint32_t *uid, uint32_t *gid)
{
    uint64_t user;
    char *rest;
    if (!parse_number(text, &user, &rest) || user >= UINT32_MAX)
        return false;
    uint64_t group = user;
    if (*rest == ':' && (!parse_number(rest + 1, &group, &rest) || group >= UINT32_MAX))
        return false;
    if (*rest)
        return false;
    *uid = (uint32_t)user;
    *gid = (uint32_t)group;
    return true;
}
