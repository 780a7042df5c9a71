/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_MACHINE_SYMBOLS_H
#define LSTAR_MACHINE_SYMBOLS_H
/*
 * Which function is at an address? Read from the symbol table of the ELF file that is mapped there.
 */
#include "mem/mm.h"

#define SYMBOL_NAME_MAX 128

struct symbol {
    gva_t start;                /* its first byte in this address space */
    char name[SYMBOL_NAME_MAX]; /* cut where it is longer; printable characters only */
};

/* The nearest function at or below `addr`. False: no file is mapped there, or it has no symbols, or
 * no memory to read them. */
bool symbol_find(struct mm *mm, gva_t addr, struct symbol *out);

#endif
