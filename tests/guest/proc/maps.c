/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do /proc/self/maps and smaps show mappings as they are, in Linux's columns? */
#include "proc_text.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static char text[1 << 20];

struct line {
    unsigned long start, end, offset, ino;
    unsigned major, minor;
    char rights[5], name[256];
    int length;
};

/* The line that holds `addr`; false: none. */
static int find(const void *addr, struct line *out)
{
    proc_read("/proc/self/maps", text, sizeof text);
    for (char *at = text; *at; at = strchr(at, '\n') + 1) {
        int used = 0;
        memset(out, 0, sizeof *out);
        EXPECT_EQ(7, sscanf(at, "%lx-%lx %4s %lx %x:%x %lu%n", &out->start, &out->end, out->rights,
                            &out->offset, &out->major, &out->minor, &out->ino, &used));
        char *end = strchr(at, '\n');
        if (at[used + 1] != '\n') {
            EXPECT(end - at > 73 && at[72] == ' ' && at[73] != ' ');
            snprintf(out->name, sizeof out->name, "%.*s", (int)(end - at - 73), at + 73);
        } else {
            EXPECT(at[used] == ' ');
        }
        if ((unsigned long)addr >= out->start && (unsigned long)addr < out->end)
            return 1;
    }
    return 0;
}

static long long smaps_number(const void *addr, const char *key)
{
    char head[32];
    proc_read("/proc/self/smaps", text, sizeof text);
    snprintf(head, sizeof head, "%08lx-", (unsigned long)addr);
    char *at = strstr(text, head);
    EXPECT(at);
    return proc_number(at, key);
}

/* Is the word among VmFlags? */
static int has_flag(const void *addr, const char *flag)
{
    char head[32], word[8];
    proc_read("/proc/self/smaps", text, sizeof text);
    snprintf(head, sizeof head, "%08lx-", (unsigned long)addr);
    snprintf(word, sizeof word, " %s ", flag);
    char *at = strstr(text, head);
    EXPECT(at);
    at = strstr(at, "VmFlags:");
    EXPECT(at);
    char *end = strchr(at, '\n'), *found = strstr(at, word);
    return found && found < end;
}

/* What shared mappings and locked ones are flagged as. */
static void flags(const char *path, int fd)
{
    int reads = CHECK(open(path, O_RDONLY));
    char *shared = CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0));
    EXPECT(has_flag(shared, "sh") && has_flag(shared, "mw") && has_flag(shared, "ms"));
    char *seen = CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, reads, 4096 * 3));
    EXPECT(!has_flag(seen, "sh") && !has_flag(seen, "mw") && has_flag(seen, "ms"));
    char *own = CHECK(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, reads, 4096 * 6));
    EXPECT(!has_flag(own, "sh") && has_flag(own, "mw") && !has_flag(own, "ms"));
    CHECK(mlock2(own, 4096, MLOCK_ONFAULT));
    EXPECT(has_flag(own, "lo") && has_flag(own, "lf"));
    CHECK(mlock(own, 4096));
    EXPECT(has_flag(own, "lo") && !has_flag(own, "lf"));
    CHECK(munmap(shared, 4096));
    CHECK(munmap(seen, 4096));
    CHECK(munmap(own, 4096));
    CHECK(close(reads));
}

int main(void)
{
    struct line line;
    struct stat exe;
    CHECK(stat("/proc/self/exe", &exe));
    EXPECT(find((void *)main, &line));
    EXPECT(strcmp(line.rights, "r-xp") == 0);
    EXPECT_EQ(exe.st_ino, line.ino);
    EXPECT(makedev(line.major, line.minor) == exe.st_dev);
    char link[256] = {0};
    CHECK(readlink("/proc/self/exe", link, sizeof link - 1));
    EXPECT(strcmp(link, line.name) == 0);

    EXPECT(find(&line, &line));
    EXPECT(strcmp(line.name, "[stack]") == 0 && strcmp(line.rights, "rw-p") == 0);
    char *heap = sbrk(8192);
    EXPECT(find(heap + 100, &line));
    EXPECT(strcmp(line.name, "[heap]") == 0);

    char *anon = mmap(NULL, 40960, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT(anon != MAP_FAILED);
    CHECK(mprotect(anon + 4096, 20480, PROT_READ | PROT_WRITE));
    EXPECT(find(anon + 4096, &line));
    EXPECT(line.start == (unsigned long)anon + 4096 && line.end == line.start + 20480);
    EXPECT(strcmp(line.rights, "rw-p") == 0 && !*line.name && line.ino == 0 && line.offset == 0);
    EXPECT(find(anon, &line));
    EXPECT(strcmp(line.rights, "---p") == 0);
    EXPECT_EQ(0, smaps_number(anon + 4096, "Rss:"));
    anon[4096] = anon[8192] = 1;
    EXPECT_EQ(8, smaps_number(anon + 4096, "Rss:"));
    EXPECT_EQ(20, smaps_number(anon + 4096, "Size:"));
    EXPECT_EQ(8, smaps_number(anon + 4096, "Anonymous:"));
    EXPECT_EQ(4, smaps_number(anon + 4096, "KernelPageSize:"));
    CHECK(munmap(anon, 40960));
    EXPECT(!find(anon, &line));

    /* A file, by offset; its name with a newline; and after it is gone. */
    char *dir = mkdtemp((char[]){"/tmp/maps-XXXXXX"}), path[64];
    EXPECT(dir);
    snprintf(path, sizeof path, "%s/a\nb", dir);
    int fd = CHECK(open(path, O_RDWR | O_CREAT, 0600));
    CHECK(ftruncate(fd, 65536));
    char *file = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 16384);
    EXPECT(file != MAP_FAILED);
    struct stat st;
    CHECK(fstat(fd, &st));
    EXPECT(find(file, &line));
    EXPECT(line.offset == 16384 && line.ino == st.st_ino && strcmp(line.rights, "r--s") == 0);
    char *end = strstr(line.name, "/a\\012b");
    EXPECT(end && strcmp(end, "/a\\012b") == 0);
    flags(path, fd);
    CHECK(unlink(path));
    EXPECT(find(file, &line));
    EXPECT(strstr(line.name, " (deleted)"));
    CHECK(rmdir(dir));
    return 0;
}
