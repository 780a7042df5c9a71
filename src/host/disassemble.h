/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_HOST_DISASSEMBLE_H
#define LSTAR_HOST_DISASSEMBLE_H
/*
 * What x86-64 instructions are called: the host's capstone, loaded when it is asked for.
 */
#include "base/compiler.h"

struct disassembler;

/* *out is the caller's, to be closed. Errors: -LX_ENOENT (the host has no capstone), -LX_ENOMEM. */
MUST_CHECK long disassembler_open(struct disassembler **out);
void disassembler_close(struct disassembler *disassembler);

/*
 * The first instruction of `length` bytes that stand at `addr`: its size, 0 if there is none.
 * `text` is given its name and operands, cut to `size` bytes; NULL: they are not wanted.
 */
size_t disassembler_decode(const struct disassembler *disassembler, const uint8_t *bytes,
                           size_t length, uint64_t addr, char *text, size_t size);
#endif
