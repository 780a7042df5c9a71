/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends as its argument says. */
#include "guest_test.h"

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "0";
    volatile char *nowhere = (char *)16;

    if (strcmp(how, "abort") == 0)
        abort();
    if (strcmp(how, "segv") == 0)
        *nowhere = 1;
    _exit(atoi(how));
}
