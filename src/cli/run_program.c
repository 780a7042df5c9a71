/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which file is PROGRAM? With --root and --host a path of the guest's tree, else a file of the host
 * that the guest is shown. A word without a slash is looked up in PATH, as a shell would: the
 * guest's for --root, else the host's, and then in the working directory.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GUEST_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define PATH_ROOM 4096

/* The next entry of a PATH and `name` joined into `to`; *path moves on. False at the end; an entry
 * that is too long is left out. */
static bool next_candidate(const char **path, const char *name, char to[PATH_ROOM])
{
    while (*path) {
        const char *colon = strchr(*path, ':');
        size_t length = colon ? (size_t)(colon - *path) : strlen(*path);
        const char *dir = length ? *path : ".";
        int printed = snprintf(to, PATH_ROOM, "%.*s/%s", length ? (int)length : 1, dir, name);
        *path = colon ? colon + 1 : NULL;
        if (printed > 0 && printed < PATH_ROOM)
            return true;
    }
    return false;
}

/* An executable file of the host for a word without a slash; `name` itself when there is none. */
static const char *find_on_host(const char *name, char to[PATH_ROOM])
{
    const char *path = getenv("PATH");
    if (!path)
        path = GUEST_PATH;
    struct stat stat_buf;
    while (next_candidate(&path, name, to)) {
        if (stat(to, &stat_buf) == 0 && S_ISREG(stat_buf.st_mode) && access(to, X_OK) == 0)
            return to;
    }
    return name;
}

static int exit_status_of(lstar_status status)
{
    switch (status) {
    case LSTAR_NOT_FOUND:
        return CLI_NOT_FOUND;
    case LSTAR_NOT_EXECUTABLE:
        return CLI_NOT_EXECUTABLE;
    default:
        return CLI_ERROR;
    }
}

/* Try the entries of the guest's PATH in the guest's own tree. */
static lstar_status create_from_path(const struct run_options *options, struct lstar_machine **out,
                                     struct lstar_error *error)
{
    const char *path = GUEST_PATH;
    char candidate[PATH_ROOM];
    lstar_status status = LSTAR_NOT_FOUND;
    while (status == LSTAR_NOT_FOUND && next_candidate(&path, options->program, candidate)) {
        status = lstar_config_set_program_guest(options->config, candidate);
        if (status == LSTAR_OK)
            status = lstar_machine_create(options->config, out, error);
    }
    return status;
}

static lstar_status create(const struct run_options *options, struct lstar_machine **out,
                           struct lstar_error *error)
{
    bool word = !strchr(options->program, '/');
    if (options->root && word)
        return create_from_path(options, out, error);

    char found[PATH_ROOM];
    const char *file = options->program;
    if (word && !options->root)
        file = find_on_host(file, found);
    lstar_status status = options->root || options->host
                              ? lstar_config_set_program_guest(options->config, file)
                              : lstar_config_set_program_host(options->config, file);
    return status == LSTAR_OK ? lstar_machine_create(options->config, out, error) : status;
}

int run_create_machine(const struct run_options *options, struct lstar_machine **out)
{
    for (char **arg = options->args; *arg; arg++) {
        if (lstar_config_add_arg(options->config, *arg) != LSTAR_OK)
            return cli_fail("the host has not enough memory");
    }
    struct lstar_error error = {""};
    lstar_status status = create(options, out, &error);
    if (status == LSTAR_OK)
        return CLI_OK;
    cli_say("%s", error.text[0] ? error.text : lstar_status_text(status));
    return exit_status_of(status);
}
