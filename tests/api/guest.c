/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest of tests/api and tests/cli: does what its first argument says. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

__attribute__((noinline)) void crash_here(volatile int *where)
{
    *where = 1;
}

static int show(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        printf("arg <%s>\n", argv[i]);
    for (char **entry = environ; *entry; entry++)
        printf("env <%s>\n", *entry);
    char cwd[4096];
    printf("user %d:%d\ncwd %s\n", (int)getuid(), (int)getgid(), getcwd(cwd, sizeof cwd));
    return 0;
}

static int write_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT, 0644);
    if (fd < 0 || write(fd, "x", 1) != 1) {
        puts(strerror(errno));
        return 1;
    }
    puts("written");
    return 0;
}

/* A descriptor to standard output, by its number and then by its name. */
static int copy(int fd)
{
    char name[32], bytes[64];
    ssize_t got;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        if (write(1, bytes, (size_t)got) != got)
            return 1;
    if (got < 0)
        return errno == EBADF ? 9 : 1;
    return open(name, O_RDONLY) >= 0 ? 0 : 1;
}

/* Does epoll(7) take standard input? */
static int watch(void)
{
    struct epoll_event event = {.events = EPOLLIN};
    return epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, 0, &event) == 0 ? 0 : errno;
}

static int eat(void)
{
    for (;;) {
        char *memory = malloc(1 << 20);
        if (!memory)
            return 3;
        memset(memory, 1, 1 << 20);
    }
}

int main(int argc, char **argv)
{
    const char *deed = argc > 1 ? argv[1] : "show";
    if (strcmp(deed, "show") == 0)
        return show(argc, argv);
    if (strcmp(deed, "exit") == 0)
        return 7;
    if (strcmp(deed, "crash") == 0)
        crash_here((volatile int *)0x123456);
    if (strcmp(deed, "abort") == 0)
        abort();
    if (strcmp(deed, "loop") == 0)
        for (volatile int forever = 1; forever;)
            ;
    if (strcmp(deed, "sleep") == 0)
        return nanosleep(&(struct timespec){1000, 0}, NULL);
    if (strcmp(deed, "write-file") == 0)
        return write_file(argv[2]);
    if (strcmp(deed, "eat") == 0)
        return eat();
    if (strcmp(deed, "watch") == 0)
        return watch();
    if (strcmp(deed, "copy") == 0)
        return copy(atoi(argv[2]));
    if (strcmp(deed, "read") == 0) {
        char byte;
        return (int)read(0, &byte, 1);
    }
    if (strcmp(deed, "refused") == 0) {
        for (int i = 0; i < 3; i++) /* kexec_load: nobody will build it */
            if (syscall(246, 0, 0, 0, 0) != -1 || errno != ENOSYS)
                return 1;
        return syscall(9999) == -1 && errno == ENOSYS ? 0 : 1;
    }
    return 2;
}
