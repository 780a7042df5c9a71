/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PR_SET_MDWE: which pages may still become executable, and who inherits that? */
#include "fault.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#define SET_MDWE 65
#define GET_MDWE 66
#define REFUSE 1ul
#define NO_INHERIT 2ul

#define R PROT_READ
#define W PROT_WRITE
#define X PROT_EXEC
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static long set(unsigned long bits)
{
    return prctl(SET_MDWE, bits, 0, 0, 0);
}

static long get(void)
{
    return prctl(GET_MDWE, 0, 0, 0, 0);
}

static void arguments(void)
{
    EXPECT_EQ(0, get());
    EXPECT_EQ(0, set(0));
    EXPECT_ERRNO(EINVAL, set(NO_INHERIT));
    EXPECT_ERRNO(EINVAL, set(4));
    EXPECT_ERRNO(EINVAL, set(1ul << 32 | REFUSE));
    EXPECT_ERRNO(EINVAL, prctl(SET_MDWE, REFUSE, 1, 0, 0));
    EXPECT_ERRNO(EINVAL, prctl(SET_MDWE, REFUSE, 0, 1, 0));
    EXPECT_ERRNO(EINVAL, prctl(SET_MDWE, REFUSE, 0, 0, 1));
    EXPECT_ERRNO(EINVAL, prctl(GET_MDWE, 1, 0, 0, 0));
    EXPECT_EQ(0, get());
}

static void refusals(unsigned long bits)
{
    char *code = anon(PAGE, R | X), *data = anon(PAGE, R | W), *read_only = anon(PAGE, R);
    char *none = anon(PAGE, PROT_NONE), *both = anon(2 * PAGE, R | W | X);
    EXPECT_EQ(0, set(bits));
    EXPECT_EQ(0, set(bits));
    EXPECT_EQ(bits, get());
    EXPECT_ERRNO(EPERM, set(0));
    EXPECT_ERRNO(EPERM, set(bits ^ NO_INHERIT));

    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, R | W | X, ANON, -1, 0));
    EXPECT_ERRNO(EACCES, mmap_raw(0, PAGE, W | X, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    EXPECT_ERRNO(EBADF, mmap_raw(0, PAGE, W | X, MAP_PRIVATE, 999, 0));
    EXPECT_ERRNO(EINVAL, mmap_raw(0, 0, W | X, ANON, -1, 0));
    CHECK(mmap_raw(0, PAGE, R | X, ANON, -1, 0));
    CHECK(mmap_raw(0, PAGE, R | W, ANON, -1, 0));

    CHECK(mprotect(code, PAGE, R | X));
    EXPECT_ERRNO(EACCES, mprotect(code, PAGE, R | W | X));
    CHECK(mprotect(code, PAGE, R));
    EXPECT_ERRNO(EACCES, mprotect(code, PAGE, R | X)); /* once given up */
    EXPECT_ERRNO(EACCES, mprotect(data, PAGE, R | X));
    EXPECT_ERRNO(EACCES, mprotect(read_only, PAGE, X));
    EXPECT_ERRNO(EACCES, mprotect(none, PAGE, R | X));
    CHECK(mprotect(none, PAGE, R | W));
    /* What could do both may stay so, and is no more asked to. */
    EXPECT_ERRNO(EACCES, mprotect(both, PAGE, R | W | X));
    both[0] = 1;
    CHECK(mprotect(both, PAGE, R | X));
    EXPECT_EQ(ACCERR, touch_store(both, 2));
    EXPECT_EQ(0, touch_store(both + PAGE, 2));
}

static void expect_child(pid_t child)
{
    int status;
    EXPECT_EQ(child, waitpid(child, &status, 0));
    EXPECT_EQ(0, status);
}

static void run_again(unsigned long bits)
{
    const char *expected = bits & NO_INHERIT ? "has not" : "has";
    execl("/proc/self/exe", "deny_write_exec", expected, NULL);
    _exit(99);
}

/* What a copy of the process has of it: in itself, and in another program. */
static void heirs(unsigned long bits)
{
    unsigned long want = bits & NO_INHERIT ? 0 : bits;
    pid_t child = CHECK(fork());
    if (child == 0) {
        EXPECT_EQ(want, get());
        void *page = mmap_raw(0, PAGE, W | X, ANON, -1, 0);
        EXPECT_EQ(want != 0, page == MAP_FAILED);
        _exit(0);
    }
    expect_child(child);
    child = CHECK(fork());
    if (child == 0) {
        run_again(bits);
    }
    expect_child(child);
}

int main(int argc, char *argv[])
{
    if (argc > 1)
        return get() == (strcmp(argv[1], "has") == 0 ? 1 : 0) ? 0 : 1;
    fault_catch();
    arguments();
    for (unsigned long bits = REFUSE; bits <= (REFUSE | NO_INHERIT); bits += NO_INHERIT) {
        pid_t child = CHECK(fork());
        if (child == 0) {
            refusals(bits);
            heirs(bits);
            run_again(bits);
        }
        expect_child(child);
    }
    EXPECT_EQ(0, get());
    return 0;
}
