/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptor tables: an array that doubles. Invariant: no descriptor below next_free is free.
 */
#include "vfs/fdtable.h"

#include <string.h>

#include "abi/errno.h"
#include "vfs/locks.h"

#define FIRST_ROOM 64u

static size_t words(unsigned room)
{
    return (room + 63u) / 64u;
}

long fdtable_create(struct vfs *vfs, struct fdtable **out)
{
    struct fdtable *table = arena_alloc(vfs->arena, sizeof *table);
    if (!table)
        return -LX_ENOMEM;
    table->vfs = vfs;
    table->refs = 1;
    table->files = arena_alloc(vfs->arena, FIRST_ROOM * sizeof *table->files);
    table->cloexec = arena_alloc(vfs->arena, words(FIRST_ROOM) * sizeof *table->cloexec);
    if (!table->files || !table->cloexec) {
        arena_free(vfs->arena, table->files);
        arena_free(vfs->arena, table->cloexec);
        arena_free(vfs->arena, table);
        return -LX_ENOMEM;
    }
    table->room = FIRST_ROOM;
    *out = table;
    return 0;
}

/* Room for descriptor `fd`. */
static long grow(struct fdtable *table, unsigned fd)
{
    unsigned room = table->room;
    while (room <= fd)
        room *= 2;
    struct arena *arena = table->vfs->arena;
    uint64_t *cloexec = arena_realloc(arena, table->cloexec, words(room) * sizeof *cloexec);
    if (!cloexec)
        return -LX_ENOMEM;
    table->cloexec = cloexec;
    struct file **files = arena_realloc(arena, table->files, room * sizeof(struct file *));
    if (!files)
        return -LX_ENOMEM;
    table->files = files;
    table->room = room;
    return 0;
}

static void set_bit(struct fdtable *table, unsigned fd, bool on)
{
    uint64_t bit = UINT64_C(1) << (fd % 64);
    if (on)
        table->cloexec[fd / 64] |= bit;
    else
        table->cloexec[fd / 64] &= ~bit;
}

long fdtable_clone(struct fdtable *table, struct fdtable **out)
{
    struct fdtable *copy;
    long err = fdtable_create(table->vfs, &copy);
    if (err)
        return err;
    int last = -1;
    for (int fd = fdtable_next(table, 0); fd >= 0; fd = fdtable_next(table, fd + 1))
        last = fd;
    if (last >= 0 && (unsigned)last >= copy->room) {
        err = grow(copy, (unsigned)last);
        if (err) {
            fdtable_put(copy);
            return err;
        }
    }
    for (int fd = 0; fd <= last; fd++) {
        copy->files[fd] = table->files[fd];
        if (copy->files[fd])
            file_get(copy->files[fd]);
        set_bit(copy, (unsigned)fd, fdtable_cloexec(table, fd));
    }
    copy->next_free = table->next_free;
    *out = copy;
    return 0;
}

/* What each close does to the open file; the descriptor is free already. */
static long close_file(struct fdtable *table, struct file *file)
{
    long err = file->ops->flush ? file->ops->flush(file) : 0;
    if (file->inode && file->inode->locks && !(file->flags & LX_O_PATH))
        file_locks_close(file, table);
    file_put(file);
    return err;
}

void fdtable_put(struct fdtable *table)
{
    if (--table->refs > 0)
        return;
    fdtable_close_range(table, 0, UINT32_MAX);
    struct arena *arena = table->vfs->arena;
    arena_free(arena, table->files);
    arena_free(arena, table->cloexec);
    arena_free(arena, table);
}

static unsigned lowest_free(const struct fdtable *table, unsigned from)
{
    unsigned fd = MAX(from, table->next_free);
    while (fd < table->room && table->files[fd])
        fd++;
    return fd;
}

/* A free descriptor >= from with room for it. */
static long find_free(struct fdtable *table, unsigned from, uint64_t limit)
{
    limit = MIN(limit, FDTABLE_MAX);
    if (from >= limit)
        return -LX_EMFILE;
    unsigned fd = lowest_free(table, from);
    if (fd >= limit)
        return -LX_EMFILE;
    if (fd >= table->room) {
        long err = grow(table, fd);
        if (err)
            return err;
    }
    return (long)fd;
}

long fdtable_can_install(struct fdtable *table, uint64_t limit)
{
    long fd = find_free(table, 0, limit);
    return fd < 0 ? fd : 0;
}

long fdtable_install_from(struct fdtable *table, struct file *file, unsigned from, uint64_t limit,
                          bool cloexec)
{
    long fd = find_free(table, from, limit);
    if (fd < 0) {
        file_put(file);
        return fd;
    }
    table->files[fd] = file;
    set_bit(table, (unsigned)fd, cloexec);
    if (from <= table->next_free)
        table->next_free = (unsigned)fd + 1;
    return fd;
}

long fdtable_install_at(struct fdtable *table, struct file *file, int fd, uint64_t limit,
                        bool cloexec)
{
    long err = fd < 0 || (uint64_t)fd >= MIN(limit, FDTABLE_MAX) ? -LX_EBADF : 0;
    if (!err && (unsigned)fd >= table->room)
        err = grow(table, (unsigned)fd);
    if (err) {
        file_put(file);
        return err;
    }
    struct file *old = table->files[fd];
    table->files[fd] = file;
    set_bit(table, (unsigned)fd, cloexec);
    if (old)
        (void)!close_file(table, old); /* dup2(2): an error of the old file's close is lost */
    return fd;
}

/* The descriptor becomes free. Its file, the table's reference with it. */
static struct file *take(struct fdtable *table, unsigned fd)
{
    struct file *file = table->files[fd];
    table->files[fd] = NULL;
    set_bit(table, fd, false);
    if (fd < table->next_free)
        table->next_free = fd;
    return file;
}

long fdtable_close(struct fdtable *table, int fd)
{
    if (!fdtable_get_any(table, fd))
        return -LX_EBADF;
    return close_file(table, take(table, (unsigned)fd));
}

void fdtable_close_range(struct fdtable *table, unsigned first, unsigned last)
{
    for (unsigned fd = first; fd < table->room && fd <= last; fd++)
        if (table->files[fd])
            (void)!close_file(table, take(table, fd));
}

void fdtable_set_cloexec_range(struct fdtable *table, unsigned first, unsigned last)
{
    for (unsigned fd = first; fd < table->room && fd <= last; fd++)
        if (table->files[fd])
            set_bit(table, fd, true);
}

bool fdtable_cloexec(const struct fdtable *table, int fd)
{
    return (table->cloexec[fd / 64] >> (fd % 64)) & 1;
}

void fdtable_set_cloexec(struct fdtable *table, int fd, bool cloexec)
{
    set_bit(table, (unsigned)fd, cloexec);
}

void fdtable_close_on_exec(struct fdtable *table)
{
    for (unsigned fd = 0; fd < table->room; fd++)
        if (table->files[fd] && fdtable_cloexec(table, (int)fd))
            (void)!close_file(table, take(table, fd));
}

int fdtable_next(const struct fdtable *table, int fd)
{
    for (unsigned at = fd < 0 ? 0 : (unsigned)fd; at < table->room; at++)
        if (table->files[at])
            return (int)at;
    return -1;
}
