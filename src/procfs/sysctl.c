/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/sys: limits and settings that programs read before they decide (sysctl(8)). They describe
 * what this kernel does; none can be changed from inside, as in a container with /proc/sys
 * read-only.
 */
#include "procfs/internal.h"

#include <string.h>

#include "abi/utsname.h"
#include "vfs/pipe.h"

#define STRING_OF(x) #x
#define STRING(x) STRING_OF(x)

static void show_hostname(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%s\n", view->kernel->hostname);
}

static uint32_t hostname_changes(const struct kernel *kernel)
{
    return kernel->hostname_changes;
}

static uint32_t domainname_changes(const struct kernel *kernel)
{
    return kernel->domainname_changes;
}

static void show_domainname(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%s\n", view->kernel->domainname);
}

/* Sixteen random bytes as a UUID of version 4. */
static void add_uuid(const uint8_t random[16], struct strbuf *out)
{
    for (unsigned i = 0; i < 16; i++) {
        uint8_t byte = random[i];
        if (i == 6)
            byte = (uint8_t)(0x40 | (byte & 0x0f));
        if (i == 8)
            byte = (uint8_t)(0x80 | (byte & 0x3f));
        strbuf_printf(out, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", byte);
    }
    strbuf_putc(out, '\n');
}

static void show_uuid(const struct proc_view *view, struct strbuf *out)
{
    uint8_t random[16];
    host_entropy(view->kernel->host, random, sizeof random);
    add_uuid(random, out);
}

static void show_boot_id(const struct proc_view *view, struct strbuf *out)
{
    static const uint8_t none[16] = {0};
    uint8_t *id = view->kernel->boot_id;
    if (!memcmp(id, none, sizeof none))
        host_entropy(view->kernel->host, id, sizeof view->kernel->boot_id);
    add_uuid(id, out);
}

static void show_file_max(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%u\n", view->kernel->vfs.file_limit);
}

static void show_file_nr(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%u\t0\t%u\n", view->kernel->vfs.file_count, view->kernel->vfs.file_limit);
}

static void show_inode_nr(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%u\t0\n", view->kernel->vfs.inode_count);
}

static void show_aslr(const struct proc_view *view, struct strbuf *out)
{
    strbuf_printf(out, "%d\n", view->kernel->aslr ? 2 : 0);
}

static const struct proc_entry random_entries[] = {
    PROC_FILE("boot_id", show_boot_id),
    PROC_TEXT("entropy_avail", "256\n"),
    PROC_TEXT("poolsize", "256\n"),
    PROC_FILE("uuid", show_uuid),
    PROC_END,
};

static const struct proc_entry kernel_entries[] = {
    PROC_TEXT("cap_last_cap", "40\n"),
    PROC_TEXT("core_pattern", "core\n"),
    PROC_TEXT("core_uses_pid", "0\n"),
    {.name = "domainname",
     .mode = LX_S_IFREG | 0444,
     .show = show_domainname,
     .changes = domainname_changes},
    {.name = "hostname",
     .mode = LX_S_IFREG | 0444,
     .show = show_hostname,
     .changes = hostname_changes},
    PROC_TEXT("kptr_restrict", "0\n"),
    PROC_TEXT("msgmax", "8192\n"),
    PROC_TEXT("msgmnb", "16384\n"),
    PROC_TEXT("msgmni", "32000\n"),
    PROC_TEXT("ngroups_max", "65536\n"),
    PROC_TEXT("osrelease", LX_UTS_RELEASE "\n"),
    PROC_TEXT("ostype", LX_UTS_SYSNAME "\n"),
    PROC_TEXT("overflowgid", "65534\n"),
    PROC_TEXT("overflowuid", "65534\n"),
    PROC_TEXT("panic", "0\n"),
    PROC_TEXT("perf_event_paranoid", "3\n"),
    PROC_TEXT("pid_max", STRING(PID_MAX) "\n"),
    PROC_TEXT("printk", "4\t4\t1\t7\n"),
    PROC_DIR("random", random_entries),
    PROC_FILE("randomize_va_space", show_aslr),
    PROC_TEXT("sched_rr_timeslice_ms", "100\n"),
    PROC_TEXT("sched_rt_period_us", "1000000\n"),
    PROC_TEXT("sched_rt_runtime_us", "950000\n"),
    PROC_TEXT("sem", "32000\t1024000000\t500\t32000\n"),
    PROC_TEXT("shmall", "18446744073692774399\n"),
    PROC_TEXT("shmmax", "18446744073692774399\n"),
    PROC_TEXT("shmmni", "4096\n"),
    PROC_TEXT("tainted", "0\n"),
    PROC_TEXT("threads-max", STRING(TASK_MAX) "\n"),
    PROC_TEXT("version", LX_UTS_VERSION "\n"),
    PROC_END,
};

static const struct proc_entry vm_entries[] = {
    PROC_TEXT("max_map_count", STRING(MM_VMA_MAX) "\n"),
    PROC_TEXT("min_free_kbytes", "0\n"),
    PROC_TEXT("mmap_min_addr", "4096\n"),
    PROC_TEXT("nr_hugepages", "0\n"),
    PROC_TEXT("overcommit_memory", "1\n"),
    PROC_TEXT("overcommit_ratio", "50\n"),
    PROC_TEXT("swappiness", "60\n"),
    PROC_END,
};

static const struct proc_entry inotify_entries[] = {
    PROC_TEXT("max_queued_events", "16384\n"),
    PROC_TEXT("max_user_instances", "128\n"),
    PROC_TEXT("max_user_watches", "65536\n"),
    PROC_END,
};

static const struct proc_entry mqueue_entries[] = {
    PROC_TEXT("msg_default", "10\n"),       PROC_TEXT("msg_max", "10\n"),
    PROC_TEXT("msgsize_default", "8192\n"), PROC_TEXT("msgsize_max", "8192\n"),
    PROC_TEXT("queues_max", "256\n"),       PROC_END,
};

static const struct proc_entry fs_entries[] = {
    PROC_FILE("file-max", show_file_max),
    PROC_FILE("file-nr", show_file_nr),
    PROC_FILE("inode-nr", show_inode_nr),
    PROC_DIR("inotify", inotify_entries),
    PROC_DIR("mqueue", mqueue_entries),
    PROC_TEXT("nr_open", "1048576\n"),
    PROC_TEXT("overflowgid", "65534\n"),
    PROC_TEXT("overflowuid", "65534\n"),
    PROC_TEXT("pipe-max-size", "1048576\n"),
    PROC_TEXT("pipe-user-pages-hard", "0\n"),
    PROC_TEXT("pipe-user-pages-soft", "16384\n"),
    PROC_TEXT("protected_hardlinks", "1\n"),
    PROC_TEXT("protected_symlinks", "0\n"),
    PROC_TEXT("suid_dumpable", "0\n"),
    PROC_END,
};
_Static_assert(PIPE_MAX_SIZE == 1048576 && FDTABLE_MAX == 1048576, "as fs_entries says");

static const struct proc_entry core_entries[] = {
    PROC_TEXT("rmem_default", "212992\n"), PROC_TEXT("rmem_max", "4194304\n"),
    PROC_TEXT("somaxconn", "4096\n"),      PROC_TEXT("wmem_default", "212992\n"),
    PROC_TEXT("wmem_max", "4194304\n"),    PROC_END,
};

static const struct proc_entry ipv4_entries[] = {
    PROC_TEXT("ip_local_port_range", "32768\t60999\n"),
    PROC_END,
};

static const struct proc_entry net_entries[] = {
    PROC_DIR("core", core_entries),
    PROC_DIR("ipv4", ipv4_entries),
    PROC_END,
};

/* No namespace can be made (unshare(2)). */
static const struct proc_entry user_entries[] = {
    PROC_TEXT("max_cgroup_namespaces", "0\n"),
    PROC_TEXT("max_ipc_namespaces", "0\n"),
    PROC_TEXT("max_mnt_namespaces", "0\n"),
    PROC_TEXT("max_net_namespaces", "0\n"),
    PROC_TEXT("max_pid_namespaces", "0\n"),
    PROC_TEXT("max_time_namespaces", "0\n"),
    PROC_TEXT("max_user_namespaces", "0\n"),
    PROC_TEXT("max_uts_namespaces", "0\n"),
    PROC_END,
};

const struct proc_entry proc_sys_entries[] = {
    PROC_DIR("fs", fs_entries),   PROC_DIR("kernel", kernel_entries),
    PROC_DIR("net", net_entries), PROC_DIR("user", user_entries),
    PROC_DIR("vm", vm_entries),   PROC_END,
};
