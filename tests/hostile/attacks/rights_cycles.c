/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets that are sent into each other and closed, in rings and in long chains. */
#include "attack.h"

#include <sys/socket.h>
#include <sys/uio.h>

static void send_fd(int by, int what)
{
    char byte = 0;
    struct iovec part = {&byte, 1};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &what, sizeof what);
    sendmsg(by, &message, MSG_DONTWAIT);
}

static void ring(void)
{
    int a[2], b[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, a) || socketpair(AF_UNIX, SOCK_DGRAM, 0, b))
        return;
    send_fd(a[0], a[0]);
    send_fd(a[0], b[1]);
    send_fd(b[0], a[1]);
    send_fd(b[1], b[0]);
    close(a[0]);
    close(a[1]);
    close(b[0]);
    close(b[1]);
}

/* Each pair's one end waits in the next pair's queue: closing the last frees them all. */
static void chain(unsigned length)
{
    int last = open("/dev/null", O_RDONLY);
    while (length-- > 0) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
            break;
        send_fd(pair[0], last);
        close(pair[0]);
        close(last);
        last = pair[1];
    }
    close(last);
}

int main(void)
{
    for (int i = 0; i < 2; i++)
        fork();
    for (unsigned turn = 0;; turn++) {
        ring();
        if (turn % 1000 == 0)
            chain(20000);
    }
}
