/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of arguments that are numbers: also those whose meaning depends on another argument.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>

#include "abi/fcntl.h"
#include "abi/prctl.h"
#include "abi/sched.h"
#include "abi/socket.h"
#include "abi/stat.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

PRINTER(int)
{
    show_printf(show, "%d", (int)ARG);
}

PRINTER(u32)
{
    show_printf(show, "%u", (uint32_t)ARG);
}

PRINTER(s64)
{
    show_printf(show, "%lld", (long long)ARG);
}

PRINTER(u64)
{
    show_printf(show, "%llu", (unsigned long long)ARG);
}

PRINTER(hex32)
{
    show_hex(show, (uint32_t)ARG);
}

PRINTER(hex64)
{
    show_hex(show, ARG);
}

PRINTER(ptr)
{
    show_pointer(show, ARG);
}

/* Left out with its comma: the caller sees that nothing was written. */
PRINTER(omit)
{
    (void)show;
    (void)index;
}

PRINTER(ptr_mremap)
{
    if (show->args[3] & 6) /* MREMAP_FIXED or MREMAP_DONTUNMAP: the new address counts */
        show_hex(show, ARG);
}

PRINTER(ipc_key)
{
    if ((int)ARG == 0)
        show_puts(show, "IPC_PRIVATE");
    else
        show_hex(show, (uint32_t)ARG);
}

static void show_device(struct show *show, uint64_t dev)
{
    show_printf(show, "makedev(%#x, %#x)", lx_major(dev), lx_minor(dev));
}

/* mknod(2)'s means something for devices only. */
PRINTER(device)
{
    if (index > 0 && show->row->args[index - 1].kind == KIND_MODE_TYPE) {
        uint32_t type = (uint32_t)show->args[index - 1] & LX_S_IFMT;
        if (type != LX_S_IFCHR && type != LX_S_IFBLK)
            return;
    }
    show_device(show, (uint32_t)ARG);
}

PRINTER(fd)
{
    show_printf(show, "%d", (int)ARG);
}

PRINTER(dirfd)
{
    if ((int)ARG == LX_AT_FDCWD)
        show_puts(show, "AT_FDCWD");
    else
        show_printf(show, "%d", (int)ARG);
}

PRINTER(uid)
{
    show_printf(show, (uint32_t)ARG == UINT32_MAX ? "-1" : "%u", (uint32_t)ARG);
}

PRINTER(signal)
{
    char name[16];
    signal_name((int)ARG, name);
    show_puts(show, name);
}

PRINTER(clock_id)
{
    show_enum(show, KIND_ENUM_clock, (uint32_t)ARG);
}

static void show_octal(struct show *show, unsigned mode)
{
    show_printf(show, "%#03o", mode);
}

PRINTER(mode)
{
    show_octal(show, (uint16_t)ARG);
}

PRINTER(umask)
{
    show_octal(show, (unsigned)ARG);
}

PRINTER(mode_creat)
{
    if (show->args[index - 1] & (LX_O_CREAT | LX___O_TMPFILE))
        show_octal(show, (uint16_t)ARG);
}

static const char *file_type(uint32_t mode)
{
    switch (mode & LX_S_IFMT) {
    case LX_S_IFREG:
        return "S_IFREG";
    case LX_S_IFDIR:
        return "S_IFDIR";
    case LX_S_IFLNK:
        return "S_IFLNK";
    case LX_S_IFCHR:
        return "S_IFCHR";
    case LX_S_IFBLK:
        return "S_IFBLK";
    case LX_S_IFIFO:
        return "S_IFIFO";
    case LX_S_IFSOCK:
        return "S_IFSOCK";
    default:
        return NULL;
    }
}

void show_mode(struct show *show, uint32_t mode)
{
    const char *type = file_type(mode);
    if (!type) {
        show_octal(show, mode);
        return;
    }
    show_printf(show, "%s%s%s%s|%#03o", type, mode & LX_S_ISUID ? "|S_ISUID" : "",
                mode & LX_S_ISGID ? "|S_ISGID" : "", mode & LX_S_ISVTX ? "|S_ISVTX" : "",
                mode & 0777);
}

PRINTER(mode_type)
{
    show_mode(show, (uint16_t)ARG);
}

static void show_persona(struct show *show, uint32_t persona)
{
    static const struct name_value flags[] = {
        {0x0040000, 0, "ADDR_NO_RANDOMIZE"}, {0x0080000, 0, "FDPIC_FUNCPTRS"},
        {0x0100000, 0, "MMAP_PAGE_ZERO"},    {0x0200000, 0, "ADDR_COMPAT_LAYOUT"},
        {0x0400000, 0, "READ_IMPLIES_EXEC"}, {0x0800000, 0, "ADDR_LIMIT_32BIT"},
        {0x1000000, 0, "SHORT_INODE"},       {0x2000000, 0, "WHOLE_SECONDS"},
        {0x4000000, 0, "STICKY_TIMEOUTS"},   {0x8000000, 0, "ADDR_LIMIT_3GB"},
    };
    char text[300];
    size_t used = 0;

    if ((persona & 0xff) == 0)
        used += (size_t)snprintf(text, sizeof text, "PER_LINUX");
    else
        used += (size_t)snprintf(text, sizeof text, "%#x /* PER_??? */", persona & 0xff);
    for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
        if (persona & flags[i].value)
            used += (size_t)snprintf(text + used, sizeof text - used, "|%s", flags[i].name);
    }
    show_puts(show, text);
}

PRINTER(personality)
{
    if ((uint32_t)ARG == LX_PERSONALITY_QUERY)
        show_puts(show, "0xffffffff");
    else
        show_persona(show, (uint32_t)ARG);
}

PRINTER(ioprio)
{
    static const char *const classes[] = {"NONE", "RT", "BE", "IDLE"};
    unsigned value = (unsigned)ARG, group = value >> 13;
    if (group < ARRAY_SIZE(classes))
        show_printf(show, "IOPRIO_PRIO_VALUE(IOPRIO_CLASS_%s, %u)", classes[group], value & 0x1fff);
    else
        show_printf(show, "IOPRIO_PRIO_VALUE(%#x /* IOPRIO_CLASS_??? */, %u)", group,
                    value & 0x1fff);
}

PRINTER(sched_policy)
{
    uint32_t value = (uint32_t)ARG & ~0x40000000u;
    show_enum(show, KIND_ENUM_sched_policy, value);
    if ((uint32_t)ARG & 0x40000000u)
        show_puts(show, "|SCHED_RESET_ON_FORK");
}

PRINTER(reboot_arg)
{
    if ((uint32_t)show->args[2] == 0xa1b2c3d4) /* LINUX_REBOOT_CMD_RESTART2 */
        show_cstring(show, ARG);
}

/* --- futex(2): what the later arguments are depends on the operation --- */

enum {
    FUTEX_WAIT = 0,
    FUTEX_WAKE = 1,
    FUTEX_REQUEUE = 3,
    FUTEX_CMP_REQUEUE = 4,
    FUTEX_WAKE_OP = 5,
    FUTEX_LOCK_PI = 6,
    FUTEX_UNLOCK_PI = 7,
    FUTEX_TRYLOCK_PI = 8,
    FUTEX_WAIT_BITSET = 9,
    FUTEX_WAKE_BITSET = 10,
    FUTEX_WAIT_REQUEUE_PI = 11,
    FUTEX_CMP_REQUEUE_PI = 12,
    FUTEX_LOCK_PI2 = 13,
    FUTEX_PRIVATE = 128,
    FUTEX_CLOCK_REALTIME = 256,
};

static unsigned futex_op(const struct show *show)
{
    return (unsigned)show->args[1] & 127;
}

PRINTER(futex_op)
{
    const char *name = name_of(KIND_ENUM_futex, futex_op(show));
    if (name)
        show_puts(show, name);
    else
        show_printf(show, "%#x /* FUTEX_??? */", futex_op(show));
    if (ARG & FUTEX_PRIVATE)
        show_puts(show, name ? "_PRIVATE" : "|FUTEX_PRIVATE_FLAG");
    if (ARG & FUTEX_CLOCK_REALTIME)
        show_puts(show, "|FUTEX_CLOCK_REALTIME");
}

PRINTER(futex_val)
{
    unsigned op = futex_op(show);
    if (op == FUTEX_LOCK_PI || op == FUTEX_UNLOCK_PI || op == FUTEX_TRYLOCK_PI ||
        op == FUTEX_LOCK_PI2)
        return;
    show_printf(show, "%u", (uint32_t)ARG);
}

PRINTER(futex_timeout)
{
    switch (futex_op(show)) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET:
    case FUTEX_LOCK_PI:
    case FUTEX_LOCK_PI2:
    case FUTEX_WAIT_REQUEUE_PI:
        show_timespec(show, ARG);
        break;
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAKE_OP: /* a number here */
        show_printf(show, "%llu", (unsigned long long)ARG);
        break;
    default:
        break;
    }
}

PRINTER(futex_uaddr2)
{
    switch (futex_op(show)) {
    case FUTEX_REQUEUE:
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
    case FUTEX_WAIT_REQUEUE_PI:
    case FUTEX_WAKE_OP:
        show_pointer(show, ARG);
        break;
    default:
        break;
    }
}

PRINTER(futex_val3)
{
    uint32_t value = (uint32_t)ARG;
    switch (futex_op(show)) {
    case FUTEX_WAIT_BITSET:
    case FUTEX_WAKE_BITSET:
        if (value == UINT32_MAX)
            show_puts(show, "FUTEX_BITSET_MATCH_ANY");
        else
            show_hex(show, value);
        break;
    case FUTEX_CMP_REQUEUE:
    case FUTEX_CMP_REQUEUE_PI:
        show_printf(show, "%u", value);
        break;
    case FUTEX_WAKE_OP:
        show_hex(show, value);
        break;
    default:
        break;
    }
}

/* --- clone(2): strace(1) names the arguments and gives them in another order --- */

static void show_clone_bits(struct show *show, uint64_t flags)
{
    char text[600] = "", sig[16];
    uint64_t bits = flags & ~UINT64_C(0xff);

    if (bits)
        format_flags(text, sizeof text, KIND_FLAGS_clone_bits, bits);
    show_puts(show, text);
    if (flags & 0xff) {
        signal_name((int)(flags & 0xff), sig);
        show_printf(show, "%s%s", bits ? "|" : "", sig);
    } else if (!bits) {
        show_puts(show, "0");
    }
}

PRINTER(clone_flags)
{
    show_puts(show, "child_stack=");
    show_pointer(show, show->args[1]);
    show_puts(show, ", flags=");
    show_clone_bits(show, ARG);
}

PRINTER(clone_parent_tid)
{
    if (!(show->args[0] & LX_CLONE_PARENT_SETTID))
        return;
    show_puts(show, "parent_tid=");
    show_kind_int_out(show, index, 0);
}

PRINTER(clone_child_tid)
{
    bool tls = show->args[0] & LX_CLONE_SETTLS;
    if (tls) {
        show_puts(show, "tls=");
        show_hex(show, show->args[4]);
    }
    if (show->args[0] & (LX_CLONE_CHILD_SETTID | LX_CLONE_CHILD_CLEARTID)) {
        show_printf(show, "%schild_tidptr=", tls ? ", " : "");
        show_pointer(show, ARG);
    }
}

/* AF_INET's protocols by name; others' are numbers. */
PRINTER(socket_protocol)
{
    static const struct name_value protocols[] = {
        {0, 0, "IPPROTO_IP"},    {1, 0, "IPPROTO_ICMP"},  {6, 0, "IPPROTO_TCP"},
        {17, 0, "IPPROTO_UDP"},  {41, 0, "IPPROTO_IPV6"}, {58, 0, "IPPROTO_ICMPV6"},
        {255, 0, "IPPROTO_RAW"},
    };
    uint32_t domain = (uint32_t)show->args[0];
    for (size_t i = 0; i < ARRAY_SIZE(protocols) && (domain == 2 || domain == 10); i++) {
        if (protocols[i].value == (uint32_t)ARG) {
            show_puts(show, protocols[i].name);
            return;
        }
    }
    show_hex(show, (uint32_t)ARG);
}

/* The level is the argument before. */
PRINTER(sockopt)
{
    switch ((int)show->args[index - 1]) {
    case LX_SOL_SOCKET:
        show_enum(show, KIND_ENUM_so, ARG);
        break;
    case 0:
        show_enum(show, KIND_ENUM_ip_option, ARG);
        break;
    case 6:
        show_enum(show, KIND_ENUM_tcp_option, ARG);
        break;
    case 41:
        show_enum(show, KIND_ENUM_ipv6_option, ARG);
        break;
    default:
        show_hex(show, (uint32_t)ARG);
        break;
    }
}
