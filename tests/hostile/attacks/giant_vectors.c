/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One call that moves as many bytes as a call may. */
#include "attack.h"

#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

static void move(void)
{
    size_t size = (size_t)1 << 33;
    char *all = map(size);
    char *page = map(1 << 20);
    struct iovec parts[1024];
    for (int i = 0; i < 1024; i++)
        parts[i] = (struct iovec){page, 1 << 20};
    int zero = open("/dev/zero", O_RDWR), null = open("/dev/null", O_RDWR);
    int random = open("/dev/urandom", O_RDWR);
    TRY(readv(zero, parts, 1024));
    TRY(readv(random, parts, 1024));
    TRY(writev(null, parts, 1024));
    TRY(process_vm_readv(getpid(), parts, 1024, parts, 1024, 0));
    TRY(process_vm_writev(getpid(), parts, 1024, parts, 1024, 0));
    TRY(sendfile(null, zero, NULL, size));
    TRY(write(random, all, size)); /* reads of memory that is not there */
    TRY(getrandom(page, 1 << 20, 0));
    TRY(read(zero, all, size));
    TRY(getrandom(all, size, 0));
}

int main(void)
{
    repeat_in_children(move);
}
