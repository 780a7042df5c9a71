/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does /proc/self/task hold the threads, each with its own name and numbers? */
#include "proc_text.h"

#include <dirent.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static pthread_barrier_t named, looked;
static int tid;

static void *thread(void *unused)
{
    (void)unused;
    CHECK(prctl(PR_SET_NAME, "worker"));
    tid = (int)syscall(SYS_gettid);
    char want[64], link[64] = {0};
    snprintf(want, sizeof want, "%d/task/%d", getpid(), tid);
    CHECK(readlink("/proc/thread-self", link, sizeof link - 1));
    EXPECT(strcmp(want, link) == 0);
    pthread_barrier_wait(&named);
    pthread_barrier_wait(&looked);
    return NULL;
}

static int count_tasks(void)
{
    DIR *dir = opendir("/proc/self/task");
    EXPECT(dir);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void *goes_on(void *end)
{
    char byte;
    (void)read(*(int *)end, &byte, 1);
    return NULL;
}

/* The leader ends and its thread goes on, until all have closed the pipe's other end. */
static void end_leader(int ends[2])
{
    pthread_t id;
    EXPECT_EQ(0, pthread_create(&id, NULL, goes_on, &ends[0]));
    close(ends[1]);
    syscall(SYS_exit, 0);
}

/* Of a leader that has ended there is what there is of a zombie, and it still counts. */
static void check_leader(void)
{
    char path[64], text[8192];
    int ends[2], status;
    struct stat st;
    CHECK(pipe(ends));
    pid_t child = CHECK(fork());
    if (child == 0)
        end_leader(ends);
    snprintf(path, sizeof path, "/proc/%d/status", child);
    do
        proc_read(path, text, sizeof text);
    while (proc_field(text, "State:")[0] != 'Z');
    EXPECT_EQ(2, proc_number(text, "Threads:"));
    EXPECT_EQ(child, proc_number(text, "Pid:"));
    snprintf(path, sizeof path, "/proc/%d/cmdline", child);
    proc_read(path, text, sizeof text);
    EXPECT_EQ(0, text[0]);
    snprintf(path, sizeof path, "/proc/%d/exe", child);
    EXPECT_ERRNO(ENOENT, readlink(path, text, sizeof text));
    snprintf(path, sizeof path, "/proc/%d/task", child);
    CHECK(stat(path, &st));
    EXPECT_EQ(4, st.st_nlink);
    snprintf(path, sizeof path, "/proc/%d/task/%d/stat", child, child);
    CHECK(stat(path, &st));
    EXPECT_EQ(0, waitpid(child, &status, WNOHANG));
    close(ends[1]);
    EXPECT_EQ(child, waitpid(child, &status, 0));
    close(ends[0]);
}

int main(void)
{
    char path[64], text[8192];
    check_leader();
    pthread_t id;
    EXPECT_EQ(1, count_tasks());
    EXPECT_EQ(0, pthread_barrier_init(&named, NULL, 2));
    EXPECT_EQ(0, pthread_barrier_init(&looked, NULL, 2));
    EXPECT_EQ(0, pthread_create(&id, NULL, thread, NULL));
    pthread_barrier_wait(&named);
    EXPECT_EQ(2, count_tasks());
    proc_read("/proc/self/status", text, sizeof text);
    EXPECT_EQ(2, proc_number(text, "Threads:"));
    snprintf(path, sizeof path, "/proc/self/task/%d/status", tid);
    proc_read(path, text, sizeof text);
    EXPECT_EQ(tid, proc_number(text, "Pid:"));
    EXPECT_EQ(getpid(), proc_number(text, "Tgid:"));
    EXPECT(strncmp(proc_field(text, "Name:"), "worker\n", 7) == 0);
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", tid);
    proc_read(path, text, sizeof text);
    EXPECT(strcmp(text, "worker\n") == 0);
    snprintf(path, sizeof path, "/proc/%d/task", tid); /* not listed, and yet there */
    struct stat st;
    CHECK(stat(path, &st));
    pthread_barrier_wait(&looked);
    EXPECT_EQ(0, pthread_join(id, NULL));
    snprintf(path, sizeof path, "/proc/self/task/%d", tid);
    while (stat(path, &st) == 0)
        ; /* the join may come before the last of the thread's end */
    EXPECT_EQ(ENOENT, errno);
    return 0;
}
