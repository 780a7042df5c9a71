/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a snapshot whole? A program is run once to learn how long it is. Then, at each of POINTS
 * moments: snapshot, run to the end, restore, run to the end again. Output, wait status and count
 * of instructions must be the same, and the host must have lost nothing.
 *
 *   proof SEED PROGRAM [ARGS…]      the program is a host file; its host folder /work is the
 * current directory
 */
#include "machine/machine.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POINTS 20

struct outcome {
    int status;
    uint64_t insns;
    size_t length;
    char *output;
};

static int out_fd; /* the guest's stdout and stderr */

static int open_descriptors(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

static struct machine *boot(uint64_t seed, char **argv)
{
    static const char *const env[] = {"PATH=/bin", "LC_ALL=C", NULL};
    char cwd[4096];
    if (!getcwd(cwd, sizeof cwd))
        exit(2);
    struct machine_mount mount = {cwd, "/work", MACHINE_MOUNT_RO};
    struct machine_config config = {
        .deterministic = true,
        .seed = seed,
        .mounts = &mount,
        .mount_count = 1,
        .cwd = "/work",
        .stdio = {open("/dev/null", O_RDONLY | O_CLOEXEC), out_fd, out_fd},
        .program_host = argv[0],
        .argv = (const char *const *)argv,
        .envp = env,
    };
    struct machine *machine;
    char reason[200] = "";
    long err = machine_create(&config, &machine, reason);
    if (err) {
        fprintf(stderr, "%s: %ld %s\n", argv[0], err, reason);
        exit(2);
    }
    return machine;
}

/* Run to the end; what was written from `from` on. */
static struct outcome finish(struct machine *machine, off_t from)
{
    struct kernel *kernel = machine_kernel(machine);
    while (!machine_run(machine, 0))
        ;
    struct outcome outcome = {
        .status = kernel->stop == KERNEL_EXITED ? kernel->stop_status : -(int)kernel->stop,
        .insns = kernel->clock.insns,
        .length = (size_t)(lseek(out_fd, 0, SEEK_CUR) - from),
    };
    outcome.output = malloc(outcome.length + 1);
    if (!outcome.output ||
        pread(out_fd, outcome.output, outcome.length, from) != (ssize_t)outcome.length)
        exit(2);
    return outcome;
}

static int differ(const struct outcome *a, const struct outcome *b)
{
    return a->status != b->status || a->insns != b->insns || a->length != b->length ||
           memcmp(a->output, b->output, a->length) != 0;
}

/* One point: 1 when the two ends differ. */
static int prove(uint64_t seed, char **argv, uint64_t point)
{
    struct machine *machine = boot(seed, argv);
    machine_run(machine, point);
    off_t at = lseek(out_fd, 0, SEEK_CUR);
    long err = machine_snapshot(machine);
    if (err) {
        fprintf(stderr, "no snapshot: %ld\n", err);
        return 1;
    }
    struct outcome first = finish(machine, at);
    machine_restore(machine);
    lseek(out_fd, at, SEEK_SET);
    struct outcome second = finish(machine, at);
    int bad = differ(&first, &second);
    if (bad)
        fprintf(stderr,
                "at %llu: status %d and %d, instructions %llu and %llu, output %zu and %zu bytes\n",
                (unsigned long long)point, first.status, second.status,
                (unsigned long long)first.insns, (unsigned long long)second.insns, first.length,
                second.length);
    machine_destroy(machine);
    free(first.output);
    free(second.output);
    return bad;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    uint64_t seed = strtoull(argv[1], NULL, 0), random = seed * 2 + 1;
    char name[] = "/tmp/lstar-proof-XXXXXX";
    out_fd = mkstemp(name);
    if (out_fd < 0)
        return 2;
    unlink(name);

    struct machine *machine = boot(seed, argv + 2);
    struct outcome whole = finish(machine, 0);
    machine_destroy(machine);
    if (whole.status < 0) {
        fprintf(stderr, "the run did not end by itself: %d\n", whole.status);
        return 1;
    }
    int bad = 0, before = open_descriptors();
    for (int i = 0; i < POINTS && !bad; i++) {
        random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        if (ftruncate(out_fd, 0) || lseek(out_fd, 0, SEEK_SET))
            return 2;
        bad = prove(seed, argv + 2, 1 + (random >> 11) % whole.insns);
    }
    /* Each boot opens /dev/null for the guest: POINTS of them. */
    int lost = open_descriptors() - before - POINTS;
    if (!bad && lost > 0) {
        fprintf(stderr, "%d host descriptors lost\n", lost);
        bad = 1;
    }
    printf("%s: %llu instructions, status %d, %d points%s\n", argv[2],
           (unsigned long long)whole.insns, whole.status, POINTS,
           bad ? ": DIFFERENT" : " the same");
    free(whole.output);
    return bad;
}
