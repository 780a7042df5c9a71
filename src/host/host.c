/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of host handles, and what a snapshot asks of it. A handle is an index; its descriptor
 * never leaves src/host.
 *
 * Invariant: a slot that was open when the table was pinned keeps its descriptor until the pin is
 * gone. Closing it marks it, and the index is not given out again, so that a restored kernel finds
 * the same handle under the same index. The table is a mapping of its own: handles are not part of
 * the arena.
 */
#include "host/internal.h"

#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define DEFAULT_HANDLES 4096
#define MAX_HANDLES 65536

_Static_assert(sizeof(void *) == 8, "hosts are 64-bit");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "hosts are little-endian");

#ifdef __linux__
/* host_error() passes errno on: so Linux's numbers must be ours. */
_Static_assert(LX_EAGAIN == EAGAIN && LX_EDEADLK == EDEADLK && LX_ENAMETOOLONG == ENAMETOOLONG &&
                   LX_ENOSYS == ENOSYS && LX_ENOTEMPTY == ENOTEMPTY && LX_ELOOP == ELOOP &&
                   LX_EOVERFLOW == EOVERFLOW && LX_EOPNOTSUPP == EOPNOTSUPP &&
                   LX_ETIMEDOUT == ETIMEDOUT && LX_EDQUOT == EDQUOT,
               "this host numbers its errors otherwise");
#endif

/*
 * A descriptor of ours never takes a number that a standard stream should have: a process that was
 * started with one of them closed would find our file there. On error it is closed.
 */
static int above_streams(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int higher = fcntl(fd, F_DUPFD_CLOEXEC, 3), saved = errno;
    close(fd);
    errno = saved;
    return higher;
}

/* The pipe of host_wake(). */
static long make_wake_pipe(struct host *host)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return host_error();
    host->wake_read = above_streams(ends[0]);
    host->wake_write = above_streams(ends[1]);
    if (host->wake_read >= 0 && host->wake_write >= 0)
        return 0;
    long err = host_error();
    close(host->wake_read);
    close(host->wake_write);
    return err;
}

long host_create(const struct host_config *config, struct host **out)
{
    unsigned limit = config->max_handles ? config->max_handles : DEFAULT_HANDLES;
    if (limit > MAX_HANDLES)
        return -LX_EINVAL;

    size_t slots = sizeof(struct host) + limit * sizeof(struct host_slot);
    size_t size = slots + (limit + 1) * sizeof(struct pollfd);
    void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED)
        return -LX_ENOMEM;
    struct host *host = map;
    long err = make_wake_pipe(host);
    if (err) {
        munmap(map, size);
        return err;
    }
    host->mapped = size;
    host->limit = limit;
    host->stop_at = UINT64_MAX;
    host->polls = (struct pollfd *)((char *)map + slots);
    host->deterministic = config->deterministic;
    host_entropy_seed(host, config->seed);
    *out = host;
    return 0;
}

void host_destroy(struct host *host)
{
    if (!host)
        return;
    host_terminal_restore(host);
    for (unsigned i = 0; i < host->limit; i++) {
        struct host_slot *slot = &host->slots[i];
        if (slot->state != SLOT_FREE && !slot->adopted)
            close(slot->fd);
    }
    close(host->wake_read);
    close(host->wake_write);
    munmap(host, host->mapped);
}

unsigned host_handles(const struct host *host)
{
    return host->used;
}

struct host_slot *host_slot(struct host *host, host_handle_t handle)
{
    if (handle < 0 || (unsigned)handle >= host->limit || host->slots[handle].state != SLOT_OPEN)
        return NULL;
    return &host->slots[handle];
}

int host_fd(struct host *host, host_handle_t handle)
{
    const struct host_slot *slot = host_slot(host, handle);
    return slot ? slot->fd : -1;
}

bool host_has_room(struct host *host)
{
    unsigned i = host->search_from;
    while (i < host->limit && host->slots[i].state != SLOT_FREE)
        i++;
    host->search_from = i;
    return i < host->limit;
}

long host_enter(struct host *host, int fd, bool adopted, host_handle_t *out)
{
    if (!host_has_room(host)) {
        if (!adopted)
            close(fd);
        return -LX_ENFILE;
    }
    if (!adopted)
        fd = above_streams(fd);
    if (fd < 0)
        return host_error();
    unsigned i = host->search_from;
    host->slots[i] = (struct host_slot){.fd = fd, .state = SLOT_OPEN, .adopted = adopted};
    host->search_from = i + 1;
    host->used++;
    *out = (host_handle_t)i;
    return 0;
}

static void slot_free(struct host *host, unsigned index)
{
    struct host_slot *slot = &host->slots[index];
    if (!slot->adopted)
        close(slot->fd);
    *slot = (struct host_slot){0};
    host->used--;
    host->search_from = MIN(host->search_from, index);
}

void host_close(struct host *host, host_handle_t handle)
{
    struct host_slot *slot = host_slot(host, handle);
    if (!slot)
        return;
    if (slot->pinned)
        slot->state = SLOT_CLOSED_PINNED;
    else
        slot_free(host, (unsigned)handle);
}

long host_pin(struct host *host)
{
    if (host->pinned)
        return -LX_EBUSY;
    host->pinned = true;
    memcpy(host->pinned_random, host->random, sizeof host->random);
    for (unsigned i = 0; i < host->limit; i++) {
        struct host_slot *slot = &host->slots[i];
        slot->pinned = slot->state == SLOT_OPEN;
        if (slot->pinned && slot->seekable)
            slot->pinned_position = lseek(slot->fd, 0, SEEK_CUR);
    }
    return 0;
}

void host_restore(struct host *host)
{
    if (!host->pinned)
        return;
    memcpy(host->random, host->pinned_random, sizeof host->random);
    for (unsigned i = 0; i < host->limit; i++) {
        struct host_slot *slot = &host->slots[i];
        if (slot->state == SLOT_OPEN && !slot->pinned)
            slot_free(host, i);
        else if (slot->pinned)
            slot->state = SLOT_OPEN;
        if (slot->pinned && slot->seekable)
            lseek(slot->fd, slot->pinned_position, SEEK_SET);
    }
}

void host_unpin(struct host *host)
{
    host->pinned = false;
    for (unsigned i = 0; i < host->limit; i++) {
        struct host_slot *slot = &host->slots[i];
        slot->pinned = false;
        if (slot->state == SLOT_CLOSED_PINNED)
            slot_free(host, i);
    }
}
