/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose rights does a set-user-ID program have? Its owner's, unless no_new_privs is set. */
#include "guest_test.h"

#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define OTHER_USER 12345
#define OTHER_GROUP 23456

static void copy_self(const char *name)
{
    static char buffer[65536];
    int from = CHECK(open((char *)getauxval(AT_EXECFN), O_RDONLY));
    int to = CHECK(open(name, O_WRONLY | O_CREAT | O_EXCL, 0700));
    ssize_t got;
    while ((got = CHECK(read(from, buffer, sizeof buffer))) > 0)
        EXPECT_EQ(got, write(to, buffer, (size_t)got));
    CHECK(close(to));
    CHECK(close(from));
}

static void check_ids(int euid, int egid, int secure)
{
    uid_t real, effective, saved;
    CHECK(getresuid(&real, &effective, &saved));
    EXPECT_EQ(euid, effective);
    EXPECT_EQ(euid, saved);
    EXPECT_EQ(euid, getauxval(AT_EUID));
    EXPECT_EQ(real, getauxval(AT_UID));
    CHECK(getresgid(&real, &effective, &saved));
    EXPECT_EQ(egid, effective);
    EXPECT_EQ(egid, saved);
    EXPECT_EQ(egid, getauxval(AT_EGID));
    EXPECT_EQ(secure, getauxval(AT_SECURE));
    EXPECT_EQ(!secure, prctl(PR_GET_DUMPABLE));
}

static void next(const char *name, const char *step)
{
    char *argv[] = {"setid", (char *)step, (char *)name, NULL}, *envp[] = {NULL};
    CHECK(execve(name, argv, envp));
}

int main(int argc, char **argv)
{
    static char name[] = "/tmp/setidXXXXXX";
    struct statvfs place;
    CHECK(statvfs("/tmp", &place));
    int root = geteuid() == 0 && !(place.f_flag & ST_NOSUID);
    if (argc == 1) {
        int fd = CHECK(mkstemp(name));
        CHECK(close(fd));
        CHECK(unlink(name));
        copy_self(name);
        if (root)
            CHECK(chown(name, OTHER_USER, OTHER_GROUP));
        CHECK(chmod(name, 06711));
        next(name, root ? "changed" : "own");
    }
    EXPECT_EQ(3, argc);
    if (strcmp(argv[1], "own") == 0) {
        /* Its owner is who we are already. */
        check_ids((int)getuid(), (int)getgid(), 0);
        CHECK(unlink(argv[2]));
        return 0;
    }
    if (strcmp(argv[1], "changed") == 0) {
        check_ids(OTHER_USER, OTHER_GROUP, 1);
        CHECK(setresgid(0, 0, (gid_t)-1));
        CHECK(setresuid(0, 0, 0));
        CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        next(argv[2], "forbidden");
    }
    EXPECT(strcmp(argv[1], "forbidden") == 0);
    check_ids(0, 0, 0);
    CHECK(unlink(argv[2]));
    return 0;
}
