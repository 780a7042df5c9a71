/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_MACHINE_H
#define LSTAR_MACHINE_MACHINE_H
/*
 * A simulated computer: its RAM, its CPU, its host boundary and the kernel's arena. Built in boot
 * order, run until the first process ends or a budget does. A machine belongs to one host thread at
 * a time; there is nothing outside of it.
 */
#include "proc/kernel.h"

struct machine;

enum machine_mount_mode { MACHINE_MOUNT_RO, MACHINE_MOUNT_RW };

struct machine_mount {
    const char *host_path;
    const char *guest_path; /* absolute */
    enum machine_mount_mode mode;
};

/* A host descriptor and what it is called in the guest. */
struct machine_descriptor {
    int host;
    int guest;
};

struct machine_config {
    uint64_t ram_bytes;     /* 0: 4 GiB */
    uint64_t arena_bytes;   /* 0: 256 MiB */
    uint64_t insn_limit;    /* 0: none */
    uint64_t time_limit_ns; /* 0: none; of the machine's clock */
    bool deterministic;
    uint64_t seed;
    bool no_aslr;
    bool job_control; /* the run ends with KERNEL_SUSPENDED where the first process is stopped */
    bool host_mode;   /* --host: the host's tree is the root */
    const char *root; /* host folder that is the guest's root; NULL: an empty tmpfs */
    bool root_writable;
    const struct machine_mount *mounts;
    unsigned mount_count;
    uint32_t uid, gid;                            /* of the first process */
    const char *cwd;                              /* NULL: "/" */
    int stdio[3];                                 /* host descriptors; -1: closed. Borrowed */
    const struct machine_descriptor *descriptors; /* further ones, likewise */
    unsigned descriptor_count;
    /* One of the two: a host file, shown to the guest at /<its name>, or a path in the guest's
     * tree. */
    const char *program_host;
    const char *program_guest;
    const char *const *argv; /* NULL-terminated */
    const char *const *envp; /* NULL-terminated */
    /* Called with each piece of trace output; NULL: no trace. */
    void (*trace)(void *opaque, const char *text, size_t length);
    void *trace_opaque;
    bool trace_json;
};

/*
 * Build it, up to the loaded program. Errors: -LX_ENOMEM; -LX_ENXIO: the host refused a root, mount
 * or working directory; else execve(2)'s for the program. `reason` tells what to do.
 */
MUST_CHECK long machine_create(const struct machine_config *config, struct machine **out,
                               char reason[200]);
void machine_destroy(struct machine *machine);

struct kernel *machine_kernel(struct machine *machine);

/* Run until kernel->stop is set, or for at most `insns` instructions (0: no slice limit). True: it
 * has ended. */
bool machine_run(struct machine *machine, uint64_t insns);

/* Make machine_run() return soon; async-signal- and thread-safe. */
void machine_stop(struct machine *machine);
/* A key was pressed at the terminal; async-signal- and thread-safe. */
void machine_key(struct machine *machine, enum host_key key);
/* After KERNEL_HOST or KERNEL_SUSPENDED: machine_run() may go on, and whom job control stopped
 * does. */
void machine_continue(struct machine *machine);

/* The whole machine, frozen between two runs; at most one at a time. Restoring is allowed any
 * number of times. -LX_ENOMEM. */
MUST_CHECK long machine_snapshot(struct machine *machine);
void machine_restore(struct machine *machine);
void machine_snapshot_drop(struct machine *machine);

#endif
