/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * getsockopt(2), setsockopt(2): socket(7)'s options, as far as they mean something for unnamed
 * AF_UNIX sockets or are plain values that every socket keeps.
 */
#include "syscall_table/handlers.h"

#include "abi/capability.h"
#include "abi/errno.h"
#include "abi/time.h"
#include "mem/uaccess.h"
#include "net/unix_pair.h"
#include "syscall_table/sys_socket.h"

#define SNDBUF_MIN 4608u
#define RCVBUF_MIN 2304u
#define TICK_US 4000 /* timeouts are whole ticks */
#define BIT(option) (UINT64_C(1) << (option))

/* On or off, and nothing else; what most of them would change does not exist here. */
#define SWITCHES                                                                                   \
    (BIT(LX_SO_DEBUG) | BIT(LX_SO_REUSEADDR) | BIT(LX_SO_DONTROUTE) | BIT(LX_SO_BROADCAST) |       \
     BIT(LX_SO_KEEPALIVE) | BIT(LX_SO_OOBINLINE) | BIT(LX_SO_NO_CHECK) | BIT(LX_SO_PASSCRED) |     \
     BIT(LX_SO_PASSSEC) | BIT(LX_SO_RXQ_OVFL) | BIT(LX_SO_NOFCS))

static bool is_switch(int option)
{
    return option >= 0 && option < 64 && (SWITCHES >> option & 1);
}

/* --- getting --- */

/* What the socket is. */
static long get_fact(struct file *file, int option, int32_t *value)
{
    switch (option) {
    case LX_SO_TYPE:
        *value = unix_type(file);
        return 0;
    case LX_SO_ERROR:
        *value = unix_take_error(file);
        return 0;
    case LX_SO_DOMAIN:
        *value = LX_AF_UNIX;
        return 0;
    case LX_SO_SNDLOWAT:
        *value = 1;
        return 0;
    case LX_SO_ACCEPTCONN:
    case LX_SO_PROTOCOL:
    case LX_SO_REUSEPORT:
        *value = 0;
        return 0;
    default:
        return -LX_ENOPROTOOPT;
    }
}

/* An option that is a number. -LX_ENOPROTOOPT: no such. */
static long get_number(struct file *file, int option, int32_t *value)
{
    const struct unix_options *options = unix_options(file);
    if (is_switch(option)) {
        *value = options->switches >> option & 1;
        return 0;
    }
    switch (option) {
    case LX_SO_SNDBUF:
        *value = (int32_t)options->send_limit;
        return 0;
    case LX_SO_RCVBUF:
        *value = (int32_t)options->receive_buffer;
        return 0;
    case LX_SO_RCVLOWAT:
        *value = (int32_t)options->receive_least;
        return 0;
    case LX_SO_PRIORITY:
        *value = options->priority;
        return 0;
    case LX_SO_MARK:
        *value = (int32_t)options->mark;
        return 0;
    default:
        return get_fact(file, option, value);
    }
}

static struct lx_timeval timeval_of(uint64_t timeout)
{
    if (timeout == UNIX_FOREVER)
        timeout = 0;
    return (struct lx_timeval){(int64_t)(timeout / LX_NSEC_PER_SEC),
                               (int64_t)(timeout % LX_NSEC_PER_SEC / 1000)};
}

union value {
    int32_t number;
    struct lx_ucred cred;
    struct lx_timeval time;
    struct lx_linger linger;
};

/* Any option; *size: of its type. */
static long get_value(struct file *file, int option, union value *value, uint32_t *size)
{
    const struct unix_options *options = unix_options(file);
    switch (option) {
    case LX_SO_PEERCRED:
        value->cred = unix_peer(file);
        *size = sizeof value->cred;
        return 0;
    case LX_SO_LINGER:
        value->linger =
            (struct lx_linger){options->switches >> LX_SO_LINGER & 1, options->linger_seconds};
        *size = sizeof value->linger;
        return 0;
    case LX_SO_RCVTIMEO:
    case LX_SO_RCVTIMEO_NEW:
        value->time = timeval_of(options->receive_timeout);
        *size = sizeof value->time;
        return 0;
    case LX_SO_SNDTIMEO:
    case LX_SO_SNDTIMEO_NEW:
        value->time = timeval_of(options->send_timeout);
        *size = sizeof value->time;
        return 0;
    default:
        *size = sizeof value->number;
        return get_number(file, option, &value->number);
    }
}

long sys_getsockopt(struct task *task, int fd, int level, int optname, gva_t optval, gva_t optlen)
{
    long err;
    uint32_t room, size;
    union value value;
    struct file *file = socket_file(task, fd, &err);
    if (err)
        return err;
    if (level != LX_SOL_SOCKET)
        return -LX_EOPNOTSUPP;
    if (user_get(task->mm, &room, optlen))
        return -LX_EFAULT;
    if ((int32_t)room < 0)
        return -LX_EINVAL;
    err = get_value(file, optname, &value, &size);
    if (err)
        return err;
    size = MIN(size, room);
    if (user_write(task->mm, optval, &value, size))
        return -LX_EFAULT;
    return user_put(task->mm, optlen, &size);
}

/* --- setting --- */

/* socket(7): twice what is asked for, between `least` and twice net.core.wmem_max. */
static size_t buffer_size(int32_t asked, size_t least)
{
    size_t value = MIN((uint32_t)asked, UNIX_BUFFER_MAX);
    return MAX(2 * value, least);
}

/* SO_SNDBUFFORCE, SO_RCVBUFFORCE: whatever is asked for. */
static long force_buffer(const struct task *task, size_t *buffer, int32_t asked, size_t least)
{
    if (!cred_capable(&task->cred, LX_CAP_NET_ADMIN))
        return -LX_EPERM;
    size_t value = (size_t)MIN(MAX(asked, 0), INT32_MAX / 2);
    *buffer = MAX(2 * value, least);
    return 0;
}

static bool may_mark(const struct task *task)
{
    return cred_capable(&task->cred, LX_CAP_NET_RAW) || cred_capable(&task->cred, LX_CAP_NET_ADMIN);
}

static long set_switch(const struct task *task, struct unix_options *options, int option, bool on)
{
    if (option == LX_SO_DEBUG && on && !cred_capable(&task->cred, LX_CAP_NET_ADMIN))
        return -LX_EACCES;
    options->switches = (options->switches & ~BIT(option)) | (on ? BIT(option) : 0);
    return 0;
}

static long set_priority(const struct task *task, struct unix_options *options, int32_t value)
{
    if ((value < 0 || value > 6) && !may_mark(task))
        return -LX_EPERM;
    options->priority = value;
    return 0;
}

/* An option that is a number. */
static long set_number(const struct task *task, struct unix_options *options, int option,
                       int32_t value)
{
    if (is_switch(option))
        return set_switch(task, options, option, value != 0);
    switch (option) {
    case LX_SO_SNDBUF:
        options->send_limit = buffer_size(value, SNDBUF_MIN);
        return 0;
    case LX_SO_RCVBUF:
        options->receive_buffer = buffer_size(value, RCVBUF_MIN);
        return 0;
    case LX_SO_SNDBUFFORCE:
        return force_buffer(task, &options->send_limit, value, SNDBUF_MIN);
    case LX_SO_RCVBUFFORCE:
        return force_buffer(task, &options->receive_buffer, value, RCVBUF_MIN);
    case LX_SO_RCVLOWAT:
        options->receive_least = value < 0 ? INT32_MAX : MAX((size_t)value, 1);
        return 0;
    case LX_SO_PRIORITY:
        return set_priority(task, options, value);
    case LX_SO_MARK:
        if (!may_mark(task))
            return -LX_EPERM;
        options->mark = (uint32_t)value;
        return 0;
    case LX_SO_REUSEPORT:
        return value ? -LX_EOPNOTSUPP : 0;
    default:
        return -LX_ENOPROTOOPT;
    }
}

static long set_timeout(struct task *task, gva_t optval, int optlen, uint64_t *timeout)
{
    struct lx_timeval tv;
    if (optlen < (int)sizeof tv)
        return -LX_EINVAL;
    if (user_get(task->mm, &tv, optval))
        return -LX_EFAULT;
    if (tv.usec < 0 || tv.usec >= 1000000)
        return -LX_EDOM;
    uint64_t ticks = ((uint64_t)tv.usec + TICK_US - 1) / TICK_US;
    if (tv.sec < 0)
        *timeout = 0;
    else if (tv.sec > INT32_MAX || (!tv.sec && !tv.usec))
        *timeout = UNIX_FOREVER;
    else
        *timeout = (uint64_t)tv.sec * LX_NSEC_PER_SEC + ticks * TICK_US * 1000;
    return 0;
}

static long set_linger(struct task *task, gva_t optval, int optlen, struct unix_options *options)
{
    struct lx_linger linger;
    if (optlen < (int)sizeof linger)
        return -LX_EINVAL;
    if (user_get(task->mm, &linger, optval))
        return -LX_EFAULT;
    if (linger.on)
        options->linger_seconds = linger.seconds;
    return set_switch(task, options, LX_SO_LINGER, linger.on);
}

long sys_setsockopt(struct task *task, int fd, int level, int optname, gva_t optval, int optlen)
{
    long err;
    int32_t value;
    struct file *file = socket_file(task, fd, &err);
    if (err)
        return err;
    if (optlen < 0)
        return -LX_EINVAL;
    if (level != LX_SOL_SOCKET)
        return -LX_EOPNOTSUPP;
    if (optlen < (int)sizeof value)
        return -LX_EINVAL;
    if (user_get(task->mm, &value, optval))
        return -LX_EFAULT;
    struct unix_options *options = unix_options(file);
    switch (optname) {
    case LX_SO_RCVTIMEO:
    case LX_SO_RCVTIMEO_NEW:
        return set_timeout(task, optval, optlen, &options->receive_timeout);
    case LX_SO_SNDTIMEO:
    case LX_SO_SNDTIMEO_NEW:
        return set_timeout(task, optval, optlen, &options->send_timeout);
    case LX_SO_LINGER:
        return set_linger(task, optval, optlen, options);
    default:
        return set_number(task, options, optname, value);
    }
}
