/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCM_RIGHTS: descriptors reach another process, close-on-exec as asked, and no more of them than
 * there is room for. */
#include "socket_test.h"

#include <sys/stat.h>
#include <sys/wait.h>

static void check_other_process(void)
{
    int ends[2], pipe_ends[2], status, flags;
    char byte;
    make_pair(SOCK_STREAM, ends);
    pid_t child = CHECK(fork());
    if (child == 0) {
        CHECK(pipe(pipe_ends));
        EXPECT_EQ(1, send_files(ends[1], 'a', pipe_ends, 1));
        EXPECT_EQ(1, write(pipe_ends[1], "q", 1));
        _exit(0);
    }
    int fd = -1;
    EXPECT_EQ(1, receive_files(ends[0], &fd, 1, 0, &flags));
    EXPECT_EQ(0, flags);
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
    EXPECT_EQ(1, read(fd, &byte, 1));
    EXPECT_EQ('q', byte);
    EXPECT_EQ(0, read(fd, &byte, 1));
    EXPECT_EQ(0, fcntl(fd, F_GETFD));
    close(fd);
    close(ends[0]);
    close(ends[1]);
}

static void check_room(void)
{
    int ends[2], flags, got[8];
    make_pair(SOCK_STREAM, ends);
    int three[3] = {0, 1, 2};
    EXPECT_EQ(1, send_files(ends[1], 'a', three, 3));
    EXPECT_EQ(2, receive_files(ends[0], got, 2, MSG_CMSG_CLOEXEC, &flags));
    EXPECT_EQ(MSG_CTRUNC, flags & MSG_CTRUNC);
    EXPECT_EQ(FD_CLOEXEC, fcntl(got[0], F_GETFD));
    close(got[0]);
    close(got[1]);

    /* Nobody asked for them: read(2) takes the byte, the files are let go of. */
    char byte;
    int pipe_ends[2];
    CHECK(pipe(pipe_ends));
    EXPECT_EQ(1, send_files(ends[1], 'b', &pipe_ends[1], 1));
    close(pipe_ends[1]);
    EXPECT_EQ(1, read(ends[0], &byte, 1));
    EXPECT_EQ(0, read(pipe_ends[0], &byte, 1));

    int many[254];
    for (int i = 0; i < 254; i++)
        many[i] = 1;
    EXPECT_EQ(1, send_files(ends[1], 'c', many, 253));
    EXPECT_EQ(253, receive_files(ends[0], many, 253, MSG_PEEK, &flags));
    for (int i = 0; i < 253; i++)
        CHECK(close(many[i]));
    EXPECT_EQ(1, read(ends[0], &byte, 1));
    for (int i = 0; i < 254; i++)
        many[i] = 1;
    EXPECT_ERRNO(EINVAL, send_files(ends[1], 'd', many, 254));
    many[3] = 777;
    EXPECT_ERRNO(EBADF, send_files(ends[1], 'd', many, 4));
    /* Bytes of two messages with files are not joined. */
    EXPECT_EQ(1, send_files(ends[1], 'e', three, 1));
    EXPECT_EQ(1, send_files(ends[1], 'f', three, 1));
    char two[2];
    EXPECT_EQ(1, read(ends[0], two, 2));
    EXPECT_EQ('e', two[0]);
    EXPECT_EQ(1, read(ends[0], two, 2));
}

/* A socket that waits in its own queue is let go of when nobody has it any more: there is room for
 * the next. */
static void check_cycle(void)
{
    for (int i = 0; i < 20000; i++) {
        int ends[2];
        make_pair(SOCK_STREAM, ends);
        EXPECT_EQ(1, send_files(ends[0], 'x', ends, 2));
        close(ends[0]);
        close(ends[1]);
    }
}

/* Sockets in the queues of sockets in the queues of sockets: one close ends them all. */
static void check_chain(void)
{
    int inner[2], outer[2], pipe_ends[2];
    char byte;
    CHECK(pipe(pipe_ends));
    make_pair(SOCK_STREAM, inner);
    EXPECT_EQ(1, send_files(inner[0], 'x', &pipe_ends[1], 1));
    close(pipe_ends[1]);
    close(inner[0]);
    for (int i = 0; i < 800; i++) {
        make_pair(SOCK_STREAM, outer);
        EXPECT_EQ(1, send_files(outer[0], 'x', &inner[1], 1));
        close(inner[1]);
        close(outer[0]);
        inner[1] = outer[1];
    }
    CHECK(fcntl(pipe_ends[0], F_SETFL, O_NONBLOCK));
    EXPECT_ERRNO(EAGAIN, read(pipe_ends[0], &byte, 1));
    close(inner[1]);
    CHECK(fcntl(pipe_ends[0], F_SETFL, 0));
    EXPECT_EQ(0, read(pipe_ends[0], &byte, 1));
}

int main(void)
{
    check_other_process();
    check_room();
    check_cycle();
    check_chain();
    return 0;
}
