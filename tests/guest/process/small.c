/* SPDX-License-Identifier: GPL-2.0-or-later */
/* set_tid_address, robust lists, personality, membarrier, getcpu: what do they answer? */
#include "guest_test.h"
#include <linux/membarrier.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

static bool is_executable(const void *page)
{
    bool found = false;
    char line[300];
    FILE *maps = fopen("/proc/self/maps", "r");
    EXPECT(maps);
    while (fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char rights[5];
        EXPECT_EQ(3, sscanf(line, "%lx-%lx %4s", &from, &to, rights));
        if (from <= (unsigned long)page && (unsigned long)page < to)
            found = rights[2] == 'x';
    }
    fclose(maps);
    return found;
}

static void *map_page(int prot)
{
    return CHECK(mmap(NULL, 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static void persona_effects(void)
{
    struct utsname name;
    long persona = syscall(SYS_personality, UNAME26);
    CHECK(uname(&name));
    EXPECT(strncmp(name.release, "2.6.", 4) == 0 && atoi(name.release + 4) >= 40);
    CHECK(syscall(SYS_personality, READ_IMPLIES_EXEC));
    void *page = map_page(PROT_READ);
    EXPECT(is_executable(page));
    EXPECT(!is_executable(map_page(PROT_NONE)));
    CHECK(syscall(SYS_personality, persona));
    EXPECT(is_executable(page)); /* as it was made */
    CHECK(mprotect(page, 4096, PROT_READ));
    EXPECT(!is_executable(page));
    CHECK(syscall(SYS_personality, READ_IMPLIES_EXEC));
    CHECK(mprotect(page, 4096, PROT_READ));
    EXPECT(is_executable(page));
    CHECK(syscall(SYS_personality, persona));
    CHECK(uname(&name));
    EXPECT(atoi(name.release) > 2);
}

int main(void)
{
    int tid;
    void *head = NULL;
    size_t size = 0;
    long list[3] = {(long)list, 0, 0};

    EXPECT_EQ(getpid(), syscall(SYS_set_tid_address, &tid));
    EXPECT_EQ(getpid(), syscall(SYS_set_tid_address, 8L));
    EXPECT_EQ(getpid(), syscall(SYS_set_tid_address, NULL));

    EXPECT_EQ(0, syscall(SYS_set_robust_list, list, 24L));
    EXPECT_EQ(0, syscall(SYS_get_robust_list, 0, &head, &size));
    EXPECT_EQ((long)list, (long)head);
    EXPECT_EQ(24, size);
    EXPECT_ERRNO(EINVAL, syscall(SYS_set_robust_list, list, 23L));
    EXPECT_ERRNO(EFAULT, syscall(SYS_get_robust_list, 0, 8L, &size));
    EXPECT_ERRNO(EFAULT, syscall(SYS_get_robust_list, 0, &head, 8L));
    EXPECT_ERRNO(ESRCH, syscall(SYS_get_robust_list, 999999, &head, &size));
    EXPECT_EQ(0, syscall(SYS_set_robust_list, NULL, 24L));

    long persona = syscall(SYS_personality, 0xffffffff);
    EXPECT_EQ(persona, syscall(SYS_personality, 0x40000));
    EXPECT_EQ(0x40000, syscall(SYS_personality, 0xffffffff));
    EXPECT_EQ(0x40000, syscall(SYS_personality, persona));
    persona_effects();

    long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
    EXPECT(commands & MEMBARRIER_CMD_GLOBAL);
    EXPECT(commands & MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    EXPECT_EQ(0, syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0));
    EXPECT_ERRNO(EPERM, syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
    EXPECT_EQ(0, syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0));
    EXPECT_EQ(0, syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 1, 0));
    EXPECT_ERRNO(EINVAL, syscall(SYS_membarrier, 1 << 20, 0, 0));

    unsigned cpu = 99999, node = 99999;
    EXPECT_EQ(0, syscall(SYS_getcpu, &cpu, &node, NULL));
    EXPECT(cpu < 99999 && node < 99999);
    EXPECT_EQ(0, syscall(SYS_getcpu, NULL, NULL, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getcpu, 8L, NULL, NULL));
    EXPECT_ERRNO(EFAULT, syscall(SYS_getcpu, NULL, 8L, NULL));
    return 0;
}
