/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The initial stack, from the top down as Linux lays it out: a zero word; the file name; the
 * environment's strings; the arguments'; a gap of chance, then aligned to 16; the platform's name;
 * 16 random bytes; the auxiliary vector; envp[]; argv[]; argc, where the stack pointer is, aligned
 * to 16. All addresses follow from the lengths, so the stack is mapped once with all the room it
 * needs, and written once.
 */
#include "loader/stack.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/mman.h"
#include "abi/resource.h"
#include "mem/uaccess.h"

#define PLATFORM "x86_64"
#define AUXV_MAX 26                           /* entries that fill_auxv() can make, AT_NULL too */
#define STACK_EXPANSION (UINT64_C(128) << 10) /* room below the strings from the start */
#define CHUNK_WORDS 512

static_assert(AUXV_MAX * sizeof(struct lx_auxv) <= sizeof((struct mm *)0)->auxv,
              "mm keeps a copy of the vector");

/* Where everything is. */
struct stack_plan {
    gva_t filename, envp, argv; /* first byte of the strings */
    gva_t platform, random;
    gva_t sp; /* argc */
};

static unsigned auxv_count(const struct stack_request *request)
{
    return request->rseq_feature_size ? 22 : 20; /* AT_NULL too */
}

static struct stack_plan plan_stack(const struct stack_request *request)
{
    struct stack_plan plan;
    plan.filename = request->top - sizeof(uint64_t) - (strlen(request->filename) + 1);
    plan.envp = plan.filename - request->envp.length;
    plan.argv = plan.envp - request->argv.length;
    gva_t place = (plan.argv - request->skip) & ~UINT64_C(15);
    plan.platform = place - sizeof PLATFORM;
    plan.random = plan.platform - sizeof request->random;
    uint64_t pointers = (uint64_t)request->argv.count + 1 + request->envp.count + 1 + 1;
    gva_t vector = (plan.random & ~UINT64_C(7)) - auxv_count(request) * sizeof(struct lx_auxv);
    plan.sp = (vector - pointers * sizeof(uint64_t)) & ~UINT64_C(15);
    return plan;
}

long stack_string_room(uint64_t stack_limit, uint64_t count)
{
    uint64_t room = MIN(stack_limit / 4, (uint64_t)LX_ARG_STACK_MAX);
    room = MAX(room, (uint64_t)LX_ARG_MAX);
    uint64_t pointers = count * sizeof(uint64_t);
    return pointers >= room ? -LX_E2BIG : (long)(room - pointers);
}

long stack_map(struct mm *mm, const struct stack_request *request)
{
    struct stack_plan plan = plan_stack(request);
    uint64_t limit = PAGE_ALIGN_DOWN(request->limit);
    uint64_t strings = request->top - PAGE_ALIGN_DOWN(plan.argv);
    uint64_t size = MIN(strings + STACK_EXPANSION, limit);
    size = MAX(size, strings);
    uint64_t used = request->top - PAGE_ALIGN_DOWN(plan.sp);
    if (used > size) {
        if (used > limit)
            return -LX_EFAULT;
        size = used;
    }
    struct mm_map_request map = {
        .addr = request->top - size,
        .length = size,
        .prot = LX_PROT_READ | LX_PROT_WRITE | (request->executable ? LX_PROT_EXEC : 0u),
        .flags = LX_MAP_PRIVATE | LX_MAP_ANONYMOUS | LX_MAP_FIXED | LX_MAP_GROWSDOWN,
    };
    long at = mm_map(mm, &map);
    if (at < 0)
        return at;
    struct vma *vma = mm_find(mm, map.addr);
    vma->flags |= VMA_STACK;
    mm->stack_top = request->top;
    return 0;
}

static void fill_auxv(struct mm *mm, const struct stack_request *request,
                      const struct stack_plan *plan, const struct image *program,
                      const struct map_result *map)
{
    struct lx_auxv vector[AUXV_MAX];
    unsigned count = 0;
#define ENTRY(type_, value_) (vector[count++] = (struct lx_auxv){(type_), (value_)})
    /* No vDSO, no AT_SYSINFO_EHDR. */
    ENTRY(LX_AT_MINSIGSTKSZ, request->minsigstksz);
    ENTRY(LX_AT_HWCAP, request->hwcap);
    ENTRY(LX_AT_PAGESZ, PAGE_SIZE);
    ENTRY(LX_AT_CLKTCK, LX_CLK_TCK);
    ENTRY(LX_AT_PHDR, map->phdr);
    ENTRY(LX_AT_PHENT, sizeof(struct lx_elf_segment));
    ENTRY(LX_AT_PHNUM, program->header.phnum);
    ENTRY(LX_AT_BASE, map->interpreter_base);
    ENTRY(LX_AT_FLAGS, 0);
    ENTRY(LX_AT_ENTRY, map->program_entry);
    ENTRY(LX_AT_UID, request->uid);
    ENTRY(LX_AT_EUID, request->euid);
    ENTRY(LX_AT_GID, request->gid);
    ENTRY(LX_AT_EGID, request->egid);
    ENTRY(LX_AT_SECURE, request->secure);
    ENTRY(LX_AT_RANDOM, plan->random);
    ENTRY(LX_AT_HWCAP2, request->hwcap2);
    ENTRY(LX_AT_EXECFN, plan->filename);
    ENTRY(LX_AT_PLATFORM, plan->platform);
    if (request->rseq_feature_size) {
        ENTRY(LX_AT_RSEQ_FEATURE_SIZE, request->rseq_feature_size);
        ENTRY(LX_AT_RSEQ_ALIGN, request->rseq_align);
    }
    ENTRY(LX_AT_NULL, 0);
#undef ENTRY
    mm->auxv_bytes = count * (unsigned)sizeof vector[0];
    memcpy(mm->auxv, vector, mm->auxv_bytes);
}

/* Words on their way to the stack, some hundreds at a time. */
struct word_writer {
    struct mm *mm;
    gva_t at;
    unsigned count;
    uint64_t words[CHUNK_WORDS];
};

static long flush_words(struct word_writer *writer)
{
    size_t size = writer->count * sizeof writer->words[0];
    long err = user_write(writer->mm, writer->at, writer->words, size);
    writer->at += size;
    writer->count = 0;
    return err;
}

static long put_word(struct word_writer *writer, uint64_t word)
{
    writer->words[writer->count++] = word;
    return writer->count == CHUNK_WORDS ? flush_words(writer) : 0;
}

/* The address of each string, and a NULL. */
static long put_pointers(struct word_writer *writer, const struct stack_strings *strings,
                         gva_t first)
{
    const char *string = strings->bytes;
    for (unsigned i = 0; i < strings->count; i++) {
        long err = put_word(writer, first + (uint64_t)(string - strings->bytes));
        if (err)
            return err;
        string += strlen(string) + 1;
    }
    return put_word(writer, 0);
}

static long write_tables(struct mm *mm, const struct stack_request *request,
                         const struct stack_plan *plan)
{
    struct word_writer writer;
    writer.mm = mm;
    writer.at = plan->sp;
    writer.count = 0;
    long err = put_word(&writer, request->argv.count);
    if (!err)
        err = put_pointers(&writer, &request->argv, plan->argv);
    if (!err)
        err = put_pointers(&writer, &request->envp, plan->envp);
    if (!err)
        err = flush_words(&writer);
    return err ? err : user_write(mm, writer.at, mm->auxv, mm->auxv_bytes);
}

static long write_strings(struct mm *mm, const struct stack_request *request,
                          const struct stack_plan *plan)
{
    long err = user_write(mm, plan->argv, request->argv.bytes, request->argv.length);
    if (!err)
        err = user_write(mm, plan->envp, request->envp.bytes, request->envp.length);
    if (!err)
        err = user_write(mm, plan->filename, request->filename, strlen(request->filename) + 1);
    if (!err)
        err = user_write(mm, plan->platform, PLATFORM, sizeof PLATFORM);
    return err ? err : user_write(mm, plan->random, request->random, sizeof request->random);
}

long stack_fill(struct mm *mm, const struct stack_request *request, const struct image *program,
                const struct map_result *map, gva_t *sp)
{
    struct stack_plan plan = plan_stack(request);
    fill_auxv(mm, request, &plan, program, map);
    mm->arg_start = plan.argv;
    mm->arg_end = mm->env_start = plan.envp;
    mm->env_end = plan.filename;
    long err = write_strings(mm, request, &plan);
    if (!err)
        err = write_tables(mm, request, &plan);
    *sp = plan.sp;
    return err;
}
