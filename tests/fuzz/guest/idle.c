/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program to be loaded, not run. */
int main(void)
{
    return 0;
}
