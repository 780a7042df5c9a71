/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's RAM. Free frames form a stack, linked through their frame_info, so that what was
 * freed last, and is in the host's caches, is used next; frames above `fresh` were never used and
 * are zero already. Nothing is ever given back to the host.
 *
 * Invariants: whoever changes a frame's bytes here has made the engine forget code translated from
 * them (the guest's own stores it notices itself). While a snapshot is kept, a frame is changed
 * only after it was saved (FRAME_DIRTY), and its reference count and place in the free list only
 * after they were noted (FRAME_NOTED).
 */
#include "mem/ram.h"

#include <string.h>

#include "abi/errno.h"
#include "base/reserve.h"

/* The part of RAM that is taken from the host page by page: a small program shall not cost more
 * than it touches. */
#define SMALL_PART ((uint64_t)8 << 20)

enum frame_flags {
    FRAME_DIRTY = 1 << 0, /* written since the snapshot, or since it was last restored: in the list
                             of dirty frames */
    FRAME_NOTED = 1 << 1, /* its refs and next are in the list of notes */
};

struct frame_info {
    uint32_t refs;  /* 0: free */
    uint32_t next;  /* the next free frame; FRAME_NONE: none */
    uint32_t flags; /* enum frame_flags */
};

/* What a frame's bookkeeping was at the snapshot. */
struct frame_note {
    frame_t frame;
    uint32_t refs;
    uint32_t next;
};

/* What changes with every allocation, and a snapshot keeps. */
struct ram_counts {
    frame_t free_first; /* stack of free frames */
    frame_t fresh;      /* first frame never used */
    uint32_t used;
    uint32_t peak;
};

struct ram {
    char *base;      /* the host mapping */
    uint64_t size;   /* its bytes */
    size_t reserved; /* bytes of the reservation of this struct and its tables */
    frame_t frames;  /* frames in it, frame 0 included */
    struct ram_counts counts;
    struct frame_info *info; /* by frame */
    frame_t touched; /* frames from here on are still the host's zeros; not set back by a restore */
    struct cpu *cpu; /* NULL in unit tests */
    const uint8_t *code;   /* by frame: does the engine keep code translated from it? */
    struct host *host;     /* NULL in unit tests */
    uint64_t attempts;     /* allocations tried */
    uint64_t fail_attempt; /* the one that fails; 0: none */

    /* The snapshot. */
    bool tracking; /* there is one */
    struct ram_counts saved_counts;
    char *saved; /* reservation for copies of frames, as large as RAM; NULL before the first
                    snapshot */
    uint32_t saved_count;  /* copies in it */
    frame_t *saved_frames; /* whose copy it is, by copy */
    uint32_t *saved_slot;  /* copy + 1, by frame; 0: not saved */
    frame_t *dirty;        /* frames written since */
    uint32_t dirty_count;
    struct frame_note *notes; /* bookkeeping changed since */
    uint32_t note_count;
};

/* The tables of a machine of `frames` frames, behind struct ram in one reservation that costs
 * nothing until it is used. */
static size_t lay_out(struct ram *ram, size_t frames)
{
    char *at = (char *)ram;
    size_t offset = PAGE_ALIGN_UP(sizeof *ram);
#define TABLE(member)                                                                              \
    do {                                                                                           \
        if (ram)                                                                                   \
            ram->member = (void *)(at + offset);                                                   \
        offset += PAGE_ALIGN_UP(frames * sizeof *ram->member);                                     \
    } while (0)
    TABLE(info);
    TABLE(saved_frames);
    TABLE(saved_slot);
    TABLE(dirty);
    TABLE(notes);
#undef TABLE
    return offset;
}

long ram_create(uint64_t size, struct ram **out)
{
    uint64_t frames = size >> PAGE_SHIFT;
    if (frames < 3 || frames > UINT32_MAX || size % PAGE_SIZE != 0)
        return -LX_ENOMEM;
    size_t reserved = lay_out(NULL, frames);
    struct ram *ram = reserve_create(reserved);
    if (!ram)
        return -LX_ENOMEM;
    ram->base = reserve_create(size);
    if (!ram->base) {
        reserve_destroy(ram, reserved);
        return -LX_ENOMEM;
    }
    lay_out(ram, frames);
    if (size > SMALL_PART)
        reserve_prefer_large_pages(ram->base + SMALL_PART, size - SMALL_PART);
    ram->reserved = reserved;
    ram->size = size;
    ram->frames = (frame_t)frames;
    ram->info[RAM_ZERO_FRAME].refs = 1;
    ram->counts.fresh = RAM_ZERO_FRAME + 1;
    *out = ram;
    return 0;
}

void ram_destroy(struct ram *ram)
{
    if (!ram)
        return;
    reserve_destroy(ram->saved, ram->size);
    reserve_destroy(ram->base, ram->size);
    reserve_destroy(ram, ram->reserved);
}

void ram_set_cpu(struct ram *ram, struct cpu *cpu)
{
    ram->cpu = cpu;
    ram->code = cpu ? cpu_code_map(cpu) : NULL;
}

void ram_set_host(struct ram *ram, struct host *host)
{
    ram->host = host;
}

bool ram_must_stop(const struct ram *ram)
{
    return ram->host && host_must_stop(ram->host);
}

void *ram_base(struct ram *ram)
{
    return ram->base;
}

uint64_t ram_size(const struct ram *ram)
{
    return ram->size;
}

void ram_flush_tlb(struct ram *ram)
{
    if (ram->cpu)
        cpu_flush_tlb(ram->cpu);
}

static char *bytes_of(const struct ram *ram, frame_t frame)
{
    return ram->base + ram_phys(frame);
}

/* Note refs and next before they change. */
static void note(struct ram *ram, frame_t frame)
{
    struct frame_info *info = &ram->info[frame];
    if (likely(!ram->tracking) || (info->flags & FRAME_NOTED))
        return;
    info->flags |= FRAME_NOTED;
    ram->notes[ram->note_count++] =
        (struct frame_note){.frame = frame, .refs = info->refs, .next = info->next};
}

/* The frame's bytes are about to change: save them for the snapshot. */
static void save(struct ram *ram, frame_t frame)
{
    struct frame_info *info = &ram->info[frame];
    if (likely(!ram->tracking) || (info->flags & FRAME_DIRTY))
        return;
    info->flags |= FRAME_DIRTY;
    ram->dirty[ram->dirty_count++] = frame;
    if (ram->saved_slot[frame])
        return; /* saved before the last restore: still what the frame held at the snapshot */
    uint32_t slot = ram->saved_count++;
    ram->saved_frames[slot] = frame;
    ram->saved_slot[frame] = slot + 1;
    memcpy(ram->saved + ((size_t)slot << PAGE_SHIFT), bytes_of(ram, frame), PAGE_SIZE);
}

/* The frame's bytes change: forget code translated from them. */
static void forget_code(struct ram *ram, frame_t frame)
{
    if (unlikely(ram->code && ram->code[frame]))
        cpu_code_changed(ram->cpu, ram_phys(frame), PAGE_SIZE);
}

long ram_alloc_dirty(struct ram *ram, frame_t *out)
{
    struct ram_counts *counts = &ram->counts;
    if (unlikely(++ram->attempts == ram->fail_attempt))
        return -LX_ENOMEM;
    frame_t frame = counts->free_first;
    if (frame == FRAME_NONE && counts->fresh == ram->frames)
        return -LX_ENOMEM;

    frame_t taken = frame != FRAME_NONE ? frame : counts->fresh;
    struct frame_info *info = &ram->info[taken];
    if (unlikely(ram->tracking) && !(info->flags & FRAME_NOTED)) {
        note(ram, taken);
        info->flags |= FRAME_DIRTY; /* free at the snapshot: its bytes need not be saved */
    }
    if (frame != FRAME_NONE)
        counts->free_first = info->next;
    else
        counts->fresh++;
    forget_code(ram, taken);
    info->refs = 1;
    counts->used++;
    counts->peak = MAX(counts->peak, counts->used);
    *out = taken;
    return 0;
}

long ram_alloc(struct ram *ram, frame_t *out)
{
    frame_t frame;
    long err = ram_alloc_dirty(ram, &frame);
    if (err)
        return err;
    if (frame < ram->touched) {
        save(ram, frame);
        memset(bytes_of(ram, frame), 0, PAGE_SIZE);
    } else {
        ram->touched = frame + 1; /* the host's zeros */
    }
    *out = frame;
    return 0;
}

void ram_get(struct ram *ram, frame_t frame)
{
    note(ram, frame);
    ram->info[frame].refs++;
}

void ram_put(struct ram *ram, frame_t frame)
{
    struct frame_info *info = &ram->info[frame];
    note(ram, frame);
    if (--info->refs)
        return;
    info->next = ram->counts.free_first;
    ram->counts.free_first = frame;
    ram->counts.used--;
}

uint32_t ram_refs(const struct ram *ram, frame_t frame)
{
    return ram->info[frame].refs;
}

const void *ram_read(struct ram *ram, frame_t frame)
{
    return bytes_of(ram, frame);
}

void *ram_write(struct ram *ram, frame_t frame)
{
    if (unlikely(frame >= ram->touched))
        ram->touched = frame + 1;
    forget_code(ram, frame);
    save(ram, frame);
    return bytes_of(ram, frame);
}

unsigned ram_grants(struct ram *ram, frame_t frame, unsigned wanted)
{
    bool saved = !ram->tracking || (ram->info[frame].flags & FRAME_DIRTY);
    return saved ? wanted : wanted & ~(unsigned)CPU_WRITE;
}

void ram_prepare(struct ram *ram, frame_t frame, enum cpu_access access)
{
    if (access == CPU_WRITE)
        ram_write(ram, frame);
}

uint64_t ram_used(const struct ram *ram)
{
    return ram->counts.used;
}

uint64_t ram_peak(const struct ram *ram)
{
    return ram->counts.peak;
}

uint64_t ram_free(const struct ram *ram)
{
    return (uint64_t)ram->frames - RAM_ZERO_FRAME - 1 - ram->counts.used;
}

void ram_fail_at(struct ram *ram, uint64_t n)
{
    ram->fail_attempt = n ? ram->attempts + n : 0;
}

long ram_snapshot(struct ram *ram)
{
    if (ram->tracking)
        return -LX_EBUSY;
    if (!ram->saved)
        ram->saved = reserve_create(ram->size);
    if (!ram->saved)
        return -LX_ENOMEM;
    ram->tracking = true;
    ram->saved_counts = ram->counts;
    ram_flush_tlb(ram); /* write grants end: the next write to each frame is seen */
    return 0;
}

/* End the lists of what changed, with `undo` putting everything back first. */
static void settle(struct ram *ram, bool undo)
{
    for (uint32_t i = 0; i < ram->dirty_count; i++) {
        frame_t frame = ram->dirty[i];
        ram->info[frame].flags &= ~(uint32_t)FRAME_DIRTY;
        if (!undo)
            continue;
        forget_code(ram, frame);
        size_t slot = ram->saved_slot[frame] - 1;
        memcpy(bytes_of(ram, frame), ram->saved + (slot << PAGE_SHIFT), PAGE_SIZE);
    }
    for (uint32_t i = 0; i < ram->note_count; i++) {
        const struct frame_note *was = &ram->notes[i];
        struct frame_info *info = &ram->info[was->frame];
        info->flags &= ~(uint32_t)(FRAME_DIRTY | FRAME_NOTED);
        if (undo) {
            info->refs = was->refs;
            info->next = was->next;
        }
    }
    ram->dirty_count = 0;
    ram->note_count = 0;
}

void ram_restore(struct ram *ram)
{
    settle(ram, true);
    ram->counts = ram->saved_counts;
    ram_flush_tlb(ram);
}

void ram_snapshot_drop(struct ram *ram)
{
    if (!ram->tracking)
        return;
    settle(ram, false);
    for (uint32_t i = 0; i < ram->saved_count; i++)
        ram->saved_slot[ram->saved_frames[i]] = 0;
    ram->saved_count = 0;
    ram->tracking = false;
}
