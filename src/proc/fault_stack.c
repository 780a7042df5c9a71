/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Non-canonical addresses: the CPU raises #SS for those that go through the stack segment, #GP for
 * all others (Intel SDM volume 3, 6.15). The engine tells of #GP only; here the instruction says
 * which it is.
 */
#include "proc/fault_stack.h"

#include "mem/uaccess.h"

#define INSN_MAX 15
#define LEAVE 0xc9

/* What is known of an instruction when its prefixes have been read. */
struct insn {
    uint8_t bytes[INSN_MAX + 1]; /* zeros after the last that could be read */
    unsigned at;                 /* next byte */
    uint8_t rex;                 /* 0: none */
    bool other_segment;          /* FS or GS */
    bool two_byte;               /* 0f */
    uint8_t opcode;
};

static bool is_canonical(uint64_t addr)
{
    return (uint64_t)((int64_t)(addr << 16) >> 16) == addr;
}

static void read_prefixes(struct insn *insn)
{
    for (; insn->at < INSN_MAX; insn->at++) {
        switch (insn->bytes[insn->at]) {
        case 0x64:
        case 0x65:
            insn->other_segment = true;
            continue;
        case 0x26:
        case 0x2e:
        case 0x36:
        case 0x3e:
        case 0x66:
        case 0x67:
        case 0xf0:
        case 0xf2:
        case 0xf3:
            continue;
        default:
            break;
        }
        break;
    }
    if ((insn->bytes[insn->at] & 0xf0) == 0x40)
        insn->rex = insn->bytes[insn->at++];
    insn->two_byte = insn->bytes[insn->at] == 0x0f;
    if (insn->two_byte)
        insn->at++;
    insn->opcode = insn->bytes[insn->at++ % sizeof insn->bytes];
}

/* Does it push or pop? (call, ret, enter, leave, iret, pushf, popf, push and pop of all kinds) */
static bool uses_stack(const struct insn *insn)
{
    uint8_t op = insn->opcode, modrm = insn->bytes[insn->at % sizeof insn->bytes];
    if (insn->two_byte)
        return op == 0xa0 || op == 0xa1 || op == 0xa8 || op == 0xa9;
    switch (op) {
    case 0x68:
    case 0x6a:
    case 0x8f:
    case 0x9c:
    case 0x9d:
    case 0xc2:
    case 0xc3:
    case 0xc8:
    case LEAVE:
    case 0xca:
    case 0xcb:
    case 0xcf:
    case 0xe8:
        return true;
    case 0xff:
        return (modrm >> 3 & 7) == 2 || (modrm >> 3 & 7) == 6;
    default:
        return (op & 0xf0) == 0x50;
    }
}

/* The address of a ModRM operand whose base is rsp or rbp. False: there is none. */
static bool stack_operand(const struct insn *insn, const uint64_t *gpr, uint64_t *addr)
{
    const uint8_t *b = insn->bytes;
    unsigned at = insn->at;
    if (at + 6 > INSN_MAX || insn->other_segment)
        return false;
    uint8_t modrm = b[at++], mod = modrm >> 6, base = modrm & 7;
    uint64_t index = 0;
    if (mod == 3)
        return false;
    if (base == 4) {
        uint8_t sib = b[at++];
        unsigned number = (sib >> 3 & 7) | (insn->rex & 2) << 2;
        base = sib & 7;
        if (number != 4)
            index = gpr[number] << (sib >> 6);
    }
    if ((insn->rex & 1) || (base != CPU_RSP && base != CPU_RBP) || (base == CPU_RBP && mod == 0))
        return false;
    uint64_t disp = 0;
    if (mod == 1)
        disp = (uint64_t)(int8_t)b[at];
    if (mod == 2)
        disp = (uint64_t)(int32_t)((uint32_t)b[at] | (uint32_t)b[at + 1] << 8 |
                                   (uint32_t)b[at + 2] << 16 | (uint32_t)b[at + 3] << 24);
    *addr = gpr[base] + index + disp;
    return true;
}

bool fault_is_of_stack(struct task *task, gva_t rip)
{
    struct insn insn = {.at = 0};
    const uint64_t *gpr = cpu_gprs(task->kernel->cpu);
    uint64_t addr;
    if (user_read_some(task->mm, insn.bytes, rip, INSN_MAX) == 0)
        return false;
    read_prefixes(&insn);
    if (insn.at >= INSN_MAX)
        return false;
    uint64_t sp = gpr[insn.opcode == LEAVE && !insn.two_byte ? CPU_RBP : CPU_RSP];
    if (uses_stack(&insn) && (!is_canonical(sp) || !is_canonical(sp - 8)))
        return true;
    return stack_operand(&insn, gpr, &addr) && !is_canonical(addr);
}
