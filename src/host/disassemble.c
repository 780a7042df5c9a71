/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capstone, loaded at run time: only a report of a crash needs it, and the relocation of its tables
 * is a fifth of what a small program's whole run takes.
 */
#include "host/disassemble.h"

#include <capstone/capstone.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "abi/errno.h"

#define TEXT_OF(value) #value
#define NUMBER_TEXT(value) TEXT_OF(value)
/* The library that belongs to the header. */
#define LIBRARY "libcapstone.so." NUMBER_TEXT(CS_API_MAJOR)

struct disassembler {
    void *library;
    csh engine;
    __typeof__(&cs_disasm) disasm;
    __typeof__(&cs_free) free_insn;
    __typeof__(&cs_close) close_engine;
};

/* Find the library's functions and start it. False: it is not what the header says. */
static bool bring_up(struct disassembler *d)
{
    __typeof__(&cs_open) open_engine;
    *(void **)&open_engine = dlsym(d->library, "cs_open");
    *(void **)&d->disasm = dlsym(d->library, "cs_disasm");
    *(void **)&d->free_insn = dlsym(d->library, "cs_free");
    *(void **)&d->close_engine = dlsym(d->library, "cs_close");
    return open_engine && d->disasm && d->free_insn && d->close_engine &&
           open_engine(CS_ARCH_X86, CS_MODE_64, &d->engine) == CS_ERR_OK;
}

long disassembler_open(struct disassembler **out)
{
    struct disassembler *d = calloc(1, sizeof *d);
    if (!d)
        return -LX_ENOMEM;
    d->library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!d->library)
        goto out_free;
    if (!bring_up(d))
        goto out_unload;
    *out = d;
    return 0;

out_unload:
    dlclose(d->library);
out_free:
    free(d);
    return -LX_ENOENT;
}

void disassembler_close(struct disassembler *d)
{
    d->close_engine(&d->engine);
    dlclose(d->library);
    free(d);
}

size_t disassembler_decode(const struct disassembler *d, const uint8_t *bytes, size_t length,
                           uint64_t addr, char *text, size_t size)
{
    cs_insn *insn;
    if (d->disasm(d->engine, bytes, length, addr, 1, &insn) == 0)
        return 0;
    if (text)
        snprintf(text, size, "%s%s%s", insn->mnemonic, insn->op_str[0] ? " " : "", insn->op_str);
    size_t length_of_it = insn->size;
    d->free_insn(insn, 1);
    return length_of_it;
}
