/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who leaves a core file, how is the parent told, and what is in it? */
#include "guest_test.h"

#include <elf.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/procfs.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>

#define MARK "what the core file shall show"

static char initialised[] = MARK;
static char *touched; /* the second of two pages */
static char *hidden;  /* MADV_DONTDUMP */

static void set_limit(rlim_t bytes)
{
    struct rlimit limit = {bytes, RLIM_INFINITY};
    CHECK(getrlimit(RLIMIT_CORE, &limit));
    limit.rlim_cur = bytes;
    CHECK(setrlimit(RLIMIT_CORE, &limit));
}

/* A child that dies of `signal` after `prepare`: its wait status, SIGCHLD's code in *code. */
static int die(int signal, void (*prepare)(void), pid_t *pid, int *code)
{
    siginfo_t info;
    int status;
    *pid = CHECK(fork());
    if (*pid == 0) {
        if (prepare)
            prepare();
        raise(signal);
        _exit(99);
    }
    CHECK(waitid(P_PID, (id_t)*pid, &info, WEXITED | WNOWAIT));
    *code = info.si_code;
    EXPECT_EQ(signal, info.si_status);
    EXPECT_EQ(*pid, waitpid(*pid, &status, 0));
    EXPECT_EQ(signal, WTERMSIG(status));
    EXPECT_EQ(*code == CLD_DUMPED, WCOREDUMP(status) != 0);
    return status;
}

static void too_little(void)
{
    set_limit(4096);
}

static void expect_core(int signal, void (*prepare)(void))
{
    pid_t pid;
    int code;
    die(signal, prepare, &pid, &code);
    EXPECT_EQ(CLD_DUMPED, code);
    struct stat st;
    CHECK(stat("core", &st));
    EXPECT_EQ(prepare == too_little, st.st_size <= 4096);
    CHECK(unlink("core"));
}

static void expect_none(int signal, void (*prepare)(void))
{
    pid_t pid;
    int code;
    die(signal, prepare, &pid, &code);
    if (code != CLD_KILLED)
        FAIL("signal %d: code %d", signal, code);
}

static void not_dumpable(void)
{
    CHECK(prctl(PR_SET_DUMPABLE, 0));
}

static void no_limit(void)
{
    set_limit(0);
}

static char *file; /* the core file's bytes */

/* What the file has of memory at `address`; NULL: nothing. */
static const char *in_core(const void *address)
{
    const Elf64_Ehdr *head = (void *)file;
    const Elf64_Phdr *segment = (void *)(file + head->e_phoff);
    for (int i = 0; i < head->e_phnum; i++) {
        uint64_t at = (uint64_t)address - segment[i].p_vaddr;
        if (segment[i].p_type == PT_LOAD && (uint64_t)address >= segment[i].p_vaddr &&
            at < segment[i].p_filesz)
            return file + segment[i].p_offset + at;
    }
    return NULL;
}

static const void *find_note(const Elf64_Phdr *notes, uint32_t type, size_t size)
{
    for (uint64_t at = notes->p_offset; at < notes->p_offset + notes->p_filesz;) {
        const Elf64_Nhdr *note = (void *)(file + at);
        const char *name = (const char *)(note + 1), *bytes = name + ((note->n_namesz + 3) & ~3u);
        if (note->n_type == type && strcmp(name, "CORE") == 0) {
            if (size)
                EXPECT_EQ(size, note->n_descsz);
            return bytes;
        }
        at = (uint64_t)(bytes - file) + ((note->n_descsz + 3) & ~3u);
    }
    FAIL("there is no note %u", type);
}

static void check_notes(const Elf64_Phdr *notes, pid_t pid)
{
    EXPECT_EQ(PT_NOTE, notes->p_type);
    const prstatus_t *status = find_note(notes, NT_PRSTATUS, sizeof *status);
    const prpsinfo_t *process = find_note(notes, NT_PRPSINFO, sizeof *process);
    const siginfo_t *info = find_note(notes, NT_SIGINFO, sizeof *info);
    const Elf64_auxv_t *auxv = find_note(notes, NT_AUXV, 0);
    find_note(notes, NT_PRFPREG, sizeof(struct user_fpregs_struct));
    const struct user_regs_struct *regs = (void *)&status->pr_reg;
    EXPECT_EQ(SIGQUIT, status->pr_cursig);
    EXPECT_EQ(pid, status->pr_pid);
    EXPECT_EQ(getpid(), status->pr_ppid);
    EXPECT_EQ(getpgrp(), status->pr_pgrp);
    EXPECT_EQ(0x33, regs->cs);
    EXPECT(in_core((void *)regs->rsp)); /* its stack */
    EXPECT_EQ(pid, process->pr_pid);
    EXPECT_EQ(getuid(), process->pr_uid);
    char name[16];
    CHECK(prctl(PR_GET_NAME, name));
    EXPECT(strcmp(process->pr_fname, name) == 0);
    EXPECT_EQ(SIGQUIT, info->si_signo);
    EXPECT_EQ(SI_TKILL, info->si_code);
    EXPECT_EQ(pid, info->si_pid);
    bool page_size = false;
    for (; auxv->a_type != AT_NULL; auxv++)
        page_size |= auxv->a_type == AT_PAGESZ && auxv->a_un.a_val == 4096;
    EXPECT(page_size);
}

static void contents(void)
{
    pid_t pid;
    int code;
    struct stat st;
    CHECK(symlink("elsewhere", "core")); /* is replaced, not followed */
    die(SIGQUIT, NULL, &pid, &code);
    EXPECT_EQ(CLD_DUMPED, code);
    EXPECT_ERRNO(ENOENT, access("elsewhere", F_OK));
    CHECK(lstat("core", &st));
    EXPECT_EQ(S_IFREG | 0600, st.st_mode);
    int fd = CHECK(open("core", O_RDONLY));
    file = CHECK(mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0));
    CHECK(close(fd));
    CHECK(unlink("core"));

    const Elf64_Ehdr *head = (void *)file;
    EXPECT(memcmp(head->e_ident, ELFMAG, SELFMAG) == 0);
    EXPECT_EQ(ET_CORE, head->e_type);
    EXPECT_EQ(EM_X86_64, head->e_machine);
    EXPECT_EQ(sizeof(Elf64_Phdr), head->e_phentsize);
    check_notes((void *)(file + head->e_phoff), pid);
    EXPECT(in_core(initialised) && strcmp(in_core(initialised), MARK) == 0);
    EXPECT(in_core(touched) && strcmp(in_core(touched), MARK) == 0);
    EXPECT(in_core(touched - 4096) && in_core(touched - 4096)[0] == 0);
    EXPECT(!in_core(hidden));
}

static char *map(size_t size)
{
    return CHECK(mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

int main(void)
{
    char pattern[16] = {0}, scratch[64];
    struct rlimit limit;
    int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY);
    if (fd == -1 || read(fd, pattern, sizeof pattern - 1) != 5 || strcmp(pattern, "core\n") != 0 ||
        getrlimit(RLIMIT_CORE, &limit) || limit.rlim_max != RLIM_INFINITY)
        return 0; /* another program takes them, or nobody */
    snprintf(scratch, sizeof scratch, "/tmp/lstar-core-%d", (int)getpid());
    CHECK(mkdir(scratch, 0700));
    CHECK(chdir(scratch));
    set_limit(RLIM_INFINITY);
    touched = map(8192) + 4096;
    strcpy(touched, MARK);
    hidden = map(4096);
    hidden[0] = 1;
    CHECK(madvise(hidden, 4096, MADV_DONTDUMP));
    initialised[0] = MARK[0];

    const int dumping[] = {SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,
                           SIGFPE,  SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS};
    for (size_t i = 0; i < sizeof dumping / sizeof *dumping; i++)
        expect_core(dumping[i], NULL);
    const int others[] = {SIGHUP, SIGINT, SIGKILL, SIGPIPE, SIGALRM, SIGTERM, SIGIO, SIGRTMIN};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        expect_none(others[i], NULL);
    expect_none(SIGABRT, not_dumpable);
    expect_none(SIGABRT, no_limit);
    EXPECT_ERRNO(ENOENT, access("core", F_OK));
    expect_core(SIGABRT, too_little); /* as far as it gets */
    CHECK(mkdir("core", 0700));
    expect_none(SIGABRT, NULL);
    CHECK(rmdir("core"));
    contents();
    CHECK(chdir("/"));
    CHECK(rmdir(scratch));
    return 0;
}
