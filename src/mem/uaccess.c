/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Copies between the kernel and guest memory, page by page through the page tables; a page that is
 * not there, or not writable yet, is faulted in as the guest's own access would.
 */
#include "mem/uaccess.h"

#include <string.h>

#include "abi/errno.h"

void *user_window(struct mm *mm, gva_t addr, enum cpu_access access)
{
    frame_t frame;
    if (mm_frame(mm, addr, access, &frame))
        return NULL;
    char *page = access == CPU_WRITE ? ram_write(mm->ram, frame)
                                     : (char *)ram_base(mm->ram) + ram_phys(frame);
    return page + (addr & ~PAGE_MASK);
}

/* Bytes of [addr, addr + size) in addr's page. */
static size_t in_page(gva_t addr, size_t size)
{
    return MIN(size, (size_t)(PAGE_SIZE - (addr & ~PAGE_MASK)));
}

size_t user_read_some(struct mm *mm, void *to, gva_t from, size_t size)
{
    size_t done = 0;
    while (done < size) {
        size_t part = in_page(from + done, size - done);
        const char *bytes = user_window(mm, from + done, CPU_READ);
        if (!bytes)
            break;
        memcpy((char *)to + done, bytes, part);
        done += part;
    }
    return done;
}

size_t user_write_some(struct mm *mm, gva_t to, const void *from, size_t size)
{
    size_t done = 0;
    while (done < size) {
        size_t part = in_page(to + done, size - done);
        char *bytes = user_window(mm, to + done, CPU_WRITE);
        if (!bytes)
            break;
        if (from)
            memcpy(bytes, (const char *)from + done, part);
        else
            memset(bytes, 0, part);
        done += part;
    }
    return done;
}

/* Linux's access_ok(): nothing is touched when the range leaves user space. */
static bool in_user_space(gva_t addr, size_t size)
{
    return addr <= TASK_SIZE && size <= TASK_SIZE - addr;
}

long user_read(struct mm *mm, void *to, gva_t from, size_t size)
{
    if (!in_user_space(from, size) || user_read_some(mm, to, from, size) != size)
        return -LX_EFAULT;
    return 0;
}

long user_write(struct mm *mm, gva_t to, const void *from, size_t size)
{
    if (!in_user_space(to, size) || user_write_some(mm, to, from, size) != size)
        return -LX_EFAULT;
    return 0;
}

long user_clear(struct mm *mm, gva_t to, size_t size)
{
    if (!in_user_space(to, size) || user_write_some(mm, to, NULL, size) != size)
        return -LX_EFAULT;
    return 0;
}

long user_get_struct(struct mm *mm, void *to, size_t room, gva_t from, size_t size)
{
    uint8_t rest[64];
    if (!in_user_space(from, size))
        return -LX_EFAULT;
    for (size_t at = room; at < size; at += sizeof rest) {
        size_t length = MIN(size - at, sizeof rest);
        if (user_read(mm, rest, from + at, length))
            return -LX_EFAULT;
        for (size_t i = 0; i < length; i++)
            if (rest[i])
                return -LX_E2BIG;
    }
    memset(to, 0, room);
    return user_read(mm, to, from, MIN(size, room));
}

long user_string(struct mm *mm, char *to, gva_t from, size_t room)
{
    size_t done = 0;
    while (done < room) {
        size_t part = in_page(from + done, room - done);
        const char *bytes = user_window(mm, from + done, CPU_READ);
        if (!bytes)
            return -LX_EFAULT;
        size_t length = strnlen(bytes, part);
        memcpy(to + done, bytes, length < part ? length + 1 : part);
        done += length;
        if (length < part)
            return (long)done;
    }
    return -LX_ENAMETOOLONG;
}
