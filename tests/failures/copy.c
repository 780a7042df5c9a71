/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel itself takes the last frame, for a read into memory that was not touched yet. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
    size_t size = 64 << 20;
    char *room = mmap(NULL, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    int zero = open("/dev/zero", O_RDONLY);
    return room == MAP_FAILED || zero < 0 || read(zero, room, size) != (ssize_t)size;
}
