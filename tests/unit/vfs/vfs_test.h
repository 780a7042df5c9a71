/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VFS_TEST_H
#define VFS_TEST_H
/*
 * A VFS of its own for a unit test: arena, RAM, scheduler, a deterministic host; a tmpfs as root.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "fs/devfs.h"
#include "fs/tmpfs.h"
#include "vfs/fdtable.h"
#include "vfs/file_attr.h"
#include "vfs/path.h"
#include "vfs/vfs.h"

struct rig {
    struct arena *arena;
    struct ram *ram;
    struct host *host;
    struct clock clock;
    struct sched sched;
    struct sched_entity entity; /* whose calls these are */
    struct vfs vfs;
    struct cred cred;
    struct fdtable *fds;
    struct file *opening;
    struct fs_context context;
};

static inline void rig_init(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    assert_int_equal(arena_create(64u << 20, &rig->arena), 0);
    assert_int_equal(ram_create(64u << 20, &rig->ram), 0);
    struct host_config config = {.deterministic = true};
    assert_int_equal(host_create(&config, &rig->host), 0);
    clock_init(&rig->clock, rig->host, true);
    sched_init(&rig->sched, rig->arena, rig->host, &rig->clock);
    sched_entity_init(&rig->entity);
    sched_add(&rig->sched, &rig->entity);
    rig->sched.current = &rig->entity;
    assert_int_equal(vfs_init(&rig->vfs, rig->arena, rig->ram, &rig->sched, &rig->clock, rig->host),
                     0);
    rig->cred.cap_effective = LX_CAP_FULL_SET;
    rig->context = (struct fs_context){.vfs = &rig->vfs,
                                       .cred = &rig->cred,
                                       .file_size_limit = UINT64_MAX,
                                       .opening = &rig->opening};
    assert_int_equal(vfs_register_filesystem(&rig->vfs, &tmpfs_filesystem), 0);
    assert_int_equal(vfs_register_filesystem(&rig->vfs, &devfs_filesystem), 0);
    struct mount_request request = {.type = "tmpfs", .source = "none", .options = "mode=755"};
    assert_int_equal(vfs_mount_root(&rig->context, &request), 0);
    struct path root = {rig->vfs.root, rig->vfs.root->root};
    assert_int_equal(fs_struct_create(&rig->vfs, &root, &rig->context.fs), 0);
    assert_int_equal(fdtable_create(&rig->vfs, &rig->fds), 0);
    rig->context.fds = rig->fds;
}

static inline void rig_fini(struct rig *rig)
{
    fdtable_put(rig->fds);
    fs_struct_put(&rig->vfs, rig->context.fs);
    arena_destroy(rig->arena);
    host_destroy(rig->host);
    ram_destroy(rig->ram);
}

/* The call that waited is over. */
static inline void rig_end_call(struct rig *rig)
{
    sched_wake(&rig->sched, &rig->entity);
    if (rig->opening)
        file_put(rig->opening);
    rig->opening = NULL;
}

static inline long rig_open(struct rig *rig, const char *name, unsigned flags, struct file **out)
{
    struct open_how how = {.flags = flags, .mode = 0644};
    return vfs_open(&rig->context, LX_AT_FDCWD, name, &how, out);
}

static inline void rig_make_file(struct rig *rig, const char *name, const char *text)
{
    struct file *file;
    assert_int_equal(rig_open(rig, name, LX_O_CREAT | LX_O_RDWR, &file), 0);
    struct uio uio;
    uio_init_kernel(&uio, (void *)(uintptr_t)text, strlen(text));
    assert_int_equal(file_write(file, &uio, 0, UINT64_MAX), strlen(text));
    file_put(file);
}

#endif
