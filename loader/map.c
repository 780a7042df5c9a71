/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Segments become mappings (elf(5)): what the file holds is a private mapping of it; what p_memsz
 * says beyond is zero: the rest of the last file page cleared, then anonymous pages. The first
 * segment of an image that may lie anywhere asks for the room of the whole image; the others follow
 * at its distance.
 * Arithmetic on header fields may wrap: addresses are checked by mm_map() and, after it, against
 * TASK_SIZE.
 */
#include "loader/map.h"

#include "abi/errno.h"
#include "abi/mman.h"
#include "mem/uaccess.h"

static unsigned segment_prot(const struct lx_elf_segment *segment)
{
    return (segment->flags & LX_PF_R ? LX_PROT_READ : 0u) |
           (segment->flags & LX_PF_W ? LX_PROT_WRITE : 0u) |
           (segment->flags & LX_PF_X ? LX_PROT_EXEC : 0u);
}

static uint64_t page_offset(uint64_t address)
{
    return address & (PAGE_SIZE - 1);
}

static bool is_bad_address(uint64_t address)
{
    return address >= TASK_SIZE;
}

/*
 * The file's part. `span`: room to look for, 0: just this segment's. The address of its first page,
 * or an error.
 */
static long map_file_part(struct mm *mm, const struct loader_file *file,
                          const struct lx_elf_segment *segment, gva_t addr, unsigned flags,
                          uint64_t span)
{
    uint64_t length = PAGE_ALIGN_UP(segment->filesz + page_offset(segment->vaddr));
    if (length == 0)
        return (long)PAGE_ALIGN_DOWN(addr);
    uint64_t room = span ? PAGE_ALIGN_UP(span) : length;
    struct mm_map_request request = {
        .addr = PAGE_ALIGN_DOWN(addr),
        .length = room,
        .prot = segment_prot(segment),
        .flags = LX_MAP_PRIVATE | flags,
        .object = file->object,
        .offset = segment->offset - page_offset(segment->vaddr),
    };
    if (request.offset + PAGE_ALIGN_UP(room) < request.offset || page_offset(request.offset))
        return -LX_EINVAL;
    long at = mm_map(mm, &request);
    if (at >= 0 && room > length) {
        long err = mm_unmap(mm, (gva_t)at + length, room - length);
        if (err)
            return err;
    }
    return at;
}

/* Anonymous zero pages from `start` to `end`: writable whatever the segment says, as Linux's. */
static long map_zero_pages(struct mm *mm, gva_t start, gva_t end, unsigned prot)
{
    if (start == end)
        return 0;
    struct mm_map_request request = {
        .addr = start,
        .length = end - start,
        .prot = LX_PROT_READ | LX_PROT_WRITE | (prot & LX_PROT_EXEC),
        .flags = LX_MAP_PRIVATE | LX_MAP_ANONYMOUS | LX_MAP_FIXED,
    };
    long at = mm_map(mm, &request);
    return at < 0 ? at : 0;
}

/* One PT_LOAD at `addr` (its vaddr, moved). The address of its first page, or an error. */
static long map_segment(struct mm *mm, const struct loader_file *file,
                        const struct lx_elf_segment *segment, gva_t addr, unsigned flags,
                        uint64_t span)
{
    long at = (long)PAGE_ALIGN_DOWN(addr);
    if (segment->filesz) {
        at = map_file_part(mm, file, segment, addr, flags, span);
        if (is_bad_address((uint64_t)at))
            return at;
    }
    if (segment->memsz <= segment->filesz)
        return at;

    gva_t zero_start =
        (gva_t)at + (segment->filesz ? page_offset(segment->vaddr) : 0) + segment->filesz;
    gva_t zero_end = (gva_t)at + page_offset(segment->vaddr) + segment->memsz;
    /*
     * Where the segment cannot be written the rest of its last page stays as in the file
     * (tests/real/loader, bss-read-only-tail).
     */
    if (segment->filesz && page_offset(zero_start)) {
        long err = user_clear(mm, zero_start, PAGE_SIZE - page_offset(zero_start));
        if (err && segment->flags & LX_PF_W)
            return err;
    }
    long err = map_zero_pages(mm, PAGE_ALIGN_UP(zero_start), PAGE_ALIGN_UP(zero_end),
                              segment_prot(segment));
    return err ? err : at;
}

/* Is the segment, mapped with `bias`, within user space as a whole? */
static bool segment_fits(const struct lx_elf_segment *segment, uint64_t bias)
{
    uint64_t start = segment->vaddr + bias;
    return !is_bad_address(start) && segment->filesz <= segment->memsz &&
           segment->memsz <= TASK_SIZE && TASK_SIZE - segment->memsz >= start;
}

/* The places of code and data, as /proc shows them, and the program's end. */
struct extent {
    gva_t code_start, code_end, data_start, data_end, end;
};

static void extent_add(struct extent *extent, const struct lx_elf_segment *segment)
{
    gva_t start = segment->vaddr, file_end = segment->vaddr + segment->filesz;
    if (segment->flags & LX_PF_X) {
        extent->code_start = MIN(extent->code_start, start);
        extent->code_end = MAX(extent->code_end, file_end);
    }
    extent->data_start = MAX(extent->data_start, start);
    extent->data_end = MAX(extent->data_end, file_end);
    extent->end = MAX(extent->end, segment->vaddr + segment->memsz);
}

/* Does this segment hold the program headers? */
static bool holds_headers(const struct lx_elf_segment *segment, uint64_t phoff)
{
    return segment->offset <= phoff && phoff < segment->offset + segment->filesz;
}

/*
 * Where a program without an interpreter goes whose segments want more than page alignment: find
 * room for it, then the aligned address below.
 */
static long find_aligned_room(struct mm *mm, const struct loader_file *file,
                              const struct lx_elf_segment *segment, uint64_t span,
                              uint64_t alignment)
{
    long at = map_segment(mm, file, segment, 0, 0, span);
    if (is_bad_address((uint64_t)at))
        return at < 0 ? at : -LX_EINVAL;
    long err = mm_unmap(mm, (gva_t)at, span);
    if (err < 0)
        return err;
    return (long)((uint64_t)at & ~(alignment - 1));
}

/* How the first segment of a program is placed. */
struct placement {
    uint64_t bias;  /* what is added to each vaddr */
    unsigned flags; /* LX_MAP_FIXED… of the first segment */
    uint64_t span;  /* room that the first segment asks for; 0: its own */
};

static long place_program(struct mm *mm, const struct image *program,
                          const struct loader_file *file, const struct lx_elf_segment *first,
                          bool interpreted, const struct layout_random *random,
                          struct placement *out)
{
    *out = (struct placement){.flags = LX_MAP_FIXED_NOREPLACE};
    if (program->header.type == LX_ET_EXEC)
        return 0;
    out->span = image_span(program);
    if (out->span == 0)
        return -LX_EINVAL;
    uint64_t alignment = image_alignment(program);
    long base = 0;
    if (interpreted) {
        base = (long)layout_image_base(random, alignment);
    } else if (alignment > PAGE_SIZE) {
        base = find_aligned_room(mm, file, first, out->span, alignment);
        if (base < 0)
            return base;
    } else {
        out->flags = 0;
    }
    out->bias = PAGE_ALIGN_DOWN((uint64_t)base - first->vaddr);
    return 0;
}

/* The program's own segments. */
static long map_own_segments(struct mm *mm, const struct image *program,
                             const struct loader_file *file, bool interpreted,
                             const struct layout_random *random, struct extent *extent,
                             uint64_t *bias, gva_t *phdr)
{
    struct placement place = {0};
    bool first = true;
    *phdr = 0;
    for (unsigned i = 0; i < program->header.phnum; i++) {
        const struct lx_elf_segment *segment = &program->segments[i];
        if (segment->type != LX_PT_LOAD)
            continue;
        if (first) {
            long err = place_program(mm, program, file, segment, interpreted, random, &place);
            if (err)
                return err;
        }
        gva_t want = place.bias + segment->vaddr;
        long at =
            map_segment(mm, file, segment, want, first ? place.flags : LX_MAP_FIXED, place.span);
        if (is_bad_address((uint64_t)at))
            return at < 0 ? at : -LX_EINVAL;
        if (first && program->header.type == LX_ET_DYN)
            place.bias += (uint64_t)at - PAGE_ALIGN_DOWN(want);
        first = false;
        place.span = 0;

        if (!segment_fits(segment, 0))
            return -LX_EINVAL;
        if (holds_headers(segment, program->header.phoff))
            *phdr = program->header.phoff - segment->offset + segment->vaddr;
        extent_add(extent, segment);
    }
    *bias = place.bias;
    *phdr += place.bias;
    return 0;
}

/*
 * The interpreter's segments: anywhere, unless it is ET_EXEC. *base: what is added to its
 * addresses.
 */
static long map_interpreter(struct mm *mm, const struct image *interpreter,
                            const struct loader_file *file, bool program_moved, gva_t *base)
{
    const struct lx_elf_header *header = &interpreter->header;
    if ((header->type != LX_ET_EXEC && header->type != LX_ET_DYN) || !file->object)
        return -LX_EINVAL;
    uint64_t span = image_span(interpreter);
    if (span == 0)
        return -LX_EINVAL;
    bool placed = header->type == LX_ET_EXEC;
    uint64_t bias = 0;
    for (unsigned i = 0; i < header->phnum; i++) {
        const struct lx_elf_segment *segment = &interpreter->segments[i];
        if (segment->type != LX_PT_LOAD)
            continue;
        if (!placed && program_moved)
            bias = -segment->vaddr; /* no wish: below the mappings' top */
        long at =
            map_segment(mm, file, segment, bias + segment->vaddr, placed ? LX_MAP_FIXED : 0, span);
        if (is_bad_address((uint64_t)at))
            return at < 0 ? at : -LX_EINVAL;
        span = 0;
        if (!placed)
            bias = (uint64_t)at - PAGE_ALIGN_DOWN(segment->vaddr);
        placed = true;
        if (!segment_fits(segment, bias))
            return -LX_ENOMEM;
    }
    *base = bias;
    return 0;
}

long map_program(struct mm *mm, const struct image *program, const struct loader_file *file,
                 const struct image *interpreter, const struct loader_file *interpreter_file,
                 const struct layout_random *random, struct map_result *out)
{
    struct extent extent = {.code_start = UINT64_MAX};
    uint64_t bias;
    *out = (struct map_result){0};
    long err = map_own_segments(mm, program, file, interpreter != NULL, random, &extent, &bias,
                                &out->phdr);
    if (err)
        return err;
    out->program_entry = out->entry = program->header.entry + bias;
    if (interpreter) {
        err = map_interpreter(mm, interpreter, interpreter_file, bias != 0, &out->interpreter_base);
        if (err)
            return err;
        out->entry = out->interpreter_base + interpreter->header.entry;
    }
    if (is_bad_address(out->entry))
        return -LX_EINVAL;

    mm->code_start = extent.code_start + bias;
    mm->code_end = extent.code_end + bias;
    mm->data_start = extent.data_start + bias;
    mm->data_end = extent.data_end + bias;
    bool move_heap = program->header.type == LX_ET_DYN && !interpreter;
    gva_t end = move_heap ? LAYOUT_IMAGE_BASE : extent.end + bias;
    mm->brk_start = layout_brk(random, end, move_heap);
    mm->brk = mm->brk_start;
    return 0;
}
