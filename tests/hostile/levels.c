/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a machine get everything back that an attack took? levels ROUNDS FOLDER ATTACK: the guest
 * program ROUNDS makes the attack (a program in the host's FOLDER) twice; what the kernel's arena,
 * RAM and the table of host handles hold afterwards must be what they held between. The first round
 * fills caches and lets tables grow; a second one finds them as they are.
 */
#include "machine/machine.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proc/exit.h"
#include "vfs/dentry.h"

#define SLICE 1000000 /* instructions; the guest runs on for more after each letter */

struct level {
    size_t arena;
    uint64_t frames;
    unsigned handles, files, inodes, tasks;
};

/* What may differ: which of a table's chunks are in use, and sockets lost in each other's messages:
 * so few of them nobody looks for. */
static const struct level slack = {.arena = 65536, .frames = 64, .files = 64};

static struct level measure(struct kernel *kernel)
{
    tasks_reap(kernel);
    dentry_prune(&kernel->vfs, NULL);
    return (struct level){
        .arena = arena_used(kernel->arena),
        .frames = ram_used(kernel->ram),
        .handles = host_handles(kernel->host),
        .files = kernel->vfs.file_count,
        .inodes = kernel->vfs.inode_count,
        .tasks = kernel->task_count,
    };
}

static void show(const char *when, const struct level *level)
{
    fprintf(stderr, "%s: %zu bytes, %llu frames, %u handles, %u files, %u inodes, %u tasks\n", when,
            level->arena, (unsigned long long)level->frames, level->handles, level->files,
            level->inodes, level->tasks);
}

static bool is_back(const struct level *before, const struct level *after)
{
    return after->arena <= before->arena + slack.arena &&
           after->frames <= before->frames + slack.frames && after->handles <= before->handles &&
           after->files <= before->files + slack.files && after->tasks == 1;
}

/* Run until the guest has written another letter. False: it has ended. */
static bool run_to_letter(struct machine *machine, int out)
{
    char letter;
    while (read(out, &letter, 1) != 1) {
        if (machine_run(machine, SLICE))
            return false;
    }
    return true;
}

static struct machine *boot(char **argv, int out)
{
    static const char *const env[] = {NULL};
    char path[256];
    const char *slash = strrchr(argv[3], '/');
    snprintf(path, sizeof path, "/attacks/%s", slash ? slash + 1 : argv[3]);
    const char *const words[] = {"rounds", path, NULL};
    struct machine_mount mount = {argv[2], "/attacks", MACHINE_MOUNT_RO};
    struct machine_config config = {
        .ram_bytes = UINT64_C(64) << 20,
        .arena_bytes = UINT64_C(64) << 20,
        .mounts = &mount,
        .mount_count = 1,
        .stdio = {-1, out, 2},
        .program_host = argv[1],
        .argv = words,
        .envp = env,
    };
    struct machine *machine;
    char reason[200] = "";
    if (machine_create(&config, &machine, reason)) {
        fprintf(stderr, "%s\n", reason);
        exit(2);
    }
    return machine;
}

int main(int argc, char **argv)
{
    int ends[2];
    if (argc != 4 || pipe2(ends, O_NONBLOCK | O_CLOEXEC))
        return 2;
    struct machine *machine = boot(argv, ends[1]);
    struct kernel *kernel = machine_kernel(machine);
    static const char *const when[] = {"before", "after", "again"};
    struct level levels[3];
    for (int i = 0; i < 3; i++) {
        if (!run_to_letter(machine, ends[0])) {
            fprintf(stderr, "the run ended (%d, status %#x)\n", (int)kernel->stop,
                    (unsigned)kernel->stop_status);
            return 1;
        }
        levels[i] = measure(kernel);
        show(when[i], &levels[i]);
    }
    bool good = is_back(&levels[1], &levels[2]);
    machine_destroy(machine);
    return good ? 0 : 1;
}
