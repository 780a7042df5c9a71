/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, flags and memory. */
#include "guest_test.h"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define S(...) (void)syscall(__VA_ARGS__)

int main(void)
{
    struct rlimit limit = {10, 20};
    unsigned cpu;
    unsigned char vec[8];
    char name[16];
    int word = 5;

    char *memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    S(SYS_mprotect, memory, 4096L, PROT_NONE);
    S(SYS_mprotect, memory, 4096L, PROT_READ | PROT_EXEC);
    S(SYS_mprotect, memory, 4096L, 0x100L);
    S(SYS_madvise, memory, 4096L, MADV_DONTNEED);
    S(SYS_madvise, memory, 4096L, 99);
    S(SYS_mremap, memory, 8192L, 4096L, 0);
    memory = (char *)syscall(SYS_mremap, memory, 4096L, 16384L, MREMAP_MAYMOVE);
    S(SYS_mprotect, memory, 16384L, PROT_READ | PROT_WRITE);
    memory[5000] = 1;
    S(SYS_mincore, memory, 16384L, vec);
    S(SYS_mincore, memory + 1, 16384L, vec);
    S(SYS_msync, memory, 4096L, MS_SYNC | MS_INVALIDATE);
    S(SYS_munmap, memory, 16384L);
    S(SYS_munmap, memory + 1, 16384L);
    S(SYS_mmap, NULL, 0L, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0L);
    S(SYS_mmap, NULL, 4096L, PROT_READ, MAP_SHARED, 99, 4096L);
    S(SYS_mmap, NULL, 4096L, PROT_READ, 0, 0, 0L);
    S(SYS_brk, 8L);
    S(SYS_mlock, memory, 0L);
    S(SYS_memfd_create, "name", MFD_CLOEXEC);

    S(SYS_getrlimit, RLIMIT_STACK, &limit);
    S(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit);
    S(SYS_prlimit64, 0, 99, NULL, &limit);
    S(SYS_setrlimit, RLIMIT_CORE, &limit);
    S(SYS_getpriority, PRIO_PROCESS, 0);
    S(SYS_setpriority, PRIO_PROCESS, 0, 0);
    S(SYS_prctl, PR_SET_NAME, "newname");
    S(SYS_prctl, PR_GET_NAME, name);
    S(SYS_prctl, PR_SET_DUMPABLE, 1);
    S(SYS_prctl, PR_GET_DUMPABLE);
    S(SYS_prctl, PR_GET_PDEATHSIG, &word);
    S(SYS_prctl, PR_SET_PDEATHSIG, 15);
    S(SYS_prctl, PR_CAPBSET_READ, 5);
    S(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    S(SYS_prctl, 9999, 1, 2, 3, 4);
    S(SYS_prctl, PR_GET_TIMERSLACK);
    S(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 1, 0, 0);
    S(SYS_arch_prctl, 0x1003, &limit);
    S(SYS_arch_prctl, 0x1234, 8L);
    S(SYS_personality, 0xffffffff);
    S(SYS_personality, 0x40000);
    S(SYS_personality, 0);
    S(SYS_sched_yield);
    S(SYS_sched_getparam, 0, &word);
    S(SYS_sched_getscheduler, 0);
    S(SYS_sched_setscheduler, 0, 0, &word);
    S(SYS_sched_get_priority_max, 1);
    S(SYS_getcpu, NULL, NULL, NULL);
    S(SYS_getcpu, 8L, &cpu, NULL);
    S(SYS_set_robust_list, memory, 24L);
    S(SYS_set_robust_list, memory, 1L);
    S(SYS_futex, &word, 129, 1);
    S(SYS_futex, &word, 0, 4, NULL);
    S(SYS_futex, &word, 128 | 9, 4, NULL, NULL, -1);
    S(1000);
    S(SYS_uselib, "x");
    S(SYS_getuid);
    S(SYS_setresuid, -1, -1, -1);
    S(SYS_getresgid, &limit, (char *)&limit + 4, (char *)&limit + 8);
    S(SYS_sethostname, "x", -1);
    return 0;
}
