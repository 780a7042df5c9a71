/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_API_API_H
#define LSTAR_API_API_H
/*
 * What the files of src/api share: the configuration's insides. Configurations are the embedder's
 * own objects, outside of every machine: they are the one thing above src/base that lives on the
 * host's heap.
 */
#include "base/compiler.h"
#include "lstar/lstar.h"
#include "machine/machine.h"

#define API_MOUNTS_MAX 64
#define API_DESCRIPTORS_MAX 256

/* Strings in order, ended by NULL for the kernel. */
struct api_strings {
    char **items; /* NULL while empty */
    size_t count;
};

struct api_mount {
    char *host;
    char *guest;
    enum lstar_access access;
};

struct lstar_config {
    char *program;         /* NULL: not set */
    bool program_is_guest; /* a path in the guest's tree */
    struct api_strings args;
    struct api_strings env; /* "NAME=value" */
    char *root;             /* NULL: an empty folder in memory */
    enum lstar_access root_access;
    bool host_tree;
    struct api_mount mounts[API_MOUNTS_MAX];
    unsigned mount_count;
    char *cwd; /* NULL: "/" */
    uint32_t uid, gid;
    int stdio[3];
    struct machine_descriptor descriptors[API_DESCRIPTORS_MAX];
    unsigned descriptor_count;
    uint64_t memory;     /* 0: the machine's default */
    uint64_t insn_limit; /* 0: none */
    uint64_t time_limit; /* ns; 0: none */
    bool deterministic;
    uint64_t seed;
    bool aslr;
    bool job_control;
    enum lstar_trace_format trace_format;
    lstar_text_fn *trace; /* NULL: none */
    void *trace_opaque;
};

#endif
