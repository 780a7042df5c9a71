/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The smallest program that uses the C library: what is measured is start-up. */
#include <stdio.h>

int main(void)
{
    puts("hello");
    return 0;
}
