/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * core(5): an ELF file with the registers of every thread as notes, and a segment for each mapping,
 * as coredump_filter has it. It is written with the rights of the process that dies, to `core` in
 * its working directory, anew each time. Pages that were never touched are holes.
 */
#include "proc/coredump.h"

#include <string.h>

#include "abi/core.h"
#include "abi/elf.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/mman.h"
#include "abi/resource.h"
#include "mem/mm.h"
#include "mem/pagetable.h"
#include "mem/ram.h"
#include "mem/uio.h"

#define NAME "core"
/* Bits of /proc/PID/coredump_filter */
#define FILTER_ANON_PRIVATE 1u
#define FILTER_SHARED (2u | 8u) /* anonymous memory is not told from files here */
#define FILTER_FILE_PRIVATE 4u
#define FILTER_ELF_HEADERS 16u

struct core {
    struct task *task;
    const struct lx_siginfo *info;
    struct file *file;
    uint64_t at;    /* offset of the next byte */
    uint64_t limit; /* bytes that may still be written: holes are free */
};

static bool emit(struct core *core, void *bytes, size_t size)
{
    struct uio in;
    if (size > core->limit)
        return false;
    core->limit -= size;
    core->file->pos = core->at;
    core->at += size;
    uio_init_kernel(&in, bytes, size);
    return file_write(core->file, &in, 0, task_rlimit(core->task, LX_RLIMIT_FSIZE)) ==
           (ssize_t)size;
}

/* --- notes --- */

static bool emit_note(struct core *core, uint32_t type, void *bytes, size_t size)
{
    struct lx_elf_note note = {.namesz = 5, .descsz = (uint32_t)size, .type = type, .name = "CORE"};
    return emit(core, &note, sizeof note) && emit(core, bytes, size);
}

static size_t note_size(size_t size)
{
    return sizeof(struct lx_elf_note) + size;
}

static struct lx_user_regs regs_of(const struct cpu_state *cpu)
{
    const uint64_t *gpr = cpu->gpr;
    return (struct lx_user_regs){
        .r15 = gpr[CPU_R15],
        .r14 = gpr[CPU_R14],
        .r13 = gpr[CPU_R13],
        .r12 = gpr[CPU_R12],
        .rbp = gpr[CPU_RBP],
        .rbx = gpr[CPU_RBX],
        .r11 = gpr[CPU_R11],
        .r10 = gpr[CPU_R10],
        .r9 = gpr[CPU_R9],
        .r8 = gpr[CPU_R8],
        .rax = gpr[CPU_RAX],
        .rcx = gpr[CPU_RCX],
        .rdx = gpr[CPU_RDX],
        .rsi = gpr[CPU_RSI],
        .rdi = gpr[CPU_RDI],
        .orig_rax = UINT64_MAX, /* no call to make again */
        .rip = cpu->rip,
        .cs = cpu->cs,
        .eflags = cpu->rflags,
        .rsp = gpr[CPU_RSP],
        .ss = cpu->ss,
        .fs_base = cpu->fs_base,
        .gs_base = cpu->gs_base,
        .ds = cpu->ds,
        .es = cpu->es,
        .fs = cpu->fs,
        .gs = cpu->gs,
    };
}

static int parent_of(const struct process *process)
{
    return process->parent ? process->parent->tgid : 0;
}

static bool emit_status(struct core *core, struct task *task)
{
    const struct process *process = task->process;
    struct usage usage = usage_of_task(task);
    struct lx_rusage times;
    usage_to_rusage(&usage, &times);
    struct lx_prstatus status = {
        .signo = core->info->signo,
        .cursig = (int16_t)core->info->signo,
        .sigpend = task->pending.set,
        .sighold = task->sigmask,
        .pid = task->tid,
        .ppid = parent_of(process),
        .pgrp = process->pgid,
        .sid = process->sid,
        .utime = times.utime,
        .stime = times.stime,
        .regs = regs_of(&task->cpu),
        .fpvalid = 1,
    };
    return emit_note(core, LX_NT_PRSTATUS, &status, sizeof status);
}

static bool emit_process(struct core *core)
{
    const struct task *task = core->task;
    const struct process *process = task->process;
    struct lx_prpsinfo info = {
        .sname = 'R',
        .nice = (int8_t)task->sched.nice,
        .uid = task->cred.uid,
        .gid = task->cred.gid,
        .pid = process->tgid,
        .ppid = parent_of(process),
        .pgrp = process->pgid,
        .sid = process->sid,
    };
    memcpy(info.fname, task->comm, sizeof info.fname);
    memcpy(info.psargs, task->comm, sizeof task->comm);
    return emit_note(core, LX_NT_PRPSINFO, &info, sizeof info);
}

/* The thread that dies first, with what is the process's; then the others. */
static bool emit_notes(struct core *core)
{
    struct task *task = core->task, *other;
    struct lx_siginfo info = *core->info;
    info.padding = 0; /* ours, not the guest's */
    bool ok = emit_status(core, task) && emit_process(core) &&
              emit_note(core, LX_NT_SIGINFO, &info, sizeof info) &&
              emit_note(core, LX_NT_AUXV, task->mm->auxv, task->mm->auxv_bytes) &&
              emit_note(core, LX_NT_PRFPREG, &task->cpu.fx, sizeof task->cpu.fx);
    list_for_each (other, &task->process->threads, thread_link)
        if (ok && other != task)
            ok = emit_status(core, other) &&
                 emit_note(core, LX_NT_PRFPREG, &other->cpu.fx, sizeof other->cpu.fx);
    return ok;
}

static size_t notes_size(const struct task *task)
{
    size_t thread = note_size(sizeof(struct lx_prstatus)) + note_size(sizeof(struct cpu_fxsave));
    return thread * task->process->thread_count + note_size(sizeof(struct lx_prpsinfo)) +
           note_size(sizeof(struct lx_siginfo)) + note_size(task->mm->auxv_bytes);
}

/* --- memory --- */

/* Bytes of a mapping that are dumped: all, none, or the page with an ELF header. */
static uint64_t dump_size(const struct core *core, const struct vma *vma)
{
    unsigned filter = core->task->process->coredump_filter;
    uint64_t all = vma->end - vma->start;
    if (vma->flags & VMA_DONTDUMP)
        return 0;
    if (vma->flags & VMA_SHARED)
        return filter & FILTER_SHARED ? all : 0;
    if (vma->flags & VMA_FAULTED && filter & FILTER_ANON_PRIVATE)
        return all;
    if (!vma->object)
        return 0;
    if (filter & FILTER_FILE_PRIVATE)
        return all;
    return filter & FILTER_ELF_HEADERS && vma->page_offset == 0 && vma->prot & LX_PROT_READ
               ? PAGE_SIZE
               : 0;
}

static bool emit_segments(struct core *core, unsigned count, uint64_t data)
{
    struct lx_elf_segment note = {
        .type = LX_PT_NOTE,
        .offset = sizeof(struct lx_elf_header) + count * sizeof note,
        .filesz = notes_size(core->task),
        .align = 4,
    };
    bool ok = emit(core, &note, sizeof note);
    struct vma *vma;
    for (vma = mm_first(core->task->mm); vma && ok; vma = mm_next(vma)) {
        struct lx_elf_segment segment = {
            .type = LX_PT_LOAD,
            .flags = (vma->prot & LX_PROT_READ ? LX_PF_R : 0) |
                     (vma->prot & LX_PROT_WRITE ? LX_PF_W : 0) |
                     (vma->prot & LX_PROT_EXEC ? LX_PF_X : 0),
            .offset = data,
            .vaddr = vma->start,
            .filesz = dump_size(core, vma),
            .memsz = vma->end - vma->start,
            .align = PAGE_SIZE,
        };
        data += segment.filesz;
        ok = emit(core, &segment, sizeof segment);
    }
    return ok;
}

/* One page, or a hole for it: never touched, or not there (beyond the end of its file). */
static bool emit_page(struct core *core, const struct vma *vma, gva_t addr)
{
    struct mm *mm = core->task->mm;
    frame_t frame;
    bool touched = vma->object || pt_lookup(mm->ram, mm->pml4, addr) & PTE_PRESENT;
    if (touched && mm_frame_forced(mm, addr, false, &frame) == 0 && frame != RAM_ZERO_FRAME)
        return emit(core, (void *)(uintptr_t)ram_read(mm->ram, frame), PAGE_SIZE);
    core->at += PAGE_SIZE;
    return true;
}

static bool emit_mapping(struct core *core, const struct vma *vma)
{
    struct mm *mm = core->task->mm;
    gva_t end = vma->start + dump_size(core, vma);
    bool ok = true;
    for (gva_t addr = vma->start; addr < end && ok;) {
        frame_t table;
        unsigned index;
        gva_t next = addr + PAGE_SIZE;
        if (vma->object || pt_find(mm->ram, mm->pml4, addr, &table, &index)) {
            ok = emit_page(core, vma, addr);
        } else { /* a hole as far as a table would reach */
            next = MIN(end, (addr / PT_SPAN + 1) * PT_SPAN);
            core->at += next - addr;
        }
        addr = next;
        ok = ok && !ram_must_stop(mm->ram);
    }
    return ok;
}

static bool emit_memory(struct core *core)
{
    struct vma *vma;
    bool ok = true;
    for (vma = mm_first(core->task->mm); vma && ok; vma = mm_next(vma))
        ok = emit_mapping(core, vma);
    return ok;
}

/* --- the file --- */

static bool emit_all(struct core *core)
{
    unsigned count = 1; /* the notes */
    for (struct vma *vma = mm_first(core->task->mm); vma; vma = mm_next(vma))
        count++;
    struct lx_elf_header header = {
        .ident = {0x7f, 'E', 'L', 'F', LX_ELFCLASS64, LX_ELFDATA2LSB, 1},
        .type = LX_ET_CORE,
        .machine = LX_EM_X86_64,
        .version = 1,
        .phoff = sizeof header,
        .ehsize = sizeof header,
        .phentsize = sizeof(struct lx_elf_segment),
        .phnum = (uint16_t)count,
    };
    uint64_t head = sizeof header + count * sizeof(struct lx_elf_segment) + notes_size(core->task);
    uint64_t data = (head + PAGE_SIZE - 1) & PAGE_MASK;
    if (!emit(core, &header, sizeof header) || !emit_segments(core, count, data) ||
        !emit_notes(core))
        return false;
    core->at = data;
    if (!emit_memory(core))
        return false;
    /* A hole at the end belongs to the file. */
    core->at--;
    return core->file->inode->size > core->at || emit(core, "", 1);
}

static long open_core(struct task *task, struct file **out)
{
    struct fs_context context = task_fs_context(task);
    struct open_how how = {
        .flags = LX_O_CREAT | LX_O_EXCL | LX_O_WRONLY | LX_O_NOFOLLOW,
        .mode = 0600,
    };
    long err = vfs_unlink(&context, LX_AT_FDCWD, NAME);
    if (err && err != -LX_ENOENT)
        return err;
    err = vfs_open(&context, LX_AT_FDCWD, NAME, &how, out);
    if (err)
        return err;
    const struct inode *inode = (*out)->inode;
    if (inode->uid == task->cred.fsuid && (inode->mode & 0677) == 0600)
        return 0;
    file_put(*out);
    return -LX_EPERM; /* a file system that gives it to somebody else */
}

bool core_dump(struct task *task, const struct lx_siginfo *info)
{
    struct core core = {.task = task, .info = info, .limit = task_rlimit(task, LX_RLIMIT_CORE)};
    if (!task->process->dumpable || !task->mm || core.limit < PAGE_SIZE ||
        open_core(task, &core.file))
        return false;
    task_save_cpu(task);
    bool whole = emit_all(&core);
    (void)whole; /* Linux: it counts as a core all the same (guest/signal/core) */
    file_put(core.file);
    return true;
}
