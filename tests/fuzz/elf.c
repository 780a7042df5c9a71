/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libFuzzer over the loader: any bytes as a program, any other bytes as its interpreter, are
 * parsed, mapped into an address space and given a stack. Nothing outside of them may be read, no
 * invariant of the address space may break, nothing may be left behind. Input: two bytes that say
 * where the program ends and the interpreter begins, one byte of options, then both.
 */
#include "../unit/loader/memory_file.h"

#include "loader/script.h"
#include "loader/stack.h"

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            __builtin_trap();                                                                      \
    } while (0)

/* There is no CPU behind these address spaces. */
void cpu_flush_tlb(struct cpu *cpu)
{
    CHECK(!cpu);
}

void cpu_flush_page(struct cpu *cpu, gva_t addr)
{
    (void)addr;
    CHECK(!cpu);
}

void cpu_code_changed(struct cpu *cpu, uint64_t phys, uint64_t size)
{
    (void)phys;
    (void)size;
    CHECK(!cpu);
}

const uint8_t *cpu_code_map(struct cpu *cpu)
{
    CHECK(!cpu);
    return NULL;
}

static void check_vmas(struct mm *mm)
{
    gva_t last = 0;
    uint64_t pages = 0;
    for (struct vma *vma = mm_first(mm); vma; vma = mm_next(vma)) {
        CHECK(vma->start < vma->end && vma->end <= TASK_SIZE && vma->start >= last);
        CHECK(!((vma->start | vma->end) & ~PAGE_MASK));
        last = vma->end;
        pages += (vma->end - vma->start) >> PAGE_SHIFT;
    }
    CHECK(pages == mm->total_pages);
}

static void try_script(const uint8_t *data, size_t size)
{
    char head[LX_BINPRM_BUF_SIZE] = {0};
    memcpy(head, data, MIN(size, sizeof head));
    struct script script;
    if (script_parse(head, &script))
        return;
    CHECK(script.interpreter >= head && strlen(script.interpreter) < sizeof head);
    CHECK(!strpbrk(script.interpreter, " \t\n"));
    CHECK(!script.argument || strlen(script.argument) < sizeof head);
}

static void try_map(struct space *space, struct image *program, struct loader_file *source,
                    struct image *interpreter, struct loader_file *interpreter_source, bool chance)
{
    const struct layout_random random = {
        .enabled = chance, .stack = 12345, .mmap = 99999, .image = 77777, .brk = 5555};
    struct stack_request stack = {
        .top = layout_stack_top(&random),
        .executable = image_stack(program) == IMAGE_STACK_EXEC,
        .limit = 8u << 20,
        .argv = {"program\0argument", 17, 2},
        .envp = {"A=1", 4, 1},
        .filename = "program",
    };
    space->mm->mmap_top = layout_mmap_top(&random, stack.limit);
    struct map_result map;
    gva_t sp;
    CHECK(stack_map(space->mm, &stack) == 0);
    long err =
        map_program(space->mm, program, source, interpreter, interpreter_source, &random, &map);
    if (!err) {
        CHECK(map.entry < TASK_SIZE);
        err = stack_fill(space->mm, &stack, program, &map, &sp);
        CHECK(err || sp % 16 == 0);
    }
    check_vmas(space->mm);
}

static void try_program(struct space *space, struct memory_file *file, struct memory_file *other,
                        unsigned options)
{
    struct loader_file source = memory_file_source(file), interpreter_source;
    interpreter_source = memory_file_source(other);
    struct lx_elf_header head = {0};
    memcpy(&head, file->bytes, MIN(file->size, sizeof head));
    struct image program, interpreter;
    if (image_read(space->arena, &source, &head, &program))
        return;
    char *path = NULL;
    if (image_interpreter(&program, &source, &path) == 0) {
        CHECK(!path || strlen(path) < 4096);
        if (!path)
            try_map(space, &program, &source, NULL, NULL, options & 1);
        else if (image_read_interpreter(space->arena, &interpreter_source, &interpreter) == 0) {
            try_map(space, &program, &source, &interpreter, &interpreter_source, options & 1);
            image_fini(&interpreter);
        }
        arena_free(space->arena, path);
    }
    image_fini(&program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct space space;
    static uint64_t arena_level, ram_level;
    if (!space.arena) {
        space_create(&space);
        arena_level = arena_used(space.arena);
        ram_level = ram_used(space.ram);
    }
    if (size < 3)
        return 0;
    size_t split = MIN((size_t)(data[0] | data[1] << 8), size - 3);
    unsigned options = data[2];
    data += 3;
    size -= 3;
    try_script(data, size);

    struct memory_file program, interpreter;
    memory_file_init(&program, space.ram, (uint8_t *)data, split);
    memory_file_init(&interpreter, space.ram, (uint8_t *)data + split, size - split);
    try_program(&space, &program, &interpreter, options);
    memory_file_fini(&program);
    memory_file_fini(&interpreter);
    space_renew(&space);
    CHECK(arena_used(space.arena) == arena_level && ram_used(space.ram) == ram_level);
    return 0;
}
