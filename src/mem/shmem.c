/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shared anonymous memory, as mmap(2) with MAP_SHARED | MAP_ANONYMOUS makes it. Linux shows it as
 * the deleted file /dev/zero.
 */
#include "mem/shmem.h"

#include "abi/errno.h"
#include "mem/frames.h"

struct shmem {
    struct vm_object object;
    struct arena *arena;
    struct ram *ram;
    unsigned refs;
    uint64_t pages;            /* its size */
    struct frame_array frames; /* those that were touched */
};

static struct shmem *shmem_of(struct vm_object *object)
{
    return container_of(object, struct shmem, object);
}

static long get_page(struct vm_object *object, uint64_t index, bool write UNUSED, frame_t *out)
{
    struct shmem *shmem = shmem_of(object);
    if (index >= shmem->pages)
        return -LX_EFAULT;
    frame_t frame = frames_get(&shmem->frames, index);
    if (frame == FRAME_NONE) {
        long err = ram_alloc(shmem->ram, &frame);
        if (err)
            return err;
        err = frames_set(&shmem->frames, index, frame);
        if (err) {
            ram_put(shmem->ram, frame);
            return err;
        }
    }
    ram_get(shmem->ram, frame);
    *out = frame;
    return 0;
}

static void get(struct vm_object *object)
{
    shmem_of(object)->refs++;
}

static void put(struct vm_object *object)
{
    struct shmem *shmem = shmem_of(object);
    if (--shmem->refs)
        return;
    frames_drop(&shmem->frames, shmem->ram, 0, UINT64_MAX);
    arena_free(shmem->arena, shmem);
}

static long punch(struct vm_object *object, uint64_t first, uint64_t count)
{
    struct shmem *shmem = shmem_of(object);
    if (count == 0)
        return 0;
    vm_object_punch_pages(object, first, count);
    frames_drop(&shmem->frames, shmem->ram, first, first + count - 1);
    return 0;
}

static bool resident(struct vm_object *object, uint64_t index)
{
    return frames_get(&shmem_of(object)->frames, index) != FRAME_NONE;
}

static void describe(struct vm_object *object UNUSED, struct strbuf *name, uint64_t *dev,
                     uint64_t *ino)
{
    strbuf_puts(name, "/dev/zero (deleted)");
    *dev = 1;
    *ino = 1;
}

static const struct vm_object_ops shmem_ops = {
    .get_page = get_page,
    .get = get,
    .put = put,
    .remove = punch,
    .resident = resident,
    .describe = describe,
};

long shmem_create(struct arena *arena, struct ram *ram, uint64_t pages, struct vm_object **out)
{
    struct shmem *shmem = arena_alloc(arena, sizeof *shmem);
    if (!shmem)
        return -LX_ENOMEM;
    shmem->object.ops = &shmem_ops;
    list_init(&shmem->object.mappings);
    shmem->arena = arena;
    shmem->ram = ram;
    shmem->refs = 1;
    shmem->pages = pages;
    frames_init(&shmem->frames, arena);
    *out = &shmem->object;
    return 0;
}
