/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a program twice, deterministically, and see that the runs are the same to the instruction.
 *
 *     same PROGRAM [ARGS...]
 */
#include <lstar/lstar.h>

#include <stdio.h>

static lstar_status run(const struct lstar_config *config, struct lstar_result *result)
{
    struct lstar_machine *machine;
    lstar_status status = lstar_machine_create(config, &machine, NULL);
    if (status != LSTAR_OK)
        return status;
    /* In slices of a million instructions, as one would to watch it. */
    do
        status = lstar_machine_run(machine, 1000000, result);
    while (status == LSTAR_OK && result->end == LSTAR_END_NONE);
    lstar_machine_destroy(machine);
    return status;
}

int main(int argc, char **argv)
{
    struct lstar_config *config;
    if (argc < 2 || lstar_config_create(&config) != LSTAR_OK)
        return 2;
    lstar_config_set_program_host(config, argv[1]);
    lstar_config_set_deterministic(config, true);
    for (int i = 1; i < argc; i++)
        lstar_config_add_arg(config, argv[i]);

    struct lstar_result first, second;
    lstar_status status = run(config, &first);
    if (status == LSTAR_OK)
        status = run(config, &second);
    lstar_config_destroy(config);
    if (status != LSTAR_OK) {
        fprintf(stderr, "%s\n", lstar_status_text(status));
        return 1;
    }
    printf("first run %llu instructions, second run %llu\n", (unsigned long long)first.insns,
           (unsigned long long)second.insns);
    return first.insns == second.insns && first.exit_code == second.exit_code ? 0 : 1;
}
