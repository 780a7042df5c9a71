/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can programs read the machine's state as they do on Linux? */
#include "proc_text.h"

#include <ctype.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <time.h>

static char text[1 << 18];

static const char *file(const char *path)
{
    proc_read(path, text, sizeof text);
    return text;
}

static void expect_line(const char *path, const char *want)
{
    char line[256];
    snprintf(line, sizeof line, "%s\n", want);
    if (strcmp(file(path), line))
        FAIL("%s holds %s, not %s", path, text, line);
}

static void expect_uuid(const char *s)
{
    EXPECT_EQ(37, strlen(s));
    for (int i = 0; i < 36; i++)
        EXPECT(i == 8 || i == 13 || i == 18 || i == 23 ? s[i] == '-'
                                                       : isxdigit((unsigned char)s[i]));
}

int main(void)
{
    struct utsname name;
    CHECK(uname(&name));
    expect_line("/proc/sys/kernel/osrelease", name.release);
    expect_line("/proc/sys/kernel/ostype", name.sysname);
    expect_line("/proc/sys/kernel/hostname", name.nodename);
    expect_line("/proc/sys/kernel/version", name.version);
    char want[512];
    snprintf(want, sizeof want, "Linux version %s (", name.release);
    EXPECT(strncmp(file("/proc/version"), want, strlen(want)) == 0);
    EXPECT(strstr(text, name.version));

    const char *s = file("/proc/meminfo");
    struct sysinfo info;
    CHECK(sysinfo(&info));
    EXPECT_EQ(info.totalram * info.mem_unit / 1024, proc_number(s, "MemTotal:"));
    EXPECT(proc_number(s, "MemFree:") <= proc_number(s, "MemTotal:"));
    EXPECT(proc_number(s, "MemAvailable:") > 0);
    proc_number(s, "SwapTotal:");
    proc_number(s, "Cached:");
    proc_number(s, "Buffers:");

    double up, idle;
    struct timespec now;
    EXPECT_EQ(2, sscanf(file("/proc/uptime"), "%lf %lf\n", &up, &idle));
    CHECK(clock_gettime(CLOCK_BOOTTIME, &now));
    double boot = (double)now.tv_sec + (double)now.tv_nsec / 1e9;
    EXPECT(up > 0 && up <= boot + 0.01);
    int running, all, last;
    EXPECT_EQ(3, sscanf(file("/proc/loadavg"), "%*f %*f %*f %d/%d %d\n", &running, &all, &last));
    EXPECT(running >= 1 && all >= running && last > 0);

    unsigned long long user, nice, system, idle_ticks;
    s = file("/proc/stat");
    EXPECT_EQ(4, sscanf(s, "cpu  %llu %llu %llu %llu", &user, &nice, &system, &idle_ticks));
    proc_field(s, "cpu0 ");
    long long btime = proc_number(s, "btime");
    EXPECT(btime <= time(NULL) && btime >= time(NULL) - (long long)boot - 2);
    EXPECT(proc_number(s, "processes") > 0);
    EXPECT(proc_number(s, "procs_running") >= 1);
    proc_number(s, "ctxt");

    s = file("/proc/cpuinfo");
    EXPECT(strncmp(s, "processor\t: 0\n", 14) == 0);
    EXPECT(strstr(s, "\nvendor_id\t: "));
    EXPECT(strstr(s, "\nmodel name\t: "));
    EXPECT(strstr(s, " sse2 "));
    int count = 0;
    for (const char *at = s; (at = strstr(at, "processor\t:")); at++)
        count++;
    EXPECT_EQ(sysconf(_SC_NPROCESSORS_ONLN), count);
    s = file("/sys/devices/system/cpu/online");
    EXPECT(*s == '0' && (count == 1 ? s[1] == '\n' : s[1] == '-' || s[1] == ','));
    file("/sys/devices/system/cpu/possible");
    file("/sys/devices/system/cpu/present");
    EXPECT_EQ(64, atoi(file("/sys/devices/system/cpu/cpu0/cache/index0/coherency_line_size")));

    EXPECT(strstr(file("/proc/filesystems"), "nodev\tproc\n"));
    EXPECT(strstr(text, "nodev\ttmpfs\n"));

    char first[64], second[64];
    strcpy(first, file("/proc/sys/kernel/random/uuid"));
    strcpy(second, file("/proc/sys/kernel/random/uuid"));
    expect_uuid(first);
    expect_uuid(second);
    EXPECT(strcmp(first, second));
    strcpy(first, file("/proc/sys/kernel/random/boot_id"));
    expect_uuid(first);
    EXPECT(strcmp(first, file("/proc/sys/kernel/random/boot_id")) == 0);

    EXPECT_EQ(65536, atoi(file("/proc/sys/kernel/ngroups_max")));
    EXPECT_EQ(40, atoi(file("/proc/sys/kernel/cap_last_cap")));
    EXPECT(atoi(file("/proc/sys/kernel/pid_max")) >= 32768);
    EXPECT(atoi(file("/proc/sys/vm/max_map_count")) > 0);
    EXPECT(atoi(file("/proc/sys/vm/mmap_min_addr")) > 0);
    EXPECT(atoi(file("/proc/sys/vm/overcommit_memory")) >= 0);
    EXPECT(atoll(file("/proc/sys/fs/file-max")) > 0);
    EXPECT_EQ(1048576, atoi(file("/proc/sys/fs/pipe-max-size")));
    EXPECT_EQ(1048576, atoi(file("/proc/sys/fs/nr_open")));
    return 0;
}
