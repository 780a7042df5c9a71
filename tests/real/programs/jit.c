/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code that is made while the program runs: written, protected and run; rewritten in place; changed
 * by another thread, by another mapping of the same page, by the code itself. And a garbage
 * collector's write barrier by page protection.
 */
#include "thread.h"

#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <ucontext.h>

#define PAGE 4096

typedef long (*function)(long);

/* mov $value, %eax; add %rdi, %rax; ret */
static void write_adder(uint8_t *at, int32_t value)
{
    static const uint8_t code[] = {0x48, 0xc7, 0xc0, 0, 0, 0, 0, 0x48, 0x01, 0xf8, 0xc3};
    memcpy(at, code, sizeof code);
    memcpy(at + 3, &value, 4);
}

static uint8_t *pages(size_t count, int protection)
{
    void *at = mmap(NULL, count * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED)
        must("mmap", errno);
    return at;
}

static long call(const void *code, long argument)
{
    return ((function)(uintptr_t)code)(argument);
}

/* W^X: writable or executable, by turns. */
static void exclusive(void)
{
    uint8_t *code = pages(1, PROT_READ | PROT_WRITE);
    long sum = 0;
    for (int i = 0; i < 500; i++) {
        mprotect(code, PAGE, PROT_READ | PROT_WRITE);
        write_adder(code + i % 7 * 16, i);
        mprotect(code, PAGE, PROT_READ | PROT_EXEC);
        sum += call(code + i % 7 * 16, i);
    }
    VALUE(sum);
    pid_t pid = child();
    if (pid == 0) {
        code[0] = 0xc3;
        _exit(0);
    }
    reap(pid, "writing to code");
    mprotect(code, PAGE, PROT_READ | PROT_WRITE);
    pid = child();
    if (pid == 0)
        _exit((int)call(code, 0));
    reap(pid, "running data");
}

/* Written over in place, without a word to the kernel; also across the border of two pages. */
static void rewritten(void)
{
    uint8_t *code = pages(2, PROT_READ | PROT_WRITE | PROT_EXEC);
    long sum = 0;
    for (int i = 0; i < 2000; i++) {
        uint8_t *at = code + PAGE - 16 + i % 16;
        write_adder(at, i);
        sum += call(at, 1);
    }
    VALUE(sum);
    for (int i = 0; i < 3000; i++) {
        code[100] = 0xb8; /* mov $i, %eax; ret */
        memcpy(code + 101, &i, 4);
        code[105] = 0xc3;
        sum += call(code + 100, 0);
    }
    VALUE(sum);
}

/* A loop that changes the immediate of its own next instruction: mov $n, %eax at every turn. */
static void by_itself(void)
{
    static const uint8_t loop[] = {
        0x31, 0xd2,                         /* xor %edx, %edx */
        0xb8, 0x01, 0x00, 0x00, 0x00,       /* 2: mov $1, %eax */
        0x01, 0xc2,                         /* add %eax, %edx */
        0xff, 0x05, 0xf4, 0xff, 0xff, 0xff, /* incl the immediate at 3 (rip-relative: 15 - 12) */
        0x83, 0xff, 0x01,                   /* cmp $1, %edi */
        0x74, 0x04,                         /* je end */
        0xff, 0xcf,                         /* dec %edi */
        0xeb, 0xea,                         /* jmp 2 */
        0x89, 0xd0, 0xc3,                   /* end: mov %edx, %eax; ret */
    };
    uint8_t *code = pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);
    memcpy(code, loop, sizeof loop);
    VALUE(call(code, 1000));
    VALUE(call(code, 10)); /* the immediate stays */
    /* The instruction right behind the one that writes: movb $0x90 over int3. */
    static const uint8_t next[] = {0xc6, 0x05, 0x00, 0x00, 0x00, 0x00, 0x90,
                                   0xcc, 0xb8, 0x07, 0x00, 0x00, 0x00, 0xc3};
    memcpy(code + 64, next, sizeof next);
    VALUE(call(code + 64, 0));
}

/* The same page mapped twice: one mapping to write, the other to run. */
static void two_mappings(void)
{
    int fd = (int)syscall(SYS_memfd_create, "code", 0);
    if (fd < 0 || ftruncate(fd, PAGE))
        must("memfd", errno);
    uint8_t *writable = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    uint8_t *runnable = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
        write_adder(writable + 8, i);
        sum += call(runnable + 8, 0);
    }
    VALUE(sum);
    /* Written with a system call. */
    for (int i = 0; i < 200; i++) {
        uint8_t code[16];
        write_adder(code, -i);
        if (pwrite(fd, code, sizeof code, 8) != sizeof code)
            must("pwrite", errno);
        sum += call(runnable + 8, 0);
    }
    VALUE(sum);
    /* Changed by another process. */
    pid_t pid = child();
    if (pid == 0) {
        write_adder(writable + 8, 99);
        _exit((int)call(runnable + 8, 0));
    }
    reap(pid, "the writer");
    VALUE(call(runnable + 8, 1));
    /* Private memory after fork: who writes has its own. */
    uint8_t *own = pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);
    write_adder(own, 5);
    VALUE(call(own, 0));
    pid = child();
    if (pid == 0) {
        write_adder(own, 6);
        _exit((int)call(own, 0));
    }
    reap(pid, "the copy's owner");
    VALUE(call(own, 0));
    munmap(own, PAGE);
    uint8_t *again = mmap(own, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    write_adder(again, 7);
    VALUE(call(again, 0));
}

static uint8_t *shared_code;
static int asked, answered;

static void *patch(void *unused)
{
    for (int i = 1; i <= 300; i++) {
        while (__atomic_load_n(&asked, __ATOMIC_ACQUIRE) != i)
            sched_yield();
        write_adder(shared_code, i);
        __atomic_store_n(&answered, i, __ATOMIC_RELEASE);
    }
    return unused;
}

/* A running loop's jump is written over by another thread: the loop ends. */
static void *stop_loop(void *unused)
{
    while (!__atomic_load_n((uint64_t *)(shared_code + 1024), __ATOMIC_ACQUIRE))
        sched_yield();
    shared_code[519] = 0; /* jmp +0: on to the ret */
    return unused;
}

static void by_thread(void)
{
    shared_code = pages(1, PROT_READ | PROT_WRITE | PROT_EXEC);
    pthread_t patcher = start(patch, NULL);
    long sum = 0;
    for (int i = 1; i <= 300; i++) {
        __atomic_store_n(&asked, i, __ATOMIC_RELEASE);
        while (__atomic_load_n(&answered, __ATOMIC_ACQUIRE) != i)
            sched_yield();
        sum += call(shared_code, 0);
    }
    finish(patcher);
    VALUE(sum);
    /* 512: incl 1024(code), rip-relative: 1024 - 518; jmp back; ret */
    static const uint8_t loop[] = {0xff, 0x05, 0xfa, 0x01, 0x00, 0x00, 0xeb, 0xf8, 0xc3};
    memcpy(shared_code + 512, loop, sizeof loop);
    patcher = start(stop_loop, NULL);
    call(shared_code + 512, 0);
    finish(patcher);
    printf("the loop ended\n");
}

/* --- a write barrier --- */

#define HEAP_PAGES 64
static uint8_t *heap;
static volatile int dirty[HEAP_PAGES], faults, strange;

static void barrier(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    uint8_t *at = info->si_addr;
    if (at < heap || at >= heap + HEAP_PAGES * PAGE || info->si_code != SEGV_ACCERR ||
        !(((ucontext_t *)context)->uc_mcontext.gregs[REG_ERR] & 2)) {
        strange++;
        _exit(9);
    }
    long page = (at - heap) / PAGE;
    dirty[page]++;
    faults++;
    mprotect(heap + page * PAGE, PAGE, PROT_READ | PROT_WRITE);
}

static void *mutate(void *seed)
{
    uint64_t state = (uint64_t)seed;
    for (int i = 0; i < 20000; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        __atomic_add_fetch((uint32_t *)(heap + (state >> 40) % (HEAP_PAGES * PAGE / 4) * 4), 1,
                           __ATOMIC_RELAXED);
    }
    return NULL;
}

static void collector(void)
{
    struct sigaction action = {.sa_flags = SA_SIGINFO};
    action.sa_sigaction = barrier;
    sigaction(SIGSEGV, &action, NULL);
    heap = pages(HEAP_PAGES, PROT_READ | PROT_WRITE);
    for (int cycle = 0; cycle < 5; cycle++) {
        mprotect(heap, HEAP_PAGES * PAGE, PROT_READ);
        for (int i = 0; i < 40; i++)
            heap[(cycle * 17 + i * i) % HEAP_PAGES * PAGE + i] = (uint8_t)i;
        int touched = 0, twice = 0;
        for (int i = 0; i < HEAP_PAGES; i++) {
            touched += dirty[i] != 0;
            twice += dirty[i] > 1;
            dirty[i] = 0;
        }
        printf("cycle %d: %d pages, %d twice\n", cycle, touched, twice);
    }
    VALUE(faults);
    mprotect(heap, HEAP_PAGES * PAGE, PROT_READ | PROT_WRITE);
    memset(heap, 0, HEAP_PAGES * PAGE);
    mprotect(heap, HEAP_PAGES * PAGE, PROT_READ);
    pthread_t threads[4];
    for (long i = 0; i < 4; i++)
        threads[i] = start(mutate, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        finish(threads[i]);
    uint64_t sum = 0;
    for (int i = 0; i < HEAP_PAGES * PAGE / 4; i++)
        sum += ((uint32_t *)heap)[i];
    VALUE(sum);
    VALUE(strange);
}

int main(int argc, char **argv)
{
    static const struct part parts[] = {{"exclusive", exclusive}, {"rewritten", rewritten},
                                        {"by-itself", by_itself}, {"two-mappings", two_mappings},
                                        {"by-thread", by_thread}, {"collector", collector}};
    return run_parts(parts, sizeof parts / sizeof *parts, argc, argv);
}
