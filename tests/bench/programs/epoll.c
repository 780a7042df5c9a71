/* SPDX-License-Identifier: GPL-2.0-or-later */
/* epoll over 1,000 pipes of which one is ready, another one each time: argv[1] times. */
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>
#include "bench.h"

enum { PIPES = 1000 };

static int ends[PIPES][2];

/* The epoll descriptor that watches every pipe's reading end. */
static int watch_all(void)
{
    struct rlimit files;
    int epoll = epoll_create1(0);

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    for (int i = 0; i < PIPES; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
        if (pipe(ends[i]) || epoll_ctl(epoll, EPOLL_CTL_ADD, ends[i][0], &event))
            bench_fail("pipe");
    }
    return epoll;
}

int main(int argc, char **argv)
{
    long rounds = bench_rounds(argc, argv, 10000);
    uint64_t sum = 0, random = 88172645463325252ull;
    int epoll = watch_all();

    for (long r = 0; r < rounds; r++) {
        struct epoll_event ready[8];
        char byte = 0;
        if (write(ends[bench_random(&random) % PIPES][1], &byte, 1) != 1 ||
            epoll_wait(epoll, ready, 8, -1) != 1 || read(ends[ready[0].data.u32][0], &byte, 1) != 1)
            bench_fail("epoll");
        sum = sum * 31 + ready[0].data.u32;
    }
    return bench_done(sum);
}
