/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef GUEST_TEST_H
#define GUEST_TEST_H
/*
 * What a guest test needs: an ordinary static program that checks itself. It exits 0 when all held,
 * 1 with a line for the first thing that did not. It passes natively and in lstar, or it is wrong.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FAIL(...)                                                                                  \
    do {                                                                                           \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                            \
        fprintf(stderr, __VA_ARGS__);                                                              \
        fputc('\n', stderr);                                                                       \
        _exit(1);                                                                                  \
    } while (0)

/* The condition holds. */
#define EXPECT(cond)                                                                               \
    do {                                                                                           \
        if (!(cond))                                                                               \
            FAIL("not so: %s (errno %d)", #cond, errno);                                           \
    } while (0)

/* Two integers are equal. */
#define EXPECT_EQ(want, got)                                                                       \
    do {                                                                                           \
        long long want_ = (long long)(want), got_ = (long long)(got);                              \
        if (want_ != got_)                                                                         \
            FAIL("%s: want %lld (%#llx), got %lld (%#llx), errno %d", #got, want_, want_, got_,    \
                 got_, errno);                                                                     \
    } while (0)

/* The call fails with this errno. */
#define EXPECT_ERRNO(number, call)                                                                 \
    do {                                                                                           \
        errno = 0;                                                                                 \
        long long got_ = (long long)(call);                                                        \
        if (got_ != -1 || errno != (number))                                                       \
            FAIL("%s: want -1 with errno %d, got %lld with errno %d", #call, (number), got_,       \
                 errno);                                                                           \
    } while (0)

/* The call succeeds (is not -1); its value. */
#define CHECK(call)                                                                                \
    ({                                                                                             \
        errno = 0;                                                                                 \
        __typeof__(call) got_ = (call);                                                            \
        if ((long long)got_ == -1)                                                                 \
            FAIL("%s failed: %s", #call, strerror(errno));                                         \
        got_;                                                                                      \
    })

#endif
