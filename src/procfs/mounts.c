/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/PID/mounts and mountinfo (proc(5), fstab(5)): the mounts that the process can see below its
 * root.
 */
#include "procfs/internal.h"

#include "abi/mount.h"

/* Spaces and their like as \040. */
static void add_escaped(struct strbuf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == ' ' || *text == '\t' || *text == '\n' || *text == '\\' || *text == '#')
            strbuf_printf(out, "\\%03o", (unsigned char)*text);
        else
            strbuf_putc(out, *text);
    }
}

/* Where `mount` is, seen from the process's root. False: not below it. */
static bool format_place(const struct proc_view *view, struct mount *mount, struct strbuf *out)
{
    struct path place = {.mount = mount, .dentry = mount->root};
    const struct path *root = view->task && view->task->fs ? &view->task->fs->root : NULL;
    strbuf_clear(out);
    path_format(&view->kernel->vfs, &place, root, out);
    return !root || path_is_below(&place, root);
}

static void add_mount_options(struct strbuf *out, const struct mount *mount)
{
    static const struct {
        unsigned flag;
        const char *text;
    } options[] = {
        {LX_MS_NOSUID, ",nosuid"},   {LX_MS_NODEV, ",nodev"},       {LX_MS_NOEXEC, ",noexec"},
        {LX_MS_NOATIME, ",noatime"}, {LX_MS_RELATIME, ",relatime"},
    };
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        if (mount->flags & options[i].flag)
            strbuf_puts(out, options[i].text);
    }
}

static const char *read_only(unsigned flags)
{
    return flags & LX_MS_RDONLY ? "ro" : "rw";
}

static void add_fs_options(struct strbuf *out, struct superblock *sb)
{
    if (sb->ops && sb->ops->show_options)
        sb->ops->show_options(sb, out);
}

void proc_show_mounts(const struct proc_view *view, struct strbuf *out)
{
    struct strbuf place;
    struct mount *mount;
    strbuf_init(&place, view->kernel->arena, (size_t)2 * LX_PATH_MAX);
    list_for_each (mount, &view->kernel->vfs.mounts, all_link) {
        if (!format_place(view, mount, &place))
            continue;
        add_escaped(out, mount->source);
        strbuf_putc(out, ' ');
        add_escaped(out, strbuf_string(&place));
        strbuf_printf(out, " %s %s", mount->sb->type->name,
                      read_only(mount->flags | mount->sb->flags));
        add_mount_options(out, mount);
        add_fs_options(out, mount->sb);
        strbuf_puts(out, " 0 0\n");
    }
    strbuf_fini(&place);
}

void proc_show_mountstats(const struct proc_view *view, struct strbuf *out)
{
    struct strbuf place;
    struct mount *mount;
    strbuf_init(&place, view->kernel->arena, (size_t)2 * LX_PATH_MAX);
    list_for_each (mount, &view->kernel->vfs.mounts, all_link) {
        if (!format_place(view, mount, &place))
            continue;
        strbuf_puts(out, "device ");
        add_escaped(out, mount->source);
        strbuf_puts(out, " mounted on ");
        add_escaped(out, strbuf_string(&place));
        strbuf_printf(out, " with fstype %s\n", mount->sb->type->name);
    }
    strbuf_fini(&place);
}

void proc_show_mountinfo(const struct proc_view *view, struct strbuf *out)
{
    struct strbuf place;
    struct mount *mount;
    strbuf_init(&place, view->kernel->arena, (size_t)2 * LX_PATH_MAX);
    list_for_each (mount, &view->kernel->vfs.mounts, all_link) {
        if (!format_place(view, mount, &place))
            continue;
        unsigned parent = mount->parent == mount ? 1 : mount->parent->id;
        strbuf_printf(out, "%u %u %u:%u / ", mount->id, parent, lx_major(mount->sb->dev),
                      lx_minor(mount->sb->dev));
        add_escaped(out, strbuf_string(&place));
        strbuf_printf(out, " %s", read_only(mount->flags));
        add_mount_options(out, mount);
        strbuf_printf(out, " - %s ", mount->sb->type->name);
        add_escaped(out, mount->source);
        strbuf_printf(out, " %s", read_only(mount->sb->flags));
        add_fs_options(out, mount->sb);
        strbuf_putc(out, '\n');
    }
    strbuf_fini(&place);
}
