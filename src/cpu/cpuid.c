/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The CPU that guests see: x86-64-v2 and what else the engine executes rightly, presented as family
 * 6 model 0x2c (Westmere) with ERMS and the caches of a plausible part. This is also a performance
 * setting: from model, ERMS and cache sizes C libraries choose `rep movs`, which the engine does at
 * host speed. No AVX, no XSAVE, no RDRAND: what is not offered here raises #UD. Intel SDM volume 2,
 * CPUID.
 */
#include "cpu/cpuid.h"

#include <string.h>

enum {
    EDX1_FPU = 1 << 0,
    EDX1_TSC = 1 << 4,
    EDX1_MSR = 1 << 5,
    EDX1_PAE = 1 << 6,
    EDX1_CX8 = 1 << 8,
    EDX1_APIC = 1 << 9,
    EDX1_SEP = 1 << 11,
    EDX1_PGE = 1 << 13,
    EDX1_CMOV = 1 << 15,
    EDX1_PAT = 1 << 16,
    EDX1_CLFSH = 1 << 19,
    EDX1_MMX = 1 << 23,
    EDX1_FXSR = 1 << 24,
    EDX1_SSE = 1 << 25,
    EDX1_SSE2 = 1 << 26,

    ECX1_SSE3 = 1 << 0,
    ECX1_PCLMUL = 1 << 1,
    ECX1_SSSE3 = 1 << 9,
    ECX1_CX16 = 1 << 13,
    ECX1_SSE41 = 1 << 19,
    ECX1_SSE42 = 1 << 20,
    ECX1_MOVBE = 1 << 22,
    ECX1_POPCNT = 1 << 23,
    ECX1_AES = 1 << 25,

    EBX7_BMI1 = 1 << 3,
    EBX7_BMI2 = 1 << 8,
    EBX7_ERMS = 1 << 9,
    EBX7_ADX = 1 << 19,

    ECX81_LAHF = 1 << 0,
    ECX81_LZCNT = 1 << 5,

    EDX81_SYSCALL = 1 << 11,
    EDX81_NX = 1 << 20,
    EDX81_RDTSCP = 1 << 27,
    EDX81_LM = 1 << 29,
};

#define MAX_LEAF 7u
#define MAX_EXTENDED 0x80000008u
/* Family 6, model 0x2c, stepping 2. */
#define SIGNATURE 0x000206c2u

static void set(uint32_t out[4], uint32_t eax, uint32_t ebx, uint32_t ecx, uint32_t edx)
{
    out[0] = eax;
    out[1] = ebx;
    out[2] = ecx;
    out[3] = edx;
}

/* Leaf 4: one cache a subleaf. 64-byte lines, one partition. */
static void cache(uint32_t subleaf, uint32_t out[4])
{
    static const struct {
        uint8_t type; /* 1 data, 2 instructions, 3 both */
        uint8_t level;
        uint16_t ways;
        uint32_t sets;
    } caches[] = {{1, 1, 8, 64}, {2, 1, 4, 128}, {3, 2, 8, 512}, {3, 3, 16, 12288}};

    if (subleaf < ARRAY_SIZE(caches)) {
        set(out, (uint32_t)caches[subleaf].type | (uint32_t)caches[subleaf].level << 5 | 1u << 8,
            63u | (uint32_t)(caches[subleaf].ways - 1) << 22, caches[subleaf].sets - 1, 0);
    }
}

static void basic(uint32_t leaf, uint32_t subleaf, uint32_t out[4])
{
    switch (leaf) {
    case 0: /* "GenuineIntel" */
        set(out, MAX_LEAF, 0x756e6547, 0x6c65746e, 0x49656e69);
        break;
    case 1:
        set(out, SIGNATURE, 8u << 8 | 1u << 16,
            ECX1_SSE3 | ECX1_PCLMUL | ECX1_SSSE3 | ECX1_CX16 | ECX1_SSE41 | ECX1_SSE42 |
                ECX1_MOVBE | ECX1_POPCNT | ECX1_AES,
            EDX1_FPU | EDX1_TSC | EDX1_MSR | EDX1_PAE | EDX1_CX8 | EDX1_APIC | EDX1_SEP | EDX1_PGE |
                EDX1_CMOV | EDX1_PAT | EDX1_CLFSH | EDX1_MMX | EDX1_FXSR | EDX1_SSE | EDX1_SSE2);
        break;
    case 2: /* caches: see leaf 4 */
        set(out, 0x00ffff01, 0, 0, 0);
        break;
    case 4:
        cache(subleaf, out);
        break;
    case 7:
        if (subleaf == 0) {
            set(out, 0, EBX7_BMI1 | EBX7_BMI2 | EBX7_ERMS | EBX7_ADX, 0, 0);
        }
        break;
    default:
        break;
    }
}

static void extended(uint32_t leaf, uint32_t out[4])
{
    static const char brand[48] = "lstar virtual x86-64 CPU";

    switch (leaf) {
    case 0x80000000u:
        set(out, MAX_EXTENDED, 0, 0, 0);
        break;
    case 0x80000001u:
        set(out, SIGNATURE, 0, ECX81_LAHF | ECX81_LZCNT,
            EDX81_SYSCALL | EDX81_NX | EDX81_RDTSCP | EDX81_LM);
        break;
    case 0x80000002u:
    case 0x80000003u:
    case 0x80000004u:
        memcpy(out, brand + 16 * (leaf - 0x80000002u), 16);
        break;
    case 0x80000006u: /* level 2: 256 KiB, 8 ways, 64-byte lines */
        set(out, 0, 0, 256u << 16 | 6u << 12 | 64u, 0);
        break;
    case 0x80000007u: /* the time stamp counter ticks evenly */
        set(out, 0, 0, 0, 1u << 8);
        break;
    case 0x80000008u: /* 40 physical, 48 virtual address bits */
        set(out, 48u << 8 | 40u, 0, 0, 0);
        break;
    default:
        break;
    }
}

void cpuid_leaf(uint32_t leaf, uint32_t subleaf, uint32_t out[4])
{
    set(out, 0, 0, 0, 0);
    if (leaf >= 0x80000000u && leaf <= MAX_EXTENDED) {
        extended(leaf, out);
    } else {
        /* Beyond the last leaf an Intel part answers with the last basic one. */
        basic(MIN(leaf, MAX_LEAF), subleaf, out);
    }
}
