/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities: versions of the calls, what may be set, what changes of identity and programs leave
 * of them? */
#include "guest_test.h"
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

struct sets {
    struct __user_cap_data_struct word[2];
};

static char *program;

static long capget(uint32_t version, int pid, void *data)
{
    struct __user_cap_header_struct header = {version, pid};
    return syscall(SYS_capget, &header, data);
}

static long capset(int pid, const struct sets *sets)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, pid};
    return syscall(SYS_capset, &header, sets);
}

static struct sets now(void)
{
    struct sets sets;
    EXPECT_EQ(0, capget(_LINUX_CAPABILITY_VERSION_3, 0, &sets));
    return sets;
}

static uint64_t effective(void)
{
    struct sets sets = now();
    return sets.word[0].effective | (uint64_t)sets.word[1].effective << 32;
}

static uint64_t permitted(void)
{
    struct sets sets = now();
    return sets.word[0].permitted | (uint64_t)sets.word[1].permitted << 32;
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

static void versions(void)
{
    struct __user_cap_header_struct header = {0, 0};
    struct sets sets;
    EXPECT_ERRNO(EINVAL, syscall(SYS_capget, &header, &sets));
    EXPECT_EQ(_LINUX_CAPABILITY_VERSION_3, header.version);
    header.version = 1;
    EXPECT_EQ(0, syscall(SYS_capget, &header, NULL)); /* a question for the version */
    EXPECT_EQ(_LINUX_CAPABILITY_VERSION_3, header.version);
    EXPECT_EQ(0, syscall(SYS_capget, &header, NULL));
    header.version = 1;
    EXPECT_ERRNO(EINVAL, syscall(SYS_capset, &header, &sets));
    EXPECT_EQ(_LINUX_CAPABILITY_VERSION_3, header.version);
    EXPECT_ERRNO(EFAULT, syscall(SYS_capget, 8L, &sets));
    EXPECT_ERRNO(EFAULT, syscall(SYS_capget, 8L, NULL));
    EXPECT_ERRNO(EFAULT, capget(_LINUX_CAPABILITY_VERSION_3, 0, (void *)8));
    EXPECT_ERRNO(EFAULT, syscall(SYS_capset, 8L, &sets));
    EXPECT_ERRNO(EFAULT, capset(0, (void *)8));
    EXPECT_ERRNO(EINVAL, capget(_LINUX_CAPABILITY_VERSION_3, -1, &sets));
    EXPECT_ERRNO(ESRCH, capget(_LINUX_CAPABILITY_VERSION_3, 999999, &sets));
    EXPECT_EQ(0, capget(_LINUX_CAPABILITY_VERSION_3, getpid(), &sets));
    EXPECT_EQ(0, capget(_LINUX_CAPABILITY_VERSION_3, getppid(), &sets));
    /* The first version has one word. */
    memset(&sets, 0x77, sizeof sets);
    EXPECT_EQ(0, capget(_LINUX_CAPABILITY_VERSION_1, 0, &sets));
    EXPECT_EQ(0x77777777, sets.word[1].effective);
    sets = now();
    EXPECT_ERRNO(EPERM, capset(getppid(), &sets));
    EXPECT_ERRNO(EPERM, capset(-1, &sets));
    EXPECT_EQ(0, capset(getpid(), &sets));
}

static void adjusting(void)
{
    struct sets full = now(), sets = full;
    sets.word[0].effective = 0;
    sets.word[1].effective = 0;
    EXPECT_EQ(0, capset(0, &sets));
    EXPECT_EQ(0, effective());
    EXPECT_ERRNO(EPERM, setgid(77) ? -1 : 0);
    EXPECT_EQ(0, capset(0, &full));
    EXPECT_EQ(0, setgid(77));
    /* Effective without permitted; permitted regained. */
    sets = full;
    sets.word[0].permitted &= ~(1u << CAP_KILL);
    EXPECT_ERRNO(EPERM, capset(0, &sets));
    sets.word[0].effective &= ~(1u << CAP_KILL);
    EXPECT_EQ(0, capset(0, &sets));
    EXPECT_ERRNO(EPERM, capset(0, &full));
    /* Inheritable: with CAP_SETPCAP what the bounding set has. */
    sets.word[0].inheritable = 1u << CAP_KILL;
    EXPECT_EQ(0, capset(0, &sets));
    EXPECT_EQ(0, prctl(PR_CAPBSET_DROP, CAP_CHOWN));
    EXPECT_EQ(0, prctl(PR_CAPBSET_READ, CAP_CHOWN));
    sets.word[0].inheritable = 1u << CAP_CHOWN;
    EXPECT_ERRNO(EPERM, capset(0, &sets));
    sets.word[0].inheritable = 0;
    sets.word[0].effective &= ~(1u << CAP_SETPCAP);
    sets.word[0].permitted &= ~(1u << CAP_SETPCAP);
    EXPECT_EQ(0, capset(0, &sets));
    EXPECT_ERRNO(EPERM, prctl(PR_CAPBSET_DROP, CAP_KILL));
    EXPECT_ERRNO(EPERM, prctl(PR_CAPBSET_DROP, 999));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, 0));
    sets.word[0].inheritable = 1u << CAP_KILL; /* not permitted any more */
    EXPECT_ERRNO(EPERM, capset(0, &sets));
}

/* capabilities(7), "Effect of user ID changes on capabilities". */
static void changes_of_identity(void)
{
    uint64_t full = permitted();
    EXPECT_EQ(0, setresuid(-1, 5, -1)); /* effective leaves 0 */
    EXPECT_EQ(0, effective());
    EXPECT_EQ(full, permitted());
    EXPECT_EQ(0, setresuid(-1, 0, -1));
    EXPECT_EQ(full, effective());
    /* The file system's number takes those for files with it. */
    syscall(SYS_setfsuid, 5);
    EXPECT(!(effective() & (1 << CAP_DAC_OVERRIDE)) && (effective() & (1 << CAP_KILL)));
    syscall(SYS_setfsuid, 0);
    EXPECT_EQ(full, effective());
    EXPECT_EQ(0, setresuid(5, 5, 0));
    EXPECT_EQ(full, permitted());
    EXPECT_EQ(0, setresuid(-1, 0, -1));
    EXPECT_EQ(full, effective());
    EXPECT_EQ(0, setresuid(5, 5, 5)); /* none is 0: all are gone */
    EXPECT_EQ(0, effective());
    EXPECT_EQ(0, permitted());
}

static void kept(void)
{
    uint64_t full = permitted();
    EXPECT_EQ(0, prctl(PR_SET_KEEPCAPS, 1));
    EXPECT_EQ(0, setresuid(5, 5, 5));
    EXPECT_EQ(0, effective());
    EXPECT_EQ(full, permitted());
    EXPECT_EQ(1, prctl(PR_GET_KEEPCAPS));
    execl("/proc/self/exe", program, "user", NULL);
    FAIL("exec");
}

static void no_fixup(void)
{
    uint64_t full = permitted();
    EXPECT_EQ(0, prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, 0));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP_LOCKED));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, 1 << 12));
    EXPECT_EQ(0, setresuid(5, 5, 5));
    EXPECT_EQ(full, effective());
    EXPECT_EQ(full, permitted());
}

/* Ambient ones are what a user's program keeps. */
static void ambient(void)
{
    struct sets sets = now();
    EXPECT_ERRNO(EPERM, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    sets.word[0].inheritable = 1u << CAP_KILL | 1u << CAP_SETGID;
    EXPECT_EQ(0, capset(0, &sets));
    EXPECT_EQ(0, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0));
    EXPECT_EQ(0, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETGID, 0, 0));
    EXPECT_EQ(1, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_SETGID, 0, 0));
    EXPECT_EQ(0, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, CAP_SETGID, 0, 0));
    EXPECT_EQ(0, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_SETGID, 0, 0));
    EXPECT_EQ(0, prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE));
    EXPECT_ERRNO(EPERM, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SETGID, 0, 0));
    EXPECT_EQ(0, prctl(PR_SET_KEEPCAPS, 1));
    EXPECT_EQ(0, prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
    EXPECT_EQ(0, setresuid(5, 5, 5));
    EXPECT_EQ(1, prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_KILL, 0, 0));
    /* What is no longer inheritable is not ambient either. */
    sets = now();
    sets.word[0].inheritable = 1u << CAP_KILL;
    EXPECT_EQ(0, capset(0, &sets));
    execl("/proc/self/exe", program, "ambient", NULL);
    FAIL("exec");
}

static void root_is_nobody(void)
{
    EXPECT_EQ(0, prctl(PR_SET_SECUREBITS, SECBIT_NOROOT));
    execl("/proc/self/exe", program, "user", NULL);
    FAIL("exec");
}

static void root_again(void)
{
    struct sets none = {0};
    EXPECT_EQ(0, capset(0, &none));
    execl("/proc/self/exe", program, "root", NULL);
    FAIL("exec");
}

int main(int argc, char **argv)
{
    program = argv[0];
    if (argc > 1) {
        uint64_t expected = !strcmp(argv[1], "ambient") ? 1u << CAP_KILL : 0;
        if (!strcmp(argv[1], "root"))
            EXPECT(effective() != 0 && effective() == permitted());
        else
            EXPECT(effective() == expected && permitted() == expected);
        EXPECT_EQ(0, prctl(PR_GET_KEEPCAPS));
        return 0;
    }
    if (getuid() != 0)
        return 0;
    in_child(versions);
    in_child(adjusting);
    in_child(changes_of_identity);
    in_child(kept);
    in_child(no_fixup);
    in_child(ambient);
    in_child(root_is_nobody);
    in_child(root_again);
    return 0;
}
