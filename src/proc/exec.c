/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * execve(2). First all that may fail without harm: the strings' sizes, `#!` lines, the headers of
 * program and interpreter, what must be unshared. Then the point of no return: the task gets a
 * fresh address space and everything else that a new program starts with; what fails from there on
 * (a segment in kernel addresses, a bss that cannot be zeroed) is fatal.
 */
#include "proc/exec.h"

#include <string.h>

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/personality.h"
#include "cpu/cpuid.h"
#include "loader/map.h"
#include "loader/script.h"
#include "loader/stack.h"
#include "mem/uio.h"
#include "proc/clone.h"
#include "proc/exec_cred.h"
#include "proc/exit.h"
#include "proc/rseq.h"
#include "proc/signal.h"
#include "vfs/dentry.h"
#include "vfs/mount.h"

/* One execve under way. */
struct exec {
    struct task *task;
    struct arena *arena;
    const struct exec_request *request;
    struct exec_strings argv;  /* as the program will see it */
    bool readable;             /* program and interpreter, by who executes them */
    bool argv_owned;           /* not the caller's: a script changed it */
    uint64_t string_room;      /* bytes that all strings may take */
    struct file *file;         /* the program: a reference of ours, or request->file */
    struct loader_file source; /* the same for the loader */
    struct image image;        /* its headers; segments NULL: none yet */
    struct file *interpreter;  /* PT_INTERP; NULL: none */
    struct loader_file interpreter_source;
    struct image interpreter_image;
    struct exec_cred cred;
    struct mm *mm; /* the fresh address space; NULL: the task has it */
};

static long read_file(void *opaque, uint64_t offset, void *to, size_t size)
{
    struct uio uio;
    uio_init_kernel(&uio, to, size);
    return file_read_at(opaque, &uio, (int64_t)offset, 0);
}

static void make_source(struct file *file, struct loader_file *out)
{
    *out = (struct loader_file){.opaque = file, .read = read_file};
    if (!file->ops->map || file->ops->map(file, 0, 0, &out->object))
        out->object = NULL;
}

long exec_string_room(const struct task *task, uint64_t count)
{
    return stack_string_room(task_rlimit(task, LX_RLIMIT_STACK), count);
}

/* -LX_E2BIG when the strings, with the file's name, do not fit. */
static long check_strings(const struct exec *exec)
{
    uint64_t size =
        exec->argv.length + exec->request->envp.length + strlen(exec->request->filename) + 1;
    return size > exec->string_room ? -LX_E2BIG : 0;
}

static long begin(struct exec *exec)
{
    const struct exec_request *request = exec->request;
    uint64_t count = (uint64_t)MAX(request->argv.count, 1u) + request->envp.count;
    long room = exec_string_room(exec->task, count);
    if (room < 0)
        return room;
    exec->string_room = (uint64_t)room;
    exec->argv = request->argv;
    if (exec->argv.count == 0) {
        /* A program has an argv[0], an empty one at least (tests/real/loader, call-no-argv). */
        char *empty = arena_alloc(exec->arena, 1);
        if (!empty)
            return -LX_ENOMEM;
        exec->argv = (struct exec_strings){empty, 1, 1, 1};
        exec->argv_owned = true;
    }
    return check_strings(exec);
}

static void drop_argv(struct exec *exec)
{
    if (exec->argv_owned)
        arena_free(exec->arena, exec->argv.bytes);
    exec->argv_owned = false;
}

static char *put_string(char *at, const char *string)
{
    size_t size = strlen(string) + 1;
    memcpy(at, string, size);
    return at + size;
}

/*
 * argv of a script: interpreter, its argument, the script's name, then the arguments without
 * argv[0].
 */
static long script_argv(struct exec *exec, const struct script *script, const char *name)
{
    size_t skip = strlen(exec->argv.bytes) + 1;
    size_t rest = exec->argv.length - skip;
    size_t size = strlen(script->interpreter) + 1 + strlen(name) + 1 + rest +
                  (script->argument ? strlen(script->argument) + 1 : 0);
    char *bytes = arena_alloc(exec->arena, size);
    if (!bytes)
        return -LX_ENOMEM;
    char *at = put_string(bytes, script->interpreter);
    if (script->argument)
        at = put_string(at, script->argument);
    at = put_string(at, name);
    memcpy(at, exec->argv.bytes + skip, rest);

    unsigned count = exec->argv.count + 1 + (script->argument ? 1 : 0);
    drop_argv(exec);
    exec->argv = (struct exec_strings){bytes, size, size, count};
    exec->argv_owned = true;
    return check_strings(exec);
}

static void remember_missing(struct exec *exec, const char *path)
{
    struct kernel *kernel = exec->task->kernel;
    arena_free(kernel->arena, kernel->missing_interpreter);
    kernel->missing_interpreter = path ? arena_strdup(kernel->arena, path) : NULL;
}

/*
 * As with Linux, no name at all is the current directory, which cannot be executed
 * (tests/real/loader, interp-empty).
 */
static long open_interpreter(struct exec *exec, const char *path, struct file **out)
{
    long err = exec_open(exec->task, LX_AT_FDCWD, path, LX_AT_EMPTY_PATH, out);
    if (err)
        remember_missing(exec, path);
    return err;
}

static void drop_file(struct exec *exec)
{
    if (exec->file && exec->file != exec->request->file)
        file_put(exec->file);
    exec->file = NULL;
}

/*
 * exec->file is a script: its interpreter becomes the program. `name`: what the script was run as;
 * replaced (in the arena).
 */
static long follow_script(struct exec *exec, const struct script *script, char **name)
{
    if (exec->request->inaccessible)
        return -LX_ENOENT;
    long err = script_argv(exec, script, *name ? *name : exec->request->filename);
    if (err)
        return err;
    struct file *file;
    err = open_interpreter(exec, script->interpreter, &file);
    if (err)
        return err;
    drop_file(exec);
    exec->file = file;
    arena_free(exec->arena, *name);
    *name = arena_strdup(exec->arena, script->interpreter);
    return *name ? 0 : -LX_ENOMEM;
}

/* From the file that was asked for to an ELF program, over at most SCRIPT_DEPTH_MAX scripts. */
static long find_program(struct exec *exec, char **name)
{
    for (unsigned depth = 0; depth <= SCRIPT_DEPTH_MAX; depth++) {
        union {
            char bytes[LX_BINPRM_BUF_SIZE];
            struct lx_elf_header header;
        } head = {{0}};
        long got = read_file(exec->file, 0, head.bytes, sizeof head.bytes);
        if (got < 0)
            return got;
        struct script script;
        if (script_parse(head.bytes, &script)) {
            make_source(exec->file, &exec->source);
            return image_read(exec->arena, &exec->source, &head.header, &exec->image);
        }
        long err = follow_script(exec, &script, name);
        if (err)
            return err;
    }
    return -LX_ELOOP;
}

static long find_interpreter(struct exec *exec)
{
    char *path;
    long err = image_interpreter(&exec->image, &exec->source, &path);
    if (err || !path)
        return err;
    err = open_interpreter(exec, path, &exec->interpreter);
    if (!err) {
        make_source(exec->interpreter, &exec->interpreter_source);
        err = image_read_interpreter(exec->arena, &exec->interpreter_source,
                                     &exec->interpreter_image);
    }
    arena_free(exec->arena, path);
    return err;
}

/* What the task shares with others it must have for itself, and an address space. */
static long prepare(struct exec *exec)
{
    struct task *task = exec->task;
    long err;
    if (task->fds->refs > 1) {
        struct fdtable *fds;
        err = fdtable_clone(task->fds, &fds);
        if (err)
            return err;
        fdtable_put(task->fds);
        task->fds = fds;
    }
    if (task->sighand->refs > 1) {
        struct sighand *sighand = arena_alloc(exec->arena, sizeof *sighand);
        if (!sighand)
            return -LX_ENOMEM;
        *sighand = *task->sighand;
        sighand->refs = 1;
        task->sighand->refs--;
        task->sighand = sighand;
    }
    struct kernel *kernel = task->kernel;
    err = mm_create(kernel->arena, kernel->ram, kernel->cpu, &exec->mm);
    if (err)
        return err;
    if (task->mm)
        exec->mm->mdwe = mm_mdwe_inherited(task->mm);
    exec->mm->limits = (struct mm_limits){
        .as_bytes = task_rlimit(task, LX_RLIMIT_AS),
        .data_bytes = task_rlimit(task, LX_RLIMIT_DATA),
        .data_max_bytes = task->process->rlimits[LX_RLIMIT_DATA].max,
        .stack_bytes = task_rlimit(task, LX_RLIMIT_STACK),
        .memlock_bytes = LX_RLIM_INFINITY, /* as the next call that locks finds it */
    };
    return 0;
}

/* What chance decides for one program. */
struct chance {
    uint32_t stack, mmap, image, brk, skip;
    uint8_t bytes[16];
};

static struct layout_random layout_chance(const struct task *task, const struct chance *chance)
{
    bool enabled = task->kernel->aslr && !(task->personality & LX_ADDR_NO_RANDOMIZE);
    return (struct layout_random){
        .enabled = enabled,
        .stack = chance->stack,
        .mmap = chance->mmap,
        .image = chance->image,
        .brk = chance->brk,
        .stack_skip = enabled ? chance->skip % LAYOUT_STACK_SKIP_MAX : 0,
    };
}

static struct stack_strings as_stack_strings(const struct exec_strings *strings)
{
    return (struct stack_strings){strings->bytes, strings->length, strings->count};
}

static struct stack_request stack_request(const struct exec *exec,
                                          const struct layout_random *random,
                                          const uint8_t bytes[16])
{
    const struct cred *cred = &exec->cred.cred;
    uint32_t features[4], extended[4];
    cpuid_leaf(1, 0, features);
    cpuid_leaf(7, 0, extended);
    struct stack_request request = {
        .top = layout_stack_top(random),
        .executable = image_stack(&exec->image) == IMAGE_STACK_EXEC,
        .limit = task_rlimit(exec->task, LX_RLIMIT_STACK),
        .skip = random->stack_skip,
        .argv = as_stack_strings(&exec->argv),
        .envp = as_stack_strings(&exec->request->envp),
        .filename = exec->request->filename,
        .minsigstksz = LX_MINSIGSTKSZ_FXSAVE,
        .hwcap = features[3],
        .hwcap2 = extended[1] & 1 ? LX_HWCAP2_FSGSBASE : 0,
        .uid = cred->uid,
        .euid = cred->euid,
        .gid = cred->gid,
        .egid = cred->egid,
        .secure = exec->cred.secure,
        .rseq_feature_size = RSEQ_FEATURE_SIZE,
        .rseq_align = RSEQ_ALIGN,
    };
    memcpy(request.random, bytes, sizeof request.random);
    return request;
}

/* Fill exec->mm. The first instruction and the stack pointer. */
static long load(struct exec *exec, gva_t *entry, gva_t *sp)
{
    struct task *task = exec->task;
    struct chance chance;
    host_entropy(task->kernel->host, &chance, sizeof chance);
    struct layout_random random = layout_chance(task, &chance);
    struct stack_request stack = stack_request(exec, &random, chance.bytes);
    exec->mm->mmap_top = layout_mmap_top(&random, stack.limit);
    struct map_result map;
    long err = stack_map(exec->mm, &stack);
    if (!err)
        err = map_program(exec->mm, &exec->image, &exec->source,
                          exec->interpreter ? &exec->interpreter_image : NULL,
                          &exec->interpreter_source, &random, &map);
    if (!err)
        err = stack_fill(exec->mm, &stack, &exec->image, &map, sp);
    *entry = map.entry;
    return err;
}

static void set_registers(struct task *task, gva_t entry, gva_t sp)
{
    task->cpu = (struct cpu_state){
        .rip = entry,
        .rflags = 0x202,
        .cs = 0x33,
        .ss = 0x2b,
        .fx = {.fcw = 0x37f, .mxcsr = 0x1f80, .mxcsr_mask = 0xffff},
    };
    task->cpu.gpr[CPU_RSP] = sp;
    if (task->kernel->current == task)
        cpu_set_state(task->kernel->cpu, &task->cpu);
}

static void set_comm(struct exec *exec)
{
    const char *name = exec->request->filename;
    const char *slash = strrchr(name, '/');
    const struct mount *mount = exec->file->mount;
    if (exec->request->nameless && mount && mount->root == exec->file->dentry && mount->mountpoint)
        name = mount->mountpoint->name; /* a single file that is shown there */
    else if (exec->request->nameless)
        name = exec->file->dentry->name;
    else if (slash)
        name = slash + 1;
    char *comm = exec->task->comm;
    memset(comm, 0, sizeof exec->task->comm);
    memcpy(comm, name, MIN(strlen(name), sizeof exec->task->comm - 1));
}

/* The task becomes the new program in all but its registers. */
static void become(struct exec *exec)
{
    struct task *task = exec->task;
    struct kernel *kernel = task->kernel;
    process_end_other_threads(task);
    process_timers_exec(task->process);
    task_leave_memory(task);
    task->rseq = (struct task_rseq){0};
    task->user_dispatch = (struct task_user_dispatch){0};
    task->process->has_execed = true;
    task->process->images++;
    task->process->membarrier = 0;
    task->process->exit_signal = LX_SIGCHLD;
    if (task->mm) {
        if (kernel->loaded_mm == task->mm)
            kernel->loaded_mm = NULL;
        usage_keep_memory(task->process, task->mm);
        mm_put(task->mm);
    }
    task->mm = exec->mm;
    exec->mm = NULL;

    fdtable_close_on_exec(task->fds);
    signal_exec(task);
    task->rseq = (struct task_rseq){0};
    task->personality &= ~(unsigned)LX_READ_IMPLIES_EXEC;
    task->process->dumpable = !exec->cred.changed && exec->readable;
    if (exec->cred.secure)
        task->pdeath_signal = 0;
    task->cred = exec->cred.cred;
    struct path exe = {exec->file->mount, exec->file->dentry};
    process_set_exe(task->process, exe.dentry ? &exe : NULL);
    set_comm(exec);
}

/* Linux: whoever may only execute a program does not get to read its memory (guest/exec/dumpable).
 */
static bool may_read(struct exec *exec, const struct file *file)
{
    struct fs_context context = task_fs_context(exec->task);
    return !file || !file->inode || inode_permission(&context, file->inode, MAY_READ) == 0;
}

/* The point of no return, and what comes after it. */
static void commit(struct exec *exec)
{
    gva_t entry = 0, sp = 0;
    exec->readable = may_read(exec, exec->file) && may_read(exec, exec->interpreter);
    exec_cred_compute(&exec->task->cred, exec->file, &exec->cred);
    long err = load(exec, &entry, &sp);
    become(exec);
    set_registers(exec->task, err ? 0 : entry, sp);
    if (err)
        signal_force_fault(exec->task, LX_SIGSEGV, LX_SI_KERNEL, 0);
}

static void cleanup(struct exec *exec)
{
    if (exec->image.segments)
        image_fini(&exec->image);
    if (exec->interpreter_image.segments)
        image_fini(&exec->interpreter_image);
    if (exec->interpreter)
        file_put(exec->interpreter);
    drop_file(exec);
    drop_argv(exec);
    if (exec->mm)
        mm_put(exec->mm);
}

/* setuid(2) does not fail where a user has too many tasks already: execve(2) does. */
static long check_nproc(struct task *task)
{
    bool over = task->over_nproc &&
                tasks_of_user(task->kernel, task->cred.uid) > task_rlimit(task, LX_RLIMIT_NPROC);
    task->over_nproc = over;
    return over ? -LX_EAGAIN : 0;
}

long exec_program(struct task *task, struct exec_request *request)
{
    struct exec exec = {
        .task = task,
        .arena = task->kernel->arena,
        .request = request,
        .file = request->file,
    };
    char *name = NULL;
    remember_missing(&exec, NULL);
    long err = check_nproc(task);
    if (!err)
        err = begin(&exec);
    if (!err)
        err = find_program(&exec, &name);
    if (!err)
        err = find_interpreter(&exec);
    if (!err)
        err = prepare(&exec);
    if (!err)
        commit(&exec);
    cleanup(&exec);
    arena_free(task->kernel->arena, name);
    if (!err)
        file_put(request->file);
    return err;
}

const char *exec_missing_interpreter(const struct task *task)
{
    const char *path = task->kernel->missing_interpreter;
    return path ? path : "";
}
