/* SPDX-License-Identifier: GPL-2.0-or-later */
/* May others look into a program that its user may execute, but not read? And what is the name of
 * one that has none, of memfd_create(2)? */
#include "guest_test.h"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define USER 12345

static char name[] = "/dumpableXXXXXX";

/* The test's program, in a file that `to` refers to. */
static void copy_self(int to)
{
    static char buffer[65536];
    int from = CHECK(open((char *)getauxval(AT_EXECFN), O_RDONLY));
    ssize_t got;
    while ((got = CHECK(read(from, buffer, sizeof buffer))) > 0)
        EXPECT_EQ(got, write(to, buffer, (size_t)got));
    CHECK(close(from));
}

/* What the program says of itself when `uid` runs it: PR_GET_DUMPABLE. */
static int dumpable(uid_t uid, mode_t mode)
{
    char *argv[] = {"dumpable", "tell", NULL}, *envp[] = {NULL};
    int status;
    CHECK(chmod(name, mode));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        CHECK(setresuid(uid, uid, uid));
        execve(name, argv, envp);
        FAIL("execve: %s", strerror(errno));
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void execute_only(void)
{
    int to = mkstemp(name);
    if (to == -1)
        return; /* not one's own root */
    copy_self(to);
    CHECK(close(to));
    if (geteuid() == 0) {
        EXPECT_EQ(0, dumpable(USER, 0711));
        EXPECT_EQ(1, dumpable(USER, 0755));
        EXPECT_EQ(1, dumpable(0, 0111)); /* who may read everything */
    }
    CHECK(unlink(name));
}

static void nameless(void)
{
    char *argv[] = {"dumpable", "name", NULL}, *envp[] = {NULL};
    int status, fd = CHECK(memfd_create("a program", 0));
    copy_self(fd);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        fexecve(fd, argv, envp);
        FAIL("fexecve: %s", strerror(errno));
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    CHECK(close(fd));
}

int main(int argc, char **argv)
{
    char link[100] = "";
    if (argc == 2 && strcmp(argv[1], "tell") == 0)
        return prctl(PR_GET_DUMPABLE);
    if (argc == 2) {
        CHECK(readlink("/proc/self/exe", link, sizeof link - 1));
        EXPECT(strcmp(link, "/memfd:a program (deleted)") == 0);
        return 0;
    }
    execute_only();
    nameless();
    return 0;
}
