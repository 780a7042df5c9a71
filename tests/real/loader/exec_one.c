/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Executes one file in one way and says which errno came of it; executed itself, says what it was
 * given.
 *
 *   exec_one show ARGS...        what a program sees of itself
 *   exec_one WAY FILE            execve(FILE), WAY being a key of `ways`
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BAD ((char *)8)

extern char **environ;

/* Long lists as their length, long strings as theirs. */
static void show(int argc, char **argv)
{
    char comm[17] = "";
    prctl(PR_GET_NAME, comm);
    printf("argc=%d comm=%s execfn=%s\n", argc, comm, (char *)getauxval(AT_EXECFN));
    size_t total = 0;
    for (int i = 0; i < argc; i++) {
        total += strlen(argv[i]) + 1;
        if (i < 12)
            printf("argv[%d]=%zu<%.300s>\n", i, strlen(argv[i]), argv[i]);
    }
    int envc = 0;
    for (; environ[envc]; envc++)
        total += strlen(environ[envc]) + 1;
    printf("argv[argc]=%p envc=%d total=%zu\n", (void *)argv[argc], envc, total);
}

static char *make_string(size_t length)
{
    char *string = malloc(length + 1);
    memset(string, 'x', length);
    string[length] = '\0';
    return string;
}

/* `count` strings of `length` characters. */
static char **make_strings(const char *first, size_t count, size_t length)
{
    char **strings = calloc(count + 2, sizeof *strings);
    char *string = make_string(length);
    strings[0] = (char *)first;
    for (size_t i = 1; i <= count; i++)
        strings[i] = string;
    return strings;
}

static void limit_stack(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_STACK, &limit);
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_STACK, &limit);
}

static int at(int fd, const char *name, unsigned flags)
{
    char *argv[] = {"show", "show", "at", NULL}, *envp[] = {"E=1", NULL};
    return (int)syscall(SYS_execveat, fd, name, argv, envp, flags);
}

static int run(const char *way, char *file)
{
    char *argv[] = {"argv0", "show", "two words", "", NULL}, *envp[] = {"A=1", "B=", NULL};
    char *none[] = {NULL}, *with_bad[] = {"a", BAD, NULL}, **unset = NULL;
#define WAY(name) if (strcmp(way, name) == 0)
    WAY("plain") return execve(file, argv, envp);
    WAY("no-argv") return (int)syscall(SYS_execve, file, unset, envp);
    WAY("no-envp") return (int)syscall(SYS_execve, file, argv, unset);
    WAY("empty-argv") return (int)syscall(SYS_execve, file, none, none);
    WAY("bad-argv") return (int)syscall(SYS_execve, file, BAD, envp);
    WAY("bad-envp") return (int)syscall(SYS_execve, file, argv, BAD);
    WAY("bad-string") return (int)syscall(SYS_execve, file, with_bad, envp);
    WAY("bad-env-string") return (int)syscall(SYS_execve, file, argv, with_bad);
    WAY("bad-path") return (int)syscall(SYS_execve, BAD, argv, envp);
    WAY("bad-path-and-argv") return (int)syscall(SYS_execve, BAD, BAD, BAD);
    WAY("missing-and-bad-argv") return (int)syscall(SYS_execve, "/nonexistent", BAD, BAD);
    WAY("empty-path") return execve("", argv, envp);
    WAY("long-path") return execve(make_string(4095), argv, envp);
    WAY("longer-path") return execve(make_string(4096), argv, envp);
    WAY("long-component") return execve(make_string(256), argv, envp);
    WAY("string-128K-1") return execve(file, make_strings("show", 1, 131071), envp);
    WAY("string-128K") return execve(file, make_strings("show", 1, 131072), envp);
    WAY("string-2M") return execve(file, make_strings("show", 1, 2 << 20), envp);
    WAY("env-128K-1") return execve(file, argv, make_strings("E=", 1, 131071));
    WAY("env-128K") return execve(file, argv, make_strings("E=", 1, 131072));
    WAY("total-1.9M") return execve(file, make_strings("show", 15, 131000), envp);
    WAY("total-2M") return execve(file, make_strings("show", 16, 131071), envp);
    WAY("total-3M") return execve(file, make_strings("show", 30, 100000), envp);
    WAY("many-100000") return execve(file, make_strings("show", 100000, 1), envp);
    WAY("many-200000") return execve(file, make_strings("show", 200000, 1), envp);
    WAY("many-262143") return execve(file, make_strings("show", 262143, 0), envp);
    WAY("many-1000000") return execve(file, make_strings("show", 1000000, 0), envp);
    WAY("env-total-3M") return execve(file, argv, make_strings("E=", 30, 100000));
    WAY("stack-unlimited-5M")
    {
        limit_stack(RLIM_INFINITY);
        return execve(file, make_strings("show", 50, 100000), envp);
    }
    WAY("stack-unlimited-7M")
    {
        limit_stack(RLIM_INFINITY);
        return execve(file, make_strings("show", 70, 100000), envp);
    }
    WAY("stack-small")
    {
        limit_stack(256 << 10);
        return execve(file, make_strings("show", 12, 10000), envp);
    }
    WAY("stack-small-too-many")
    {
        limit_stack(256 << 10);
        return execve(file, make_strings("show", 14, 10000), envp);
    }
    int fd = open(file, O_RDONLY);
    WAY("at-fd") return at(fd, "", AT_EMPTY_PATH);
    WAY("at-fd-cloexec") return at(open(file, O_RDONLY | O_CLOEXEC), "", AT_EMPTY_PATH);
    WAY("at-path-fd") return at(open(file, O_PATH), "", AT_EMPTY_PATH);
    WAY("at-no-flag") return at(fd, "", 0);
    WAY("at-bad-fd") return at(99, "", AT_EMPTY_PATH);
    WAY("at-bad-dir") return at(99, "x", 0);
    WAY("at-not-dir") return at(fd, "x", 0);
    WAY("at-bad-flags") return at(AT_FDCWD, file, 0x8000);
    WAY("at-bad-flags-empty") return at(AT_FDCWD, "", 0x8000);
    WAY("at-absolute") return at(-5, file, 0);
    WAY("at-nofollow") return at(AT_FDCWD, file, AT_SYMLINK_NOFOLLOW);
    WAY("at-check") return at(AT_FDCWD, file, 0x10000) ? -1 : (puts("checked"), exit(0), 0);
    WAY("at-dir")
    {
        char *slash = strrchr(file, '/');
        *slash = '\0';
        return at(open(file, O_PATH | O_DIRECTORY), slash + 1, 0);
    }
    WAY("write-open")
    {
        int w = open(file, O_WRONLY);
        if (w < 0)
            printf("open for writing: %d\n", errno);
        return execve(file, argv, envp);
    }
    fprintf(stderr, "exec_one: no such way: %s\n", way);
    exit(99);
}

int main(int argc, char **argv)
{
    if (argc != 3 || strchr(argv[2], '/') == NULL) {
        show(argc, argv);
        return 0;
    }
    run(argv[1], argv[2]);
    printf("errno=%d\n", errno);
    return 77;
}
