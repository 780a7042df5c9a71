/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An interpreter of byte code: a fetch, a switch and a little work for each byte. */
#include "bench.h"

enum { PUSH, ADD, SUB, MUL, XOR, SHIFT, DUP, STORE, LOAD, LOOP, HALT };

/* A checksum loop: the counter is in slot 0, the sum in slot 1. */
static const unsigned char program[] = {
    LOAD,  1, PUSH, 31, MUL,  LOAD, 0,   ADD,   DUP, SHIFT, 5, XOR,
    STORE, 1, LOAD, 0,  PUSH, 1,    SUB, STORE, 0,   LOOP,  0, HALT,
};

static uint64_t interpret(const unsigned char *code, uint64_t counter)
{
    uint64_t stack[16], slots[4] = {counter}, *top = stack;
    const unsigned char *pc = code;

    for (;;) {
        switch (*pc++) {
        case PUSH:
            *++top = *pc++;
            break;
        case ADD:
            top--;
            top[0] += top[1];
            break;
        case SUB:
            top--;
            top[0] -= top[1];
            break;
        case MUL:
            top--;
            top[0] *= top[1];
            break;
        case XOR:
            top--;
            top[0] ^= top[1];
            break;
        case SHIFT:
            *top >>= *pc++;
            break;
        case DUP:
            top++;
            top[0] = top[-1];
            break;
        case STORE:
            slots[*pc++ & 3] = *top--;
            break;
        case LOAD:
            *++top = slots[*pc++ & 3];
            break;
        case LOOP:
            pc = slots[0] ? code + *pc : pc + 1;
            break;
        default:
            return slots[1];
        }
    }
}

int main(int argc, char **argv)
{
    return bench_done(interpret(program, (uint64_t)bench_rounds(argc, argv, 100000)));
}
