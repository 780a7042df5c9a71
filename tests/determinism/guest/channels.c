/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All that a program can learn about the host through a deterministic machine, printed: channels
 * FOLDER, which is a folder of the host.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

static void hex(const char *what, const void *bytes, size_t size)
{
    printf("%s", what);
    for (size_t i = 0; i < size; i++)
        printf(" %02x", ((const unsigned char *)bytes)[i]);
    printf("\n");
}

static void clocks(void)
{
    for (int id = 0; id < 12; id++) {
        struct timespec now = {0};
        int failed = clock_gettime(id, &now);
        printf("clock %d: %d %ld.%09ld\n", id, failed, (long)now.tv_sec, now.tv_nsec);
    }
    struct tms tms;
    printf("tsc %llu times %ld\n", (unsigned long long)__rdtsc(), (long)times(&tms));
}

static void cpu(void)
{
    for (unsigned leaf = 0; leaf < 0x18; leaf++) {
        unsigned r[4] = {0};
        __cpuid_count(leaf, 0, r[0], r[1], r[2], r[3]);
        hex("cpuid", r, sizeof r);
    }
    for (unsigned leaf = 0x80000000; leaf < 0x80000009; leaf++) {
        unsigned r[4] = {0};
        __cpuid_count(leaf, 0, r[0], r[1], r[2], r[3]);
        hex("cpuid", r, sizeof r);
    }
    cpu_set_t set;
    memset(&set, 0, sizeof set);
    sched_getaffinity(0, sizeof set, &set);
    hex("affinity", &set, 16);
    printf("cpus %ld %ld at %d\n", sysconf(_SC_NPROCESSORS_ONLN), sysconf(_SC_NPROCESSORS_CONF),
           sched_getcpu());
}

static void self(void)
{
    extern char **environ;
    for (char **entry = environ; *entry; entry++)
        printf("env %s\n", *entry);
    char cwd[4096] = "";
    printf("cwd %s\n", getcwd(cwd, sizeof cwd));
    printf("ids %d %d %d %d %d %d %d\n", getpid(), getppid(), getpgrp(), getsid(0), getuid(),
           getgid(), getgroups(0, NULL));
    printf("umask %o nice %d\n", umask(0), getpriority(PRIO_PROCESS, 0));
    for (int i = 0; i < 16; i++) {
        struct rlimit limit = {0};
        getrlimit(i, &limit);
        printf("limit %d: %lx %lx\n", i, limit.rlim_cur, limit.rlim_max);
    }
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    hex("usage", &usage, sizeof usage);
    hex("AT_RANDOM", (void *)getauxval(AT_RANDOM), 16);
    for (unsigned long type = 3; type < 52; type++)
        printf("auxv %lu: %lx\n", type, getauxval(type));
    unsigned char random[16];
    if (getrandom(random, sizeof random, 0) == sizeof random)
        hex("random", random, sizeof random);
    printf("stack %p\n", (void *)random);
}

static void machine(void)
{
    struct utsname name;
    uname(&name);
    printf("uname %s %s %s %s %s\n", name.sysname, name.nodename, name.release, name.version,
           name.machine);
    struct sysinfo info = {0};
    sysinfo(&info);
    hex("sysinfo", &info, sizeof info);
}

static void terminal(int fd)
{
    struct winsize size = {0};
    struct stat st;
    struct termios modes;
    printf("fd %d: tty %d size %d", fd, tcgetattr(fd, &modes), ioctl(fd, TIOCGWINSZ, &size));
    printf(" %d %d", size.ws_row, size.ws_col);
    if (fstat(fd, &st) == 0)
        printf(" dev %lx ino %lx mode %o uid %u time %ld %ld", (long)st.st_dev, (long)st.st_ino,
               st.st_mode & S_IFMT, st.st_uid, (long)st.st_mtime, (long)st.st_atime);
    printf("\n");
}

static void show_text(const char *path)
{
    char bytes[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY);
    printf("%s: %s\n", path, fd < 0 ? "none" : "");
    fflush(stdout);
    while (fd >= 0 && (n = read(fd, bytes, sizeof bytes)) > 0)
        fwrite(bytes, 1, (size_t)n, stdout);
    if (fd >= 0)
        close(fd);
}

static void folder(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL) {
        char name[600];
        struct stat st = {0};
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        lstat(name, &st);
        printf("%s: d_ino %lx dev %lx ino %lx nlink %lu\n", name, (long)entry->d_ino,
               (long)st.st_dev, (long)st.st_ino, (long)st.st_nlink);
    }
    if (dir)
        closedir(dir);
}

int main(int argc, char **argv)
{
    static const char *const texts[] = {
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/proc/stat",
        "/proc/uptime",
        "/proc/loadavg",
        "/proc/version",
        "/proc/self/stat",
        "/proc/self/status",
        "/proc/mounts",
        "/proc/self/limits",
        "/proc/self/mountinfo",
        "/proc/self/maps",
        "/proc/sys/kernel/random/boot_id",
        "/proc/self/cgroup",
        "/proc/self/io",
        "/sys/devices/system/cpu/online",
        "/proc/filesystems",
        "/proc/self/environ",
    };
    self();
    clocks();
    cpu();
    machine();
    for (int fd = 0; fd < 3; fd++)
        terminal(fd);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        show_text(texts[i]);
    folder("/");
    folder("/proc");
    folder("/dev");
    folder("/proc/self/fd");
    if (argc > 1)
        folder(argv[1]);
    return 0;
}
