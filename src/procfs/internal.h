/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROCFS_INTERNAL_H
#define LSTAR_PROCFS_INTERNAL_H
/*
 * What the files of src/procfs share: the tree as tables. A table's row is a name and what stands
 * there; a directory has a table of its own and perhaps entries that come and go (processes,
 * threads, descriptors).
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "base/strbuf.h"
#include "proc/pid.h"
#include "procfs/procfs.h"
#include "vfs/file.h"
#include "vfs/path.h"

struct proc_entry;

/* Of whom an entry tells. Looked up anew for each question: processes end. */
struct proc_view {
    struct kernel *kernel;
    struct process *process; /* NULL: nobody's, the machine's */
    struct task *task;       /* the thread; of a zombie NULL */
    int fd;                  /* fd/N, fdinfo/N */
};

/* One entry that comes and goes. */
struct proc_target {
    const struct proc_entry *entry;
    int pid, tid, fd;
    bool settings; /* below a directory that is PROC_SETTINGS */
};

struct proc_dynamic {
    /* -LX_ENOENT: no such name. */
    long (*lookup)(const struct proc_view *view, const char *name, struct proc_target *out);
    /* The first entry whose number is at least `from`: its number, and its target; -1: none. */
    int (*next)(const struct proc_view *view, int from, struct proc_target *out);
};

enum proc_flags {
    /* Only for who may inspect the process (ptrace(2)): to open, to follow, to search. */
    PROC_INSPECT = 1 << 0,
    /* Of the program that ran when it was opened: after an execve(2) there is nothing to read. */
    PROC_IMAGE = 1 << 1,
    /* Opened only while there is an address space (-LX_ESRCH); nothing to read when it is gone. */
    PROC_HELD = 1 << 2,
    /* What was there when it was opened stays when the process is gone. */
    PROC_LASTING = 1 << 3,
    /* Of mounts: opened only while there is a root (-LX_EINVAL), and may be polled. */
    PROC_MOUNTS = 1 << 4,
    /* Seeks from its end too; the others are written from front to back only. */
    PROC_PLAIN = 1 << 5,
    /* All files below are settings: plain, and may be polled. */
    PROC_SETTINGS = 1 << 6,
};

struct proc_entry {
    const char *name;
    uint32_t mode;                      /* type and permissions */
    unsigned flags;                     /* PROC_* */
    const struct proc_entry *children;  /* a directory's; ended by a row without a name */
    const struct proc_dynamic *dynamic; /* a directory's; NULL: none */
    const char *text;                   /* a file's, when it is always the same */
    void (*show)(const struct proc_view *view, struct strbuf *out); /* a file's text */
    long (*write)(const struct proc_view *view, const char *text, size_t length);
    long (*link)(const struct proc_view *view, struct link_target *out);
    const struct file_ops *ops; /* a file's that is no text; its struct is a proc_file */
    /* A count that moves when the text changes, for poll(2) (kernel.names_changed). NULL: never. */
    uint32_t (*changes)(const struct kernel *kernel);
};

struct proc_inode {
    struct inode inode; /* first */
    const struct proc_entry *entry;
    unsigned flags;      /* the entry's, and what it has of the directories above */
    int pid, tid, fd;    /* 0, 0, -1: nobody's */
    uint64_t start_time; /* of the process: a number may be given out again */
};

static inline struct proc_inode *proc_inode(struct inode *inode)
{
    return container_of(inode, struct proc_inode, inode);
}

/* An open file. */
struct proc_file {
    struct file file; /* first */
    struct strbuf text;
    bool made;
    uint32_t image;  /* process.images when it was opened */
    uint32_t polled; /* entry->changes() when it was opened, and when poll(2) last told it */
};

#define PROC_DIR(name_, children_)                                                                 \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFDIR | 0555, .children = (children_)                        \
    }
#define PROC_FILE(name_, show_)                                                                    \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFREG | 0444, .show = (show_)                                \
    }
#define PROC_TEXT(name_, text_)                                                                    \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFREG | 0444, .text = (text_)                                \
    }
#define PROC_PRIVATE(name_, show_)                                                                 \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFREG | 0400, .show = (show_)                                \
    }
#define PROC_SETTING(name_, show_, write_)                                                         \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFREG | 0644, .show = (show_), .write = (write_)             \
    }
#define PROC_LINK(name_, link_)                                                                    \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFLNK | 0777, .link = (link_)                                \
    }
#define PROC_FLAGGED(name_, mode_, show_, flags_)                                                  \
    {                                                                                              \
        .name = (name_), .mode = LX_S_IFREG | (mode_), .show = (show_), .flags = (flags_)          \
    }
#define PROC_END                                                                                   \
    {                                                                                              \
        .name = NULL                                                                               \
    }

extern const struct proc_entry proc_root, sys_root;
extern const struct proc_entry proc_pid_directory;
extern const struct proc_entry proc_sys_entries[];
extern const struct proc_entry proc_ns_entries[];
extern const struct file_ops proc_memory_ops;  /* /proc/PID/mem */
extern const struct file_ops proc_pagemap_ops; /* /proc/PID/pagemap */
/* The address space behind such a file; NULL: gone, or the process runs another program now. */
struct mm *proc_memory_of(struct file *file);
/* Its positions: every number is one. */
long proc_memory_seek(struct file *file, int64_t offset, int whence);
extern const struct file_ops proc_directory_file_ops;
extern const struct proc_dynamic proc_pids, proc_threads, proc_fds, proc_fdinfos;

static inline struct kernel *kernel_of_vfs(struct vfs *vfs)
{
    return container_of(vfs, struct kernel, vfs);
}

/* Who asks; before the first task runs, the first task. */
struct task *proc_caller(struct kernel *kernel);
/* A decimal number without sign or leading zeros; -1: it is none. */
int proc_number(const char *name);
/* A link to a place (its references are consumed), and one to a text (copied). */
long proc_link_to(struct path place, struct link_target *out);
long proc_link_text(struct kernel *kernel, const char *text, struct link_target *out);

/*
 * Who asks may look into the process (ptrace(2), PTRACE_MODE_READ_FSCREDS). Into what is no
 * process's, and into a zombie, everybody may.
 */
bool proc_may_inspect(const struct proc_view *view);
/* Of whom an inode is, or -LX_ESRCH: that process, or thread, is gone. */
long proc_view_of(const struct proc_inode *node, struct proc_view *out);
/* inode_ops.open of all that is here. */
long proc_open(struct fs_context *context, struct inode *inode, unsigned flags, struct file **out);
/* The process has become another program since the file was opened. */
bool proc_is_outdated(const struct file *file, const struct proc_view *view);
void proc_release_file(struct file *file);

/* Has the leader ended? It stays until the process is waited for. */
static inline bool proc_leader_ended(const struct process *process)
{
    return process->leader && process->leader->sched.state == SCHED_DEAD;
}

/* With a leader that has ended. */
static inline unsigned proc_thread_count(const struct process *process)
{
    return process->thread_count + proc_leader_ended(process);
}

/* What stands in more than one table, or in another file than its table. */
void proc_show_cpuinfo(const struct proc_view *view, struct strbuf *out);
void proc_show_stat(const struct proc_view *view, struct strbuf *out);
void proc_show_task_stat(const struct proc_view *view, struct strbuf *out);
void proc_show_status(const struct proc_view *view, struct strbuf *out);
void proc_show_statm(const struct proc_view *view, struct strbuf *out);
void proc_show_maps(const struct proc_view *view, struct strbuf *out);
void proc_show_smaps(const struct proc_view *view, struct strbuf *out);
void proc_show_smaps_rollup(const struct proc_view *view, struct strbuf *out);
void proc_show_mounts(const struct proc_view *view, struct strbuf *out);
void proc_show_mountinfo(const struct proc_view *view, struct strbuf *out);
void proc_show_mountstats(const struct proc_view *view, struct strbuf *out);
void proc_show_fdinfo(const struct proc_view *view, struct strbuf *out);
long proc_link_fd(const struct proc_view *view, struct link_target *out);

/* settings.c */
void proc_show_oom_score(const struct proc_view *view, struct strbuf *out);
void proc_show_oom_score_adj(const struct proc_view *view, struct strbuf *out);
long proc_write_oom_score_adj(const struct proc_view *view, const char *text, size_t length);
void proc_show_coredump_filter(const struct proc_view *view, struct strbuf *out);
long proc_write_coredump_filter(const struct proc_view *view, const char *text, size_t length);
void proc_show_timerslack(const struct proc_view *view, struct strbuf *out);
long proc_write_timerslack(const struct proc_view *view, const char *text, size_t length);
long proc_write_setgroups(const struct proc_view *view, const char *text, size_t length);
long proc_refuse_write(const struct proc_view *view, const char *text, size_t length);

/* Pages of an address space, counted. */
struct proc_pages {
    uint64_t anon, file;             /* resident: private memory, pages of files */
    uint64_t stack, text, libraries; /* mapped: stack, program text, other executable files */
    uint64_t tables;                 /* page tables */
};
void proc_count_pages(struct mm *mm, struct proc_pages *out);

#endif
