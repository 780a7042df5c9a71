/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_HOST_HOST_H
#define LSTAR_HOST_HOST_H
/*
 * The one boundary to the host: its clocks, its entropy, its files, its descriptors. All
 * nondeterminism enters here. The host's errno is translated here; everything returns ≥ 0 or
 * -LX_E…. Host objects are named by handles, indices of one table, so that a snapshot of the kernel
 * can hold them: while handles are pinned, closing one only marks it.
 */
#include "base/compiler.h"

struct host;

/* An index of the handle table; never a host descriptor. */
typedef int32_t host_handle_t;
#define HOST_NONE ((host_handle_t)-1)

struct host_config {
    bool deterministic; /* entropy comes from `seed` */
    uint64_t seed;
    unsigned max_handles; /* limit of the table; 0: 4096 */
};

MUST_CHECK long host_create(const struct host_config *config, struct host **out);
void host_destroy(struct host *host);

/* Nanoseconds: since the epoch, since some start (with and without suspend). */
uint64_t host_realtime(struct host *host);
uint64_t host_monotonic(struct host *host);
uint64_t host_boottime(struct host *host);

/* Random bytes: the host's, or the seeded stream's. */
void host_entropy(struct host *host, void *bytes, size_t size);

/* How long the host has been up, ns: CLOCK_BOOTTIME. */
uint64_t host_uptime(struct host *host);

/* Give a handle back. HOST_NONE is let pass. Adopted streams are not closed on the host. */
void host_close(struct host *host, host_handle_t handle);

/*
 * Keep what handles refer to until host_unpin(): a snapshot refers to them. The handle table itself
 * (open or closed) is set back by host_restore(); the seeded entropy stream and file positions of
 * streams too where the host can.
 */
MUST_CHECK long host_pin(struct host *host);
void host_restore(struct host *host);
void host_unpin(struct host *host);

/* Handles in use. */
unsigned host_handles(const struct host *host);

/* --- readiness (poll.c) --- */
/*
 * Numbered as Linux's POLLIN, POLLOUT, POLLERR and POLLHUP: a stream's poll passes them on as they
 * are.
 */
enum host_ready { HOST_READABLE = 1, HOST_WRITABLE = 4, HOST_ERROR = 8, HOST_HANGUP = 16 };

struct host_poll {
    host_handle_t handle;
    unsigned events; /* HOST_READABLE | HOST_WRITABLE wanted */
    unsigned ready;  /* what is: filled in */
};
/*
 * Wait until one is ready or `timeout` nanoseconds have passed (UINT64_MAX: for ever; 0: look
 * only). How many are ready; 0 also when host_wake() or a host signal ended the wait early.
 * -LX_EINVAL: more polls than the table holds handles.
 */
MUST_CHECK long host_wait(struct host *host, struct host_poll *polls, unsigned count,
                          uint64_t timeout);
/* Make a host_wait() in progress, or the next one, return; async-signal- and thread-safe. */
void host_wake(struct host *host);

/* --- ending long work (stop.c) --- */
/* Ask the thread that runs the machine to stop soon: async-signal- and thread-safe. */
void host_stop(struct host *host);
/* Was that asked? Then it is no longer. */
bool host_take_stop(struct host *host);
/*
 * What a person did at the terminal, kept until the machine looks: async-signal- and thread-safe.
 */
enum host_key {
    HOST_KEY_INTERRUPT = 1,
    HOST_KEY_QUIT = 2,
    HOST_KEY_SUSPEND = 4,
    HOST_KEY_WINDOW = 8, /* another size */
    HOST_KEY_HANGUP = 16,
};
void host_key(struct host *host, enum host_key key);
/* All since the last call. */
unsigned host_take_keys(struct host *host);

/* From host_monotonic() `deadline` on, host_must_stop(). UINT64_MAX, as at first: never. */
void host_stop_at(struct host *host, uint64_t deadline);
/*
 * Shall work that takes long end now, done or not? Asked by whoever moves many bytes or looks at
 * many things for one system call; now and then, for it reads a clock where there is a deadline.
 */
bool host_must_stop(struct host *host);

#endif
