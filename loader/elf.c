/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ELF headers (elf(5)), read through a callback and checked as Linux checks them: in its order,
 * with its errors, and no stricter than it is. So e_ident's class and byte order, e_version and
 * e_ehsize are not looked at: Linux does not either (tests/real/loader proves each).
 * Invariant: an image has between 1 and 65536 / 56 segments, all of them read from the file.
 */
#include "loader/image.h"

#include <string.h>

#include "abi/errno.h"

#define SEGMENT_BYTES_MAX 65536u /* of all program headers */
#define PATH_MAX_BYTES 4096u     /* of PT_INTERP, with its NUL */

/* All of [offset, offset + size), or -LX_EIO when the file ends before. */
static long read_exactly(const struct loader_file *file, uint64_t offset, void *to, size_t size)
{
    if (offset > INT64_MAX - size)
        return -LX_EINVAL;
    long got = file->read(file->opaque, offset, to, size);
    if (got < 0)
        return got;
    return (size_t)got == size ? 0 : -LX_EIO;
}

static bool is_for_this_machine(const struct lx_elf_header *header)
{
    return memcmp(header->ident, LX_ELF_MAGIC, LX_ELF_MAGIC_SIZE) == 0 &&
           header->machine == LX_EM_X86_64;
}

/* The program headers. `refusal`: the error that Linux gives for any that cannot be read. */
static long read_segments(struct arena *arena, const struct loader_file *file, long refusal,
                          struct image *out)
{
    size_t size = sizeof(struct lx_elf_segment) * out->header.phnum;
    if (out->header.phentsize != sizeof(struct lx_elf_segment) || size == 0 ||
        size > SEGMENT_BYTES_MAX)
        return refusal;
    out->arena = arena;
    out->segments = arena_alloc(arena, size);
    if (!out->segments)
        return -LX_ENOMEM;
    if (read_exactly(file, out->header.phoff, out->segments, size) == 0)
        return 0;
    image_fini(out);
    return refusal;
}

long image_read(struct arena *arena, const struct loader_file *file,
                const struct lx_elf_header *head, struct image *out)
{
    if (!is_for_this_machine(head))
        return -LX_ENOEXEC;
    if (head->type != LX_ET_EXEC && head->type != LX_ET_DYN)
        return -LX_ENOEXEC;
    if (!file->object)
        return -LX_ENOEXEC;
    out->header = *head;
    return read_segments(arena, file, -LX_ENOEXEC, out);
}

long image_read_interpreter(struct arena *arena, const struct loader_file *file, struct image *out)
{
    long err = read_exactly(file, 0, &out->header, sizeof out->header);
    if (err)
        return err;
    if (!is_for_this_machine(&out->header))
        return -LX_ELIBBAD;
    return read_segments(arena, file, -LX_ELIBBAD, out);
}

void image_fini(struct image *image)
{
    arena_free(image->arena, image->segments);
    image->segments = NULL;
}

static const struct lx_elf_segment *find_interpreter(const struct image *image)
{
    for (unsigned i = 0; i < image->header.phnum; i++)
        if (image->segments[i].type == LX_PT_INTERP)
            return &image->segments[i];
    return NULL;
}

long image_interpreter(const struct image *image, const struct loader_file *file, char **out)
{
    const struct lx_elf_segment *segment = find_interpreter(image);
    if (!segment) {
        *out = NULL;
        return 0;
    }
    if (segment->filesz > PATH_MAX_BYTES || segment->filesz < 2)
        return -LX_ENOEXEC;
    char *path = arena_alloc(image->arena, segment->filesz);
    if (!path)
        return -LX_ENOMEM;
    long err = read_exactly(file, segment->offset, path, segment->filesz);
    if (!err && path[segment->filesz - 1] != '\0')
        err = -LX_ENOEXEC;
    if (err) {
        arena_free(image->arena, path);
        return err;
    }
    *out = path;
    return 0;
}

enum image_stack image_stack(const struct image *image)
{
    enum image_stack stack = IMAGE_STACK_DEFAULT;
    for (unsigned i = 0; i < image->header.phnum; i++)
        if (image->segments[i].type == LX_PT_GNU_STACK)
            stack = image->segments[i].flags & LX_PF_X ? IMAGE_STACK_EXEC : IMAGE_STACK_NOEXEC;
    return stack;
}

uint64_t image_span(const struct image *image)
{
    uint64_t low = UINT64_MAX, high = 0;
    bool any = false;
    for (unsigned i = 0; i < image->header.phnum; i++) {
        const struct lx_elf_segment *segment = &image->segments[i];
        if (segment->type != LX_PT_LOAD)
            continue;
        low = MIN(low, PAGE_ALIGN_DOWN(segment->vaddr));
        high = MAX(high, segment->vaddr + segment->memsz);
        any = true;
    }
    return any ? high - low : 0;
}

uint64_t image_alignment(const struct image *image)
{
    uint64_t alignment = 0;
    for (unsigned i = 0; i < image->header.phnum; i++) {
        uint64_t align = image->segments[i].align;
        if (image->segments[i].type == LX_PT_LOAD && align && (align & (align - 1)) == 0)
            alignment = MAX(alignment, align);
    }
    return PAGE_ALIGN_UP(alignment);
}
