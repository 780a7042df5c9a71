/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lstar_config: what computer, what program, what of the host. Setters only store copies; whether
 * it all fits together is found out by lstar_machine_create().
 */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY_MIN (UINT64_C(1) << 20)
#define DESCRIPTOR_END 1024 /* as many as a process may have without asking for more */

lstar_status lstar_config_create(struct lstar_config **out)
{
    if (!out)
        return LSTAR_INVALID;
    struct lstar_config *config = calloc(1, sizeof *config);
    if (!config)
        return LSTAR_NO_MEMORY;
    config->stdio[1] = 1;
    config->stdio[2] = 2;
    config->aslr = true;
    *out = config;
    return LSTAR_OK;
}

static void strings_free(struct api_strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
}

void lstar_config_destroy(struct lstar_config *config)
{
    if (!config)
        return;
    free(config->program);
    free(config->root);
    free(config->cwd);
    strings_free(&config->args);
    strings_free(&config->env);
    for (unsigned i = 0; i < config->mount_count; i++) {
        free(config->mounts[i].host);
        free(config->mounts[i].guest);
    }
    free(config);
}

/* Replace *field by a copy of a string that must not be empty. */
static lstar_status set_string(char **field, const char *string)
{
    if (!string || !*string)
        return LSTAR_INVALID;
    char *copy = strdup(string);
    if (!copy)
        return LSTAR_NO_MEMORY;
    free(*field);
    *field = copy;
    return LSTAR_OK;
}

/* Append `string`, which is taken over, or freed when there is no memory. */
static lstar_status strings_take(struct api_strings *strings, char *string)
{
    if (!string)
        return LSTAR_NO_MEMORY;
    char **items = realloc(strings->items, (strings->count + 2) * sizeof *items);
    if (!items) {
        free(string);
        return LSTAR_NO_MEMORY;
    }
    strings->items = items;
    items[strings->count++] = string;
    items[strings->count] = NULL;
    return LSTAR_OK;
}

lstar_status lstar_config_set_program_host(struct lstar_config *config, const char *path)
{
    lstar_status status = set_string(&config->program, path);
    if (status == LSTAR_OK)
        config->program_is_guest = false;
    return status;
}

lstar_status lstar_config_set_program_guest(struct lstar_config *config, const char *path)
{
    lstar_status status = set_string(&config->program, path);
    if (status == LSTAR_OK)
        config->program_is_guest = true;
    return status;
}

lstar_status lstar_config_add_arg(struct lstar_config *config, const char *arg)
{
    return arg ? strings_take(&config->args, strdup(arg)) : LSTAR_INVALID;
}

lstar_status lstar_config_set_env(struct lstar_config *config, const char *name, const char *value)
{
    if (!name || !*name || strchr(name, '='))
        return LSTAR_INVALID;

    size_t length = strlen(name);
    char *entry = NULL;
    if (value) {
        entry = malloc(length + strlen(value) + 2);
        if (!entry)
            return LSTAR_NO_MEMORY;
        memcpy(entry, name, length);
        entry[length] = '=';
        memcpy(entry + length + 1, value, strlen(value) + 1);
    }
    struct api_strings *env = &config->env;
    for (size_t i = 0; i < env->count; i++) {
        if (strncmp(env->items[i], name, length) != 0 || env->items[i][length] != '=')
            continue;
        free(env->items[i]);
        if (entry) {
            env->items[i] = entry;
        } else {
            memmove(&env->items[i], &env->items[i + 1], (env->count - i) * sizeof *env->items);
            env->count--;
        }
        return LSTAR_OK;
    }
    return value ? strings_take(env, entry) : LSTAR_OK;
}

static bool access_valid(enum lstar_access access)
{
    return access == LSTAR_READ_ONLY || access == LSTAR_READ_WRITE;
}

lstar_status lstar_config_set_root(struct lstar_config *config, const char *dir,
                                   enum lstar_access access)
{
    if (!access_valid(access))
        return LSTAR_INVALID;
    lstar_status status = set_string(&config->root, dir);
    if (status == LSTAR_OK)
        config->root_access = access;
    return status;
}

lstar_status lstar_config_set_host_tree(struct lstar_config *config)
{
    config->host_tree = true;
    return LSTAR_OK;
}

lstar_status lstar_config_add_mount(struct lstar_config *config, const char *host,
                                    const char *guest, enum lstar_access access)
{
    if (!access_valid(access) || !guest || guest[0] != '/' || config->mount_count == API_MOUNTS_MAX)
        return LSTAR_INVALID;
    struct api_mount mount = {.access = access};
    lstar_status status = set_string(&mount.host, host);
    if (status == LSTAR_OK)
        status = set_string(&mount.guest, guest);
    if (status != LSTAR_OK) {
        free(mount.host);
        return status;
    }
    config->mounts[config->mount_count++] = mount;
    return LSTAR_OK;
}

lstar_status lstar_config_set_cwd(struct lstar_config *config, const char *path)
{
    return path && path[0] == '/' ? set_string(&config->cwd, path) : LSTAR_INVALID;
}

lstar_status lstar_config_set_user(struct lstar_config *config, uint32_t uid, uint32_t gid)
{
    /* (uid_t)-1 means "nobody in particular" to Linux's own calls. */
    if (uid == UINT32_MAX || gid == UINT32_MAX)
        return LSTAR_INVALID;
    config->uid = uid;
    config->gid = gid;
    return LSTAR_OK;
}

lstar_status lstar_config_set_stdio(struct lstar_config *config, int in, int out, int err)
{
    if (in < -1 || out < -1 || err < -1)
        return LSTAR_INVALID;
    config->stdio[0] = in;
    config->stdio[1] = out;
    config->stdio[2] = err;
    return LSTAR_OK;
}

lstar_status lstar_config_add_descriptor(struct lstar_config *config, int host, int guest)
{
    if (host < 0 || guest < 3 || guest >= DESCRIPTOR_END)
        return LSTAR_INVALID;
    unsigned i = 0;
    while (i < config->descriptor_count && config->descriptors[i].guest != guest)
        i++;
    if (i == API_DESCRIPTORS_MAX)
        return LSTAR_INVALID;
    config->descriptors[i] = (struct machine_descriptor){.host = host, .guest = guest};
    if (i == config->descriptor_count)
        config->descriptor_count++;
    return LSTAR_OK;
}

lstar_status lstar_config_set_memory(struct lstar_config *config, uint64_t bytes)
{
    if (bytes != 0 && bytes < MEMORY_MIN)
        return LSTAR_INVALID;
    if (bytes > UINT64_MAX - PAGE_SIZE)
        return LSTAR_INVALID;
    config->memory = PAGE_ALIGN_UP(bytes);
    return LSTAR_OK;
}

lstar_status lstar_config_set_insn_limit(struct lstar_config *config, uint64_t insns)
{
    config->insn_limit = insns;
    return LSTAR_OK;
}

lstar_status lstar_config_set_time_limit(struct lstar_config *config, uint64_t nanoseconds)
{
    config->time_limit = nanoseconds;
    return LSTAR_OK;
}

lstar_status lstar_config_set_deterministic(struct lstar_config *config, bool on)
{
    config->deterministic = on;
    return LSTAR_OK;
}

lstar_status lstar_config_set_seed(struct lstar_config *config, uint64_t seed)
{
    config->seed = seed;
    return LSTAR_OK;
}

lstar_status lstar_config_set_job_control(struct lstar_config *config, bool on)
{
    config->job_control = on;
    return LSTAR_OK;
}

lstar_status lstar_config_set_aslr(struct lstar_config *config, bool on)
{
    config->aslr = on;
    return LSTAR_OK;
}

lstar_status lstar_config_set_trace(struct lstar_config *config, enum lstar_trace_format format,
                                    lstar_text_fn *fn, void *opaque)
{
    if (format != LSTAR_TRACE_TEXT && format != LSTAR_TRACE_JSON)
        return LSTAR_INVALID;
    config->trace_format = format;
    config->trace = fn;
    config->trace_opaque = opaque;
    return LSTAR_OK;
}
