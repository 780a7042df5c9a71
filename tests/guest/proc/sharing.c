/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has which pages, before a fork and after, says /proc/PID/smaps; and whose paths are shown to
 * somebody in a root of his own? */
#include "guest_test.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define PAGE 4096L

static char *area;

/* A field of the mapping that `area` is; -1: there is none. */
static long field(const char *name)
{
    int fd = CHECK(open("/proc/self/smaps", O_RDONLY));
    FILE *file = fdopen(fd, "r");
    char line[512];
    bool here = false;
    long value = -1;
    unsigned long start, end;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            here = start == (unsigned long)area;
        else if (here && !strncmp(line, name, strlen(name)))
            value = strtol(line + strlen(name), NULL, 10);
    }
    fclose(file);
    return value;
}

static void expect(long rss, long pss, long shared, long own)
{
    EXPECT_EQ(rss, field("Rss:"));
    EXPECT_EQ(pss, field("Pss:"));
    EXPECT_EQ(shared, field("Shared_Dirty:"));
    EXPECT_EQ(own, field("Private_Dirty:"));
    EXPECT_EQ(rss, field("Anonymous:"));
}

static void in_child(void)
{
    expect(16, 8, 16, 0);
    area[0] = 2;
    expect(16, 10, 12, 4);
    CHECK(madvise(area, 2 * PAGE, MADV_DONTNEED));
    expect(8, 4, 8, 0);
}

static void after_fork(void)
{
    /* Apart from its neighbours, and of small pages. */
    char *map = mmap(NULL, 10 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(map != MAP_FAILED);
    area = map + PAGE;
    CHECK(mprotect(area, 8 * PAGE, PROT_READ | PROT_WRITE));
    (void)*(volatile char *)(area + 7 * PAGE);
    expect(0, 0, 0, 0); /* what was only read is nobody's */
    memset(area, 1, 4 * PAGE);
    expect(16, 16, 0, 16);
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        in_child();
        _exit(0);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    expect(16, 16, 0, 16);
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t size = strlen(end);
    return length >= size && !memcmp(text + length - size, end, size);
}

/* Is a file of this name mapped? Its path may begin earlier: this may run in a chroot(2). */
static bool map_shows(int proc, const char *path)
{
    FILE *file = fdopen(CHECK(openat(proc, "self/maps", O_RDONLY)), "r");
    char line[512];
    bool found = false;
    while (fgets(line, sizeof line, file)) {
        char *name = strchr(line, '/');
        found |= name && ends_with(name, strcspn(name, "\n"), path);
    }
    fclose(file);
    return found;
}

static void in_root(const char *dir)
{
    char text[256] = "", name[64], outside[80];
    int proc = CHECK(open("/proc", O_RDONLY | O_DIRECTORY));
    snprintf(outside, sizeof outside, "%s-out", dir);
    int in = CHECK(open("in", O_CREAT | O_RDWR, 0600));
    int out = CHECK(open(outside, O_CREAT | O_RDWR, 0600));
    CHECK(ftruncate(in, PAGE));
    CHECK(ftruncate(out, PAGE));
    EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, in, 0) != MAP_FAILED);
    EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, out, 0) != MAP_FAILED);
    CHECK(chroot("."));
    EXPECT(map_shows(proc, "/in"));
    EXPECT(map_shows(proc, outside)); /* from the machine's root */
    snprintf(name, sizeof name, "self/fd/%d", in);
    EXPECT_EQ(3, readlinkat(proc, name, text, sizeof text));
    EXPECT(!memcmp(text, "/in", 3));
    snprintf(name, sizeof name, "self/fd/%d", out);
    long length = CHECK(readlinkat(proc, name, text, sizeof text));
    EXPECT(ends_with(text, (size_t)length, outside));
}

int main(void)
{
    after_fork();
    char dir[64], name[80];
    snprintf(dir, sizeof dir, "/tmp/lstar-sharing-%d", (int)getpid());
    CHECK(mkdir(dir, 0755));
    CHECK(chdir(dir));
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        in_root(dir);
        _exit(0);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
    CHECK(unlink("in"));
    CHECK(rmdir(dir));
    snprintf(name, sizeof name, "%s-out", dir);
    CHECK(unlink(name));
    return 0;
}
