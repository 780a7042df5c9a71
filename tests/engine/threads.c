/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Do a hundred engines run on four threads at once without touching each other? (Under the thread
 * sanitizer, with the engine instrumented too: cmake -DLSTAR_SANITIZE=thread
 * -DLSTAR_UNICORN_CFLAGS=-fsanitize=thread.)
 */
#include "../unit/cpu/machine.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 4, MACHINES = 25 };

/* eax = sum of ecx down to 1, by a loop with stores, SSE, a division and a system call at the end.
 */
static const uint8_t program[] = {
    0x31, 0xc0,             /* xor eax, eax */
    0x01, 0xc8,             /* 1: add eax, ecx */
    0x89, 0x03,             /* mov [rbx], eax */
    0x66, 0x0f, 0xfe, 0xc0, /* paddd xmm0, xmm0 */
    0xf2, 0x0f, 0x2a, 0xc9, /* cvtsi2sd xmm1, ecx */
    0xf2, 0x0f, 0x58, 0xd1, /* addsd xmm2, xmm1 */
    0xff, 0xc9,             /* dec ecx */
    0x75, 0xec,             /* jnz 1b */
    0x0f, 0x05,             /* syscall */
};

static void *work(void *arg)
{
    long failures = 0;

    (void)arg;
    for (unsigned i = 0; i < MACHINES; i++) {
        struct test_machine *m = machine_new();
        uint32_t n = 1000 + i;

        for (unsigned round = 0; round < 3; round++) {
            cpu_gprs(m->cpu)[CPU_RCX] = n;
            cpu_gprs(m->cpu)[CPU_RBX] = DATA;
            machine_code(m, CODE, program, sizeof(program));
            if (machine_run(m, CODE, 1000000) != CPU_TRAP_SYSCALL ||
                (uint32_t)cpu_gprs(m->cpu)[CPU_RAX] != n * (n + 1) / 2) {
                failures++;
            }
        }
        machine_free(m);
    }
    return (void *)failures;
}

int main(void)
{
    pthread_t threads[THREADS];
    long failures = 0;

    for (unsigned i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
            return 2;
        }
    }
    for (unsigned i = 0; i < THREADS; i++) {
        void *result;

        pthread_join(threads[i], &result);
        failures += (long)result;
    }
    printf("%d engines on %d threads: %ld failures\n", THREADS * MACHINES, THREADS, failures);
    return failures != 0;
}
