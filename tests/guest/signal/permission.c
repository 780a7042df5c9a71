/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may send a signal to whom, by the user ids of both, by SIGCONT's exception, and in the forms
 * of kill(2) that reach many? (Only root can arrange it.)
 */
#include "guest_test.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Three users that nobody is. */
enum { A = 31241, B = 31242, C = 31243 };

static int to_child[2], to_parent[2];

static void become(const int ids[3])
{
    CHECK(setresuid((uid_t)ids[0], (uid_t)ids[1], (uid_t)ids[2]));
}

/* A process with these real, effective and saved ids, in a process group and maybe a session of its
 * own. */
static pid_t target_with(const int ids[3], int session)
{
    char byte = 0;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        if (session)
            CHECK(setsid());
        else
            CHECK(setpgid(0, 0));
        become(ids);
        EXPECT_EQ(1, write(to_parent[1], &byte, 1));
        for (;;)
            pause();
    }
    EXPECT_EQ(1, read(to_parent[0], &byte, 1));
    return pid;
}

static void end(pid_t pid)
{
    CHECK(kill(pid, SIGKILL));
    EXPECT_EQ(pid, waitpid(pid, NULL, 0));
}

/* Run in a child with these ids. */
static void as(const int ids[3], void (*run)(pid_t), pid_t target)
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        become(ids);
        run(target);
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

static void may(pid_t target)
{
    EXPECT_EQ(0, kill(target, 0));
    EXPECT_EQ(0, kill(target, SIGURG));
    EXPECT_EQ(0, syscall(SYS_tgkill, target, target, SIGURG));
    EXPECT_EQ(0, syscall(SYS_tkill, target, 0));
    EXPECT_EQ(0, kill(-target, SIGURG));
    union sigval value = {0};
    EXPECT_EQ(0, sigqueue(target, SIGURG, value));
}

static void may_not(pid_t target)
{
    EXPECT_ERRNO(EPERM, kill(target, 0));
    EXPECT_ERRNO(EPERM, kill(target, SIGURG));
    EXPECT_ERRNO(EINVAL, kill(target, 65));
    EXPECT_ERRNO(EPERM, syscall(SYS_tgkill, target, target, SIGURG));
    EXPECT_ERRNO(EPERM, syscall(SYS_tkill, target, 0));
    EXPECT_ERRNO(EPERM, kill(-target, SIGURG));
    union sigval value = {0};
    EXPECT_ERRNO(EPERM, sigqueue(target, SIGURG, value));
    int fd = (int)CHECK(syscall(434, target, 0));
    EXPECT_ERRNO(EPERM, syscall(424, fd, SIGURG, NULL, 0));
    close(fd);
}

static void may_continue(pid_t target)
{
    EXPECT_EQ(0, kill(target, SIGCONT));
}
static void may_not_continue(pid_t target)
{
    EXPECT_ERRNO(EPERM, kill(target, SIGCONT));
}

static void by_ids(void)
{
    static const struct {
        int sender[3], target[3], allowed;
    } cases[] = {
        {{A, A, A}, {A, A, A}, 1}, {{A, A, A}, {B, B, B}, 0}, {{A, A, A}, {A, B, B}, 1},
        {{A, A, A}, {B, A, B}, 0}, /* the target's effective id does not matter */
        {{A, A, A}, {B, B, A}, 1}, {{A, B, B}, {A, C, C}, 1}, {{B, A, B}, {A, C, C}, 1},
        {{B, B, A}, {A, A, A}, 0}, /* nor does the sender's saved one */
        {{A, B, C}, {C, C, C}, 0}, {{A, 0, A}, {B, B, B}, 1}, {{A, A, A}, {0, 0, 0}, 0},
        {{A, A, A}, {0, A, 0}, 0}, {{A, A, A}, {A, 0, 0}, 1},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        pid_t target = target_with(cases[i].target, 0);
        as(cases[i].sender, cases[i].allowed ? may : may_not, target);
        end(target);
    }
}

/* All that it may send to: itself it is not, and who it may not send to does not count. */
static void everybody(pid_t target)
{
    EXPECT_EQ(0, kill(-1, 0));
    EXPECT_EQ(0, kill(-1, SIGTERM));
    (void)target;
}

static void nobody(pid_t target)
{
    (void)target;
    EXPECT_EQ(0, kill(-1, SIGTERM));
}

int main(void)
{
    static const int a[3] = {A, A, A}, b[3] = {B, B, B}, c[3] = {C, C, C};
    if (getuid() != 0)
        return 0;
    CHECK(pipe(to_child));
    CHECK(pipe(to_parent));
    signal(SIGURG, SIG_DFL);
    by_ids();

    pid_t target = target_with(b, 0);
    as(a, may_continue, target); /* of the same session */
    end(target);
    target = target_with(b, 1);
    as(a, may_not_continue, target);
    end(target);

    pid_t mine[2] = {target_with(a, 0), target_with(a, 1)}, other = target_with(b, 0);
    int status;
    as(a, everybody, 0);
    for (int i = 0; i < 2; i++) {
        EXPECT_EQ(mine[i], waitpid(mine[i], &status, 0));
        EXPECT_EQ(SIGTERM, status);
    }
    EXPECT_EQ(0, waitpid(other, &status, WNOHANG));
    as(c, nobody, 0);
    EXPECT_EQ(0, waitpid(other, &status, WNOHANG));
    end(other);
    return 0;
}
