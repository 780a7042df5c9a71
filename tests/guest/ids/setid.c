/* SPDX-License-Identifier: GPL-2.0-or-later */
/* setuid and its kin: which of the four numbers change, for root and for a user, and what does -1
 * mean? */
#include "guest_test.h"
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define KEEP (-1L)

static void expect_uids(uint32_t r, uint32_t e, uint32_t s, uint32_t f)
{
    uint32_t real, effective, saved;
    EXPECT_EQ(0, syscall(SYS_getresuid, &real, &effective, &saved));
    EXPECT_EQ(r, real);
    EXPECT_EQ(e, effective);
    EXPECT_EQ(s, saved);
    EXPECT_EQ(f, syscall(SYS_setfsuid, KEEP));
    EXPECT_EQ(r, syscall(SYS_getuid));
    EXPECT_EQ(e, syscall(SYS_geteuid));
}

static void expect_gids(uint32_t r, uint32_t e, uint32_t s, uint32_t f)
{
    uint32_t real, effective, saved;
    EXPECT_EQ(0, syscall(SYS_getresgid, &real, &effective, &saved));
    EXPECT_EQ(r, real);
    EXPECT_EQ(e, effective);
    EXPECT_EQ(s, saved);
    EXPECT_EQ(f, syscall(SYS_setfsgid, KEEP));
    EXPECT_EQ(r, syscall(SYS_getgid));
    EXPECT_EQ(e, syscall(SYS_getegid));
}

static void in_child(void (*body)(void))
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        body();
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

static void root_setuid(void)
{
    EXPECT_ERRNO(EINVAL, syscall(SYS_setuid, KEEP));
    EXPECT_EQ(0, syscall(SYS_setuid, 10));
    expect_uids(10, 10, 10, 10);
    EXPECT_ERRNO(EPERM, syscall(SYS_setuid, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_setuid, KEEP));
    EXPECT_EQ(0, syscall(SYS_setuid, 10));
}

static void user_with_three(void)
{
    EXPECT_EQ(0, syscall(SYS_setresuid, 10, 11, 12));
    expect_uids(10, 11, 12, 11);
    EXPECT_EQ(0, syscall(SYS_setresuid, KEEP, KEEP, KEEP));
    expect_uids(10, 11, 12, 11);
    EXPECT_EQ(0, syscall(SYS_setuid, 12)); /* the saved one */
    expect_uids(10, 12, 12, 12);
    EXPECT_ERRNO(EPERM, syscall(SYS_setuid, 11));
    EXPECT_EQ(0, syscall(SYS_setresuid, 12, 10, KEEP));
    expect_uids(12, 10, 12, 10);
    EXPECT_ERRNO(EPERM, syscall(SYS_setresuid, KEEP, KEEP, 11));
    EXPECT_ERRNO(EPERM, syscall(SYS_setresuid, 12, 10, 0));
    expect_uids(12, 10, 12, 10); /* all or nothing */
}

static void user_setreuid(void)
{
    EXPECT_EQ(0, syscall(SYS_setresuid, 10, 11, 12));
    EXPECT_ERRNO(EPERM, syscall(SYS_setreuid, 12, KEEP)); /* real from saved: no */
    EXPECT_EQ(0,
              syscall(SYS_setreuid, KEEP, 12)); /* effective from saved: yes, and saved follows */
    expect_uids(10, 12, 12, 12);
    EXPECT_EQ(0, syscall(SYS_setreuid, KEEP, 10)); /* to the real one: saved stays */
    expect_uids(10, 10, 12, 10);
    EXPECT_EQ(0, syscall(SYS_setreuid, 10, KEEP)); /* real named: saved follows */
    expect_uids(10, 10, 10, 10);
}

static void root_setreuid(void)
{
    EXPECT_EQ(0, syscall(SYS_setreuid, KEEP, 5));
    expect_uids(0, 5, 5, 5);
    EXPECT_EQ(0, syscall(SYS_setreuid, 5, 0));
    expect_uids(5, 0, 0, 0);
}

static void file_system_ids(void)
{
    EXPECT_EQ(0, syscall(SYS_setresuid, 10, 11, 12));
    EXPECT_EQ(11, syscall(SYS_setfsuid, 10));
    EXPECT_EQ(10, syscall(SYS_setfsuid, 13)); /* refused in silence */
    EXPECT_EQ(10, syscall(SYS_setfsuid, 12));
    EXPECT_EQ(12, syscall(SYS_setfsuid, KEEP));
    EXPECT_EQ(0, syscall(SYS_setresuid, KEEP, 10, KEEP));
    expect_uids(10, 10, 12, 10); /* it follows the effective one */
    EXPECT_EQ(10, syscall(SYS_setfsuid, 12));
    EXPECT_EQ(0, syscall(SYS_setresuid, 10, KEEP, 12)); /* but where nothing changes */
    expect_uids(10, 10, 12, 12);
    EXPECT_EQ(0, syscall(SYS_setresuid, KEEP, 10, KEEP));
    expect_uids(10, 10, 12, 10);
}

static void groups(void)
{
    EXPECT_EQ(0, syscall(SYS_setresgid, 20, 21, 22));
    expect_gids(20, 21, 22, 21);
    EXPECT_EQ(0, syscall(SYS_setregid, KEEP, 23));
    expect_gids(20, 23, 23, 23);
    EXPECT_EQ(0, syscall(SYS_setgid, 24)); /* CAP_SETGID: all of them */
    expect_gids(24, 24, 24, 24);
    EXPECT_EQ(0, syscall(SYS_setresgid, 20, 21, 22));
    EXPECT_EQ(0, syscall(SYS_setuid, 10));
    EXPECT_EQ(0, syscall(SYS_setgid, 22));
    expect_gids(20, 22, 22, 22);
    EXPECT_ERRNO(EPERM, syscall(SYS_setgid, 21));
    EXPECT_ERRNO(EINVAL, syscall(SYS_setgid, KEEP));
    EXPECT_ERRNO(EPERM, syscall(SYS_setregid, 22, KEEP + 25));
    EXPECT_EQ(0, syscall(SYS_setresgid, 22, 20, KEEP));
    expect_gids(22, 20, 22, 20);
    EXPECT_EQ(20, syscall(SYS_setfsgid, 22));
    EXPECT_EQ(22, syscall(SYS_setfsgid, 0));
    expect_gids(22, 20, 22, 22);
}

/* What a change of identity takes away. */
static void dumpable(void)
{
    int signal;
    EXPECT_EQ(0, prctl(PR_SET_PDEATHSIG, 10));
    EXPECT_EQ(0, syscall(SYS_setresuid, KEEP, KEEP, KEEP));
    EXPECT_EQ(0, syscall(SYS_setresuid, KEEP, KEEP, 5));
    EXPECT_EQ(1, prctl(PR_GET_DUMPABLE)); /* the saved one is nobody's business */
    EXPECT_EQ(0, prctl(PR_GET_PDEATHSIG, &signal));
    EXPECT_EQ(10, signal);
    EXPECT_EQ(0, syscall(SYS_setfsuid, 5));
    EXPECT_EQ(0, prctl(PR_GET_DUMPABLE));
    EXPECT_EQ(0, prctl(PR_GET_PDEATHSIG, &signal));
    EXPECT_EQ(0, signal);
    EXPECT_EQ(0, prctl(PR_SET_DUMPABLE, 1));
    EXPECT_EQ(0, syscall(SYS_setresgid, KEEP, 5, KEEP));
    EXPECT_EQ(0, prctl(PR_GET_DUMPABLE));
}

int main(void)
{
    uint32_t id;
    EXPECT_ERRNO(EFAULT, syscall(SYS_getresuid, 8L, &id, &id));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getresuid, &id, &id, 8L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getresgid, &id, 8L, &id));
    if (getuid() != 0) {
        EXPECT_ERRNO(EPERM, syscall(SYS_setuid, 0));
        EXPECT_ERRNO(EPERM, syscall(SYS_setresuid, 0, KEEP, KEEP));
        return 0;
    }
    in_child(root_setuid);
    in_child(user_with_three);
    in_child(user_setreuid);
    in_child(root_setreuid);
    in_child(file_system_ids);
    in_child(groups);
    in_child(dumpable);
    return 0;
}
