/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_PROCFS_PROCFS_H
#define LSTAR_PROCFS_PROCFS_H
/*
 * /proc and /sys: what the kernel tells about itself, as Linux words it (proc(5), sysfs(5)).
 * mount_request.data is not used: the struct vfs of the mount is the machine's kernel's.
 */
#include "proc/kernel.h"

extern const struct filesystem procfs_filesystem; /* "proc" */
extern const struct filesystem sysfs_filesystem;  /* "sysfs" */

struct file;
struct process;
struct strbuf;
struct vma;
/* A line of /proc/PID/maps, with its newline; `root` is left out of paths below it: "" is all. */
void proc_format_vma(struct vma *vma, const char *root, struct strbuf *out);

/*
 * Is `file` the open directory /proc/PID of a process? *out: the process, NULL when it is gone.
 * Linux takes such a file where it wants a pidfd to signal (guest/task/pidfd_proc).
 */
bool proc_file_is_process(struct file *file, struct process **out);

#endif
