/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LSTAR_LSTAR_H
#define LSTAR_LSTAR_H
/*
 * lstar: a Linux in user space for x86-64 programs. This is the whole public interface; the `lstar`
 * command uses nothing else.
 *
 *     struct lstar_config *config;
 *     struct lstar_machine *machine;
 *     struct lstar_result result;
 *     lstar_config_create(&config);
 *     lstar_config_set_program_host(config, "/bin/busybox");
 *     lstar_config_add_arg(config, "busybox");
 *     lstar_config_add_arg(config, "uname");
 *     if (lstar_machine_create(config, &machine, NULL) == LSTAR_OK) {
 *         lstar_machine_run(machine, 0, &result);
 *         lstar_machine_destroy(machine);
 *     }
 *     lstar_config_destroy(config);
 *
 * Rules that hold for all of it:
 * 1. Nothing here prints, exits or aborts. Functions that can fail return an lstar_status; what
 *    they would have handed out is then untouched.
 * 2. Strings are UTF-8 or whatever bytes the system has, NUL-terminated; those given are copied,
 *    those returned are static or belong to the object they came from.
 * 3. There is no global state. Objects are independent: different threads may use different ones at
 *    once; one object belongs to one thread at a time. The exceptions are lstar_machine_stop() and
 * lstar_machine_key(), for any thread and for signal handlers.
 * 4. What a guest may touch of the host is exactly what its configuration names.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define LSTAR_API __attribute__((visibility("default")))
#define LSTAR_CHECK __attribute__((warn_unused_result))
#else
#define LSTAR_API
#define LSTAR_CHECK
#endif

/* ---- What a function answers ---- */

typedef enum lstar_status {
    LSTAR_OK = 0,
    LSTAR_INVALID,        /* an argument or the configuration as a whole makes no sense */
    LSTAR_NO_MEMORY,      /* the host has no memory or address space for it */
    LSTAR_NOT_FOUND,      /* the program, or the interpreter that it names, does not exist */
    LSTAR_NOT_EXECUTABLE, /* the program exists and cannot be executed: its rights or its format */
    LSTAR_HOST_ERROR,     /* the host refused a folder or descriptor that the configuration names */
    LSTAR_ENDED,          /* the machine has ended already */
    LSTAR_FAILED,         /* a defect of lstar or of its CPU engine */
} lstar_status;

/* What the status means, in a few words. Static; never NULL. */
LSTAR_API const char *lstar_status_text(lstar_status status);

/* Why something failed and what to do about it, for people. */
struct lstar_error {
    char text[240];
};

/*
 * Receives text in pieces: `length` bytes at `text`, not NUL-terminated, to be used before it
 * returns. It must not call back into the machine (but may call lstar_machine_stop()).
 */
typedef void lstar_text_fn(void *opaque, const char *text, size_t length);

/* ---- Configuration: what computer, what program, what of the host ---- */

/*
 * A fresh configuration describes a machine with 4 GiB of memory, an empty root folder with /dev,
 * /proc and /tmp, user 0, the caller's descriptors 0, 1 and 2, an empty environment, no limits,
 * live time and chance. It lacks only a program.
 *
 * Setters return LSTAR_INVALID for arguments that never make sense and LSTAR_NO_MEMORY. A
 * configuration may be used for any number of machines, also changed in between, and be destroyed
 * while they run. Machines may be created of one configuration in several threads at once as long
 * as none changes it.
 */
struct lstar_config;

LSTAR_API LSTAR_CHECK lstar_status lstar_config_create(struct lstar_config **out);
/* NULL is allowed. */
LSTAR_API void lstar_config_destroy(struct lstar_config *config);

/*
 * The program: the last call of these two counts. _host: the host's file `path`, shown to the
 * guest, read-only, as /<its last component>. _guest: the guest's file `path`, relative to its
 * working directory.
 */
LSTAR_API lstar_status lstar_config_set_program_host(struct lstar_config *config, const char *path);
LSTAR_API lstar_status lstar_config_set_program_guest(struct lstar_config *config,
                                                      const char *path);

/* One more argument; the first is the program's argv[0]. With none, it is the program's path. */
LSTAR_API lstar_status lstar_config_add_arg(struct lstar_config *config, const char *arg);
/*
 * Set `name` in the guest's environment to `value`, or remove it (`value` NULL). `name` is not
 * empty and has no '='.
 */
LSTAR_API lstar_status lstar_config_set_env(struct lstar_config *config, const char *name,
                                            const char *value);

/* What the guest may do to a folder of the host that it is shown. */
enum lstar_access {
    LSTAR_READ_ONLY,
    LSTAR_READ_WRITE,
};

/* The host's folder `dir` is the guest's root. Links in it never lead outside of it. */
LSTAR_API lstar_status lstar_config_set_root(struct lstar_config *config, const char *dir,
                                             enum lstar_access access);
/* For trusted programs: the host's own root is the guest's, with this process's rights. */
LSTAR_API lstar_status lstar_config_set_host_tree(struct lstar_config *config);
/*
 * The host's folder or file `host` appears at `guest` (absolute). Up to 64, mounted in the order
 * of the calls.
 */
LSTAR_API lstar_status lstar_config_add_mount(struct lstar_config *config, const char *host,
                                              const char *guest, enum lstar_access access);
/* The first process's working directory, absolute. */
LSTAR_API lstar_status lstar_config_set_cwd(struct lstar_config *config, const char *path);
/* User and group of the first process. */
LSTAR_API lstar_status lstar_config_set_user(struct lstar_config *config, uint32_t uid,
                                             uint32_t gid);
/*
 * The host's descriptors that are the guest's standard input, output and error; -1: closed. They
 * are borrowed: to be kept open until the machine is destroyed.
 */
LSTAR_API lstar_status lstar_config_set_stdio(struct lstar_config *config, int in, int out,
                                              int err);
/*
 * The host's descriptor `host` is also the guest's descriptor `guest`, which is 3 to 1023; again
 * for the same `guest`: this one instead. Borrowed as above. At most 256.
 */
LSTAR_API lstar_status lstar_config_add_descriptor(struct lstar_config *config, int host,
                                                   int guest);

/*
 * Bytes of memory that the guest may use at most: 0 is 4 GiB; else at least 1 MiB. It costs the
 * host what the guest touches.
 */
LSTAR_API lstar_status lstar_config_set_memory(struct lstar_config *config, uint64_t bytes);
/*
 * The run ends before more than this many instructions, of all threads, are executed: at the start
 * of the stretch of straight code that would go beyond, the same one every time. 0: no limit.
 */
LSTAR_API lstar_status lstar_config_set_insn_limit(struct lstar_config *config, uint64_t insns);
/* The run ends after this many nanoseconds of the machine's clock. 0: no limit. */
LSTAR_API lstar_status lstar_config_set_time_limit(struct lstar_config *config,
                                                   uint64_t nanoseconds);

/*
 * Deterministic: time is counted in instructions and jumps over sleep, random numbers come from the
 * seed, so that two runs with the same input do the same. It reaches as far as the machine does:
 * what the guest reads from host files and descriptors is input.
 */
LSTAR_API lstar_status lstar_config_set_deterministic(struct lstar_config *config, bool on);
/* Where a deterministic machine's random numbers start. Default: 0. */
LSTAR_API lstar_status lstar_config_set_seed(struct lstar_config *config, uint64_t seed);
/* Whether addresses are chosen at random. Default: on. */
LSTAR_API lstar_status lstar_config_set_aslr(struct lstar_config *config, bool on);

/*
 * Whether the caller is to the first process what a shell is to its job: where that process is
 * stopped (Ctrl-Z, SIGSTOP), lstar_machine_run() returns with LSTAR_END_SUSPENDED. Else keyboard
 * stops of its process group are ignored, as in an orphaned one. Default: off.
 */
LSTAR_API lstar_status lstar_config_set_job_control(struct lstar_config *config, bool on);

enum lstar_trace_format {
    LSTAR_TRACE_TEXT, /* as strace(1) prints: a line a call */
    LSTAR_TRACE_JSON, /* an object a line */
};
/*
 * Hand a trace of all system calls to `fn`, called with `opaque` on the thread that runs the
 * machine. `fn` NULL: no trace.
 */
LSTAR_API lstar_status lstar_config_set_trace(struct lstar_config *config,
                                              enum lstar_trace_format format, lstar_text_fn *fn,
                                              void *opaque);

/* ---- A machine ---- */

struct lstar_machine;

/*
 * Build a machine with the program loaded and nothing of it executed. `error` may be NULL; it is
 * filled on failure. Errors: LSTAR_INVALID, LSTAR_NO_MEMORY, LSTAR_NOT_FOUND, LSTAR_NOT_EXECUTABLE,
 * LSTAR_HOST_ERROR, LSTAR_FAILED. On success *out is the caller's, to be given to
 * lstar_machine_destroy().
 */
LSTAR_API LSTAR_CHECK lstar_status lstar_machine_create(const struct lstar_config *config,
                                                        struct lstar_machine **out,
                                                        struct lstar_error *error);
/* Everything that the machine had is freed. NULL is allowed. */
LSTAR_API void lstar_machine_destroy(struct lstar_machine *machine);

/* How a run came to rest. */
enum lstar_end {
    LSTAR_END_NONE,      /* it has not: only this call's instructions are used up */
    LSTAR_END_EXITED,    /* the first process exited */
    LSTAR_END_SIGNALED,  /* a signal killed the first process */
    LSTAR_END_INSNS,     /* the instruction limit */
    LSTAR_END_TIME,      /* the time limit */
    LSTAR_END_MEMORY,    /* the guest needs more memory than the machine may have */
    LSTAR_END_DEADLOCK,  /* every thread waits for what can never come */
    LSTAR_END_STOPPED,   /* lstar_machine_stop() */
    LSTAR_END_FAILED,    /* a defect of lstar or of its CPU engine */
    LSTAR_END_SUSPENDED, /* lstar_config_set_job_control(): the first process is stopped */
};

struct lstar_result {
    enum lstar_end end;
    int exit_code;     /* LSTAR_END_EXITED: 0 to 255 */
    int signal;        /* LSTAR_END_SIGNALED, _SUSPENDED: Linux's number */
    char reason[160];  /* why, in words, when a limit or a defect ended it; else "" */
    uint64_t insns;    /* instructions executed, all threads */
    uint64_t syscalls; /* system calls made */
    uint64_t refused;  /* of these, how many ended with ENOSYS because lstar does not have them */
    uint64_t peak_memory; /* most bytes in use at once: pages, page tables, files in memory */
    uint64_t peak_kernel; /* most bytes that the simulated kernel had in use at once */
};

/*
 * Run the machine until it ends, or for about `insns` more instructions (never more; 0: no such
 * bound; below 1024 counts as 1024). *result is filled on LSTAR_OK; `result` may be NULL.
 * LSTAR_ENDED: it has ended before, and *result says so again. After a bound or LSTAR_END_STOPPED a
 * further call goes on as if nothing had been; after LSTAR_END_SUSPENDED it continues the first
 * process's group.
 */
LSTAR_API lstar_status lstar_machine_run(struct lstar_machine *machine, uint64_t insns,
                                         struct lstar_result *result);

/*
 * Make the lstar_machine_run() in progress, or the next one, return with LSTAR_END_STOPPED. Async-
 * signal- and thread-safe.
 */
LSTAR_API void lstar_machine_stop(struct lstar_machine *machine);

/* What a person does at the terminal that is one of the guest's standard streams. */
enum lstar_key {
    LSTAR_KEY_INTERRUPT, /* Ctrl-C: SIGINT for the foreground process group */
    LSTAR_KEY_QUIT,      /* Ctrl-Backslash: SIGQUIT */
    LSTAR_KEY_SUSPEND,   /* Ctrl-Z: SIGTSTP */
    LSTAR_KEY_WINDOW,    /* another window size: SIGWINCH */
    LSTAR_KEY_HANGUP,    /* the line is gone: SIGHUP, also for the session's leader */
};
/*
 * The key was pressed: the guest gets the signal. A second interrupt in a row that nobody in the
 * foreground listens to ends the run with LSTAR_END_STOPPED. Async-signal- and thread-safe.
 */
LSTAR_API void lstar_machine_key(struct lstar_machine *machine, enum lstar_key key);

/*
 * Write a report of the machine as it stands to `fn`: how it ended; when a signal killed it, the
 * signal and its address, the registers, the instructions around the last one with the nearest
 * symbol, the mappings; which system calls were refused and how often; instructions and memory.
 */
LSTAR_API lstar_status lstar_machine_report(struct lstar_machine *machine, lstar_text_fn *fn,
                                            void *opaque);

/*
 * How often the system call of this number was refused with ENOSYS because lstar does not have it.
 * 0 for unknown numbers.
 */
LSTAR_API uint64_t lstar_machine_refused(const struct lstar_machine *machine, int number);

/* ---- What this library is and has ---- */

/* lstar's version, "1.2.3". */
LSTAR_API const char *lstar_version(void);
/* The CPU engine's name and version. */
LSTAR_API const char *lstar_engine_name(void);
/* The names of the changes that we made to the engine, ending with NULL. */
LSTAR_API const char *const *lstar_engine_patches(void);

/*
 * "SIGSEGV" for 11 …; "SIGRT_3" and the like for real-time signals; "signal" for numbers that are
 * none. Static.
 */
LSTAR_API const char *lstar_signal_name(int signal);

enum lstar_support {
    LSTAR_SUPPORT_NONE,    /* ends with ENOSYS */
    LSTAR_SUPPORT_PARTIAL, /* some of it: the note says what is missing */
    LSTAR_SUPPORT_FULL,
};

struct lstar_syscall {
    int number;
    const char *name;
    const char *family; /* "files", "memory" … */
    enum lstar_support support;
    const char *signature; /* its arguments: "fd, buf, count" */
    const char *note; /* what is missing, or why it is refused; "" when there is nothing to say */
};

/* How many system calls the table lists. */
LSTAR_API size_t lstar_syscall_count(void);
/* The `index`-th of them, by number; the strings are static. False: there is none. */
LSTAR_API bool lstar_syscall_get(size_t index, struct lstar_syscall *out);

#ifdef __cplusplus
}
#endif

#endif
