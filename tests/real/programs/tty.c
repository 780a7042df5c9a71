/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a terminal answers its foreground, its background, an orphaned group and another session;
 * run at a terminal. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void say(const char *what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "done");
}

static long set_foreground(int pgrp)
{
    return ioctl(0, TIOCSPGRP, &pgrp);
}

static long get_foreground(void)
{
    int pgrp;
    return ioctl(0, TIOCGPGRP, &pgrp) ? -1 : pgrp;
}

static long read_byte(void)
{
    char byte;
    return read(0, &byte, 1);
}

static long set_modes(void)
{
    struct termios modes;
    return tcgetattr(0, &modes) ? -1 : tcsetattr(0, TCSANOW, &modes);
}

static long take_foreground(void)
{
    return set_foreground(getpgrp());
}

static long flush(void)
{
    return tcflush(0, TCIFLUSH);
}

static long write_byte(void)
{
    return write(1, "", 0) + (write(1, "!\n", 2) == 2 ? 0 : -1);
}

static long window(void)
{
    struct winsize size;
    return ioctl(0, TIOCGWINSZ, &size) ? -1 : ioctl(0, TIOCSWINSZ, &size);
}

static const struct {
    const char *name;
    long (*act)(void);
} acts[] = {{"read", read_byte}, {"set modes", set_modes}, {"take the foreground", take_foreground},
            {"flush", flush},    {"write", write_byte},    {"window size", window}};

/* In the background: what each act does to the group, with the signals' default actions, ignored,
 * blocked. */
static void in_background(int how)
{
    static const char *const hows[] = {"default", "ignored", "blocked"};
    for (unsigned i = 0; i < sizeof acts / sizeof *acts; i++) {
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGTTIN);
            sigaddset(&set, SIGTTOU);
            setpgid(0, 0);
            if (how == 1) {
                signal(SIGTTIN, SIG_IGN);
                signal(SIGTTOU, SIG_IGN);
            }
            if (how == 2)
                sigprocmask(SIG_BLOCK, &set, NULL);
            _exit(acts[i].act() < 0 ? errno : 0);
        }
        int status;
        waitpid(pid, &status, WUNTRACED);
        if (WIFSTOPPED(status)) {
            printf("%s, %s: stopped by %d\n", hows[how], acts[i].name, WSTOPSIG(status));
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
        } else {
            printf("%s, %s: %s\n", hows[how], acts[i].name,
                   WEXITSTATUS(status) ? strerror(WEXITSTATUS(status)) : "done");
        }
        signal(SIGTTOU, SIG_IGN);
        set_foreground(getpgrp());
        signal(SIGTTOU, SIG_DFL);
    }
}

/* A background group whose parent is gone: nobody could continue it, so it is not stopped. */
static void orphaned(void)
{
    int pipes[2];
    char line[200];
    if (pipe(pipes))
        exit(9);
    fflush(stdout);
    if (fork() == 0) {
        pid_t parent = getpid();
        if (fork() == 0) {
            setpgid(0, 0);
            while (getppid() == parent)
                usleep(1000);
            int size = 0;
            for (unsigned i = 0; i < 3; i++)
                size += snprintf(line + size, sizeof line - (size_t)size, "orphaned, %s: %s\n",
                                 acts[i].name, acts[i].act() < 0 ? strerror(errno) : "done");
            _exit(write(pipes[1], line, (size_t)size) != size);
        }
        _exit(0);
    }
    wait(NULL);
    ssize_t n = read(pipes[0], line, sizeof line);
    printf("%.*s", (int)n, line);
}

static void other_session(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        say("setsid", setsid());
        say("get the foreground", get_foreground());
        say("set the foreground", take_foreground());
        int sid;
        say("get the session", ioctl(0, TIOCGSID, &sid));
        say("open /dev/tty", open("/dev/tty", O_RDWR));
        say("give up", ioctl(0, TIOCNOTTY));
        say("isatty", isatty(0) - 1);
        say("set modes", set_modes());
        fflush(stdout);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    pid = fork();
    if (pid == 0) {
        setsid();
        pause();
    }
    while (getsid(pid) != pid)
        usleep(1000);
    say("a group of another session", set_foreground(pid));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    say("a group that is gone", set_foreground(pid));
}

int main(void)
{
    int pgrp;
    printf("own group %d, own session %d\n", get_foreground() == getpgrp(),
           ioctl(0, TIOCGSID, &pgrp) == 0 && pgrp == getsid(0));
    say("group -5", set_foreground(-5));
    say("group 0", set_foreground(0));
    say("bad pointer", ioctl(0, TIOCSPGRP, 8L));
    say("own group", set_foreground(getpgrp()));
    say("not a terminal", ioctl(open("/dev/null", O_RDWR), TIOCGPGRP, &pgrp));
    for (int how = 0; how < 3; how++)
        in_background(how);
    orphaned();
    other_session();
    return 0;
}
