/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Watch a program's system calls from inside another program: how often was each one made?
 *
 *     trace PROGRAM [ARGS...]
 */
#include <lstar/lstar.h>

#include <stdio.h>
#include <string.h>

#define NAMES_MAX 64

struct counts {
    char names[NAMES_MAX][32];
    unsigned times[NAMES_MAX];
    unsigned used;
    char line[512]; /* the trace comes in pieces: a line is put together here */
    size_t length;
};

static void count_line(struct counts *counts)
{
    size_t length = strcspn(counts->line, "(");
    if (counts->line[length] != '(' || length >= sizeof counts->names[0])
        return;
    counts->line[length] = '\0';
    unsigned i = 0;
    while (i < counts->used && strcmp(counts->names[i], counts->line) != 0)
        i++;
    if (i == NAMES_MAX)
        return;
    if (i == counts->used)
        strcpy(counts->names[counts->used++], counts->line);
    counts->times[i]++;
}

static void on_trace(void *opaque, const char *text, size_t length)
{
    struct counts *counts = opaque;
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '\n') {
            if (counts->length < sizeof counts->line - 1)
                counts->line[counts->length++] = text[i];
            continue;
        }
        counts->line[counts->length] = '\0';
        count_line(counts);
        counts->length = 0;
    }
}

int main(int argc, char **argv)
{
    struct counts counts = {0};
    struct lstar_config *config;
    struct lstar_machine *machine;
    if (argc < 2 || lstar_config_create(&config) != LSTAR_OK)
        return 2;
    lstar_config_set_program_host(config, argv[1]);
    lstar_config_set_trace(config, LSTAR_TRACE_TEXT, on_trace, &counts);
    for (int i = 1; i < argc; i++)
        lstar_config_add_arg(config, argv[i]);
    struct lstar_error error;
    lstar_status status = lstar_machine_create(config, &machine, &error);
    lstar_config_destroy(config);
    if (status != LSTAR_OK)
        return fprintf(stderr, "%s\n", error.text), 1;
    lstar_machine_run(machine, 0, NULL);
    lstar_machine_destroy(machine);
    for (unsigned i = 0; i < counts.used; i++)
        printf("%6u %s\n", counts.times[i], counts.names[i]);
    return 0;
}
