/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_RAM_H
#define LSTAR_MEM_RAM_H
/*
 * The machine's RAM: one host mapping cut into 4 KiB frames with reference counts. Guest bytes,
 * tmpfs contents and page tables live here.
 *
 * Who may write a frame? All host-side writes go through ram_write(), all guest writes through a
 * grant of ram_grant(). Both see to three things: a frame is either executed or writable, never
 * both (code translated from it is forgotten first); a snapshot's copy is taken before the first
 * write; the frame is dirty from then on.
 */
#include "base/arena.h"
#include "base/compiler.h"
#include "cpu/cpu.h"
#include "host/host.h"

/* A frame's number. 0 is never a frame. */
typedef uint32_t frame_t;
#define FRAME_NONE ((frame_t)0)
/* The frame of zeros that reads of untouched private memory share. It always has a reference;
 * nobody may write it. */
#define RAM_ZERO_FRAME ((frame_t)1)

struct ram;

/* RAM of `size` bytes (a multiple of PAGE_SIZE; nothing is touched yet). */
MUST_CHECK long ram_create(uint64_t size, struct ram **out);
void ram_destroy(struct ram *ram);
/* The engine whose caches must follow changes; set once at boot, NULL in unit tests. */
void ram_set_cpu(struct ram *ram, struct cpu *cpu);
/* Who is asked whether long work shall end; set once at boot, NULL in unit tests. */
void ram_set_host(struct ram *ram, struct host *host);
/* host_must_stop() for who works on memory. */
bool ram_must_stop(const struct ram *ram);
void *ram_base(struct ram *ram);
uint64_t ram_size(const struct ram *ram);

/* A zeroed frame with one reference, the caller's. -LX_ENOMEM at the limit. */
MUST_CHECK long ram_alloc(struct ram *ram, frame_t *out);
/* As ram_alloc() for a caller that overwrites all of it at once. */
MUST_CHECK long ram_alloc_dirty(struct ram *ram, frame_t *out);
void ram_get(struct ram *ram, frame_t frame);
void ram_put(struct ram *ram, frame_t frame);
uint32_t ram_refs(const struct ram *ram, frame_t frame);

/*
 * Make the engine forget every translation: rights were taken away, or a frame was replaced.
 */
void ram_flush_tlb(struct ram *ram);

/* The frame's bytes, to read now. */
const void *ram_read(struct ram *ram, frame_t frame);
/* The frame's bytes, to write now: valid until the guest runs again or a snapshot is taken. */
void *ram_write(struct ram *ram, frame_t frame);

static inline uint64_t ram_phys(frame_t frame)
{
    return (uint64_t)frame << PAGE_SHIFT;
}

/*
 * Which of `wanted` (CPU_READ|CPU_WRITE|CPU_EXEC) the engine may be given for this frame without
 * further work? Pure bookkeeping, called on TLB misses. Without the access itself: fault, and let
 * ram_prepare() see to it.
 */
unsigned ram_grants(struct ram *ram, frame_t frame, unsigned wanted);
/* Make `access` grantable: save for the snapshot what will be written. */
void ram_prepare(struct ram *ram, frame_t frame, enum cpu_access access);

/* Frames in use now, the zero frame left out, and the most there ever were. */
uint64_t ram_used(const struct ram *ram);
uint64_t ram_peak(const struct ram *ram);
/* Frames that may still be allocated. */
uint64_t ram_free(const struct ram *ram);
/* For tests: let the n-th ram_alloc() from now on fail; 0 = none. */
void ram_fail_at(struct ram *ram, uint64_t n);

/* At most one snapshot at a time: frames are saved when first written after it. -LX_ENOMEM,
 * -LX_EBUSY. */
MUST_CHECK long ram_snapshot(struct ram *ram);
void ram_restore(struct ram *ram);
void ram_snapshot_drop(struct ram *ram);

#endif
