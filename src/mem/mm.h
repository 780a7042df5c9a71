/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MEM_MM_H
#define LSTAR_MEM_MM_H
/*
 * An address space: its VMAs, its page tables, its heap and its growing stack. The rules of
 * mmap(2), munmap(2), mprotect(2), mremap(2), brk(2), madvise(2), mincore(2), msync(2), mlock(2).
 * Addresses and lengths are the guest's, unchecked.
 */
#include "base/list.h"
#include "base/rbtree.h"
#include "base/strbuf.h"
#include "cpu/cpu.h"
#include "mem/object.h"
#include "mem/ram.h"

/* A range of addresses with one kind of contents. Merged with its neighbours where Linux would. */
struct vma {
    struct rb_node node;      /* in mm->vmas, by start */
    gva_t start;              /* first address */
    gva_t end;                /* first address after */
    unsigned prot;            /* LX_PROT_READ | WRITE | EXEC */
    unsigned flags;           /* VMA_* */
    struct vm_object *object; /* NULL: private anonymous; shared anonymous memory has one */
    uint64_t page_offset;     /* page of the object at start */
    struct mm *mm;            /* whose it is */
    struct list object_link;  /* in object->mappings; NULL links without an object */
    uint64_t gap;             /* bytes free below it that a new mapping may have */
    uint64_t gap_max;         /* most of that in the subtree of `node` */
};

enum vma_flags {
    VMA_SHARED = 1 << 0,
    VMA_GROWSDOWN = 1 << 1,
    VMA_LOCKED = 1 << 2,
    VMA_DONTFORK = 1 << 3,
    VMA_WIPEONFORK = 1 << 4,
    VMA_NORESERVE = 1 << 5,
    VMA_DONTDUMP = 1 << 6,
    VMA_MAYWRITE = 1 << 7, /* else, if shared, PROT_WRITE is -EACCES: opened for reading only */
    VMA_STACK = 1 << 8,    /* the initial stack: shown as [stack] */
    VMA_LOCKONFAULT = 1 << 9,
    VMA_SEALED = 1 << 10,
    VMA_FAULTED = 1 << 11,    /* may have pages of its own (in Linux's words: it has an anon_vma) */
    VMA_NOEXEC = 1 << 12,     /* of a file system mounted noexec: mprotect gives -EACCES */
    VMA_SEQUENTIAL = 1 << 13, /* madvise(2)'s hints: different ones keep VMAs apart */
    VMA_RANDOM = 1 << 14,
    VMA_HUGEPAGE = 1 << 15,
    VMA_NOHUGEPAGE = 1 << 16,
    VMA_MERGEABLE = 1 << 17,
    VMA_ACCOUNT = 1 << 18, /* its pages count as committed memory */
    VMA_POLICY_SHIFT = 19, /* its memory policy, POLICY_* */
    VMA_POLICY = 0x3f << VMA_POLICY_SHIFT,
};

/* A memory policy (set_mempolicy(2)); 0: there is none. With one node, which nodes is no question.
 */
enum memory_policy {
    POLICY_MODE = 7, /* LX_MPOL_* */
    POLICY_STATIC = 8,
    POLICY_RELATIVE = 16,
    POLICY_BALANCING = 32,
};

/* Limits of the resource kind, kept current by the process's rlimits; LX_RLIM_INFINITY = none. */
struct mm_limits {
    uint64_t as_bytes;       /* RLIMIT_AS */
    uint64_t data_bytes;     /* RLIMIT_DATA */
    uint64_t data_max_bytes; /* its hard limit */
    uint64_t stack_bytes;    /* RLIMIT_STACK */
    uint64_t memlock_bytes;  /* RLIMIT_MEMLOCK of whoever calls; LX_RLIM_INFINITY: may lock all */
};

struct mm {
    struct arena *arena;
    struct ram *ram;
    struct cpu *cpu; /* whose TLB must follow; NULL in unit tests */
    unsigned refs;   /* tasks that use it */
    frame_t pml4;    /* root of the page tables */
    struct rb_tree vmas;
    unsigned vma_count;                               /* at most MM_VMA_MAX, Linux's 65530 */
    struct vma *last_hit;                             /* cache of mm_find() */
    gva_t mmap_top;                                   /* new mappings are placed below, top down */
    gva_t brk_start, brk;                             /* the heap */
    gva_t stack_top;                                  /* end of the initial stack */
    gva_t arg_start, arg_end, env_start, env_end;     /* for /proc/PID/cmdline and environ */
    gva_t code_start, code_end, data_start, data_end; /* as /proc/PID/stat shows */
    uint64_t total_pages;                             /* mapped */
    uint64_t resident_pages;                          /* present in the page tables */
    uint64_t peak_resident_pages;
    uint64_t peak_total_pages;
    uint64_t data_pages; /* private writable, for RLIMIT_DATA */
    uint64_t locked_pages;
    uint64_t minor_faults, major_faults;
    bool starved; /* the kernel found no frame for one of its pages: whoever called is to be killed
                   */
    bool lock_future; /* mlockall(MCL_FUTURE) */
    bool lock_on_fault;
    unsigned mdwe; /* prctl's PR_SET_MDWE: LX_PR_MDWE_* */
    struct mm_limits limits;
    uint8_t auxv[512]; /* as on the stack, for /proc/PID/auxv */
    unsigned auxv_bytes;
};

#define MM_VMA_MAX 65530

/* An empty address space with one reference. -LX_ENOMEM. */
MUST_CHECK long mm_create(struct arena *arena, struct ram *ram, struct cpu *cpu, struct mm **out);
/* What a copy of the address space, or its successor in execve(2), has of `mdwe`. */
unsigned mm_mdwe_inherited(const struct mm *mm);
/* fork(2): a copy-on-write copy (DONTFORK left out, WIPEONFORK emptied). */
MUST_CHECK long mm_clone(struct mm *mm, struct mm **out);
void mm_get(struct mm *mm);
void mm_put(struct mm *mm);

/* The CPU's translation callback is mm_translate() of the current address space. */
bool mm_translate(struct mm *mm, gva_t addr, enum cpu_access access, struct cpu_translation *out);

/* Why a fault could not be resolved: what the signal tells. */
struct mm_fault {
    int signal; /* LX_SIGSEGV, LX_SIGBUS, or LX_SIGKILL: out of memory */
    int code;   /* LX_SEGV_MAPERR, LX_SEGV_ACCERR, LX_BUS_ADRERR; 0 with LX_SIGKILL */
    gva_t addr; /* si_addr */
};
/*
 * Demand paging, copy-on-write, stack growth. 0: run the instruction again. -LX_EFAULT: *fault is
 * filled.
 */
MUST_CHECK long mm_fault(struct mm *mm, gva_t addr, enum cpu_access access, struct mm_fault *fault);

struct mm_map_request {
    gva_t addr;               /* hint, or the address itself with LX_MAP_FIXED… */
    uint64_t length;          /* bytes */
    unsigned prot;            /* LX_PROT_* */
    unsigned flags;           /* LX_MAP_* */
    struct vm_object *object; /* borrowed; NULL: anonymous */
    uint64_t offset;          /* bytes; page-aligned or -LX_EINVAL */
    bool is_file;             /* a file's mapping: `object` may still be NULL beside an error */
    uint64_t max_bytes;       /* no file reaches further: -LX_EOVERFLOW; 0: no limit */
    bool may_write;           /* shared: the file was opened for writing */
    bool no_exec;             /* the file's mount is noexec: PROT_EXEC cannot be added later */
    long file_error;          /* what the file's mode deserves, told in Linux's order; or 0 */
};
/* mmap(2): the address, or an error in Linux's order. */
MUST_CHECK long mm_map(struct mm *mm, const struct mm_map_request *request);
MUST_CHECK long mm_unmap(struct mm *mm, gva_t addr, uint64_t length);
MUST_CHECK long mm_protect(struct mm *mm, gva_t addr, uint64_t length, unsigned prot);
MUST_CHECK long mm_remap(struct mm *mm, gva_t old, uint64_t old_length, uint64_t new_length,
                         unsigned flags, gva_t new_addr);
/* brk(2): the break after the call, changed or not. */
long mm_brk(struct mm *mm, gva_t brk);
MUST_CHECK long mm_advise(struct mm *mm, gva_t addr, uint64_t length, int advice);
MUST_CHECK long mm_sync(struct mm *mm, gva_t addr, uint64_t length, unsigned flags);
/* mincore(2): `vec` is the guest's. */
MUST_CHECK long mm_incore(struct mm *mm, gva_t addr, uint64_t length, gva_t vec);
MUST_CHECK long mm_lock(struct mm *mm, gva_t addr, uint64_t length, bool on_fault);
MUST_CHECK long mm_unlock(struct mm *mm, gva_t addr, uint64_t length);
MUST_CHECK long mm_lock_all(struct mm *mm, unsigned flags);
long mm_unlock_all(struct mm *mm);
/* mbind(2) for whole pages: -LX_EFAULT, -LX_ENOMEM. */
MUST_CHECK long mm_bind(struct mm *mm, gva_t start, gva_t end, unsigned policy);
/* The policy at an address, or -LX_EFAULT. */
long mm_policy(struct mm *mm, gva_t at);
/* Do all policies in the range have one of these modes (1 << mode)? -LX_EOPNOTSUPP; -LX_ENOENT:
 * there are none. */
MUST_CHECK long mm_check_policies(struct mm *mm, gva_t start, gva_t end, unsigned modes);
/* mseal(2): no more unmapping, moving, protecting or discarding in this range. */
MUST_CHECK long mm_seal(struct mm *mm, gva_t addr, uint64_t length);
/* remap_file_pages(2): shared pages out of order, emulated by further mappings as in Linux. */
MUST_CHECK long mm_remap_file_pages(struct mm *mm, gva_t addr, uint64_t length, unsigned prot,
                                    uint64_t page, unsigned flags);

/* The VMA that holds addr, or the first one above it, or NULL. */
struct vma *mm_find(struct mm *mm, gva_t addr);
/* First VMA and next, in order of addresses, for /proc/PID/maps. */
struct vma *mm_first(struct mm *mm);
struct vma *mm_next(struct vma *vma);

/*
 * The frame behind one page for kernel code that needs it itself (futex keys, uaccess): faults it
 * in for `access`. No reference is taken: valid until the address space changes. -LX_EFAULT.
 */
MUST_CHECK long mm_frame(struct mm *mm, gva_t addr, enum cpu_access access, frame_t *out);
/*
 * The same for who looks in from outside (/proc/PID/mem): also what the mapping's rights forbid,
 * but for writing to a shared mapping without PROT_WRITE. The rights stay as they are.
 */
MUST_CHECK long mm_frame_forced(struct mm *mm, gva_t addr, bool write, frame_t *out);

#endif
