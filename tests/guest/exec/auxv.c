/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is the auxiliary vector true, complete, in Linux's order, and new for each program? */
#include "guest_test.h"

#include <elf.h>
#include <sys/auxv.h>

extern char _start[];
extern char __ehdr_start[];

/* In Linux's order; a vDSO comes before. */
static const unsigned long order[] = {
    51 /* MINSIGSTKSZ */, AT_HWCAP, AT_PAGESZ, AT_CLKTCK, AT_PHDR, AT_PHENT, AT_PHNUM, AT_BASE,
    AT_FLAGS, AT_ENTRY, AT_UID, AT_EUID, AT_GID, AT_EGID, AT_SECURE, AT_RANDOM, AT_HWCAP2,
    AT_EXECFN, AT_PLATFORM, 27 /* RSEQ_FEATURE_SIZE */, 28 /* RSEQ_ALIGN */,
};

static const Elf64_auxv_t *vector(char **envp)
{
    while (*envp)
        envp++;
    return (const void *)(envp + 1);
}

static unsigned check_order(const Elf64_auxv_t *auxv)
{
    unsigned found = 0, count = 0;
    for (; auxv->a_type; auxv++, count++)
        if (found < sizeof order / sizeof *order && auxv->a_type == order[found])
            found++;
    EXPECT_EQ(sizeof order / sizeof *order, found);
    return count + 1;
}

static void check_values(const Elf64_auxv_t *auxv)
{
    EXPECT_EQ(4096, getauxval(AT_PAGESZ));
    EXPECT_EQ(sysconf(_SC_CLK_TCK), getauxval(AT_CLKTCK));
    EXPECT_EQ(getuid(), getauxval(AT_UID));
    EXPECT_EQ(geteuid(), getauxval(AT_EUID));
    EXPECT_EQ(getgid(), getauxval(AT_GID));
    EXPECT_EQ(getegid(), getauxval(AT_EGID));
    EXPECT_EQ(0, getauxval(AT_SECURE));
    EXPECT_EQ(0, getauxval(AT_FLAGS));
    EXPECT_EQ(0, getauxval(AT_BASE));
    EXPECT_EQ((uintptr_t)_start, getauxval(AT_ENTRY));
    const Elf64_Ehdr *header = (void *)__ehdr_start;
    EXPECT_EQ((uintptr_t)header + header->e_phoff, getauxval(AT_PHDR));
    EXPECT_EQ(header->e_phnum, getauxval(AT_PHNUM));
    EXPECT_EQ(sizeof(Elf64_Phdr), getauxval(AT_PHENT));
    EXPECT(strcmp((char *)getauxval(AT_PLATFORM), "x86_64") == 0);
    EXPECT_EQ('/', *(char *)getauxval(AT_EXECFN));
    EXPECT(getauxval(51) >= 1024);
    EXPECT(getauxval(27) >= 20);
    EXPECT_EQ(32, getauxval(28));
    unsigned eax = 1, ebx, ecx = 0, edx;
    __asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    while (auxv->a_type != AT_HWCAP) /* libc's getauxval() has another opinion */
        auxv++;
    EXPECT_EQ(edx, auxv->a_un.a_val);
}

/* The strings are where Linux has them: arguments, environment, file name, a zero word. */
static void check_places(int argc, char **argv, char **envp)
{
    EXPECT_EQ(0, (uintptr_t)(argv - 1) % 16);
    EXPECT_EQ(argc, *(long *)(argv - 1));
    EXPECT(envp == argv + argc + 1);
    char *at = argv[0];
    for (int i = 0; i < argc; i++, at += strlen(at) + 1)
        EXPECT(argv[i] == at);
    for (int i = 0; envp[i]; i++, at += strlen(at) + 1)
        EXPECT(envp[i] == at);
    EXPECT(at == (char *)getauxval(AT_EXECFN));
    at += strlen(at) + 1;
    EXPECT_EQ(0, (uintptr_t)(at + 8) % 4096);
    uint64_t last;
    memcpy(&last, at, 8);
    EXPECT_EQ(0, last);
    EXPECT_EQ((uintptr_t)getauxval(AT_PLATFORM) - 16, getauxval(AT_RANDOM));
    EXPECT_EQ(0, (getauxval(AT_PLATFORM) + 7) % 16);
}

static void check_proc(const Elf64_auxv_t *auxv, unsigned count)
{
    char copy[1024];
    int fd = CHECK(open("/proc/self/auxv", O_RDONLY));
    ssize_t size = CHECK(read(fd, copy, sizeof copy));
    EXPECT(size >= (ssize_t)(count * sizeof *auxv));
    EXPECT(memcmp(copy, auxv, count * sizeof *auxv) == 0);
    CHECK(close(fd));
}

int main(int argc, char **argv, char **envp)
{
    const Elf64_auxv_t *auxv = vector(envp);
    unsigned count = check_order(auxv);
    check_values(auxv);
    check_places(argc, argv, envp);
    check_proc(auxv, count);

    char random[40];
    const unsigned char *bytes = (void *)getauxval(AT_RANDOM);
    for (unsigned i = 0; i < 16; i++)
        snprintf(random + 2 * i, 3, "%02x", bytes[i]);
    if (argc == 3) {
        EXPECT(strcmp(argv[1], random) != 0);
        return 0;
    }
    char *next[] = {"again", random, "third", NULL}, *env[] = {"A=1", "B=2", NULL};
    CHECK(execve((char *)getauxval(AT_EXECFN), next, env));
    return 1;
}
