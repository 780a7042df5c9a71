/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOADER_MEMORY_FILE_H
#define LOADER_MEMORY_FILE_H
/*
 * A file that is a piece of the test's memory: read through the loader's callback, mapped through
 * an object that hands out frames with its pages. And an address space to map it into.
 */
#include <stdlib.h>
#include <string.h>

#include "abi/errno.h"
#include "loader/image.h"
#include "mem/mm.h"
#include "mem/uaccess.h"

#define MEMORY_FILE_PAGES 64

struct memory_file {
    struct vm_object object;
    struct ram *ram;
    uint8_t *bytes;
    size_t size;
    frame_t frames[MEMORY_FILE_PAGES]; /* of the pages handed out */
};

static inline long memory_file_read(void *opaque, uint64_t offset, void *to, size_t size)
{
    const struct memory_file *file = opaque;
    if (offset >= file->size)
        return 0;
    size = MIN(size, file->size - offset);
    memcpy(to, file->bytes + offset, size);
    return (long)size;
}

static inline long memory_file_get_page(struct vm_object *object, uint64_t index, bool write,
                                        frame_t *out)
{
    (void)write;
    struct memory_file *file = container_of(object, struct memory_file, object);
    if (index >= MEMORY_FILE_PAGES || index << PAGE_SHIFT >= file->size)
        return -LX_EFAULT;
    if (!file->frames[index]) {
        long err = ram_alloc(file->ram, &file->frames[index]);
        if (err)
            return err;
        size_t offset = index << PAGE_SHIFT;
        memcpy(ram_write(file->ram, file->frames[index]), file->bytes + offset,
               MIN(PAGE_SIZE, file->size - offset));
    }
    ram_get(file->ram, file->frames[index]);
    *out = file->frames[index];
    return 0;
}

static inline void memory_file_ref(struct vm_object *object)
{
    (void)object;
}

static inline void memory_file_describe(struct vm_object *object, struct strbuf *name,
                                        uint64_t *dev, uint64_t *ino)
{
    (void)object;
    strbuf_puts(name, "memory");
    *dev = *ino = 0;
}

static inline const struct vm_object_ops *memory_file_ops(void)
{
    static const struct vm_object_ops ops = {
        .get_page = memory_file_get_page,
        .get = memory_file_ref,
        .put = memory_file_ref,
        .describe = memory_file_describe,
    };
    return &ops;
}

/* `bytes` is borrowed. */
static inline void memory_file_init(struct memory_file *file, struct ram *ram, void *bytes,
                                    size_t size)
{
    memset(file, 0, sizeof *file);
    file->object.ops = memory_file_ops();
    list_init(&file->object.mappings);
    file->ram = ram;
    file->bytes = bytes;
    file->size = size;
}

static inline void memory_file_fini(struct memory_file *file)
{
    for (unsigned i = 0; i < MEMORY_FILE_PAGES; i++)
        if (file->frames[i])
            ram_put(file->ram, file->frames[i]);
}

static inline struct loader_file memory_file_source(struct memory_file *file)
{
    return (struct loader_file){file, memory_file_read, &file->object};
}

/* An arena, RAM, an address space without a CPU. */
struct space {
    struct arena *arena;
    struct ram *ram;
    struct mm *mm;
};

static inline void space_fill(struct space *space)
{
    if (mm_create(space->arena, space->ram, NULL, &space->mm))
        abort();
    space->mm->limits =
        (struct mm_limits){UINT64_MAX, UINT64_MAX, UINT64_MAX, 8u << 20, UINT64_MAX};
    space->mm->mmap_top = 0x7ffff7fff000;
}

static inline void space_create(struct space *space)
{
    if (arena_create(16u << 20, &space->arena) || ram_create(64u << 20, &space->ram))
        abort();
    space_fill(space);
}

/* A fresh address space instead of the one before. */
static inline void space_renew(struct space *space)
{
    mm_put(space->mm);
    space_fill(space);
}

static inline void space_destroy(struct space *space)
{
    mm_put(space->mm);
    ram_destroy(space->ram);
    arena_destroy(space->arena);
}

#endif
