/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets as calls, as far as unnamed pairs of AF_UNIX go: socketpair(2), sendmsg(2), recvmsg(2)
 * and their kin. Files that are passed along (SCM_RIGHTS) become descriptors of whoever receives.
 */
#include "syscall_table/sys_socket.h"
#include "syscall_table/sys_files.h"

#include <string.h>

#include "abi/capability.h"
#include "proc/pid.h"

#include "net/unix_pair.h"

#define CONTROL_MAX 65536u
#define SOCKADDR_UNNAMED 2 /* the family alone */
#define SOCKADDR_UN_SIZE 110
#define SOCKADDR_MAX 128 /* of any family */

struct file *socket_file(struct task *task, int fd, long *err)
{
    struct file *file = task_file(task, fd, 0);
    *err = !file ? -LX_EBADF : !file_is_socket(file) ? -LX_ENOTSOCK : 0;
    return file;
}

static struct lx_ucred own_cred(const struct task *task)
{
    return (struct lx_ucred){task->process->tgid, task->cred.uid, task->cred.gid};
}

/* --- making --- */

static long install_pair(struct task *task, struct file *ends[2], bool cloexec, gva_t sv)
{
    int fds[2];
    long fd = fdtable_install(task->fds, ends[0], fd_limit(task), cloexec);
    if (fd < 0) {
        file_put(ends[1]);
        return fd;
    }
    fds[0] = (int)fd;
    fd = fdtable_install(task->fds, ends[1], fd_limit(task), cloexec);
    fds[1] = (int)fd;
    long err = fd < 0 ? fd : user_put(task->mm, sv, &fds);
    if (!err)
        return 0;
    long ignored = fdtable_close(task->fds, fds[0]);
    if (fd >= 0)
        ignored = fdtable_close(task->fds, fds[1]);
    (void)ignored;
    return err;
}

long sys_socketpair(struct task *task, int domain, uint32_t type, int protocol, gva_t sv)
{
    int kind = (int)(type & LX_SOCK_TYPE_MASK);
    if (type & ~(uint32_t)(LX_SOCK_TYPE_MASK | LX_SOCK_NONBLOCK | LX_SOCK_CLOEXEC))
        return -LX_EINVAL;
    if (domain != LX_AF_UNIX)
        return domain == LX_AF_INET || domain == LX_AF_INET6 ? -LX_EOPNOTSUPP : -LX_EAFNOSUPPORT;
    if (protocol != 0 && protocol != LX_AF_UNIX)
        return -LX_EPROTONOSUPPORT;
    if (kind == LX_SOCK_RAW)
        kind = LX_SOCK_DGRAM; /* Linux: the same in this family (guest/socket/pair_calls) */
    if (kind != LX_SOCK_STREAM && kind != LX_SOCK_DGRAM && kind != LX_SOCK_SEQPACKET)
        return -LX_ESOCKTNOSUPPORT;
    struct lx_ucred owner = own_cred(task);
    struct file *ends[2];
    long err = unix_pair_create(&task->kernel->sockets, &task->kernel->vfs, &task->cred, kind,
                                type & LX_SOCK_NONBLOCK ? LX_O_NONBLOCK : 0, &owner, ends);
    return err ? err : install_pair(task, ends, type & LX_SOCK_CLOEXEC, sv);
}

/* --- sending --- */

static void drop_parcel(struct unix_parcel *parcel)
{
    for (unsigned i = 0; i < parcel->count; i++)
        file_put(parcel->files[i]);
    parcel->count = 0;
}

/* The descriptors of one SCM_RIGHTS message. */
static long take_rights(struct task *task, gva_t data, uint64_t bytes, struct unix_parcel *parcel)
{
    uint64_t count = bytes / sizeof(int32_t);
    if (count > LX_SCM_MAX_FD - parcel->count)
        return -LX_EINVAL;
    for (uint64_t i = 0; i < count; i++) {
        int32_t fd;
        if (user_get(task->mm, &fd, data + i * sizeof fd))
            return -LX_EFAULT;
        struct file *file = fdtable_get_any(task->fds, fd);
        if (!file)
            return -LX_EBADF;
        file_get(file);
        parcel->files[parcel->count++] = file;
    }
    return 0;
}

/* Each identity is one of the process's own, or it has the capability to take any (unix(7)). */
static bool may_claim(const struct task *task, const struct lx_ucred *claim)
{
    const struct cred *own = &task->cred;
    bool pid = claim->pid == task->process->tgid;
    bool uid = claim->uid == own->uid || claim->uid == own->euid || claim->uid == own->suid;
    bool gid = claim->gid == own->gid || claim->gid == own->egid || claim->gid == own->sgid;
    return (pid || cred_capable(own, LX_CAP_SYS_ADMIN)) &&
           (uid || cred_capable(own, LX_CAP_SETUID)) && (gid || cred_capable(own, LX_CAP_SETGID));
}

static long check_credentials(struct task *task, gva_t data, uint64_t bytes,
                              struct unix_parcel *parcel)
{
    struct lx_ucred claim;
    if (bytes != sizeof claim)
        return -LX_EINVAL;
    if (user_get(task->mm, &claim, data))
        return -LX_EFAULT;
    if (claim.uid == UINT32_MAX || claim.gid == UINT32_MAX)
        return -LX_EINVAL;
    if (!may_claim(task, &claim))
        return -LX_EPERM;
    if (claim.pid != task->process->tgid && !pid_find_task(task->kernel, claim.pid))
        return -LX_ESRCH;
    parcel->sender = claim;
    parcel->signed_for = true;
    return 0;
}

/* The control messages of a sendmsg(2). On an error the parcel holds what is to be dropped. */
static long take_control(struct task *task, const struct lx_msghdr *msg, struct unix_parcel *parcel)
{
    uint64_t at = 0;
    if (msg->control_length > CONTROL_MAX)
        return -LX_ENOBUFS;
    while (at + sizeof(struct lx_cmsghdr) <= msg->control_length) {
        struct lx_cmsghdr header;
        if (user_get(task->mm, &header, msg->control + at))
            return -LX_EFAULT;
        if (header.length < sizeof header || header.length > msg->control_length - at)
            return -LX_EINVAL;
        gva_t data = msg->control + at + sizeof header;
        uint64_t bytes = header.length - sizeof header;
        long err = -LX_EINVAL;
        if (header.level != LX_SOL_SOCKET)
            err = 0;
        else if (header.type == LX_SCM_RIGHTS)
            err = take_rights(task, data, bytes, parcel);
        else if (header.type == LX_SCM_CREDENTIALS)
            err = check_credentials(task, data, bytes, parcel);
        if (err)
            return err;
        at += (header.length + 7) & ~UINT64_C(7);
    }
    return 0;
}

/* The end of a send: progress while it waits, SIGPIPE unless it was asked not to. */
static long end_send(struct task *task, ssize_t n, uint64_t done, unsigned flags)
{
    if (n == -LX_EPIPE && (flags & LX_MSG_NOSIGNAL))
        return task->call.progress ? (long)task->call.progress : n;
    return end_transfer(task, n, done);
}

/* Nobody has a name that a datagram could be sent to. */
static long send_to_name(struct task *task, gva_t addr, uint32_t length)
{
    struct {
        uint16_t family;
        char path[SOCKADDR_UN_SIZE - sizeof(uint16_t)];
    } name;
    if (length <= sizeof name.family || length > sizeof name)
        return -LX_EINVAL;
    if (user_read(task->mm, &name, addr, length))
        return -LX_EFAULT;
    if (name.family != LX_AF_UNIX)
        return -LX_EINVAL;
    return name.path[0] ? -LX_EOPNOTSUPP : -LX_ECONNREFUSED;
}

/* A message's address and flags, before anything is sent. */
static long check_send(struct task *task, struct file *file, gva_t addr, uint32_t length,
                       uint32_t flags)
{
    int type = unix_type(file);
    if (length > SOCKADDR_MAX)
        return -LX_EINVAL;
    if (flags & LX_MSG_OOB)
        return -LX_EOPNOTSUPP;
    if (!addr || !length || type == LX_SOCK_SEQPACKET)
        return 0;
    return type == LX_SOCK_STREAM ? -LX_EISCONN : send_to_name(task, addr, length);
}

long sys_sendto(struct task *task, int fd, gva_t buf, uint64_t len, uint32_t flags, gva_t addr,
                int addrlen)
{
    long err;
    struct file *file = socket_file(task, fd, &err);
    if (!err)
        err = check_send(task, file, addr, addr ? (uint32_t)addrlen : 0, flags);
    if (err)
        return err;
    struct uio uio;
    uio_init(&uio, task->mm, buf, len);
    uio_advance(&uio, task->call.progress);
    ssize_t n = unix_send(file, &uio, NULL, flags & LX_MSG_DONTWAIT);
    return end_send(task, n, uio.done, flags);
}

/* recvmsg(2)'s and sendmsg(2)'s argument, and its buffers. */
static long get_message(struct task *task, gva_t msg, struct lx_msghdr *header, struct uio *uio)
{
    if (user_get(task->mm, header, msg))
        return -LX_EFAULT;
    if ((int32_t)header->name_length < 0)
        return -LX_EINVAL;
    header->name_length = header->name ? MIN(header->name_length, SOCKADDR_MAX) : 0;
    if (header->iov_count > UIO_MAX_SEGMENTS)
        return -LX_EMSGSIZE;
    return uio_init_vector(uio, task->mm, task->kernel->arena, header->iov, header->iov_count);
}

long socket_send_message(struct task *task, struct file *file, gva_t msg, uint32_t flags)
{
    struct lx_msghdr header;
    struct uio uio;
    long err = get_message(task, msg, &header, &uio);
    if (err)
        return err;
    uio_advance(&uio, task->call.progress);
    struct unix_parcel parcel = {.count = 0};
    if (header.control_length)
        err = take_control(task, &header, &parcel);
    if (!err)
        err = check_send(task, file, header.name, header.name_length, flags);
    /* Files go with the first bytes: after a wait in the middle they are gone. */
    if (task->call.progress)
        drop_parcel(&parcel);
    ssize_t n = err ? err : unix_send(file, &uio, &parcel, flags & LX_MSG_DONTWAIT);
    uint64_t done = uio.done;
    uio_fini(&uio);
    drop_parcel(&parcel);
    return err ? err : end_send(task, n, done, flags);
}

long sys_sendmsg(struct task *task, int fd, gva_t msg, uint32_t flags)
{
    long err;
    struct file *file = socket_file(task, fd, &err);
    return err ? err : socket_send_message(task, file, msg, flags);
}

/* --- receiving --- */

/* An address that a peer without a name has. */
static long put_unnamed(struct task *task, gva_t addr, gva_t addrlen)
{
    uint32_t room, length = SOCKADDR_UNNAMED;
    uint16_t family = LX_AF_UNIX;
    if (user_get(task->mm, &room, addrlen))
        return -LX_EFAULT;
    if ((int32_t)room < 0)
        return -LX_EINVAL;
    if (user_write(task->mm, addr, &family, MIN(room, sizeof family)))
        return -LX_EFAULT;
    return user_put(task->mm, addrlen, &length);
}

/* MSG_OOB: nothing can have sent any. */
static long no_urgent_data(const struct file *file)
{
    return unix_type(file) == LX_SOCK_STREAM ? -LX_EINVAL : -LX_EOPNOTSUPP;
}

long sys_recvfrom(struct task *task, int fd, gva_t buf, uint64_t len, uint32_t flags, gva_t addr,
                  gva_t addrlen)
{
    long err;
    struct file *file = socket_file(task, fd, &err);
    if (err)
        return err;
    if (flags & LX_MSG_OOB)
        return no_urgent_data(file);
    struct uio uio;
    uio_init(&uio, task->mm, buf, len);
    uio_advance(&uio, task->call.progress);
    struct unix_received received = {0};
    long n = unix_receive(file, &uio, flags, &received);
    n = end_transfer(task, n, uio.done);
    if (n < 0)
        return n;
    /* Whoever has no name sends none: the length says so. */
    if (addr && addrlen) {
        uint32_t none = 0;
        if (user_put(task->mm, addrlen, &none))
            return -LX_EFAULT;
    }
    return (flags & LX_MSG_TRUNC) && received.cut ? (long)received.length : n;
}

/* Files to descriptors, as many as the guest's buffer takes. Returns the bytes used; sets
 * MSG_CTRUNC. */
static uint64_t put_rights(struct task *task, struct unix_parcel *parcel, gva_t at, uint64_t room,
                           bool cloexec, uint32_t *flags)
{
    struct lx_cmsghdr header = {.level = LX_SOL_SOCKET, .type = LX_SCM_RIGHTS};
    uint64_t fits = room > sizeof header ? (room - sizeof header) / sizeof(int32_t) : 0;
    unsigned given = 0;
    while (given < parcel->count && given < fits) {
        file_get(parcel->files[given]);
        long fd = fdtable_install(task->fds, parcel->files[given], fd_limit(task), cloexec);
        if (fd < 0)
            break;
        int32_t number = (int32_t)fd;
        if (user_put(task->mm, at + sizeof header + given * sizeof number, &number)) {
            long ignored = fdtable_close(task->fds, number);
            (void)ignored;
            break;
        }
        given++;
    }
    if (given < parcel->count)
        *flags |= LX_MSG_CTRUNC;
    drop_parcel(parcel);
    if (!given)
        return 0;
    header.length = sizeof header + given * sizeof(int32_t);
    if (user_put(task->mm, at, &header))
        return 0;
    return MIN((header.length + 7) & ~UINT64_C(7), room);
}

/* As much of the sender as the guest's buffer takes. Returns the bytes used. */
static uint64_t put_credentials(struct task *task, const struct lx_ucred *cred, gva_t at,
                                uint64_t room, uint32_t *flags)
{
    struct {
        struct lx_cmsghdr header;
        struct lx_ucred cred;
        uint32_t padding;
    } message = {{0, LX_SOL_SOCKET, LX_SCM_CREDENTIALS}, *cred, 0};
    const uint64_t whole = sizeof message.header + sizeof *cred;
    if (room < whole)
        *flags |= LX_MSG_CTRUNC;
    if (room < sizeof message.header)
        return 0;
    message.header.length = MIN(room, whole);
    if (user_write(task->mm, at, &message, message.header.length))
        return 0;
    return MIN(room, sizeof message);
}

/* The control messages of a recvmsg(2): bytes used. */
static uint64_t put_control(struct task *task, struct file *file, const struct lx_msghdr *header,
                            struct unix_received *received, unsigned flags, uint32_t *out_flags)
{
    uint64_t used = 0, room = header->control ? header->control_length : 0;
    bool passcred = unix_options(file)->switches >> LX_SO_PASSCRED & 1;
    if (passcred && !received->nothing)
        used = put_credentials(task, &received->parcel->sender, header->control, room, out_flags);
    if (received->parcel->count)
        used += put_rights(task, received->parcel, header->control + used, room - used,
                           flags & LX_MSG_CMSG_CLOEXEC, out_flags);
    return used;
}

/* What of the header recvmsg(2) writes back. */
static long put_header(struct task *task, struct file *file, gva_t msg,
                       const struct lx_msghdr *header, struct unix_received *received,
                       unsigned flags)
{
    uint32_t none = 0;
    uint32_t out = (received->cut ? LX_MSG_TRUNC : 0) | (flags & LX_MSG_CMSG_CLOEXEC);
    uint64_t used = put_control(task, file, header, received, flags, &out);
    if ((header->name &&
         user_put(task->mm, msg + offsetof(struct lx_msghdr, name_length), &none)) ||
        user_put(task->mm, msg + offsetof(struct lx_msghdr, control_length), &used) ||
        user_put(task->mm, msg + offsetof(struct lx_msghdr, flags), &out))
        return -LX_EFAULT;
    return 0;
}

long socket_receive_message(struct task *task, struct file *file, gva_t msg, uint32_t flags)
{
    struct lx_msghdr header;
    struct uio uio;
    long err = get_message(task, msg, &header, &uio);
    if (err)
        return err;
    struct unix_parcel parcel = {.count = 0};
    struct unix_received received = {.parcel = &parcel};
    uio_advance(&uio, task->call.progress);
    long n = flags & LX_MSG_OOB ? no_urgent_data(file) : unix_receive(file, &uio, flags, &received);
    n = end_transfer(task, n, uio.done);
    uio_fini(&uio);
    if (n < 0)
        return n;
    err = put_header(task, file, msg, &header, &received, flags);
    drop_parcel(&parcel);
    if (err)
        return err;
    return (flags & LX_MSG_TRUNC) && received.cut ? (long)received.length : n;
}

long sys_recvmsg(struct task *task, int fd, gva_t msg, uint32_t flags)
{
    long err;
    struct file *file = socket_file(task, fd, &err);
    return err ? err : socket_receive_message(task, file, msg, flags);
}

/* --- the rest --- */

long sys_shutdown(struct task *task, int fd, int how)
{
    long err;
    struct file *file = socket_file(task, fd, &err);
    if (err)
        return err;
    if (how < LX_SHUT_RD || how > LX_SHUT_RDWR)
        return -LX_EINVAL;
    unix_shutdown(file, (enum lx_shutdown)how);
    return 0;
}

long sys_getsockname(struct task *task, int fd, gva_t addr, gva_t addrlen)
{
    long err;
    socket_file(task, fd, &err);
    return err ? err : put_unnamed(task, addr, addrlen);
}

long sys_getpeername(struct task *task, int fd, gva_t addr, gva_t addrlen)
{
    long err;
    const struct file *file = socket_file(task, fd, &err);
    if (!err && !unix_connected(file))
        err = -LX_ENOTCONN;
    return err ? err : put_unnamed(task, addr, addrlen);
}
