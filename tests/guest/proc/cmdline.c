/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Are cmdline, environ and auxv what the program was given? */
#include "proc_text.h"

#include <elf.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

extern char **environ;

static void expect_strings(const char *path, char **strings)
{
    static char text[1 << 17];
    size_t length = proc_read(path, text, sizeof text), at = 0;
    for (int i = 0; strings[i]; i++) {
        EXPECT(at < length);
        EXPECT(strcmp(text + at, strings[i]) == 0);
        at += strlen(strings[i]) + 1;
    }
    EXPECT_EQ(at, length);
}

int main(int argc, char **argv)
{
    (void)argc;
    expect_strings("/proc/self/cmdline", argv);
    expect_strings("/proc/self/environ", environ);

    char before = argv[0][0];
    argv[0][0] = '!'; /* it is the process's own memory */
    expect_strings("/proc/self/cmdline", argv);
    argv[0][0] = before;

    static char text[4096];
    size_t length = proc_read("/proc/self/auxv", text, sizeof text);
    EXPECT(length % sizeof(Elf64_auxv_t) == 0);
    const Elf64_auxv_t *auxv = (const Elf64_auxv_t *)text;
    size_t count = length / sizeof *auxv;
    EXPECT_EQ(AT_NULL, auxv[count - 1].a_type);
    int seen = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        if (auxv[i].a_type == AT_PAGESZ || auxv[i].a_type == AT_ENTRY ||
            auxv[i].a_type == AT_RANDOM) {
            EXPECT_EQ(getauxval(auxv[i].a_type), auxv[i].a_un.a_val);
            seen++;
        }
    }
    EXPECT_EQ(3, seen);

    /* In pieces. */
    char piece[3];
    int fd = CHECK(open("/proc/self/cmdline", O_RDONLY));
    EXPECT_EQ(3, pread(fd, piece, 3, 1));
    EXPECT(memcmp(piece, argv[0] + 1, 3) == 0);
    EXPECT_EQ(0, pread(fd, piece, 3, 100000));
    EXPECT_ERRNO(EFAULT, syscall(SYS_read, fd, 8L, 3L));
    return 0;
}
