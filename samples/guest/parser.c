/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A parser with a mistake in it: reads "KEY=VALUE" lines and trusts their lengths. What a fuzzer is
 * after. */
#include <stdio.h>
#include <string.h>

struct record {
    char key[8];
    char *value;
    char space[24];
};

static int parse(char *line, struct record *record)
{
    char *equals = strchr(line, '=');
    if (!equals)
        return 0;
    record->value = record->space;
    memcpy(record->key, line, (size_t)(equals - line)); /* the mistake: keys may be longer than 8 */
    strcpy(record->value, equals + 1);
    return 1;
}

int main(void)
{
    char line[64];
    int count = 0;
    while (fgets(line, sizeof line, stdin)) {
        struct record record;
        count += parse(line, &record);
    }
    printf("%d records\n", count);
    return 0;
}
