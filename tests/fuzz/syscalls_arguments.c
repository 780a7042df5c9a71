/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the fuzzer's arguments come from: mostly what a program could have meant, often with one
 * thing wrong.
 */
#include "syscalls_arguments.h"

#include <string.h>

#include "mem/uaccess.h"
#include "syscall_table/strace_show.h"
#include "syscall_table/table.h"

static uint64_t state;

void fuzz_seed(uint64_t seed)
{
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 0x1234567;
}

uint64_t fuzz_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545f4914f6cdd1d);
}

static bool one_in(unsigned n)
{
    return fuzz_random() % n == 0;
}

#define PICK(array) ((array)[fuzz_random() % ARRAY_SIZE(array)])

/* A number: small, at an edge, or anything. */
static uint64_t number(void)
{
    static const uint64_t edges[] = {
        0, 1, 2, 3, 4, 7, 8, 16, 24, 32, 64, 100, 128, 255, 256, 511, 512, 1000, 1024, 4095, 4096,
        4097, 8192, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
        0x7fffffffffffffff, 0x8000000000000000, UINT64_MAX, UINT64_MAX - 1, UINT64_MAX - 4095,
        0x7ffffffff000, 0x7fffffffefff, 0x800000000000,
    };
    switch (fuzz_random() % 8) {
    case 0:
        return fuzz_random();
    case 1:
        return fuzz_random() & 0xffffffff;
    case 2:
    case 3:
        return PICK(edges);
    default:
        return fuzz_random() % 64;
    }
}

/* A length: seldom so large that a call would move gigabytes. */
static uint64_t size(void)
{
    if (one_in(50))
        return number();
    return one_in(4) ? fuzz_random() % 100000 : fuzz_random() % 4200;
}

static gva_t bad_pointer(void)
{
    static const gva_t pointers[] = {
        0, 1, 8, 4096, FUZZ_REGION + FUZZ_REGION_SIZE, FUZZ_REGION - 1, 0x7ffffffff000,
        0x7fffffffeff8, 0x800000000000, 0xffff800000000000, UINT64_MAX, UINT64_MAX - 7,
        0xffffffffff600000, 0x400000,
    };
    return PICK(pointers);
}

/* Room for argument `index`: usually its own, sometimes one that runs into what is not mapped. */
static gva_t slot(unsigned index)
{
    if (one_in(12))
        return FUZZ_REGION + FUZZ_REGION_SIZE - fuzz_random() % 64;
    return FUZZ_REGION + index * 8192 + (one_in(6) ? fuzz_random() % 64 : 0);
}

static void put(struct task *task, gva_t at, const void *bytes, size_t length)
{
    (void)user_write_some(task->mm, at, bytes, length);
}

static const char *path(void)
{
    static const char *const paths[] = {
        "/", ".", "..", "/tmp", "/tmp/a", "/tmp/b", "/tmp/a/b", "/tmp/a/b/c", "a", "b", "a/b",
        "a/../b", "./a/.", "link", "loop", "/tmp/link", "", "/dev/null", "/dev/zero", "/dev/full",
        "/dev/random", "/dev/tty", "/dev/stdin", "/dev/fd", "/dev/fd/3", "/dev/ptmx", "/proc",
        "/proc/self", "/proc/self/maps", "/proc/self/status", "/proc/self/fd", "/proc/self/fd/3",
        "/proc/self/exe", "/proc/self/cwd", "/proc/self/root", "/proc/1/stat", "/proc/cpuinfo",
        "/proc/meminfo", "/proc/mounts", "/proc/self/task", "/proc/self/comm",
        "/proc/sys/kernel/hostname", "/none/none", "/sys", "/tmp/a/", "//tmp///a",
        "/proc/self/environ", "/proc/self/auxv", "/proc/self/mem", "fifo",
    };
    return PICK(paths);
}

static void put_path(struct task *task, gva_t at)
{
    static char long_name[4200];
    if (one_in(40)) {
        memset(long_name, one_in(2) ? 'x' : '/', sizeof long_name);
        put(task, at, long_name, one_in(2) ? 300 : sizeof long_name);
        put(task, at + (one_in(2) ? 255 : 4095), "", 1);
        return;
    }
    const char *text = path();
    put(task, at, text, strlen(text) + 1);
}

static void put_words(struct task *task, gva_t at, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t word = number();
        put(task, at + i * sizeof word, &word, sizeof word);
    }
}

static void put_time(struct task *task, gva_t at)
{
    uint64_t time[4] = {fuzz_random() % 3, fuzz_random() % 1000000, fuzz_random() % 3,
                        fuzz_random() % 1000000};
    if (one_in(8))
        time[fuzz_random() % 4] = number();
    put(task, at, time, sizeof time);
}

static void put_vector(struct task *task, gva_t at)
{
    for (unsigned i = 0; i < 8; i++) {
        uint64_t base = one_in(10) ? bad_pointer() : slot((unsigned)(fuzz_random() % 6));
        uint64_t vector[2] = {base, size()};
        put(task, at + i * sizeof vector, vector, sizeof vector);
    }
}

static void put_strings(struct task *task, gva_t at)
{
    uint64_t pointers[4] = {at + 64, at + 80, one_in(4) ? bad_pointer() : 0, 0};
    put(task, at, pointers, sizeof pointers);
    put(task, at + 64, "argument", 9);
    put(task, at + 80, "B=c", 4);
}

static uint64_t descriptor(void)
{
    if (one_in(12))
        return number();
    return fuzz_random() % 16;
}

static uint64_t process_number(const struct task *task)
{
    switch (fuzz_random() % 8) {
    case 0:
        return (uint64_t)task->tid;
    case 1:
        return (uint64_t)task->process->tgid;
    case 2:
        return (uint64_t)-(int64_t)task->process->pgid;
    case 3:
        return number();
    case 4:
        return (uint64_t)task->tid + fuzz_random() % 4;
    default:
        return 0;
    }
}

/* One of a list's constants, several of them, or none that exists. */
static uint64_t constant(enum syscall_kind kind)
{
    const struct name_list *list = names_of(kind);
    if (list->count == 0 || one_in(16))
        return number();
    uint64_t value = list->items[fuzz_random() % list->count].value;
    bool flags = kind_infos[kind].show == show_kind_flags;
    while (flags && one_in(2))
        value |= list->items[fuzz_random() % list->count].value;
    return flags && one_in(4) ? 0 : value;
}

/* What kinds that are addresses point to. */
static void fill(struct task *task, enum syscall_kind kind, gva_t at)
{
    switch (kind) {
    case KIND_PATH:
    case KIND_STR:
    case KIND_HOSTNAME:
    case KIND_MOUNT_DATA:
        put_path(task, at);
        break;
    case KIND_ARGV:
    case KIND_ENVP:
        put_strings(task, at);
        break;
    case KIND_IOVEC_IN:
    case KIND_IOVEC_OUT:
    case KIND_IOVEC_PTR:
        put_vector(task, at);
        break;
    case KIND_TIMESPEC_IN:
    case KIND_TIMESPEC_SELECT:
    case KIND_TIMESPEC_PAIR_IN:
    case KIND_TIMEVAL_IN:
    case KIND_TIMEVAL_SELECT:
    case KIND_TIMEVAL_PAIR_IN:
    case KIND_ITIMERVAL_IN:
    case KIND_ITIMERSPEC_IN:
    case KIND_FUTEX_TIMEOUT:
        put_time(task, at);
        break;
    default:
        if (!one_in(4))
            put_words(task, at, 1 + (unsigned)(fuzz_random() % 12));
    }
}

static uint64_t pointer(struct task *task, enum syscall_kind kind, unsigned index)
{
    if (one_in(10))
        return bad_pointer();
    gva_t at = slot(index);
    fill(task, kind, at);
    return at;
}

static uint64_t fcntl_command(void)
{
    return constant(KIND_ENUM_fcntl);
}

/* Addresses of mappings: mostly away from the region, so that it stays. */
static uint64_t address(void)
{
    static const gva_t places[] = {0,          0x30000000, 0x30001000, 0x30010000,
                                   0x40000000, 0x30000800, FUZZ_REGION};
    if (one_in(8))
        return number();
    return one_in(100) ? PICK(places) : places[fuzz_random() % (ARRAY_SIZE(places) - 1)];
}

static bool of_memory(const struct syscall_row *row)
{
    return row->family == FAMILY_MEMORY;
}

static uint64_t argument(struct task *task, const struct syscall_row *row, unsigned index)
{
    enum syscall_kind kind = row->args[index].kind;

    if (one_in(60))
        return number();
    switch (kind) {
    case KIND_FD:
    case KIND_FD_ANY:
        return descriptor();
    case KIND_DIRFD:
        return one_in(3) ? descriptor() : (uint64_t)(int64_t)-100;
    case KIND_PID:
        return process_number(task);
    case KIND_SIGNAL:
        return one_in(10) ? number() : fuzz_random() % 66;
    case KIND_SIZE:
        return of_memory(row) ? (fuzz_random() % 40) << (one_in(4) ? 0 : 12) : size();
    case KIND_OFFSET:
        return one_in(8) ? number() : fuzz_random() % 20000;
    case KIND_CLOCK_ID:
        return one_in(4) ? number() : fuzz_random() % 12;
    case KIND_MODE:
    case KIND_MODE_CREAT:
        return one_in(3) ? fuzz_random() & 07777 : 0755;
    case KIND_MODE_TYPE:
        return (uint64_t[]){0100644, 0010644, 0644, 0020644, 0040755, 0120777}[fuzz_random() % 6];
    case KIND_FCNTL_CMD:
        return fcntl_command();
    case KIND_IOCTL_REQUEST:
        return constant(KIND_ENUM_ioctl);
    case KIND_PRCTL_OPTION:
        return constant(KIND_ENUM_prctl);
    case KIND_SCHED_POLICY:
        return constant(KIND_ENUM_sched_policy);
    case KIND_FUTEX_OP:
        return constant(KIND_ENUM_futex) | (one_in(2) ? 128 : 0) | (one_in(6) ? 256 : 0);
    case KIND_CLONE_FLAGS:
        return constant(KIND_FLAGS_clone_bits) | (one_in(2) ? 17 : 0);
    case KIND_UID:
    case KIND_GID:
        return one_in(3) ? number() : one_in(2) ? UINT32_MAX : 0;
    case KIND_PTR:
        return of_memory(row) ? address() : pointer(task, kind, index);
    case KIND_FCNTL_ARG:
    case KIND_IOCTL_ARG:
    case KIND_PRCTL_ARG:
        return one_in(2) ? number() : pointer(task, kind, index);
    default:
        break;
    }
    if (kind_infos[kind].show == show_kind_flags || kind_infos[kind].show == show_kind_enum)
        return constant(kind);
    /* Other kinds of 8 bytes that are not numbers are addresses. */
    bool numeric = kind == KIND_U64 || kind == KIND_S64 || kind == KIND_HEX_U64 ||
                   kind_infos[kind].size < 8;
    return numeric ? number() : pointer(task, kind, index);
}

/* Calls that end everything soon are made seldom. */
static bool seldom(const struct syscall_row *row)
{
    static const uint16_t numbers[] = {60, 231, 62,  200, 234, 129, 297, 59,  322,
                                       57, 58,  56, 435, 15,  161, 424, 160, 302};
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        if (row->number == numbers[i])
            return true;
    }
    return false;
}

uint64_t fuzz_call(struct task *task, uint64_t args[6])
{
    const struct syscall_row *row;

    do {
        row = syscall_at(fuzz_random() % syscall_count());
    } while ((row->support == SYSCALL_NONE && !one_in(40)) || (seldom(row) && !one_in(12)));
    for (unsigned i = 0; i < 6; i++)
        args[i] = i < row->argc ? argument(task, row, i) : fuzz_random();
    if (one_in(500))
        return fuzz_random(); /* any number at all */
    return row->number;
}
