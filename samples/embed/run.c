/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run a program that nobody trusts, within limits, and tell what became of it.
 *
 *     run PROGRAM [ARGS...]
 */
#include <lstar/lstar.h>

#include <stdio.h>

static int run(const struct lstar_config *config)
{
    struct lstar_machine *machine;
    struct lstar_error error;
    lstar_status status = lstar_machine_create(config, &machine, &error);
    if (status != LSTAR_OK) {
        fprintf(stderr, "cannot run it: %s\n", error.text);
        return 1;
    }
    struct lstar_result result;
    lstar_machine_run(machine, 0, &result);
    lstar_machine_destroy(machine);

    switch (result.end) {
    case LSTAR_END_EXITED:
        printf("it exited with %d", result.exit_code);
        break;
    case LSTAR_END_SIGNALED:
        printf("%s killed it", lstar_signal_name(result.signal));
        break;
    default:
        printf("it was ended: %s", result.reason);
        break;
    }
    printf(" after %llu instructions and %llu system calls\n", (unsigned long long)result.insns,
           (unsigned long long)result.syscalls);
    return 0;
}

int main(int argc, char **argv)
{
    struct lstar_config *config;
    if (argc < 2 || lstar_config_create(&config) != LSTAR_OK)
        return 2;
    int failed = lstar_config_set_program_host(config, argv[1]) != LSTAR_OK ||
                 lstar_config_set_memory(config, 256 << 20) != LSTAR_OK ||
                 lstar_config_set_insn_limit(config, 1000000000) != LSTAR_OK;
    for (int i = 1; i < argc; i++)
        failed |= lstar_config_add_arg(config, argv[i]) != LSTAR_OK;
    int exit_status = failed ? 2 : run(config);
    lstar_config_destroy(config);
    return exit_status;
}
