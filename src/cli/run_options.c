/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line of `lstar run`. Each option is a row: its name, whether it takes a value, and
 * what it does with it.
 */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

#define INHERITED_END 1024 /* where --host looks for descriptors that it passes on */
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static int check(lstar_status status, const char *option, const char *value)
{
    if (status == LSTAR_OK)
        return CLI_OK;
    return cli_fail("%s %s: %s", option, value, lstar_status_text(status));
}

/* Cut ":ro" or ":rw" off the end of `text`. */
static enum lstar_access cut_access(char *text)
{
    size_t length = strlen(text);
    if (length < 4 ||
        (strcmp(text + length - 3, ":ro") != 0 && strcmp(text + length - 3, ":rw") != 0))
        return LSTAR_READ_ONLY;
    bool writable = text[length - 1] == 'w';
    text[length - 3] = '\0';
    return writable ? LSTAR_READ_WRITE : LSTAR_READ_ONLY;
}

static int set_root(struct run_options *options, char *value)
{
    enum lstar_access access = cut_access(value);
    options->root = true;
    return check(lstar_config_set_root(options->config, value, access), "--root", value);
}

static int add_mount(struct run_options *options, char *value)
{
    enum lstar_access access = cut_access(value);
    char *guest = strrchr(value, ':');
    if (!guest || guest[1] != '/' || guest == value)
        return cli_fail("--mount %s: HOST:GUEST[:ro|rw] is wanted, GUEST an absolute path: "
                        "--mount ./data:/data:rw",
                        value);
    *guest++ = '\0';
    lstar_status status = lstar_config_add_mount(options->config, value, guest, access);
    if (status == LSTAR_INVALID)
        return cli_fail("--mount: too many, 64 at most");
    return check(status, "--mount", guest);
}

static int set_host(struct run_options *options, char *value)
{
    (void)value;
    options->host = true;
    return check(lstar_config_set_host_tree(options->config), "--host", "");
}

static int add_descriptor(struct run_options *options, int fd)
{
    if (lstar_config_add_descriptor(options->config, fd, fd) == LSTAR_OK)
        return CLI_OK;
    return cli_fail("--fd %d: 3 to 1023, 256 at most", fd);
}

static int set_fd(struct run_options *options, char *value)
{
    uint64_t fd;
    if (!run_parse_count(value, &fd) || fd > INT_MAX || fcntl((int)fd, F_GETFD) < 0)
        return cli_fail(
            "--fd %s: the number of an open descriptor is wanted: --fd 3 PROGRAM 3<data", value);
    return add_descriptor(options, (int)fd);
}

/* K=V, or K: the host's value, or none when the host has none. */
static int set_env(struct run_options *options, char *value)
{
    char *equals = strchr(value, '=');
    const char *setting = equals ? equals + 1 : getenv(value);
    if (equals)
        *equals = '\0';
    if (!*value)
        return cli_fail("--env: NAME=VALUE or NAME is wanted");
    return check(lstar_config_set_env(options->config, value, setting), "--env", value);
}

static int set_cwd(struct run_options *options, char *value)
{
    if (value[0] != '/')
        return cli_fail("--cwd %s: an absolute path, as the program sees it, is wanted", value);
    options->cwd = true;
    return check(lstar_config_set_cwd(options->config, value), "--cwd", value);
}

static int set_user(struct run_options *options, char *value)
{
    uint32_t uid, gid;
    if (!run_parse_user(value, &uid, &gid))
        return cli_fail("--user %s: numbers are wanted: --user 1000 or --user 1000:100", value);
    options->user = true;
    return check(lstar_config_set_user(options->config, uid, gid), "--user", value);
}

static int set_strace(struct run_options *options, char *value)
{
    options->strace = true;
    options->strace_file = value;
    return CLI_OK;
}

static int set_strace_format(struct run_options *options, char *value)
{
    options->strace = true;
    if (strcmp(value, "text") == 0)
        options->strace_format = LSTAR_TRACE_TEXT;
    else if (strcmp(value, "json") == 0)
        options->strace_format = LSTAR_TRACE_JSON;
    else
        return cli_fail("--strace-format %s: text or json", value);
    return CLI_OK;
}

static int set_mem(struct run_options *options, char *value)
{
    uint64_t bytes;
    if (!run_parse_size(value, &bytes) || bytes < (1U << 20))
        return cli_fail("--mem %s: a size of at least 1M is wanted: 64M, 2G", value);
    return check(lstar_config_set_memory(options->config, bytes), "--mem", value);
}

static int set_insns(struct run_options *options, char *value)
{
    uint64_t count;
    if (!run_parse_count(value, &count) || count == 0)
        return cli_fail("--insns %s: a number above 0 is wanted: 500000, 10M, 2G", value);
    return check(lstar_config_set_insn_limit(options->config, count), "--insns", value);
}

static int set_time(struct run_options *options, char *value)
{
    uint64_t nanoseconds;
    if (!run_parse_duration(value, &nanoseconds))
        return cli_fail("--time %s: a duration above 0 is wanted: 10, 1.5s, 200ms, 2m, 1h", value);
    return check(lstar_config_set_time_limit(options->config, nanoseconds), "--time", value);
}

static int set_deterministic(struct run_options *options, char *value)
{
    (void)value;
    options->deterministic = true;
    return check(lstar_config_set_deterministic(options->config, true), "--deterministic", "");
}

/* A seed without determinism would mean nothing: it turns it on. */
static int set_seed(struct run_options *options, char *value)
{
    uint64_t seed;
    if (!run_parse_count(value, &seed))
        return cli_fail("--seed %s: a number is wanted", value);
    int exit_status = set_deterministic(options, NULL);
    return exit_status ? exit_status
                       : check(lstar_config_set_seed(options->config, seed), "--seed", value);
}

static int set_report(struct run_options *options, char *value)
{
    (void)value;
    options->report = true;
    return CLI_OK;
}

static int set_no_aslr(struct run_options *options, char *value)
{
    (void)value;
    return check(lstar_config_set_aslr(options->config, false), "--no-aslr", "");
}

static int set_quiet(struct run_options *options, char *value)
{
    (void)value;
    options->quiet = true;
    return CLI_OK;
}

/* In two passes: `early` rows decide defaults that the other rows override. */
static const struct row {
    const char *name;
    int has_value;
    int (*set)(struct run_options *options, char *value);
    bool early;
} rows[] = {
    {"root", required_argument, set_root, false},
    {"mount", required_argument, add_mount, false},
    {"host", no_argument, set_host, true},
    {"fd", required_argument, set_fd, false},
    {"env", required_argument, set_env, false},
    {"cwd", required_argument, set_cwd, false},
    {"user", required_argument, set_user, false},
    {"strace", optional_argument, set_strace, false},
    {"strace-format", required_argument, set_strace_format, false},
    {"mem", required_argument, set_mem, false},
    {"insns", required_argument, set_insns, false},
    {"time", required_argument, set_time, false},
    {"deterministic", no_argument, set_deterministic, true},
    {"seed", required_argument, set_seed, true},
    {"report", no_argument, set_report, false},
    {"no-aslr", no_argument, set_no_aslr, false},
    {"quiet", no_argument, set_quiet, false},
};
#define ROWS (sizeof rows / sizeof rows[0])
#define OPTION_BASE 256 /* getopt's value of rows[0] */

/* The environment before --env: the host's under --host, else the least that programs expect. */
static int default_env(struct run_options *options)
{
    lstar_status status = LSTAR_OK;
    if (options->host) {
        for (char **entry = environ; *entry && status == LSTAR_OK; entry++) {
            char *equals = strchr(*entry, '=');
            if (!equals || equals == *entry)
                continue;
            *equals = '\0';
            status = lstar_config_set_env(options->config, *entry, equals + 1);
            *equals = '=';
        }
        return check(status, "the environment", "");
    }
    status = lstar_config_set_env(options->config, "PATH", DEFAULT_PATH);
    if (status == LSTAR_OK)
        status = lstar_config_set_env(options->config, "HOME", "/");
    if (status == LSTAR_OK && !options->deterministic && isatty(STDIN_FILENO) && getenv("TERM"))
        status = lstar_config_set_env(options->config, "TERM", getenv("TERM"));
    return check(status, "the environment", "");
}

/* What an execve(2) would have left open. */
static int add_inherited(struct run_options *options)
{
    int exit_status = CLI_OK;
    for (int fd = 3; fd < INHERITED_END && exit_status == CLI_OK; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0 && !(flags & FD_CLOEXEC))
            exit_status = add_descriptor(options, fd);
    }
    return exit_status;
}

/* --host means: as if run directly. */
static int default_host(struct run_options *options)
{
    if (!options->host)
        return CLI_OK;
    if (!options->user) {
        lstar_status status = lstar_config_set_user(options->config, getuid(), getgid());
        if (status != LSTAR_OK)
            return check(status, "--host", "");
    }
    int exit_status = add_inherited(options);
    if (exit_status != CLI_OK || options->cwd)
        return exit_status;
    char *cwd = getcwd(NULL, 0);
    if (!cwd)
        return cli_fail("the working directory cannot be told (%s): name one by --cwd",
                        strerror(errno));
    exit_status = check(lstar_config_set_cwd(options->config, cwd), "--cwd", cwd);
    free(cwd);
    return exit_status;
}

/* One pass over the options; CLI_OK, an exit status, or *help. */
static int parse_pass(int argc, char **argv, struct run_options *options, bool early, bool *help)
{
    struct option table[ROWS + 2] = {0};
    for (size_t i = 0; i < ROWS; i++)
        table[i] = (struct option){rows[i].name, rows[i].has_value, NULL, OPTION_BASE + (int)i};
    table[ROWS] = (struct option){"help", no_argument, NULL, 'h'};

    optind = 0;
    opterr = 0;
    int option;
    while ((option = getopt_long(argc, argv, "+:qh", table, NULL)) != -1) {
        const char *word = argv[optind - 1];
        if (option == 'h') {
            *help = true;
            return CLI_OK;
        }
        if (option == ':')
            return cli_fail("%s wants a value; see: lstar help", word);
        if (option == '?')
            return cli_fail("'%s' is no option of lstar run; see: lstar help", word);
        if (option == 'q') {
            options->quiet = true;
            continue;
        }
        const struct row *row = &rows[option - OPTION_BASE];
        int exit_status = row->early == early ? row->set(options, optarg) : CLI_OK;
        if (exit_status != CLI_OK)
            return exit_status;
    }
    return CLI_OK;
}

int run_parse(int argc, char **argv, struct run_options *options, bool *done)
{
    int exit_status = parse_pass(argc, argv, options, true, done);
    if (exit_status == CLI_OK && *done)
        return cli_help(argc, argv);
    if (exit_status == CLI_OK)
        exit_status = default_env(options);
    if (exit_status == CLI_OK)
        exit_status = parse_pass(argc, argv, options, false, done);
    if (exit_status == CLI_OK)
        exit_status = default_host(options);
    if (exit_status != CLI_OK)
        return exit_status;

    if (optind >= argc)
        return cli_fail("which program? lstar run [options] PROGRAM [ARGS...]; see: lstar help");
    if (options->host && options->root)
        return cli_fail("--host and --root exclude each other: the first gives all of the host");
    options->program = argv[optind];
    options->args = argv + optind;
    return CLI_OK;
}
