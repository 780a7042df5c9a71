/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hundred machines on four host threads at once, under the thread sanitizer too: they do not know
 * of each other. Each is built, run in slices, reported and destroyed by its thread; all of them do
 * the same to the instruction, and none mixes up another's output.
 *
 *     threads PROGRAM     (prints "hello, N" for its argument N)
 */
#include <lstar/lstar.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 4
#define MACHINES 25 /* a thread */

struct worker {
    pthread_t thread;
    unsigned number;
    const char *program;
    uint64_t insns; /* of each of its runs */
    unsigned failures;
};

#define FAIL(worker, ...)                                                                          \
    do {                                                                                           \
        fprintf(stderr, "thread %u: ", (worker)->number);                                          \
        fprintf(stderr, __VA_ARGS__);                                                              \
        (worker)->failures++;                                                                      \
    } while (0)

static void count_text(void *opaque, const char *text, size_t length)
{
    (void)text;
    *(size_t *)opaque += length;
}

static void check_output(struct worker *worker, FILE *output, const char *name)
{
    char want[64], got[64] = "";
    snprintf(want, sizeof want, "hello, %s\n", name);
    rewind(output);
    size_t length = fread(got, 1, sizeof got - 1, output);
    got[length] = '\0';
    if (strcmp(want, got) != 0)
        FAIL(worker, "wrote \"%s\" instead of \"%s\"\n", got, want);
}

static void run(struct worker *worker, struct lstar_machine *machine)
{
    struct lstar_result result;
    size_t report = 0;
    lstar_status status;
    do
        status = lstar_machine_run(machine, 10000, &result);
    while (status == LSTAR_OK && result.end == LSTAR_END_NONE);
    if (status != LSTAR_OK || result.end != LSTAR_END_EXITED || result.exit_code != 0)
        FAIL(worker, "ended with %d, exit code %d: %s\n", (int)result.end, result.exit_code,
             result.reason);
    if (worker->insns == 0)
        worker->insns = result.insns;
    if (worker->insns != result.insns)
        FAIL(worker, "%llu instructions instead of %llu\n", (unsigned long long)result.insns,
             (unsigned long long)worker->insns);
    if (lstar_machine_report(machine, count_text, &report) != LSTAR_OK || report == 0)
        FAIL(worker, "no report\n");
}

static void run_machine(struct worker *worker, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "%u", 1000 + worker->number * MACHINES + number);
    FILE *output = tmpfile();
    struct lstar_config *config;
    struct lstar_machine *machine;
    struct lstar_error error = {""};
    size_t trace = 0;
    if (!output || lstar_config_create(&config) != LSTAR_OK)
        abort();
    lstar_config_set_program_host(config, worker->program);
    lstar_config_add_arg(config, "hello");
    lstar_config_add_arg(config, name);
    lstar_config_set_stdio(config, -1, fileno(output), 2);
    lstar_config_set_memory(config, 64 << 20);
    lstar_config_set_deterministic(config, true);
    lstar_config_set_trace(config, LSTAR_TRACE_TEXT, count_text, &trace);
    lstar_status status = lstar_machine_create(config, &machine, &error);
    lstar_config_destroy(config);
    if (status != LSTAR_OK) {
        FAIL(worker, "not created: %s\n", error.text);
    } else {
        run(worker, machine);
        lstar_machine_destroy(machine);
        check_output(worker, output, name);
        if (trace == 0)
            FAIL(worker, "no trace\n");
    }
    fclose(output);
}

static void *work(void *opaque)
{
    struct worker *worker = opaque;
    for (unsigned i = 0; i < MACHINES && worker->failures == 0; i++)
        run_machine(worker, i);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct worker workers[THREADS] = {0};
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].number = i;
        workers[i].program = argv[1];
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            abort();
    }
    unsigned failures = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        failures += workers[i].failures;
        if (workers[i].insns != workers[0].insns)
            FAIL(&workers[i], "another count of instructions than thread 0\n");
    }
    return failures ? 1 : 0;
}
