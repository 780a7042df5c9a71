/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first task: its streams, its working directory, its program with arguments and environment.
 */
#include "machine/program.h"

#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "host/stream.h"
#include "machine/internal.h"
#include "proc/exec.h"
#include "tty/stream.h"
#include "vfs/path.h"

#define STRINGS_MAX (UINT64_C(8) << 20)

void program_path(const char *host_path, char out[PROGRAM_PATH_MAX])
{
    const char *slash = strrchr(host_path, '/');
    snprintf(out, PROGRAM_PATH_MAX, "/%s", slash ? slash + 1 : host_path);
}

/* Pack a vector of strings. -LX_E2BIG, -LX_ENOMEM. */
static long pack(struct arena *arena, const char *const *vector, struct exec_strings *out)
{
    *out = (struct exec_strings){0};
    size_t length = 0;
    for (unsigned i = 0; vector && vector[i]; i++)
        length += strlen(vector[i]) + 1;
    if (length > STRINGS_MAX)
        return -LX_E2BIG;
    out->bytes = arena_alloc(arena, length + 1);
    if (!out->bytes)
        return -LX_ENOMEM;
    out->room = length + 1;
    for (; vector && vector[out->count]; out->count++) {
        size_t size = strlen(vector[out->count]) + 1;
        memcpy(out->bytes + out->length, vector[out->count], size);
        out->length += size;
    }
    return 0;
}

/* The host's descriptor as the task's. What the host has closed is closed here too: *handle is
 * HOST_NONE. */
static long open_stream(struct task *task, struct machine_descriptor stream, host_handle_t *handle)
{
    struct vfs *vfs = &task->kernel->vfs;
    *handle = HOST_NONE;
    if (stream.host < 0 || host_open_stream(vfs->host, stream.host, handle))
        return 0;
    struct file *file;
    long err = stream_create(vfs, *handle, &file);
    if (err)
        return err;
    err = fdtable_install_at(task->fds, file, stream.guest, task_rlimit(task, LX_RLIMIT_NOFILE),
                             false);
    return MIN(err, 0);
}

static long open_streams(struct task *task, const struct machine_config *config)
{
    long err = 0;
    host_handle_t handle;
    for (int i = 0; i < 3 && !err; i++) {
        struct machine_descriptor stream = {.host = config->stdio[i], .guest = i};
        err = open_stream(task, stream, &task->kernel->vfs.stdio[i]);
    }
    for (unsigned i = 0; i < config->descriptor_count && !err; i++)
        err = open_stream(task, config->descriptors[i], &handle);
    return err;
}

/* What a person can do about a program that does not start. */
static void explain(const struct task *task, const char *name, long err, char reason[200])
{
    const char *missing = exec_missing_interpreter(task);
    if (*missing)
        snprintf(reason, 200,
                 "%.50s needs %.70s: give a root that has it, --root DIR, or run it with --host",
                 name, missing);
    else if (err == -LX_ENOENT)
        snprintf(reason, 200, "%.120s: there is no such program in the guest's tree", name);
    else if (err == -LX_EACCES)
        snprintf(reason, 200, "%.120s cannot be executed: is it a regular file with permission x?",
                 name);
    else if (err == -LX_ENOEXEC)
        snprintf(reason, 200, "%.120s is no x86-64 ELF program and no script with #!", name);
    else if (err == -LX_E2BIG)
        snprintf(reason, 200, "the arguments and the environment are too long for %.120s", name);
    else
        snprintf(reason, 200, "%.120s cannot be started (error %ld)", name, -err);
}

static long start(struct task *task, const char *name, const struct machine_config *config)
{
    struct exec_request request = {.filename = name};
    long err = exec_open(task, LX_AT_FDCWD, name, 0, &request.file);
    if (err)
        return err;
    struct arena *arena = task->kernel->arena;
    err = pack(arena, config->argv, &request.argv);
    if (!err)
        err = pack(arena, config->envp, &request.envp);
    if (!err)
        err = exec_program(task, &request);
    if (err)
        file_put(request.file);
    arena_free(arena, request.argv.bytes);
    arena_free(arena, request.envp.bytes);
    return err;
}

long boot_program(struct machine *machine, const struct machine_config *config, char reason[200])
{
    struct kernel *kernel = machine->kernel;
    struct task *task;
    long err = task_create_init(kernel, config->uid, config->gid, &task);
    if (!err)
        err = open_streams(task, config);
    if (err)
        return err;
    struct fs_context context = task_fs_context(task);
    if (config->cwd) {
        err = vfs_chdir(&context, config->cwd);
        if (err) {
            snprintf(reason, 200, "%s is no directory of the guest's (--cwd)", config->cwd);
            return -LX_ENXIO;
        }
    }
    char shown[PROGRAM_PATH_MAX];
    const char *name = config->program_guest;
    if (!name) {
        program_path(config->program_host, shown);
        name = shown;
    }
    task_load_cpu(task);
    err = start(task, name, config);
    if (err)
        explain(task, config->program_host ? config->program_host : name, err, reason);
    return err;
}
