/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system as a whole: uname(2), sysinfo(2), getrandom(2), syslog(2), sethostname(2), reboot(2).
 */
#include "syscall_table/handlers.h"

#include <stdio.h>
#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/personality.h"
#include "abi/system.h"
#include "abi/time.h"
#include "abi/utsname.h"
#include "host/host.h"
#include "mem/ram.h"
#include "mem/uio.h"

/* UNAME26: 3.0 was 2.6.40, 4.0 is 2.6.60, and what comes after the numbers stays. */
static void pretend_2_6(char release[LX_UTS_LEN + 1])
{
    unsigned major, minor, patch;
    int length = 0;
    char rest[32];
    if (sscanf(release, "%u.%u.%u%n", &major, &minor, &patch, &length) < 3)
        return;
    (void)snprintf(rest, sizeof rest, "%.31s", release + length);
    (void)snprintf(release, LX_UTS_LEN + 1, "2.6.%u%s", minor + 60, rest);
}

long sys_uname(struct task *task, gva_t buf)
{
    struct lx_utsname name = {
        .sysname = LX_UTS_SYSNAME,
        .release = LX_UTS_RELEASE,
        .version = LX_UTS_VERSION,
        .machine = LX_UTS_MACHINE,
    };
    memcpy(name.nodename, task->kernel->hostname, sizeof name.nodename);
    memcpy(name.domainname, task->kernel->domainname, sizeof name.domainname);
    if (task->personality & LX_UNAME26)
        pretend_2_6(name.release);
    return user_put(task->mm, buf, &name);
}

long sys_sysinfo(struct task *task, gva_t info)
{
    struct kernel *kernel = task->kernel;
    uint64_t up = clock_boottime(&kernel->clock);
    struct lx_sysinfo sys = {
        .uptime = (int64_t)((up + LX_NSEC_PER_SEC - 1) / LX_NSEC_PER_SEC),
        .totalram = ram_size(kernel->ram),
        .freeram = ram_free(kernel->ram) << PAGE_SHIFT,
        .procs = (uint16_t)MIN(kernel->task_count, UINT16_MAX),
        .mem_unit = 1,
    };
    return user_put(task->mm, info, &sys);
}

long sys_getrandom(struct task *task, gva_t buf, uint64_t length, uint32_t flags)
{
    if (flags & ~(LX_GRND_NONBLOCK | LX_GRND_RANDOM | LX_GRND_INSECURE))
        return -LX_EINVAL;
    if ((flags & LX_GRND_RANDOM) && (flags & LX_GRND_INSECURE))
        return -LX_EINVAL;

    struct uio out;
    uio_init(&out, task->mm, buf, length);
    while (uio_remaining(&out) > 0) {
        uint8_t bytes[512];
        size_t size = MIN(sizeof bytes, uio_remaining(&out));
        host_entropy(task->kernel->host, bytes, size);
        ssize_t moved = uio_put(&out, bytes, size);
        if (moved < 0)
            return out.done ? (long)out.done : moved;
        if ((size_t)moved < size)
            break;
    }
    return (long)out.done;
}

/* The kernel's log: empty, so a reader waits for ever. */
static long read_log(struct task *task, bool waits, gva_t buf, int length)
{
    if (!buf || length < 0)
        return -LX_EINVAL;
    if (length == 0)
        return 0;
    if (buf >= TASK_SIZE || (uint64_t)length > TASK_SIZE - buf)
        return -LX_EFAULT;
    if (!waits)
        return 0;
    wait_until(&task->kernel->sched, UINT64_MAX);
    return BLOCKED;
}

long sys_syslog(struct task *task, int type, gva_t buf, int length)
{
    if (!cred_capable(&task->cred, LX_CAP_SYSLOG))
        return -LX_EPERM;
    switch (type) {
    case LX_SYSLOG_ACTION_READ:
        return read_log(task, true, buf, length);
    case LX_SYSLOG_ACTION_READ_ALL:
    case LX_SYSLOG_ACTION_READ_CLEAR:
        return read_log(task, false, buf, length);
    case LX_SYSLOG_ACTION_CONSOLE_LEVEL: /* of what is never printed */
        return length < 1 || length > 8 ? -LX_EINVAL : 0;
    case LX_SYSLOG_ACTION_CLOSE:
    case LX_SYSLOG_ACTION_OPEN:
    case LX_SYSLOG_ACTION_CLEAR:
    case LX_SYSLOG_ACTION_CONSOLE_OFF:
    case LX_SYSLOG_ACTION_CONSOLE_ON:
    case LX_SYSLOG_ACTION_SIZE_UNREAD:
    case LX_SYSLOG_ACTION_SIZE_BUFFER:
        return 0;
    default:
        return -LX_EINVAL;
    }
}

static long set_name(struct task *task, char field[LX_UTS_LEN + 1], uint32_t *changes, gva_t name,
                     int length)
{
    char copy[LX_UTS_LEN + 1] = {0};

    if (!cred_capable(&task->cred, LX_CAP_SYS_ADMIN))
        return -LX_EPERM;
    if (length < 0 || length > LX_UTS_LEN)
        return -LX_EINVAL;
    if (user_read(task->mm, copy, name, (size_t)length))
        return -LX_EFAULT;
    memcpy(field, copy, sizeof copy);
    ++*changes;
    wait_queue_wake_all(&task->kernel->sched, &task->kernel->names_changed, 0);
    return 0;
}

long sys_sethostname(struct task *task, gva_t name, int length)
{
    struct kernel *kernel = task->kernel;
    return set_name(task, kernel->hostname, &kernel->hostname_changes, name, length);
}

long sys_setdomainname(struct task *task, gva_t name, int length)
{
    struct kernel *kernel = task->kernel;
    return set_name(task, kernel->domainname, &kernel->domainname_changes, name, length);
}

long sys_reboot(struct task *task, int magic, int magic2, uint32_t cmd, gva_t arg)
{
    (void)arg;
    if (!cred_capable(&task->cred, LX_CAP_SYS_BOOT))
        return -LX_EPERM;
    if ((uint32_t)magic != LX_REBOOT_MAGIC1 ||
        (magic2 != LX_REBOOT_MAGIC2 && magic2 != LX_REBOOT_MAGIC2A && magic2 != LX_REBOOT_MAGIC2B &&
         magic2 != LX_REBOOT_MAGIC2C))
        return -LX_EINVAL;
    switch (cmd) {
    case LX_REBOOT_CMD_CAD_ON:
    case LX_REBOOT_CMD_CAD_OFF:
        return 0; /* no keyboard has that chord */
    case LX_REBOOT_CMD_RESTART:
    case LX_REBOOT_CMD_RESTART2:
    case LX_REBOOT_CMD_HALT:
    case LX_REBOOT_CMD_POWER_OFF:
        return -LX_EPERM; /* whoever started the machine ends it */
    default:
        return -LX_EINVAL;
    }
}
