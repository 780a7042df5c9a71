/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SCM_CREDENTIALS: whose a message is, when that is kept and told, and what a process may claim to
 * be (unix(7)).
 */
#include "socket_test.h"

#include <sys/wait.h>

#define NOBODY 65534

static void pass_credentials(int fd, int on)
{
    CHECK(setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on));
}

/* A byte with the sender's claim, of a type and length that may be wrong. sendmsg(2)'s result. */
static long send_claim(int to, int type, size_t length, struct ucred claim)
{
    union {
        char bytes[CMSG_SPACE(sizeof claim)];
        struct cmsghdr header;
    } control = {.header = {CMSG_LEN(length), SOL_SOCKET, type}};
    memcpy(CMSG_DATA(&control.header), &claim, sizeof claim);
    struct iovec iov = {"c", 1};
    struct msghdr msg = {.msg_iov = &iov,
                         .msg_iovlen = 1,
                         .msg_control = &control,
                         .msg_controllen = sizeof control};
    return sendmsg(to, &msg, 0);
}

static struct ucred myself(void)
{
    return (struct ucred){getpid(), getuid(), getgid()};
}

struct received {
    long bytes;
    int flags;
    size_t control_length, length; /* of all, of the message in it */
    struct ucred sender;
};

static struct received take(int from, size_t most, size_t room)
{
    union {
        char bytes[64];
        struct cmsghdr header;
    } control = {{0}};
    char text[64];
    struct iovec iov = {text, most};
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = room};
    struct received got = {.bytes = recvmsg(from, &msg, MSG_DONTWAIT)};
    got.flags = msg.msg_flags;
    got.control_length = msg.msg_controllen;
    got.length = control.header.cmsg_len;
    memcpy(&got.sender, CMSG_DATA(&control.header), sizeof got.sender);
    if (got.bytes >= 0 && got.control_length >= sizeof control.header)
        EXPECT_EQ(SCM_CREDENTIALS, control.header.cmsg_type);
    return got;
}

static void expect_sender(struct received got, pid_t pid, uid_t uid, gid_t gid)
{
    EXPECT_EQ(1, got.bytes);
    EXPECT_EQ(CMSG_LEN(sizeof got.sender), got.length);
    EXPECT_EQ(pid, got.sender.pid);
    EXPECT_EQ(uid, got.sender.uid);
    EXPECT_EQ(gid, got.sender.gid);
}

/* Who sent it counts, and is kept only where an end has the option at that time. */
static void check_kept(int type)
{
    int ends[2], status;
    make_pair(type, ends);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    EXPECT_EQ(1, send_claim(ends[0], SCM_CREDENTIALS, sizeof(struct ucred), myself()));
    pass_credentials(ends[1], 1);
    expect_sender(take(ends[1], 1, 64), 0, NOBODY, NOBODY);
    expect_sender(take(ends[1], 1, 64), getpid(), getuid(), getgid());
    pid_t child = CHECK(fork());
    if (child == 0)
        _exit(write(ends[0], "x", 1) != 1);
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
    expect_sender(take(ends[1], 1, 64), child, getuid(), getgid());
    pass_credentials(ends[1], 0);
    pass_credentials(ends[0], 1);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    EXPECT_EQ(0, take(ends[1], 0, 64).control_length);
    if (type == SOCK_STREAM) {
        pass_credentials(ends[1], 1);
        expect_sender(take(ends[1], 1, 64), getpid(), getuid(), getgid());
    }
    close(ends[0]);
    close(ends[1]);
}

/* A receiver that wants to know gets one sender's bytes at a time. */
static void check_apart(void)
{
    int ends[2];
    make_pair(SOCK_STREAM, ends);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    EXPECT_EQ(1, write(ends[0], "x", 1));
    pass_credentials(ends[1], 1);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    EXPECT_EQ(1, write(ends[0], "x", 1));
    struct received got = take(ends[1], 40, 64);
    EXPECT_EQ(2, got.bytes);
    EXPECT_EQ(0, got.sender.pid);
    got = take(ends[1], 40, 64);
    EXPECT_EQ(2, got.bytes);
    EXPECT_EQ(getpid(), got.sender.pid);
    pass_credentials(ends[1], 0);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    pass_credentials(ends[1], 1);
    EXPECT_EQ(1, write(ends[0], "x", 1));
    char text[8];
    EXPECT_EQ(1, recv(ends[1], text, sizeof text, MSG_PEEK)); /* whoever asks, and how */
    pass_credentials(ends[1], 0);
    EXPECT_EQ(2, take(ends[1], 40, 64).bytes);
    close(ends[0]);
    close(ends[1]);
}

/* As much as there is room for. */
static void check_room(void)
{
    int ends[2];
    make_pair(SOCK_DGRAM, ends);
    pass_credentials(ends[1], 1);
    for (int i = 0; i < 4; i++)
        EXPECT_EQ(1, write(ends[0], "x", 1));
    struct received got = take(ends[1], 1, 20);
    EXPECT_EQ(MSG_CTRUNC, got.flags);
    EXPECT_EQ(20, got.control_length);
    EXPECT_EQ(20, got.length);
    EXPECT_EQ(getpid(), got.sender.pid);
    got = take(ends[1], 1, 16);
    EXPECT_EQ(MSG_CTRUNC, got.flags);
    EXPECT_EQ(16, got.control_length);
    got = take(ends[1], 1, 15);
    EXPECT_EQ(MSG_CTRUNC, got.flags);
    EXPECT_EQ(0, got.control_length);
    got = take(ends[1], 1, 28);
    EXPECT_EQ(0, got.flags);
    EXPECT_EQ(28, got.control_length);
    close(ends[0]);
    close(ends[1]);
}

static void check_form(int to)
{
    struct ucred claim = myself();
    EXPECT_ERRNO(EINVAL, send_claim(to, SCM_CREDENTIALS, sizeof claim - 4, claim));
    EXPECT_ERRNO(EINVAL, send_claim(to, 99, sizeof claim, claim));
    claim.uid = (uid_t)-1;
    EXPECT_ERRNO(EINVAL, send_claim(to, SCM_CREDENTIALS, sizeof claim, claim));
    claim = myself();
    claim.gid = (gid_t)-1;
    EXPECT_ERRNO(EINVAL, send_claim(to, SCM_CREDENTIALS, sizeof claim, claim));
}

/* Without capabilities: none but one's own. */
static void claim_as_user(int to)
{
    struct ucred mine = myself(), claim = mine;
    EXPECT_EQ(1, send_claim(to, SCM_CREDENTIALS, sizeof claim, claim));
    claim.pid = getppid();
    EXPECT_ERRNO(EPERM, send_claim(to, SCM_CREDENTIALS, sizeof claim, claim));
    claim = mine;
    claim.uid = 7;
    EXPECT_ERRNO(EPERM, send_claim(to, SCM_CREDENTIALS, sizeof claim, claim));
    claim = mine;
    claim.gid = 7;
    EXPECT_ERRNO(EPERM, send_claim(to, SCM_CREDENTIALS, sizeof claim, claim));
}

static void check_claims(void)
{
    int ends[2], status;
    make_pair(SOCK_DGRAM, ends);
    check_form(ends[0]);
    struct ucred claim = {getpid(), 7, 8};
    if (capable(CAP_SETUID) && capable(CAP_SETGID))
        EXPECT_EQ(1, send_claim(ends[0], SCM_CREDENTIALS, sizeof claim, claim));
    if (capable(CAP_SYS_ADMIN)) {
        claim = (struct ucred){0x3ffffff, getuid(), getgid()};
        EXPECT_ERRNO(ESRCH, send_claim(ends[0], SCM_CREDENTIALS, sizeof claim, claim));
    }
    pid_t child = CHECK(fork());
    if (child == 0) {
        if (geteuid() == 0) {
            CHECK(setresgid(1234, 1235, 1236));
            CHECK(setresuid(1234, 1235, 1236));
            struct ucred saved = {getpid(), 1236, 1236};
            EXPECT_EQ(1, send_claim(ends[0], SCM_CREDENTIALS, sizeof saved, saved));
        }
        claim_as_user(ends[0]);
        _exit(0);
    }
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
}

int main(void)
{
    check_kept(SOCK_STREAM);
    check_kept(SOCK_DGRAM);
    check_apart();
    check_room();
    check_claims();
    return 0;
}
