/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /sys: as much as C libraries and runtimes look at: which CPUs there are, their caches, memory
 * nodes, huge pages (sysfs(5)). Cache sizes are those of CPUID's leaf 4 (src/cpu/cpuid.c).
 */
#include "procfs/internal.h"

static const struct proc_entry nothing[] = {PROC_END};

#define CACHE(name_, level_, type_, size_, ways_, sets_)                                           \
    static const struct proc_entry name_[] = {PROC_TEXT("coherency_line_size", "64\n"),            \
                                              PROC_TEXT("level", level_ "\n"),                     \
                                              PROC_TEXT("number_of_sets", sets_ "\n"),             \
                                              PROC_TEXT("shared_cpu_list", "0\n"),                 \
                                              PROC_TEXT("shared_cpu_map", "1\n"),                  \
                                              PROC_TEXT("size", size_ "K\n"),                      \
                                              PROC_TEXT("type", type_ "\n"),                       \
                                              PROC_TEXT("ways_of_associativity", ways_ "\n"),      \
                                              PROC_END}
CACHE(cache0, "1", "Data", "32", "8", "64");
CACHE(cache1, "1", "Instruction", "32", "4", "128");
CACHE(cache2, "2", "Unified", "256", "8", "512");
CACHE(cache3, "3", "Unified", "12288", "16", "12288");

static const struct proc_entry cache_entries[] = {
    PROC_DIR("index0", cache0),
    PROC_DIR("index1", cache1),
    PROC_DIR("index2", cache2),
    PROC_DIR("index3", cache3),
    PROC_END,
};

static const struct proc_entry topology_entries[] = {
    PROC_TEXT("core_cpus", "1\n"),
    PROC_TEXT("core_cpus_list", "0\n"),
    PROC_TEXT("core_id", "0\n"),
    PROC_TEXT("core_siblings", "1\n"),
    PROC_TEXT("core_siblings_list", "0\n"),
    PROC_TEXT("die_id", "0\n"),
    PROC_TEXT("package_cpus", "1\n"),
    PROC_TEXT("package_cpus_list", "0\n"),
    PROC_TEXT("physical_package_id", "0\n"),
    PROC_TEXT("thread_siblings", "1\n"),
    PROC_TEXT("thread_siblings_list", "0\n"),
    PROC_END,
};

static const struct proc_entry cpu0_entries[] = {
    PROC_DIR("cache", cache_entries),
    PROC_DIR("topology", topology_entries),
    PROC_END,
};

static const struct proc_entry cpu_entries[] = {
    PROC_DIR("cpu0", cpu0_entries), PROC_TEXT("isolated", "\n"),
    PROC_TEXT("kernel_max", "0\n"), PROC_TEXT("offline", "\n"),
    PROC_TEXT("online", "0\n"),     PROC_TEXT("possible", "0\n"),
    PROC_TEXT("present", "0\n"),    PROC_END,
};

static void show_node_meminfo(const struct proc_view *view, struct strbuf *out)
{
    const struct ram *ram = view->kernel->ram;
    uint64_t total = ram_size(ram) >> 10, free_kb = ram_free(ram) << (PAGE_SHIFT - 10);
    strbuf_printf(out, "Node 0 MemTotal: %14llu kB\nNode 0 MemFree: %15llu kB\n",
                  (unsigned long long)total, (unsigned long long)free_kb);
    strbuf_printf(out, "Node 0 MemUsed: %15llu kB\n", (unsigned long long)(total - free_kb));
}

static const struct proc_entry node0_entries[] = {
    PROC_TEXT("cpulist", "0\n"),
    PROC_TEXT("cpumap", "1\n"),
    PROC_TEXT("distance", "10\n"),
    PROC_FILE("meminfo", show_node_meminfo),
    PROC_END,
};

static const struct proc_entry node_entries[] = {
    PROC_TEXT("has_cpu", "0\n"), PROC_TEXT("has_memory", "0\n"), PROC_DIR("node0", node0_entries),
    PROC_TEXT("online", "0\n"),  PROC_TEXT("possible", "0\n"),   PROC_END,
};

static const struct proc_entry system_entries[] = {
    PROC_DIR("cpu", cpu_entries),
    PROC_DIR("node", node_entries),
    PROC_END,
};

static const struct proc_entry devices_entries[] = {
    PROC_DIR("system", system_entries),
    PROC_DIR("virtual", nothing),
    PROC_END,
};

static const struct proc_entry hugepage_entries[] = {
    PROC_TEXT("defrag", "always defer defer+madvise madvise [never]\n"),
    PROC_TEXT("enabled", "always madvise [never]\n"),
    PROC_TEXT("hpage_pmd_size", "2097152\n"),
    PROC_END,
};

static const struct proc_entry mm_entries[] = {
    PROC_DIR("hugepages", nothing),
    PROC_DIR("transparent_hugepage", hugepage_entries),
    PROC_END,
};

static const struct proc_entry kernel_entries[] = {
    PROC_DIR("mm", mm_entries),
    PROC_END,
};

static const struct proc_entry fs_entries[] = {
    PROC_DIR("cgroup", nothing),
    PROC_END,
};

static const struct proc_entry root_entries[] = {
    PROC_DIR("block", nothing),           PROC_DIR("bus", nothing),
    PROC_DIR("class", nothing),           PROC_DIR("dev", nothing),
    PROC_DIR("devices", devices_entries), PROC_DIR("firmware", nothing),
    PROC_DIR("fs", fs_entries),           PROC_DIR("kernel", kernel_entries),
    PROC_DIR("module", nothing),          PROC_END,
};

const struct proc_entry sys_root = {
    .name = "sys", .mode = LX_S_IFDIR | 0555, .children = root_entries, .flags = PROC_SETTINGS};
