/* SPDX-License-Identifier: GPL-2.0-or-later */
/* execve, execveat: which error comes of which file, name and argument, and is the caller left as
 * it was? */
#include "guest_test.h"
#include <limits.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static char dir[] = "/tmp/exec_errors.XXXXXX";
static char *const none[] = {NULL};

static const char *in_dir(const char *name)
{
    static char path[8][PATH_MAX];
    static int next;
    next = (next + 1) % 8;
    snprintf(path[next], sizeof path[next], "%s/%s", dir, name);
    return path[next];
}

static const char *make(const char *name, mode_t mode, const char *text, size_t size)
{
    const char *path = in_dir(name);
    int fd = CHECK(open(path, O_CREAT | O_WRONLY | O_TRUNC, 0700));
    EXPECT_EQ((ssize_t)size, write(fd, text, size));
    CHECK(fchmod(fd, mode));
    CHECK(close(fd));
    return path;
}

#define SCRIPT(name, text) make(name, 0755, text, sizeof(text) - 1)

static long exec(const char *path)
{
    return syscall(SYS_execve, path, none, none);
}

static long execat(int fd, const char *path, int flags)
{
    return syscall(SYS_execveat, fd, path, none, none, flags);
}

static void names(void)
{
    static char longest[PATH_MAX + 1];
    memset(longest, 'x', PATH_MAX);
    EXPECT_ERRNO(ENOENT, exec(""));
    EXPECT_ERRNO(EFAULT, exec((char *)8));
    EXPECT_ERRNO(ENAMETOOLONG, exec(longest));
    longest[PATH_MAX - 1] = '\0';
    EXPECT_ERRNO(ENAMETOOLONG, exec(longest));
    EXPECT_ERRNO(ENOENT, exec(in_dir("nothing")));
    EXPECT_ERRNO(EACCES, exec(dir));
    EXPECT_ERRNO(EACCES, exec("/dev/null"));
    make("plain", 0644, "x", 1);
    EXPECT_ERRNO(EACCES, exec(in_dir("plain")));
    EXPECT_ERRNO(ENOTDIR, exec(in_dir("plain/x")));
    CHECK(symlink("loop", in_dir("loop")));
    EXPECT_ERRNO(ELOOP, exec(in_dir("loop")));
    CHECK(mkfifo(in_dir("fifo"), 0777));
    EXPECT_ERRNO(EACCES, exec(in_dir("fifo")));
}

static void formats(void)
{
    EXPECT_ERRNO(ENOEXEC, exec(make("empty", 0755, "", 0)));
    EXPECT_ERRNO(ENOEXEC, exec(SCRIPT("text", "hello\n")));
    EXPECT_ERRNO(ENOEXEC, exec(SCRIPT("elf", "\177ELF")));
    EXPECT_ERRNO(ENOEXEC, exec(SCRIPT("none", "#!\n")));
    EXPECT_ERRNO(ENOEXEC, exec(SCRIPT("blank", "#!   \n")));
    EXPECT_ERRNO(ENOENT, exec(SCRIPT("missing", "#!/nothing/here\n")));
    EXPECT_ERRNO(EACCES, exec(SCRIPT("folder", "#!/\n")));
    char line[300];
    snprintf(line, sizeof line, "#!%s\n", in_dir("plain"));
    EXPECT_ERRNO(EACCES, exec(make("closed", 0755, line, strlen(line))));
    snprintf(line, sizeof line, "#!%s\n", in_dir("round"));
    EXPECT_ERRNO(ELOOP, exec(make("round", 0755, line, strlen(line))));
    memset(line, 'y', sizeof line);
    memcpy(line, "#!/", 3);
    EXPECT_ERRNO(ENOEXEC,
                 exec(make("long", 0755, line,
                           sizeof line))); /* cut off: no line's end among the first bytes */
}

static void busy(void)
{
    const char *path = SCRIPT("busy", "#!/nothing\n");
    int fd = CHECK(open(path, O_WRONLY));
    EXPECT_ERRNO(ETXTBSY, exec(path));
    CHECK(close(fd));
    EXPECT_ERRNO(ENOENT, exec(path));
}

static void descriptors(void)
{
    int folder = CHECK(open(dir, O_RDONLY | O_DIRECTORY));
    int file = CHECK(open(SCRIPT("script", "#!/nothing\n"), O_RDONLY));
    int closing = CHECK(open(in_dir("script"), O_RDONLY | O_CLOEXEC));
    CHECK(symlink("script", in_dir("link")));
    EXPECT_ERRNO(EINVAL, execat(folder, "text", 1));
    EXPECT_ERRNO(EINVAL, execat(folder, "text", AT_REMOVEDIR));
    EXPECT_ERRNO(ENOEXEC, execat(folder, "text", 0));
    EXPECT_ERRNO(EBADF, execat(-1, "text", 0));
    EXPECT_ERRNO(EBADF, execat(999, "text", 0));
    EXPECT_ERRNO(ENOTDIR, execat(file, "text", 0));
    EXPECT_ERRNO(ENOENT, execat(file, "", 0));
    EXPECT_ERRNO(EBADF, execat(-1, "", AT_EMPTY_PATH));
    EXPECT_ERRNO(EACCES, execat(folder, "", AT_EMPTY_PATH));
    EXPECT_ERRNO(EACCES, execat(AT_FDCWD, "", AT_EMPTY_PATH));
    EXPECT_ERRNO(ELOOP, execat(folder, "link", AT_SYMLINK_NOFOLLOW));
    EXPECT_ERRNO(ENOENT, execat(folder, "link", 0)); /* its interpreter */
    EXPECT_ERRNO(ENOENT, execat(closing, "", AT_EMPTY_PATH));
    EXPECT_ERRNO(EFAULT, syscall(SYS_execveat, folder, 8L, none, none, 0));
    /* Would it run? Only looked at. */
    EXPECT_EQ(0, execat(AT_FDCWD, "/proc/self/exe", AT_EXECVE_CHECK));
    EXPECT_ERRNO(EACCES, execat(folder, "plain", AT_EXECVE_CHECK));
    close(folder);
    close(file);
    close(closing);
}

static long exec_self(const void *argv, const void *envp)
{
    return syscall(SYS_execve, "/proc/self/exe", argv, envp);
}

static void arguments(void)
{
    static char big[131073];
    char *list[] = {big, NULL}, *bad[] = {(char *)8, NULL};
    EXPECT_ERRNO(EFAULT, exec_self((void *)8, none));
    EXPECT_ERRNO(EFAULT, exec_self(none, (void *)8));
    EXPECT_ERRNO(EFAULT, exec_self(bad, none));
    EXPECT_ERRNO(EFAULT, exec_self(none, bad));
    memset(big, 'x', sizeof big - 1);
    EXPECT_ERRNO(E2BIG, exec_self(list, none)); /* 128 KiB, its end included, is the most */
    EXPECT_ERRNO(E2BIG, exec_self(none, list));
    EXPECT_ERRNO(ENOENT, syscall(SYS_execve, "/nothing", list, none));
    /* All of them: a quarter of the stack's limit. */
    struct rlimit limit = {1 << 20, 1 << 20};
    CHECK(setrlimit(RLIMIT_STACK, &limit));
    big[100000] = '\0';
    char *three[] = {big, big, big, NULL};
    EXPECT_ERRNO(E2BIG, exec_self(three, none));
    static char *pointers[40000];
    for (int i = 0; i < 39999; i++)
        pointers[i] = "";
    EXPECT_ERRNO(E2BIG, exec_self(pointers, none));
    EXPECT_ERRNO(E2BIG, exec_self(none, pointers));
}

static void rights(void)
{
    CHECK(chmod(dir, 0700));
    CHECK(setresuid(1234, 1234, 1234));
    EXPECT_ERRNO(EACCES, exec(in_dir("text")));
    EXPECT_ERRNO(EACCES, exec(in_dir("nothing")));
}

static void too_many(void)
{
    struct rlimit limit = {0, 0};
    CHECK(setrlimit(RLIMIT_NPROC, &limit));
    pid_t pid = CHECK(fork()); /* root may */
    if (pid == 0) {
        CHECK(setresuid(54321, 54321, 54321));
        EXPECT_ERRNO(EAGAIN, fork());
        _exit(0);
    }
    int status;
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

static void in_child(void (*body)(void))
{
    int status;
    pid_t pid = CHECK(fork());
    if (pid == 0) {
        body();
        _exit(0);
    }
    EXPECT_EQ(pid, waitpid(pid, &status, 0));
    EXPECT_EQ(0, status);
}

/* A call that fails has changed nothing. */
static void unharmed(void)
{
    int fd = CHECK(open("/dev/null", O_RDONLY | O_CLOEXEC));
    struct sigaction action = {.sa_handler = exit}, now;
    CHECK(sigaction(SIGUSR1, &action, NULL));
    EXPECT_ERRNO(ENOEXEC, exec(in_dir("text")));
    EXPECT_ERRNO(ENOENT, exec(in_dir("missing")));
    EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
    CHECK(sigaction(SIGUSR1, NULL, &now));
    EXPECT(now.sa_handler == exit);
}

int main(void)
{
    EXPECT(mkdtemp(dir) != NULL);
    CHECK(chmod(dir, 0755));
    names();
    formats();
    busy();
    descriptors();
    in_child(unharmed);
    in_child(arguments);
    if (getuid() == 0) {
        in_child(rights);
        in_child(too_many);
    }
    const char *files[] = {"plain",   "empty",  "text",   "elf",   "none", "blank",
                           "missing", "folder", "closed", "round", "long", "busy",
                           "script",  "link",   "loop",   "fifo"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        CHECK(unlink(in_dir(files[i])));
    CHECK(rmdir(dir));
    return 0;
}
