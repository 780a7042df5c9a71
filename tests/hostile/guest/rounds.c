/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first process of a machine that is attacked: rounds ATTACK. Three times it writes a letter
 * and then runs on for a while, so that the host can measure: before the attack, after it, and
 * after it was made once more. Between: the attack runs for a moment, everything is killed and
 * waited for, and what is left in /tmp removed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void tell(char letter)
{
    if (write(1, &letter, 1) != 1)
        exit(2);
    for (volatile unsigned i = 0; i < 8000000; i++)
        ;
}

/* Remove /tmp/NAME; a folder's entries move up into /tmp first, however deep it is. */
static void remove_name(const char *name)
{
    static unsigned moved;
    char path[300], from[600], to[64];

    snprintf(path, sizeof path, "/tmp/%s", name);
    if (unlink(path) == 0)
        return;
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(from, sizeof from, "%s/%s", path, entry->d_name);
        snprintf(to, sizeof to, "/tmp/moved.%u", moved++);
        if (rename(from, to) != 0)
            exit(3);
    }
    if (dir)
        closedir(dir);
    if (rmdir(path) != 0)
        exit(4);
}

static void clean(void)
{
    for (bool any = true; any;) {
        any = false;
        DIR *dir = opendir("/tmp");
        struct dirent *entry;
        while (dir && (entry = readdir(dir)) != NULL) {
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                continue;
            remove_name(entry->d_name);
            any = true;
        }
        if (dir)
            closedir(dir);
    }
}

static void attack(char *program)
{
    char *const arguments[] = {program, NULL};
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        execv(program, arguments);
        _exit(127);
    }
    if (pid < 0)
        exit(5);
    struct timespec moment = {0, 150000000};
    nanosleep(&moment, NULL);
    /* Some make others while they are being killed. */
    for (pid_t gone = 0; gone >= 0;) {
        int status;
        kill(-1, SIGKILL);
        while ((gone = waitpid(-1, &status, WNOHANG)) > 0) {
            if (gone == pid && WIFEXITED(status))
                exit(6); /* it did not run, or did not stay */
        }
        sched_yield();
    }
    clean();
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    tell('0');
    attack(argv[1]);
    tell('1');
    attack(argv[1]);
    tell('2');
    return 0;
}
