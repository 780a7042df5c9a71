/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/cpuinfo: what CPUID says, in Linux's words. One CPU.
 */
#include "procfs/internal.h"

#include <string.h>

#include "cpu/cpuid.h"

struct feature {
    uint8_t bit;
    const char *name;
};

/* Names by word, bits ascending: the order of Linux's flags line. */
static const struct feature leaf1_edx[] = {
    {0, "fpu"},  {1, "vme"},   {2, "de"},    {3, "pse"},   {4, "tsc"},    {5, "msr"},
    {6, "pae"},  {7, "mce"},   {8, "cx8"},   {9, "apic"},  {11, "sep"},   {12, "mtrr"},
    {13, "pge"}, {14, "mca"},  {15, "cmov"}, {16, "pat"},  {17, "pse36"}, {19, "clflush"},
    {23, "mmx"}, {24, "fxsr"}, {25, "sse"},  {26, "sse2"}, {27, "ss"},    {28, "ht"},
};
static const struct feature ext_edx[] = {
    {11, "syscall"}, {20, "nx"}, {26, "pdpe1gb"}, {27, "rdtscp"}, {29, "lm"},
};
static const struct feature leaf1_ecx[] = {
    {0, "pni"},     {1, "pclmulqdq"}, {9, "ssse3"},  {12, "fma"},    {13, "cx16"},
    {19, "sse4_1"}, {20, "sse4_2"},   {22, "movbe"}, {23, "popcnt"}, {25, "aes"},
    {26, "xsave"},  {28, "avx"},      {29, "f16c"},  {30, "rdrand"}, {31, "hypervisor"},
};
static const struct feature ext_ecx[] = {
    {0, "lahf_lm"},
    {5, "abm"},
    {6, "sse4a"},
    {8, "3dnowprefetch"},
};
static const struct feature leaf7_ebx[] = {
    {0, "fsgsbase"}, {3, "bmi1"},    {5, "avx2"}, {8, "bmi2"},
    {9, "erms"},     {18, "rdseed"}, {19, "adx"}, {29, "sha_ni"},
};

static void add_features(struct strbuf *out, uint32_t word, const struct feature *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (word >> list[i].bit & 1)
            strbuf_printf(out, " %s", list[i].name);
    }
}

static void add_flags(struct strbuf *out)
{
    uint32_t one[4], extended[4], seven[4], power[4];
    cpuid_leaf(1, 0, one);
    cpuid_leaf(0x80000001u, 0, extended);
    cpuid_leaf(7, 0, seven);
    cpuid_leaf(0x80000007u, 0, power);
    strbuf_puts(out, "flags\t\t:");
    add_features(out, one[3], leaf1_edx, ARRAY_SIZE(leaf1_edx));
    add_features(out, extended[3], ext_edx, ARRAY_SIZE(ext_edx));
    if (power[3] >> 8 & 1)
        strbuf_puts(out, " constant_tsc nonstop_tsc");
    strbuf_puts(out, " cpuid");
    add_features(out, one[2], leaf1_ecx, ARRAY_SIZE(leaf1_ecx));
    add_features(out, extended[2], ext_ecx, ARRAY_SIZE(ext_ecx));
    add_features(out, seven[1], leaf7_ebx, ARRAY_SIZE(leaf7_ebx));
    strbuf_putc(out, '\n');
}

void proc_show_cpuinfo(const struct proc_view *view, struct strbuf *out)
{
    (void)view;
    uint32_t zero[4], one[4], sizes[4];
    char vendor[13] = {0}, brand[49] = {0};
    cpuid_leaf(0, 0, zero);
    cpuid_leaf(1, 0, one);
    cpuid_leaf(0x80000008u, 0, sizes);
    memcpy(vendor, &zero[1], 4);
    memcpy(vendor + 4, &zero[3], 4);
    memcpy(vendor + 8, &zero[2], 4);
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t part[4];
        cpuid_leaf(0x80000002u + i, 0, part);
        memcpy(brand + 16 * i, part, 16);
    }
    unsigned family = (one[0] >> 8 & 15) + (one[0] >> 20 & 255);
    unsigned model = (one[0] >> 4 & 15) | (one[0] >> 12 & 0xf0);
    strbuf_printf(out, "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %u\nmodel\t\t: %u\n", vendor,
                  family, model);
    strbuf_printf(out, "model name\t: %s\nstepping\t: %u\nmicrocode\t: 0x1\n", brand, one[0] & 15);
    strbuf_puts(out, "cpu MHz\t\t: 1000.000\ncache size\t: 12288 KB\nphysical id\t: 0\n"
                     "siblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\napicid\t\t: 0\n"
                     "initial apicid\t: 0\nfpu\t\t: yes\nfpu_exception\t: yes\n");
    strbuf_printf(out, "cpuid level\t: %u\nwp\t\t: yes\n", zero[0]);
    add_flags(out);
    strbuf_printf(out,
                  "bugs\t\t:\nbogomips\t: 2000.00\nclflush size\t: 64\ncache_alignment\t: 64\n"
                  "address sizes\t: %u bits physical, %u bits virtual\npower management:\n\n",
                  sizes[0] & 255, sizes[0] >> 8 & 255);
}
