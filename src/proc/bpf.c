/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checking and running classic BPF. What the check promises the interpreter relies on: jumps stay
 * inside and go forward, the last instruction returns, loads are aligned and inside the data,
 * scratch words exist and are written before they are read.
 */
#include "proc/bpf.h"

#include <string.h>

#include "abi/errno.h"

static bool is_allowed(uint16_t code)
{
    switch (code) {
    case LX_BPF_LD | LX_BPF_ABS:
    case LX_BPF_LD | LX_BPF_LEN:
    case LX_BPF_LDX | LX_BPF_LEN:
    case LX_BPF_LD | LX_BPF_IMM:
    case LX_BPF_LDX | LX_BPF_IMM:
    case LX_BPF_LD | LX_BPF_MEM:
    case LX_BPF_LDX | LX_BPF_MEM:
    case LX_BPF_ST:
    case LX_BPF_STX:
    case LX_BPF_RET | LX_BPF_K:
    case LX_BPF_RET | LX_BPF_A:
    case LX_BPF_MISC | LX_BPF_TAX:
    case LX_BPF_MISC | LX_BPF_TXA:
    case LX_BPF_JMP | LX_BPF_JA:
    case LX_BPF_ALU | LX_BPF_NEG:
        return true;
    default:
        break;
    }
    unsigned op = code & 0xf0u;
    if ((code & ~0xf8u) == LX_BPF_ALU)
        return op <= LX_BPF_RSH || op == LX_BPF_XOR;
    if ((code & ~0xf8u) == LX_BPF_JMP)
        return op >= LX_BPF_JEQ && op <= LX_BPF_JSET;
    return false;
}

static bool operand_ok(const struct lx_sock_filter *insn)
{
    switch (insn->code) {
    case LX_BPF_LD | LX_BPF_ABS:
        return insn->k < sizeof(struct lx_seccomp_data) && !(insn->k & 3);
    case LX_BPF_LD | LX_BPF_MEM:
    case LX_BPF_LDX | LX_BPF_MEM:
    case LX_BPF_ST:
    case LX_BPF_STX:
        return insn->k < LX_BPF_MEMWORDS;
    case LX_BPF_ALU | LX_BPF_DIV | LX_BPF_K:
        return insn->k != 0;
    case LX_BPF_ALU | LX_BPF_LSH | LX_BPF_K:
    case LX_BPF_ALU | LX_BPF_RSH | LX_BPF_K:
        return insn->k < 32;
    default:
        return true;
    }
}

static bool jumps_ok(const struct lx_sock_filter *insn, unsigned rest)
{
    if ((insn->code & 7) != LX_BPF_JMP)
        return true;
    if (insn->code == (LX_BPF_JMP | LX_BPF_JA))
        return insn->k < rest;
    return insn->jt < rest && insn->jf < rest;
}

/* Every scratch word is written on all ways to where it is read. */
static bool memory_ok(const struct lx_sock_filter *insns, unsigned count)
{
    uint16_t
        written[LX_BPF_MAXINSNS]; /* at the start of each instruction, on all ways seen so far */
    memset(written, 0xff, count * sizeof *written);
    uint16_t now = 0;
    for (unsigned i = 0; i < count; i++) {
        const struct lx_sock_filter *insn = &insns[i];
        now &= written[i];
        switch (insn->code & 0x67) {
        case LX_BPF_ST:
        case LX_BPF_STX:
            now |= (uint16_t)(1u << insn->k);
            break;
        case LX_BPF_LD | LX_BPF_MEM:
        case LX_BPF_LDX | LX_BPF_MEM:
            if (!(now & (1u << insn->k)))
                return false;
            break;
        case LX_BPF_RET:
            now = 0xffff;
            break;
        default:
            break;
        }
        if ((insn->code & 7) != LX_BPF_JMP)
            continue;
        if (insn->code == (LX_BPF_JMP | LX_BPF_JA)) {
            written[i + 1 + insn->k] &= now;
        } else {
            written[i + 1 + insn->jt] &= now;
            written[i + 1 + insn->jf] &= now;
        }
        now = 0xffff;
    }
    return true;
}

long bpf_check(const struct lx_sock_filter *insns, unsigned count)
{
    if (count == 0 || count > LX_BPF_MAXINSNS)
        return -LX_EINVAL;
    for (unsigned i = 0; i < count; i++)
        if (!is_allowed(insns[i].code) || !operand_ok(&insns[i]) ||
            !jumps_ok(&insns[i], count - i - 1))
            return -LX_EINVAL;
    if ((insns[count - 1].code & 7) != LX_BPF_RET || !memory_ok(insns, count))
        return -LX_EINVAL;
    return 0;
}

static uint32_t alu(unsigned op, uint32_t a, uint32_t b)
{
    switch (op) {
    case LX_BPF_ADD:
        return a + b;
    case LX_BPF_SUB:
        return a - b;
    case LX_BPF_MUL:
        return a * b;
    case LX_BPF_DIV:
        return a / b; /* the caller has looked at zero */
    case LX_BPF_OR:
        return a | b;
    case LX_BPF_AND:
        return a & b;
    case LX_BPF_LSH:
        return a << (b & 31);
    case LX_BPF_RSH:
        return a >> (b & 31);
    case LX_BPF_XOR:
        return a ^ b;
    default:
        return 0 - a;
    }
}

static bool compare(unsigned op, uint32_t a, uint32_t b)
{
    switch (op) {
    case LX_BPF_JEQ:
        return a == b;
    case LX_BPF_JGT:
        return a > b;
    case LX_BPF_JGE:
        return a >= b;
    default:
        return (a & b) != 0;
    }
}

static uint32_t load(const struct lx_seccomp_data *data, uint32_t offset)
{
    uint32_t word;
    memcpy(&word, (const char *)data + offset, sizeof word);
    return word;
}

uint32_t bpf_run(const struct lx_sock_filter *insn, const struct lx_seccomp_data *data)
{
    uint32_t a = 0, x = 0, memory[LX_BPF_MEMWORDS] = {0};
    for (;; insn++) {
        uint32_t operand = insn->code & LX_BPF_X ? x : insn->k;
        unsigned op = insn->code & 0xf0u;
        switch (insn->code & 7) {
        case LX_BPF_LD:
        case LX_BPF_LDX: {
            unsigned mode = insn->code & 0xe0u;
            uint32_t value = mode == LX_BPF_ABS   ? load(data, insn->k)
                             : mode == LX_BPF_MEM ? memory[insn->k]
                             : mode == LX_BPF_LEN ? (uint32_t)sizeof *data
                                                  : insn->k;
            *((insn->code & 7) == LX_BPF_LD ? &a : &x) = value;
            break;
        }
        case LX_BPF_ST:
            memory[insn->k] = a;
            break;
        case LX_BPF_STX:
            memory[insn->k] = x;
            break;
        case LX_BPF_ALU:
            if (op == LX_BPF_DIV && operand == 0)
                return 0;
            a = alu(op, a, operand);
            break;
        case LX_BPF_JMP:
            if (op == LX_BPF_JA)
                insn += insn->k;
            else
                insn += compare(op, a, operand) ? insn->jt : insn->jf;
            break;
        case LX_BPF_RET:
            return insn->code & LX_BPF_A ? a : insn->k;
        default:
            if (insn->code & LX_BPF_TXA)
                a = x;
            else
                x = a;
            break;
        }
    }
}
