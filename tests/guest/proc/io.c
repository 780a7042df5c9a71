/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does /proc/PID/io count what was read and written, and children who was made, thread by thread?
 */
#include "proc_text.h"

/* Bad addresses are asked about. */
#pragma GCC diagnostic ignored "-Wstringop-overflow"

#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

struct counts {
    long long rchar, wchar, syscr, syscw;
};

static struct counts counts_of(const char *path)
{
    char text[1024];
    proc_read(path, text, sizeof text);
    return (struct counts){proc_number(text, "rchar:"), proc_number(text, "wchar:"),
                           proc_number(text, "syscr:"), proc_number(text, "syscw:")};
}

static char *own(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/%s", (int)syscall(SYS_gettid), name);
    return path;
}

static void *writer(void *file)
{
    int fd = *(int *)file;
    struct iovec parts[2] = {{.iov_base = "ab", .iov_len = 2}, {.iov_base = "cde", .iov_len = 3}};
    EXPECT_EQ(0, counts_of(own("io")).syscw);
    for (int i = 0; i < 100; i++)
        EXPECT_EQ(1, write(fd, "a", 1));
    EXPECT_EQ(5, writev(fd, parts, 2));
    EXPECT_EQ(3, pwrite(fd, "xyz", 3, 0));
    EXPECT_EQ(102, counts_of(own("io")).syscw);
    EXPECT_EQ(108, counts_of(own("io")).wchar);
    return NULL;
}

static void *reader(void *file)
{
    char bytes[64];
    int fd = *(int *)file;
    struct counts before = counts_of(own("io"));
    EXPECT_EQ(64, pread(fd, bytes, 64, 0));
    EXPECT_EQ(0, pread(fd, bytes, 64, 1000));
    EXPECT_ERRNO(EFAULT, pread(fd, (void *)8, 64, 0));
    struct counts after = counts_of(own("io"));
    EXPECT_EQ(0, after.syscw);
    EXPECT_EQ(0, after.wchar);
    /* Three here, and two of the file of counts: its text, and its end. */
    EXPECT_EQ(before.syscr + 5, after.syscr);
    EXPECT(after.rchar > before.rchar + 64);
    return NULL;
}

static void in_thread(void *(*start)(void *), int *fd)
{
    pthread_t thread;
    EXPECT_EQ(0, pthread_create(&thread, NULL, start, fd));
    EXPECT_EQ(0, pthread_join(thread, NULL));
}

static void *no_children(void *unused)
{
    char text[64];
    EXPECT_EQ(0, proc_read(own("children"), text, sizeof text));
    struct stat st;
    EXPECT_ERRNO(ENOENT, stat("/proc/thread-self/task", &st));
    CHECK(stat("/proc/self/task", &st));
    EXPECT_EQ(4, st.st_nlink);
    return unused;
}

static void check_children(void)
{
    char text[64], want[64];
    int fds[2];
    struct stat st;
    CHECK(pipe(fds));
    CHECK(stat("/proc/self/task", &st));
    EXPECT_EQ(3, st.st_nlink);
    EXPECT_EQ(0, proc_read(own("children"), text, sizeof text));
    int children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = CHECK(fork());
        if (!children[i]) {
            char byte;
            CHECK(close(fds[1]));
            _exit((int)read(fds[0], &byte, 1));
        }
    }
    proc_read(own("children"), text, sizeof text);
    snprintf(want, sizeof want, "%d %d ", children[0], children[1]);
    EXPECT(strcmp(want, text) == 0);
    in_thread(no_children, NULL);
    CHECK(close(fds[1]));
    for (int i = 0; i < 2; i++)
        EXPECT_EQ(children[i], waitpid(children[i], NULL, 0));
    EXPECT_EQ(0, proc_read(own("children"), text, sizeof text));
}

int main(void)
{
    char name[] = "/tmp/lstar-io-XXXXXX";
    int fd = CHECK(mkstemp(name));
    CHECK(unlink(name));
    check_children();
    in_thread(writer, &fd);
    in_thread(reader, &fd);
    EXPECT(counts_of("/proc/self/io").syscw >= 102); /* theirs too, who are gone */
    return 0;
}
