/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every process forks for ever. */
#include "attack.h"

int main(void)
{
    for (;;)
        fork();
}
