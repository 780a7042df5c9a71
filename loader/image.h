/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_LOADER_IMAGE_H
#define LSTAR_LOADER_IMAGE_H
/*
 * An ELF file's headers, read and validated: every field is hostile. What Linux refuses before the
 * point of no return is refused here, with Linux's error; what it finds out while it maps is found
 * out by loader/map.h.
 */
#include "abi/elf.h"
#include "base/arena.h"
#include "mem/object.h"

/* A file as the loader sees it. */
struct loader_file {
    void *opaque; /* for read */
    /*
     * Bytes [offset, offset + size): how many there were (fewer at the end), or -LX_E…. Never
     * blocks.
     */
    long (*read)(void *opaque, uint64_t offset, void *to, size_t size);
    struct vm_object *object; /* what is mapped, borrowed; NULL: this file cannot be */
};

enum image_stack {
    IMAGE_STACK_DEFAULT, /* no PT_GNU_STACK: on x86-64 not executable */
    IMAGE_STACK_EXEC,
    IMAGE_STACK_NOEXEC,
};

struct image {
    struct arena *arena; /* owner of `segments` */
    struct lx_elf_header header;
    struct lx_elf_segment *segments; /* header.phnum of them; NULL before image_read() */
};

/*
 * The headers of a program. `head`: its first bytes, zero-padded, already read. -LX_ENOEXEC: not an
 * ELF program for this machine, or its program headers cannot be had; -LX_ENOMEM. image_fini()
 * after success only.
 */
MUST_CHECK long image_read(struct arena *arena, const struct loader_file *file,
                           const struct lx_elf_header *head, struct image *out);
/* The headers of a PT_INTERP: -LX_EIO (shorter than a header), -LX_ELIBBAD, -LX_ENOMEM. */
MUST_CHECK long image_read_interpreter(struct arena *arena, const struct loader_file *file,
                                       struct image *out);
void image_fini(struct image *image);

/*
 * The path of the first PT_INTERP, to be freed with arena_free(); *out is NULL when there is none.
 * -LX_ENOEXEC (no path of 1 to 4095 characters), -LX_EIO (beyond the file's end), -LX_ENOMEM.
 */
MUST_CHECK long image_interpreter(const struct image *image, const struct loader_file *file,
                                  char **out);
/* What the last PT_GNU_STACK asks for. */
enum image_stack image_stack(const struct image *image);
/*
 * The bytes from the first page of the lowest PT_LOAD to the end of the highest; 0: none. May wrap:
 * a number, not a promise.
 */
uint64_t image_span(const struct image *image);
/*
 * The largest power of two among the PT_LOADs' p_align, at least PAGE_SIZE unless there is none: 0.
 */
uint64_t image_alignment(const struct image *image);

#endif
