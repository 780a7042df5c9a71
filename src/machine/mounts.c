/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine's tree: a tmpfs (or the user's folder) as root, /dev, /proc, /tmp, then the mounts
 * that were asked for, in order.
 */
#include "machine/mounts.h"

#include <stdio.h>

#include "abi/errno.h"
#include "fs/devfs.h"
#include "fs/hostfs.h"
#include "fs/tmpfs.h"
#include "host/file.h"
#include "machine/internal.h"
#include "machine/program.h"
#include "procfs/procfs.h"
#include "vfs/mount.h"

static const struct cred root_cred = {
    .cap_effective = UINT64_MAX, .cap_permitted = UINT64_MAX, .cap_bounding = UINT64_MAX};

static long register_filesystems(struct vfs *vfs)
{
    const struct filesystem *types[] = {&tmpfs_filesystem, &devfs_filesystem, &hostfs_filesystem,
                                        &procfs_filesystem, &sysfs_filesystem};
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        long err = vfs_register_filesystem(vfs, types[i]);
        if (err)
            return err;
    }
    return 0;
}

/* What the host refused of a grant is no error of the program's: machine_create() tells them apart.
 */
static long refused(long err)
{
    return err && err != -LX_ENOMEM ? -LX_ENXIO : err;
}

/* Mount a folder or file of the host: as root when `at` is NULL. */
static long mount_host(struct machine *machine, struct fs_context *context, const char *host_path,
                       const char *at, bool writable, char reason[200])
{
    struct hostfs_mount_data data = {.handle = HOST_NONE, .writable = writable};
    long err = host_open_root(machine->host, host_path, writable, &data.handle);
    if (err) {
        snprintf(reason, 200, "%s cannot be opened: is it there, and readable%s?", host_path,
                 writable ? " and writable" : "");
        return refused(err);
    }
    struct mount_request request = {
        .type = "hostfs",
        .source = "hostfs", /* the guest is not told where on the host */
        .flags = writable ? 0 : LX_MS_RDONLY,
        .data = &data,
    };
    err = at ? vfs_mount_fs(context, at, &request) : vfs_mount_root(context, &request);
    if (err)
        snprintf(reason, 200, "%s cannot be mounted at %s", host_path, at ? at : "/");
    return refused(err);
}

static long mount_root(struct machine *machine, struct fs_context *context,
                       const struct machine_config *config, char reason[200])
{
    if (config->host_mode)
        return mount_host(machine, context, "/", NULL, true, reason);
    if (config->root)
        return mount_host(machine, context, config->root, NULL, config->root_writable, reason);
    struct mount_request request = {.type = "tmpfs", .source = "none", .options = "mode=755"};
    return vfs_mount_root(context, &request);
}

/* A file system of our own at a place that may be missing in a folder that the user gave as root.
 */
static long mount_own(struct fs_context *context, const char *type, const char *at,
                      const char *options, unsigned flags)
{
    struct mount_request request = {
        .type = type, .source = type, .options = options, .flags = flags};
    long err = vfs_make_directories(context, at);
    if (!err)
        err = vfs_mount_fs(context, at, &request);
    bool impossible = err == -LX_EROFS || err == -LX_ENOENT || err == -LX_ENOTDIR ||
                      err == -LX_EACCES || err == -LX_EPERM;
    return impossible ? 0 : err;
}

static long mount_own_all(struct fs_context *context, const struct machine_config *config)
{
    long err = mount_own(context, "proc", "/proc", NULL, LX_MS_NOSUID | LX_MS_NODEV | LX_MS_NOEXEC);
    if (!err)
        err = mount_own(context, "sysfs", "/sys", NULL, LX_MS_RDONLY | LX_MS_NOSUID);
    if (!err)
        err = mount_own(context, "devtmpfs", "/dev", "mode=755", LX_MS_NOSUID);
    if (!err && !config->host_mode && !config->root_writable)
        err = mount_own(context, "tmpfs", "/tmp", "mode=1777", LX_MS_NOSUID | LX_MS_NODEV);
    return err;
}

/* The place of a mount: made as its kind wants it where the tree is ours. */
static long make_mountpoint(struct fs_context *context, const char *at, bool directory)
{
    if (directory)
        return vfs_make_directories(context, at);
    return vfs_make_file(context, at);
}

static long mount_granted(struct machine *machine, struct fs_context *context,
                          const struct machine_mount *mount, char reason[200])
{
    host_handle_t handle;
    long err = host_open_root(machine->host, mount->host_path, false, &handle);
    if (err) {
        snprintf(reason, 200, "%s cannot be opened: --mount HOST:GUEST needs a folder or a file",
                 mount->host_path);
        return refused(err);
    }
    struct host_stat stat;
    err = host_stat(machine->host, handle, &stat);
    host_close(machine->host, handle);
    if (!err)
        err = make_mountpoint(context, mount->guest_path, (stat.mode & 0170000) == 0040000);
    if (err) {
        snprintf(reason, 200, "there is no place for the mount %s in the guest's tree",
                 mount->guest_path);
        return refused(err);
    }
    return mount_host(machine, context, mount->host_path, mount->guest_path,
                      mount->mode == MACHINE_MOUNT_RW, reason);
}

static long mount_program(struct machine *machine, struct fs_context *context,
                          const char *host_path, char reason[200])
{
    host_handle_t handle;
    long err = host_open_root(machine->host, host_path, false, &handle);
    if (err == -LX_EINVAL)
        err = -LX_EACCES;
    if (err) {
        snprintf(reason, 200,
                 err == -LX_EACCES
                     ? "%s cannot be executed: is it a regular file that you may read?"
                     : "%s: there is no such program; a path of the guest's wants --root DIR",
                 host_path);
        return err;
    }
    host_close(machine->host, handle);

    char at[PROGRAM_PATH_MAX];
    program_path(host_path, at);
    struct machine_mount mount = {host_path, at, MACHINE_MOUNT_RO};
    return mount_granted(machine, context, &mount, reason);
}

long boot_mounts(struct machine *machine, const struct machine_config *config, char reason[200])
{
    struct kernel *kernel = machine->kernel;
    long err = vfs_init(&kernel->vfs, kernel->arena, kernel->ram, &kernel->sched, &kernel->clock,
                        kernel->host);
    if (!err)
        err = register_filesystems(&kernel->vfs);
    struct fs_context context = {
        .vfs = &kernel->vfs, .cred = &root_cred, .file_size_limit = UINT64_MAX};
    if (!err)
        err = mount_root(machine, &context, config, reason);
    if (err)
        return err;

    struct path root = {kernel->vfs.root, kernel->vfs.root->root};
    err = fs_struct_create(&kernel->vfs, &root, &context.fs);
    if (err)
        return err;
    context.fs->umask = 0;
    err = mount_own_all(&context, config);
    if (!err && config->program_host)
        err = mount_program(machine, &context, config->program_host, reason);
    for (unsigned i = 0; !err && i < config->mount_count; i++)
        err = mount_granted(machine, &context, &config->mounts[i], reason);
    fs_struct_put(&kernel->vfs, context.fs);
    return err;
}
