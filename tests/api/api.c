/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The public library: each function, its refusals, its results. The guest is tests/api/guest.c,
 * named by the environment variable API_GUEST.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <lstar/lstar.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A configuration of the guest with its first argument: what it shall do. */
static struct lstar_config *configure(const char *deed)
{
    struct lstar_config *config;
    assert_int_equal(lstar_config_create(&config), LSTAR_OK);
    assert_int_equal(lstar_config_set_program_host(config, getenv("API_GUEST")), LSTAR_OK);
    assert_int_equal(lstar_config_add_arg(config, "guest"), LSTAR_OK);
    assert_int_equal(lstar_config_add_arg(config, deed), LSTAR_OK);
    assert_int_equal(lstar_config_set_deterministic(config, true), LSTAR_OK);
    return config;
}

static struct lstar_machine *build(struct lstar_config *config)
{
    struct lstar_machine *machine;
    struct lstar_error error;
    lstar_status status = lstar_machine_create(config, &machine, &error);
    if (status != LSTAR_OK)
        fail_msg("not created: %s", error.text);
    lstar_config_destroy(config);
    return machine;
}

static struct lstar_result run(struct lstar_config *config)
{
    struct lstar_machine *machine = build(config);
    struct lstar_result result;
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    lstar_machine_destroy(machine);
    return result;
}

struct text {
    char bytes[65536];
    size_t length;
};

static void keep_text(void *opaque, const char *text, size_t length)
{
    struct text *kept = opaque;
    if (length >= sizeof kept->bytes - kept->length)
        length = sizeof kept->bytes - 1 - kept->length;
    memcpy(kept->bytes + kept->length, text, length);
    kept->length += length;
    kept->bytes[kept->length] = '\0';
}

/* What the guest writes to its standard output, in `to`. */
static struct lstar_result run_output(struct lstar_config *config, char *to, size_t size)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(lstar_config_set_stdio(config, -1, fileno(file), 2), LSTAR_OK);
    struct lstar_result result = run(config);
    rewind(file);
    to[fread(to, 1, size - 1, file)] = '\0';
    fclose(file);
    return result;
}

static void test_setters_refuse(void **state)
{
    (void)state;
    struct lstar_config *config;
    assert_int_equal(lstar_config_create(NULL), LSTAR_INVALID);
    assert_int_equal(lstar_config_create(&config), LSTAR_OK);
    assert_int_equal(lstar_config_set_program_host(config, NULL), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_program_guest(config, ""), LSTAR_INVALID);
    assert_int_equal(lstar_config_add_arg(config, NULL), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_env(config, "", "x"), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_env(config, "A=B", "x"), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_env(config, NULL, "x"), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_root(config, NULL, LSTAR_READ_ONLY), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_root(config, "/", (enum lstar_access)7), LSTAR_INVALID);
    assert_int_equal(lstar_config_add_mount(config, "/", "relative", LSTAR_READ_ONLY),
                     LSTAR_INVALID);
    assert_int_equal(lstar_config_add_mount(config, NULL, "/x", LSTAR_READ_ONLY), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_cwd(config, "relative"), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_user(config, UINT32_MAX, 0), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_stdio(config, -2, 1, 2), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_memory(config, 4096), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_memory(config, UINT64_MAX), LSTAR_INVALID);
    assert_int_equal(lstar_config_set_trace(config, (enum lstar_trace_format)9, keep_text, NULL),
                     LSTAR_INVALID);
    for (unsigned i = 0; i < 64; i++)
        assert_int_equal(lstar_config_add_mount(config, "/x", "/x", LSTAR_READ_ONLY), LSTAR_OK);
    assert_int_equal(lstar_config_add_mount(config, "/x", "/x", LSTAR_READ_ONLY), LSTAR_INVALID);
    lstar_config_destroy(config);
    lstar_config_destroy(NULL);
    lstar_machine_destroy(NULL);
}

/* Each thing that cannot be has its own status, and a text that says what to do. */
static void test_create_refuses(void **state)
{
    (void)state;
    struct lstar_config *config;
    struct lstar_machine *machine = (struct lstar_machine *)1;
    struct lstar_error error;
    assert_int_equal(lstar_machine_create(NULL, &machine, &error), LSTAR_INVALID);
    assert_int_equal(lstar_config_create(&config), LSTAR_OK);
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_INVALID);
    assert_non_null(strstr(error.text, "lstar_config_set_program_host"));
    lstar_config_set_program_host(config, "/nonexistent/program");
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_NOT_FOUND);
    lstar_config_set_program_host(config, "/etc");
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_NOT_EXECUTABLE);
    lstar_config_set_program_host(config, "/etc/passwd");
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_NOT_EXECUTABLE);
    lstar_config_set_program_guest(config, "/not/in/the/guest");
    assert_int_equal(lstar_machine_create(config, &machine, NULL), LSTAR_NOT_FOUND);
    lstar_config_set_program_host(config, getenv("API_GUEST"));
    lstar_config_set_root(config, "/nonexistent", LSTAR_READ_ONLY);
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_HOST_ERROR);
    assert_non_null(strstr(error.text, "/nonexistent"));
    lstar_config_set_host_tree(config);
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_INVALID);
    lstar_config_destroy(config);

    config = configure("exit");
    lstar_config_add_mount(config, "/nonexistent/folder", "/x", LSTAR_READ_ONLY);
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_HOST_ERROR);
    assert_non_null(strstr(error.text, "/nonexistent/folder"));
    lstar_config_destroy(config);
    config = configure("exit");
    lstar_config_set_cwd(config, "/nowhere");
    assert_int_equal(lstar_machine_create(config, &machine, &error), LSTAR_HOST_ERROR);
    lstar_config_destroy(config);
    assert_ptr_equal(machine, (struct lstar_machine *)1);
}

static void test_exit(void **state)
{
    (void)state;
    struct lstar_machine *machine = build(configure("exit"));
    struct lstar_result result;
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_EXITED);
    assert_int_equal(result.exit_code, 7);
    assert_int_equal(result.signal, 0);
    assert_string_equal(result.reason, "");
    assert_true(result.insns > 0 && result.syscalls > 0 && result.peak_memory > 0 &&
                result.peak_kernel > 0);
    struct lstar_result again;
    assert_int_equal(lstar_machine_run(machine, 0, &again), LSTAR_ENDED);
    assert_memory_equal(&result, &again, sizeof result);
    lstar_machine_destroy(machine);
}

static void test_signal_and_report(void **state)
{
    (void)state;
    struct lstar_machine *machine = build(configure("crash"));
    struct lstar_result result;
    struct text *text = calloc(1, sizeof *text);
    assert_non_null(text);
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_SIGNALED);
    assert_int_equal(result.signal, 11);
    assert_int_equal(lstar_machine_report(machine, NULL, NULL), LSTAR_INVALID);
    assert_int_equal(lstar_machine_report(machine, keep_text, text), LSTAR_OK);
    static const char *const parts[] = {
        "SIGSEGV (Segmentation fault)",
        "SEGV_MAPERR",
        "address 0x123456",
        "<crash_here+",
        "registers",
        "instructions of crash_here",
        "  > ",
        "[stack]",
        "/guest",
        "instructions, ",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!strstr(text->bytes, parts[i]))
            fail_msg("no \"%s\" in:\n%s", parts[i], text->bytes);
    }
    free(text);
    lstar_machine_destroy(machine);
}

/* Slices change nothing of what happens, and an instruction limit is exact and the same every time.
 */
static void test_slices_and_limits(void **state)
{
    (void)state;
    struct lstar_result whole = run(configure("exit")), sliced, limited, first;
    struct lstar_machine *machine = build(configure("exit"));
    unsigned slices = 0;
    do {
        assert_int_equal(lstar_machine_run(machine, 1, &sliced), LSTAR_OK);
        slices++;
    } while (sliced.end == LSTAR_END_NONE);
    lstar_machine_destroy(machine);
    assert_memory_equal(&whole, &sliced, sizeof whole);
    assert_true(slices > 1);

    for (unsigned i = 0; i < 2; i++) {
        struct lstar_config *config = configure("exit");
        lstar_config_set_insn_limit(config, whole.insns / 2);
        limited = run(config);
        assert_int_equal(limited.end, LSTAR_END_INSNS);
        assert_in_range(limited.insns, whole.insns / 2 - 600, whole.insns / 2);
        if (i == 0)
            first = limited;
        assert_memory_equal(&limited, &first, sizeof first);
        assert_string_not_equal(limited.reason, "");
    }
}

static void test_time_limit(void **state)
{
    (void)state;
    struct lstar_config *config = configure("loop");
    lstar_config_set_time_limit(config, 50 * 1000 * 1000);
    assert_int_equal(run(config).end, LSTAR_END_TIME);
    config = configure("sleep");
    lstar_config_set_time_limit(config, 50 * 1000 * 1000);
    assert_int_equal(run(config).end, LSTAR_END_TIME);
}

/* A stop ends the run; the next call goes on. */
static void test_stop(void **state)
{
    (void)state;
    struct lstar_machine *machine = build(configure("exit"));
    struct lstar_result result;
    lstar_machine_stop(machine);
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_STOPPED);
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_EXITED);
    lstar_machine_destroy(machine);
}

/* Keys are signals of the guest's; who asks for job control is told of a stop, and continues it. */
static void test_keys(void **state)
{
    (void)state;
    struct lstar_result result;
    struct lstar_machine *machine = build(configure("loop"));
    lstar_machine_key(machine, LSTAR_KEY_SUSPEND);
    lstar_machine_key(machine, LSTAR_KEY_WINDOW);
    assert_int_equal(lstar_machine_run(machine, 1000000, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_NONE);
    lstar_machine_key(machine, LSTAR_KEY_INTERRUPT);
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_SIGNALED);
    assert_int_equal(result.signal, 2);
    lstar_machine_destroy(machine);

    struct lstar_config *config = configure("loop");
    assert_int_equal(lstar_config_set_job_control(config, true), LSTAR_OK);
    machine = build(config);
    for (int i = 0; i < 3; i++) {
        lstar_machine_key(machine, LSTAR_KEY_SUSPEND);
        assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
        assert_int_equal(result.end, LSTAR_END_SUSPENDED);
        assert_int_equal(result.signal, 20);
        assert_int_equal(lstar_machine_run(machine, 1000000, &result), LSTAR_OK);
        assert_int_equal(result.end, LSTAR_END_NONE);
    }
    lstar_machine_key(machine, LSTAR_KEY_HANGUP);
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.end, LSTAR_END_SIGNALED);
    assert_int_equal(result.signal, 1);
    lstar_machine_destroy(machine);
}

static void test_arguments_and_environment(void **state)
{
    (void)state;
    char output[4096];
    struct lstar_config *config = configure("show");
    lstar_config_add_arg(config, "two words");
    lstar_config_add_arg(config, "");
    lstar_config_set_env(config, "A", "1");
    lstar_config_set_env(config, "AB", "2");
    lstar_config_set_env(config, "GONE", "x");
    lstar_config_set_env(config, "A", "3");
    lstar_config_set_env(config, "GONE", NULL);
    lstar_config_set_env(config, "NEVER", NULL);
    lstar_config_set_user(config, 1000, 100);
    lstar_config_set_cwd(config, "/tmp");
    assert_int_equal(run_output(config, output, sizeof output).exit_code, 0);
    assert_string_equal(output, "arg <guest>\narg <show>\narg <two words>\narg <>\n"
                                "env <A=3>\nenv <AB=2>\nuser 1000:100\ncwd /tmp\n");
}

static void test_descriptors(void **state)
{
    (void)state;
    struct lstar_config *config;
    assert_int_equal(lstar_config_create(&config), LSTAR_OK);
    assert_int_equal(lstar_config_add_descriptor(config, -1, 3), LSTAR_INVALID);
    assert_int_equal(lstar_config_add_descriptor(config, 0, 2), LSTAR_INVALID);
    assert_int_equal(lstar_config_add_descriptor(config, 0, 1024), LSTAR_INVALID);
    for (int i = 0; i < 256; i++)
        assert_int_equal(lstar_config_add_descriptor(config, 0, 3 + i), LSTAR_OK);
    assert_int_equal(lstar_config_add_descriptor(config, 1, 3), LSTAR_OK);
    assert_int_equal(lstar_config_add_descriptor(config, 1, 1023), LSTAR_INVALID);
    lstar_config_destroy(config);

    int ends[2];
    char output[4096];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "data", 4), 4);
    close(ends[1]);
    config = configure("copy");
    lstar_config_add_arg(config, "77");
    lstar_config_add_descriptor(config, ends[0], 77);
    assert_int_equal(run_output(config, output, sizeof output).exit_code, 0);
    assert_string_equal(output, "data");
    close(ends[0]);
}

/* A read-only grant cannot be written, a writable one can, and nothing else is there. */
static void test_mounts(void **state)
{
    (void)state;
    char dir[] = "/tmp/lstar-api.XXXXXX", path[64], output[4096];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/file", dir);
    for (unsigned writable = 0; writable < 2; writable++) {
        struct lstar_config *config = configure("write-file");
        lstar_config_add_arg(config, "/data/file");
        lstar_config_add_mount(config, dir, "/data", writable ? LSTAR_READ_WRITE : LSTAR_READ_ONLY);
        run_output(config, output, sizeof output);
        assert_string_equal(output, writable ? "written\n" : "Read-only file system\n");
        assert_int_equal(access(path, F_OK), writable ? 0 : -1);
    }
    struct lstar_config *config = configure("write-file");
    lstar_config_add_arg(config, path);
    run_output(config, output, sizeof output);
    assert_string_equal(output, "No such file or directory\n");
    unlink(path);
    rmdir(dir);
}

static void test_trace(void **state)
{
    (void)state;
    struct text *text = calloc(2, sizeof *text);
    assert_non_null(text);
    for (unsigned i = 0; i < 2; i++) {
        struct lstar_config *config = configure("exit");
        lstar_config_set_trace(config, LSTAR_TRACE_TEXT, keep_text, &text[i]);
        run(config);
        assert_non_null(strstr(text[i].bytes, "exit_group(7)"));
        assert_non_null(strstr(text[i].bytes, "+++ exited with 7 +++"));
    }
    assert_string_equal(text[0].bytes, text[1].bytes);
    text[0].length = 0;
    struct lstar_config *config = configure("exit");
    lstar_config_set_trace(config, LSTAR_TRACE_JSON, keep_text, &text[0]);
    run(config);
    assert_int_equal(text[0].bytes[0], '{');
    free(text);
}

static void test_refused(void **state)
{
    (void)state;
    struct lstar_machine *machine = build(configure("refused"));
    struct lstar_result result;
    assert_int_equal(lstar_machine_run(machine, 0, &result), LSTAR_OK);
    assert_int_equal(result.exit_code, 0);
    uint64_t of_kexec = lstar_machine_refused(machine, 246);
    assert_int_equal(of_kexec, 3);
    assert_true(result.refused >= of_kexec + 1);
    assert_int_equal(lstar_machine_refused(machine, -1), 0);
    assert_int_equal(lstar_machine_refused(machine, 100000), 0);
    lstar_machine_destroy(machine);
}

static void test_memory_limit(void **state)
{
    (void)state;
    struct lstar_config *config = configure("eat");
    lstar_config_set_memory(config, 16 << 20);
    struct lstar_result result = run(config);
    assert_int_equal(result.end, LSTAR_END_MEMORY);
    assert_string_not_equal(result.reason, "");
    assert_true(result.peak_memory <= 16 << 20);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(lstar_version(), LSTAR_VERSION);
    assert_true(strlen(lstar_engine_name()) > 0);
    assert_non_null(lstar_engine_patches()[0]);
    assert_string_equal(lstar_signal_name(11), "SIGSEGV");
    assert_string_equal(lstar_signal_name(32), "SIGRT_0");
    assert_string_equal(lstar_signal_name(64), "SIGRT_32");
    assert_string_equal(lstar_signal_name(65), "signal");
    assert_string_equal(lstar_signal_name(0), "signal");
    for (int status = LSTAR_OK; status <= LSTAR_FAILED; status++)
        assert_true(strlen(lstar_status_text((lstar_status)status)) > 0);
}

/* Every number of Linux's is listed, in order, with its name. */
static void test_table(void **state)
{
    (void)state;
    struct lstar_syscall call;
    int last = -1;
    assert_true(lstar_syscall_count() > 380);
    for (size_t i = 0; i < lstar_syscall_count(); i++) {
        assert_true(lstar_syscall_get(i, &call));
        assert_true(call.number > last);
        assert_non_null(call.signature);
        assert_non_null(call.note);
        last = call.number;
    }
    assert_false(lstar_syscall_get(lstar_syscall_count(), &call));
    assert_true(lstar_syscall_get(0, &call));
    assert_string_equal(call.name, "read");
    assert_string_equal(call.signature, "fd, buf, count");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_setters_refuse),
        cmocka_unit_test(test_create_refuses),
        cmocka_unit_test(test_exit),
        cmocka_unit_test(test_signal_and_report),
        cmocka_unit_test(test_slices_and_limits),
        cmocka_unit_test(test_time_limit),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_arguments_and_environment),
        cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_mounts),
        cmocka_unit_test(test_trace),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
