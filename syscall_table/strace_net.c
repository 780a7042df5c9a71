/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Printers of sockets: addresses, options, messages.
 */
#include "syscall_table/strace_show.h"

#include <stdio.h>
#include <string.h>

#include "mem/uaccess.h"

#define PRINTER(name) void show_kind_##name(struct show *show, unsigned index, UNUSED int parameter)
#define ARG (show->args[index])

enum { FAMILY_UNIX = 1, FAMILY_INET = 2, FAMILY_INET6 = 10 };

struct sockaddr_bytes {
    uint16_t family;
    uint8_t data[126];
};

static unsigned big_endian(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

static void show_unix(struct show *show, const struct sockaddr_bytes *addr, size_t length)
{
    if (length <= sizeof addr->family)
        return;
    const char *path = (const char *)addr->data;
    size_t room = MIN(length - sizeof addr->family, (size_t)108);
    show_puts(show, ", sun_path=");
    if (path[0]) {
        show_quoted(show, path, strnlen(path, room), false, false);
    } else {
        show_puts(show, "@");
        show_quoted(show, path + 1, room - 1, false, false);
    }
}

static void show_sockaddr(struct show *show, gva_t at, size_t length)
{
    struct sockaddr_bytes addr = {0};
    const uint8_t *d = addr.data;

    length = MIN(length, sizeof addr);
    if (length < sizeof addr.family) {
        show_pointer(show, at);
        return;
    }
    if (!show_read(show, &addr, at, length))
        return;
    show_puts(show, "{sa_family=");
    show_enum(show, KIND_ENUM_domain, addr.family);
    if (addr.family == FAMILY_UNIX) {
        show_unix(show, &addr, length);
    } else if (addr.family == FAMILY_INET) {
        show_printf(show, ", sin_port=htons(%u), sin_addr=inet_addr(\"%u.%u.%u.%u\")",
                    big_endian(d), d[2], d[3], d[4], d[5]);
    } else if (addr.family == FAMILY_INET6) {
        show_printf(show, ", sin6_port=htons(%u), sin6_flowinfo=htonl(%u)", big_endian(d),
                    big_endian(d + 2) << 16 | big_endian(d + 4));
        show_puts(show, ", inet_pton(AF_INET6, \"");
        for (int i = 0; i < 8; i++)
            show_printf(show, i ? ":%x" : "%x", big_endian(d + 6 + 2 * i));
        show_printf(show, "\", &sin6_addr), sin6_scope_id=0");
    } else {
        show_puts(show, ", sa_data=");
        show_quoted(show, d, length - sizeof addr.family, false, false);
    }
    show_puts(show, "}");
}

PRINTER(sockaddr_in)
{
    if (ARG)
        show_sockaddr(show, ARG, (uint32_t)show->args[index + 1]);
    else
        show_puts(show, "NULL");
}

PRINTER(sockaddr_out)
{
    uint32_t length = 0;
    bool known = show->args[index + 1] && show->task->mm &&
                 user_get(show->task->mm, &length, show->args[index + 1]) == 0;
    if (show_failed(show) || !ARG || !known)
        show_pointer(show, ARG);
    else
        show_sockaddr(show, ARG, length);
}

/* "[room => length]" when it changed. */
PRINTER(socklen)
{
    uint32_t length, before = (uint32_t)show->task->trace.saved;
    if (!show_read(show, &length, ARG, sizeof length))
        return;
    if (length == before || show_failed(show))
        show_printf(show, "[%u]", length);
    else
        show_printf(show, "[%u => %u]", before, length);
}

static void show_option(struct show *show, gva_t at, uint32_t length)
{
    int32_t value;
    uint8_t bytes[STRACE_STRING];

    if (length == sizeof value) {
        if (show_read(show, &value, at, sizeof value))
            show_printf(show, "[%d]", value);
        return;
    }
    size_t shown = MIN(length, sizeof bytes);
    if (shown == 0)
        show_pointer(show, at);
    else if (show_read(show, bytes, at, shown))
        show_quoted(show, bytes, shown, false, length > shown);
}

PRINTER(sockopt_in)
{
    show_option(show, ARG, (uint32_t)show->args[index + 1]);
}

PRINTER(sockopt_out)
{
    uint32_t length;
    if (show_failed(show) || !show->task->mm ||
        user_get(show->task->mm, &length, show->args[index + 1]))
        show_pointer(show, ARG);
    else
        show_option(show, ARG, length);
}

struct msghdr {
    uint64_t name;
    uint32_t namelen, padding1;
    uint64_t iov, iovlen;
    uint64_t control, controllen;
    int32_t flags, padding2;
};

/* The message with its vector shown as that argument's printer would: `printer` gets a show whose
 * arguments are the header's. */
static void show_message(struct show *show, gva_t at, show_fn *printer)
{
    struct msghdr msg;

    if (!show_read(show, &msg, at, sizeof msg))
        return;
    show_puts(show, "{msg_name=");
    if (msg.name)
        show_sockaddr(show, msg.name, msg.namelen);
    else
        show_puts(show, "NULL");
    show_printf(show, ", msg_namelen=%u, msg_iov=", msg.namelen);
    const uint64_t vector[SYSCALL_ARGS] = {msg.iov, msg.iovlen};
    struct syscall_row row = {.argc = 2, .args = {{KIND_PTR, "iov"}, {KIND_SIZE, "iovlen"}}};
    struct show inner = *show;
    inner.args = vector;
    inner.row = &row;
    printer(&inner, 0, 0);
    show_printf(show, ", msg_iovlen=%llu, ", (unsigned long long)msg.iovlen);
    if (msg.controllen && msg.control)
        show_printf(show, "msg_control=%#llx, ", (unsigned long long)msg.control);
    show_printf(show, "msg_controllen=%llu, msg_flags=", (unsigned long long)msg.controllen);
    show_flags(show, KIND_FLAGS_msg, (uint32_t)msg.flags);
    show_puts(show, "}");
}

PRINTER(msghdr_in)
{
    show_message(show, ARG, show_kind_iovec_in);
}

PRINTER(msghdr_out)
{
    if (show_failed(show))
        show_pointer(show, ARG);
    else
        show_message(show, ARG, show_kind_iovec_out);
}
