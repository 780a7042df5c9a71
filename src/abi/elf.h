/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_ABI_ELF_H
#define LSTAR_ABI_ELF_H
/*
 * ELF for x86-64 as far as a kernel reads it (elf(5), the System V ABI's chapters 4 and 5).
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define LX_ELF_MAGIC "\177ELF"
#define LX_ELF_MAGIC_SIZE 4

/* e_ident */
#define LX_EI_CLASS 4
#define LX_EI_DATA 5
#define LX_ELFCLASS64 2
#define LX_ELFDATA2LSB 1

/* e_type */
#define LX_ET_EXEC 2
#define LX_ET_DYN 3

/* e_machine */
#define LX_EM_X86_64 62

/* p_type */
#define LX_PT_LOAD 1
#define LX_PT_INTERP 3
#define LX_PT_GNU_STACK 0x6474e551u

/* p_flags */
#define LX_PF_X 1u
#define LX_PF_W 2u
#define LX_PF_R 4u

struct lx_elf_header {
    uint8_t ident[16];
    uint16_t type;
    uint16_t machine;
    uint32_t version;
    uint64_t entry; /* address */
    uint64_t phoff; /* offset of the program headers */
    uint64_t shoff;
    uint32_t flags;
    uint16_t ehsize;
    uint16_t phentsize; /* size of one program header */
    uint16_t phnum;     /* how many */
    uint16_t shentsize;
    uint16_t shnum;
    uint16_t shstrndx;
};
static_assert(sizeof(struct lx_elf_header) == 64, "Elf64_Ehdr's size");
static_assert(offsetof(struct lx_elf_header, phnum) == 56, "e_phnum's offset");

struct lx_elf_segment {
    uint32_t type;
    uint32_t flags;
    uint64_t offset; /* in the file */
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t filesz; /* bytes in the file */
    uint64_t memsz;  /* bytes in memory */
    uint64_t align;
};
static_assert(sizeof(struct lx_elf_segment) == 56, "Elf64_Phdr's size");

/* sh_type */
#define LX_SHT_SYMTAB 2
#define LX_SHT_DYNSYM 11

struct lx_elf_section {
    uint32_t name;
    uint32_t type;
    uint64_t flags;
    uint64_t addr;
    uint64_t offset; /* in the file */
    uint64_t size;   /* bytes */
    uint32_t link;   /* of a symbol table: the section with its names */
    uint32_t info;
    uint64_t align;
    uint64_t entsize; /* bytes of an entry */
};
static_assert(sizeof(struct lx_elf_section) == 64, "Elf64_Shdr's size");

#define LX_STT_NOTYPE 0
#define LX_STT_FUNC 2
#define LX_STT_GNU_IFUNC 10
#define LX_SHN_UNDEF 0

struct lx_elf_symbol {
    uint32_t name; /* offset of its name */
    uint8_t info;  /* type in the low four bits */
    uint8_t other;
    uint16_t shndx; /* section, LX_SHN_UNDEF: defined elsewhere */
    uint64_t value; /* address */
    uint64_t size;  /* bytes, 0: not told */
};
static_assert(sizeof(struct lx_elf_symbol) == 24, "Elf64_Sym's size");

#endif
