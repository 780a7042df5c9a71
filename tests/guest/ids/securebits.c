/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The secure bits that interpreters look at are anybody's to set and to lock; the others are not.
 */
#include "guest_test.h"

#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#ifndef SECBIT_EXEC_RESTRICT_FILE
#define SECBIT_EXEC_RESTRICT_FILE 0x100
#define SECBIT_EXEC_RESTRICT_FILE_LOCKED 0x200
#define SECBIT_EXEC_DENY_INTERACTIVE 0x400
#define SECBIT_EXEC_DENY_INTERACTIVE_LOCKED 0x800
#endif
#define FILE_BITS (SECBIT_EXEC_RESTRICT_FILE | SECBIT_EXEC_RESTRICT_FILE_LOCKED)
#define INTERACTIVE_BITS (SECBIT_EXEC_DENY_INTERACTIVE | SECBIT_EXEC_DENY_INTERACTIVE_LOCKED)

static void as_user(void)
{
    if (geteuid() == 0)
        CHECK(setresuid(1234, 1234, 1234));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, 0)); /* which changes nothing */
    CHECK(prctl(PR_SET_SECUREBITS, SECBIT_EXEC_RESTRICT_FILE));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, SECBIT_EXEC_RESTRICT_FILE));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, SECBIT_EXEC_RESTRICT_FILE | SECBIT_NOROOT));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, SECBIT_EXEC_RESTRICT_FILE | SECBIT_KEEP_CAPS));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, 1 << 12));
    CHECK(prctl(PR_SET_SECUREBITS, 0));
    CHECK(prctl(PR_SET_SECUREBITS, FILE_BITS));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, SECBIT_EXEC_RESTRICT_FILE));
    EXPECT_ERRNO(EPERM, prctl(PR_SET_SECUREBITS, SECBIT_EXEC_RESTRICT_FILE_LOCKED));
    CHECK(prctl(PR_SET_SECUREBITS, FILE_BITS | INTERACTIVE_BITS));
    EXPECT_EQ(FILE_BITS | INTERACTIVE_BITS, prctl(PR_GET_SECUREBITS));
}

/* access(2) asks for the real user, without privilege but where identities do not touch it. */
static void access_keeps(void)
{
    char name[] = "/tmp/lstar-securebits-XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(fchmod(fd, 0));
    CHECK(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
    CHECK(setresuid(1234, 1234, 1234));
    EXPECT_EQ(0, access(name, R_OK));
    CHECK(prctl(PR_SET_SECUREBITS, 0));
    EXPECT_ERRNO(EACCES, access(name, R_OK));
    CHECK(unlink(name));
}

int main(void)
{
    int status;
    pid_t child = CHECK(fork());
    if (child == 0) {
        as_user();
        _exit(0);
    }
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(0, prctl(PR_GET_SECUREBITS));
    if (geteuid() == 0) {
        child = CHECK(fork());
        if (child == 0) {
            access_keeps();
            _exit(0);
        }
        EXPECT_EQ(child, waitpid(child, &status, 0));
        EXPECT_EQ(0, status);
    }
    return 0;
}
