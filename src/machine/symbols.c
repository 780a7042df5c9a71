/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols of mapped ELF files (elf(5)). The file is read through the object that is mapped, so that
 * this works for whatever runs: the program, its interpreter, its libraries. Every field is the
 * guest's: what makes no sense is no symbol.
 */
#include "machine/symbols.h"
#include "abi/elf.h"

#include <string.h>

#define SECTIONS_MAX 4096
#define SYMBOLS_MAX (UINT64_C(1) << 22)

/* Bytes of a mapped file; false where it ends. */
static bool file_read(struct mm *mm, struct vm_object *object, uint64_t offset, void *to,
                      size_t size)
{
    char *bytes = to;
    if (offset > UINT64_MAX - size)
        return false;
    while (size > 0) {
        frame_t frame;
        if (object->ops->get_page(object, offset >> PAGE_SHIFT, false, &frame) < 0)
            return false;
        size_t skip = offset & (PAGE_SIZE - 1);
        size_t part = MIN(size, PAGE_SIZE - skip);
        memcpy(bytes, (const char *)ram_read(mm->ram, frame) + skip, part);
        ram_put(mm->ram, frame);
        bytes += part;
        offset += part;
        size -= part;
    }
    return true;
}

static bool read_header(struct mm *mm, struct vm_object *object, struct lx_elf_header *header)
{
    return file_read(mm, object, 0, header, sizeof *header) &&
           memcmp(header->ident, LX_ELF_MAGIC, LX_ELF_MAGIC_SIZE) == 0 &&
           header->ident[LX_EI_CLASS] == LX_ELFCLASS64 &&
           header->phentsize == sizeof(struct lx_elf_segment) &&
           header->shentsize == sizeof(struct lx_elf_section) && header->shnum <= SECTIONS_MAX;
}

/* The address that the file gives to its byte at `offset`. */
static bool file_address(struct mm *mm, struct vm_object *object,
                         const struct lx_elf_header *header, uint64_t offset, uint64_t *out)
{
    for (unsigned i = 0; i < header->phnum; i++) {
        struct lx_elf_segment segment;
        if (!file_read(mm, object, header->phoff + i * sizeof segment, &segment, sizeof segment))
            return false;
        if (segment.type == LX_PT_LOAD && offset >= segment.offset &&
            offset - segment.offset < segment.filesz) {
            *out = offset - segment.offset + segment.vaddr;
            return true;
        }
    }
    return false;
}

/* The section of `type`. */
static bool find_section(struct mm *mm, struct vm_object *object,
                         const struct lx_elf_header *header, uint32_t type,
                         struct lx_elf_section *out)
{
    for (unsigned i = 0; i < header->shnum; i++) {
        if (!file_read(mm, object, header->shoff + i * sizeof *out, out, sizeof *out))
            return false;
        if (out->type == type)
            return out->entsize == sizeof(struct lx_elf_symbol);
    }
    return false;
}

static bool is_code(const struct lx_elf_symbol *symbol)
{
    unsigned type = symbol->info & 0xf;
    return symbol->shndx != LX_SHN_UNDEF && symbol->name != 0 &&
           (type == LX_STT_FUNC || type == LX_STT_GNU_IFUNC || type == LX_STT_NOTYPE);
}

/* The nearest symbol at or below `address`, functions before labels. */
static bool nearest(struct mm *mm, struct vm_object *object, const struct lx_elf_section *table,
                    uint64_t address, struct lx_elf_symbol *best)
{
    struct lx_elf_symbol some[64];
    uint64_t count = MIN(table->size / sizeof some[0], SYMBOLS_MAX);
    bool found = false;
    for (uint64_t done = 0; done < count; done += ARRAY_SIZE(some)) {
        size_t part = MIN(count - done, ARRAY_SIZE(some));
        if (!file_read(mm, object, table->offset + done * sizeof some[0], some,
                       part * sizeof some[0]))
            break;
        for (size_t i = 0; i < part; i++) {
            const struct lx_elf_symbol *symbol = &some[i];
            if (!is_code(symbol) || symbol->value > address)
                continue;
            bool better = !found || symbol->value > best->value ||
                          (symbol->value == best->value && symbol->size > best->size);
            if (better) {
                *best = *symbol;
                found = true;
            }
        }
    }
    return found;
}

static bool read_name(struct mm *mm, struct vm_object *object, const struct lx_elf_header *header,
                      const struct lx_elf_section *table, uint32_t name, char to[SYMBOL_NAME_MAX])
{
    struct lx_elf_section strings;
    if (table->link >= header->shnum ||
        !file_read(mm, object, header->shoff + table->link * sizeof strings, &strings,
                   sizeof strings) ||
        name >= strings.size)
        return false;
    size_t room = MIN(strings.size - name, SYMBOL_NAME_MAX - 1);
    if (!file_read(mm, object, strings.offset + name, to, room))
        return false;
    to[room] = '\0';
    for (char *c = to; *c; c++) {
        if (*c < ' ' || *c > '~')
            *c = '?';
    }
    return true;
}

bool symbol_find(struct mm *mm, gva_t addr, struct symbol *out)
{
    struct vma *vma = mm_find(mm, addr);
    if (!vma || vma->start > addr || !vma->object)
        return false;

    struct vm_object *object = vma->object;
    uint64_t offset = vma->page_offset * PAGE_SIZE + (addr - vma->start);
    struct lx_elf_header header;
    uint64_t address;
    if (!read_header(mm, object, &header) || !file_address(mm, object, &header, offset, &address))
        return false;

    struct lx_elf_section table;
    struct lx_elf_symbol symbol;
    if (!find_section(mm, object, &header, LX_SHT_SYMTAB, &table) &&
        !find_section(mm, object, &header, LX_SHT_DYNSYM, &table))
        return false;
    if (!nearest(mm, object, &table, address, &symbol) ||
        !read_name(mm, object, &header, &table, symbol.name, out->name))
        return false;
    out->start = addr - (address - symbol.value);
    return true;
}
