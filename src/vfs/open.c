/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * open(2), openat2(2): flags, the walk, creation, the right to open, and the open file.
 */
#include <string.h>

#include "abi/capability.h"
#include "abi/errno.h"
#include "vfs/file.h"
#include "vfs/may.h"
#include "vfs/pipe.h"
#include "vfs/vfs.h"
#include "vfs/walk.h"

#define VALID_FLAGS                                                                                \
    (LX_O_ACCMODE | LX_O_CREAT | LX_O_EXCL | LX_O_NOCTTY | LX_O_TRUNC | LX_O_APPEND |              \
     LX_O_NONBLOCK | LX_O_SYNC | LX_FASYNC | LX_O_DIRECT | LX_O_LARGEFILE | LX_O_DIRECTORY |       \
     LX_O_NOFOLLOW | LX_O_NOATIME | LX_O_CLOEXEC | LX_O_PATH | LX___O_TMPFILE)
#define PATH_ONLY_FLAGS (LX_O_DIRECTORY | LX_O_NOFOLLOW | LX_O_PATH | LX_O_CLOEXEC)
#define RESOLVE_FLAGS                                                                              \
    (LX_RESOLVE_NO_XDEV | LX_RESOLVE_NO_MAGICLINKS | LX_RESOLVE_NO_SYMLINKS | LX_RESOLVE_BENEATH | \
     LX_RESOLVE_IN_ROOT | LX_RESOLVE_CACHED)

/* What the caller's words come to. */
struct open_request {
    unsigned flags; /* LX_O_* */
    unsigned may;   /* MAY_* that the file must allow */
    unsigned walk;  /* PATH_* */
    uint32_t mode;  /* of a new file: permissions */
    bool exec;
    bool created;
};

/* openat2 refuses what open ignores. */
static long check_strictly(const struct open_how *how)
{
    if (how->flags & ~(uint64_t)VALID_FLAGS)
        return -LX_EINVAL;
    if (how->resolve & ~(uint64_t)RESOLVE_FLAGS)
        return -LX_EINVAL;
    if (how->resolve & LX_RESOLVE_BENEATH && how->resolve & LX_RESOLVE_IN_ROOT)
        return -LX_EINVAL;
    bool makes = how->flags & (LX_O_CREAT | LX___O_TMPFILE);
    if (makes ? how->mode & ~(uint64_t)LX_S_IALLUGO : how->mode != 0)
        return -LX_EINVAL;
    return 0;
}

static long decode_how(const struct open_how *how, struct open_request *out)
{
    if (how->strict) {
        long err = check_strictly(how);
        if (err)
            return err;
    }
    unsigned flags = (unsigned)(how->flags & VALID_FLAGS);
    if (!how->strict && flags & LX_O_PATH)
        flags &= PATH_ONLY_FLAGS;
    if ((flags & (LX_O_DIRECTORY | LX_O_CREAT)) == (LX_O_DIRECTORY | LX_O_CREAT))
        return -LX_EINVAL;
    if (flags & LX___O_TMPFILE) {
        if (!(flags & LX_O_DIRECTORY) || (flags & LX_O_ACCMODE) == LX_O_RDONLY)
            return -LX_EINVAL;
    }
    if (flags & LX_O_PATH && flags & ~PATH_ONLY_FLAGS)
        return -LX_EINVAL;
    if ((flags & LX_O_SYNC) == (LX_O_SYNC & ~LX_O_DSYNC))
        flags |= LX_O_DSYNC;
    static const uint8_t may_of_mode[4] = {MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE,
                                           MAY_READ | MAY_WRITE};
    *out = (struct open_request){.flags = flags, .exec = how->exec};
    out->may = flags & LX_O_PATH ? 0 : may_of_mode[flags & LX_O_ACCMODE];
    if (flags & LX_O_TRUNC)
        out->may |= MAY_WRITE;
    if (how->exec)
        out->may = MAY_EXEC;
    out->mode = (uint32_t)how->mode & LX_S_IALLUGO;
    out->walk = PATH_RESOLVE(how->resolve);
    if (how->empty)
        out->walk |= PATH_EMPTY;
    if (!(flags & LX_O_NOFOLLOW) && !(flags & LX_O_CREAT && flags & LX_O_EXCL))
        out->walk |= PATH_FOLLOW;
    if (flags & LX_O_DIRECTORY)
        out->walk |= PATH_DIRECTORY;
    if (how->resolve & LX_RESOLVE_CACHED && flags & (LX_O_TRUNC | LX_O_CREAT | LX___O_TMPFILE))
        return -LX_EAGAIN;
    return 0;
}

long vfs_check_open(const struct open_how *how)
{
    struct open_request request;
    return decode_how(how, &request);
}

/* A new regular file as the walk's last component. *out: its dentry, a reference. */
static long create_file(struct walk *walk, struct open_request *request, struct dentry **out)
{
    struct fs_context *context = walk->context;
    struct dentry *parent = walk->at.dentry;
    struct inode *dir = parent->inode;
    long err = mount_writable(walk->at.mount);
    if (!err)
        err = may_create(context, parent);
    if (!err && !dir->ops->create)
        err = -LX_EACCES;
    if (err)
        return err;
    struct dentry *dentry;
    err = dentry_create(parent, walk->name, walk->length, &dentry);
    if (err)
        return err;
    uint32_t mode = LX_S_IFREG | (request->mode & ~context->fs->umask);
    err = dir->ops->create(context, dir, dentry, strip_setgid(context, dir, mode));
    if (err) {
        dentry_put(dentry);
        return err;
    }
    request->created = true;
    *out = dentry;
    return 0;
}

/* The last component with O_CREAT: found or made. As walk_last(). */
static long create_last(struct walk *walk, struct open_request *request)
{
    if (walk->last != PATH_LAST_NAME)
        return walk_last(walk, false);
    if (walk->slash)
        return -LX_EISDIR;
    struct dentry *dentry;
    long err = dentry_lookup(walk->context, walk->at.dentry, walk->name, walk->length, &dentry);
    if (err == -LX_ENOENT)
        err = create_file(walk, request, &dentry);
    if (err)
        return err;
    return walk_step(walk, dentry, walk->flags & PATH_FOLLOW);
}

/* To the file that shall be opened: walk->at. */
static long walk_to_file(struct walk *walk, struct open_request *request)
{
    if (!(request->flags & LX_O_CREAT))
        return walk_all(walk);
    for (;;) {
        long err = walk_to_last(walk);
        if (err)
            return err;
        err = create_last(walk, request);
        if (err <= 0)
            return err;
    }
}

/* By type: what may not be opened so at all. */
static long check_type(const struct path *path, struct open_request *request)
{
    const struct inode *inode = path->dentry->inode;
    unsigned noexec = (path->mount->flags | path->mount->sb->flags) & LX_MS_NOEXEC;
    switch (inode->mode & LX_S_IFMT) {
    case LX_S_IFLNK:
        return -LX_ELOOP;
    case LX_S_IFDIR:
        if (request->may & MAY_WRITE)
            return -LX_EISDIR;
        return request->may & MAY_EXEC ? -LX_EACCES : 0;
    case LX_S_IFBLK:
    case LX_S_IFCHR:
        if (path->mount->flags & LX_MS_NODEV)
            return -LX_EACCES;
        break;
    case LX_S_IFREG:
        return request->may & MAY_EXEC && noexec ? -LX_EACCES : 0;
    case LX_S_IFIFO:
    case LX_S_IFSOCK:
        break;
    default: /* anonymous inodes */
        return 0;
    }
    if (request->may & MAY_EXEC)
        return -LX_EACCES;
    request->flags &= ~LX_O_TRUNC;
    return 0;
}

/* Everything between the walk and the opening, in Linux's order (do_open(), may_open()). */
static long may_open(struct fs_context *context, const struct path *path,
                     struct open_request *request)
{
    struct inode *inode = path->dentry->inode;
    if (request->flags & LX_O_CREAT) {
        if (request->flags & LX_O_EXCL && !request->created)
            return -LX_EEXIST;
        if (LX_S_ISDIR(inode->mode))
            return -LX_EISDIR;
    }
    if (request->walk & PATH_DIRECTORY && !LX_S_ISDIR(inode->mode))
        return -LX_ENOTDIR;
    if (request->created) {
        request->flags &= ~LX_O_TRUNC;
        request->may = 0;
    } else if (LX_S_ISREG(inode->mode) && request->flags & LX_O_TRUNC) {
        long err = mount_writable(path->mount);
        if (err)
            return err;
    }
    long err = check_type(path, request);
    if (err)
        return err;
    if (request->may) {
        err = inode_permission(context, inode, request->may);
        if (err)
            return err;
    }
    if (request->flags & LX_O_NOATIME && !inode_owner_or_capable(context->cred, inode))
        return -LX_EPERM;
    return 0;
}

static void place_release(struct file *file)
{
    arena_free(file->vfs->arena, file);
}

/* O_PATH: a place, not a file. */
static const struct file_ops place_ops = {
    .release = place_release,
};

static long open_place(struct fs_context *context, const struct path *path, unsigned flags,
                       struct file **out)
{
    struct file *file = arena_alloc(context->vfs->arena, sizeof *file);
    if (!file)
        return -LX_ENOMEM;
    file_init(file, context->vfs, &place_ops, flags & PATH_ONLY_FLAGS);
    file_attach(file, path->dentry->inode, path);
    *out = file;
    return 0;
}

/* The file's own opening, by type. */
static long call_open(struct fs_context *context, struct inode *inode, unsigned flags,
                      struct file **out)
{
    if (inode->ops->open)
        return inode->ops->open(context, inode, flags, out);
    if (LX_S_ISFIFO(inode->mode))
        return fifo_open(context, inode, flags, out);
    if ((LX_S_ISCHR(inode->mode) || LX_S_ISBLK(inode->mode)) && context->vfs->open_device)
        return context->vfs->open_device(context, inode, flags, out);
    return -LX_ENXIO;
}

static long truncate_opened(struct fs_context *context, struct file *file)
{
    struct attr attr = {.valid = ATTR_SIZE | ATTR_MTIME | ATTR_CTIME, .size = 0};
    attr.mtime = attr.ctime = vfs_now(context->vfs);
    add_setid_drop(context, file->inode, &attr);
    return inode_set_attr(context, file->inode, &attr);
}

static long open_path(struct fs_context *context, const struct path *path,
                      struct open_request *request, struct file **out)
{
    struct inode *inode = path->dentry->inode;
    struct vfs *vfs = context->vfs;
    bool writes = (request->flags & LX_O_ACCMODE) == LX_O_WRONLY ||
                  (request->flags & LX_O_ACCMODE) == LX_O_RDWR;
    bool counted =
        writes && !LX_S_ISCHR(inode->mode) && !LX_S_ISBLK(inode->mode) && !LX_S_ISFIFO(inode->mode);
    if (vfs->file_count >= vfs->file_limit)
        return -LX_ENFILE;
    if (request->flags & LX_O_DIRECT && LX_S_ISFIFO(inode->mode))
        return -LX_EINVAL; /* only pipe2(2) and fcntl(2) make packets */
    if (counted) {
        if (inode->writers < 0)
            return -LX_ETXTBSY;
        long err = mount_writable(path->mount);
        if (err)
            return err;
        inode->writers++;
    }
    struct file *file;
    long err = call_open(context, inode, request->flags, &file);
    bool waits = err && context->opening && *context->opening;
    if (err && !waits) {
        if (counted)
            inode->writers--;
        return err;
    }
    if (waits)
        file = *context->opening;
    file->writer = counted;
    file->created = request->created;
    file->keep_setid = cred_capable(context->cred, LX_CAP_FSETID);
    if (!file->inode)
        file_attach(file, inode, path);
    if (waits)
        return err;
    if (request->flags & LX_O_DIRECT && !(file->ops->direct && LX_S_ISREG(inode->mode)))
        err = -LX_EINVAL;
    if (!err && request->flags & LX_O_TRUNC && LX_S_ISREG(inode->mode))
        err = truncate_opened(context, file);
    if (err) {
        file_put(file);
        return err;
    }
    *out = file;
    return 0;
}

/* O_TMPFILE: walk->at is the directory. */
static long open_tmpfile(struct walk *walk, struct open_request *request, struct file **out)
{
    struct fs_context *context = walk->context;
    struct dentry *parent = walk->at.dentry;
    struct inode *dir = parent->inode;
    long err = mount_writable(walk->at.mount);
    if (!err)
        err = inode_permission(context, dir, MAY_WRITE | MAY_EXEC);
    if (!err && !dir->ops->tmpfile)
        err = -LX_EOPNOTSUPP;
    if (err)
        return err;
    struct dentry *dentry;
    err = dentry_create(parent, "#", 1, &dentry);
    if (err)
        return err;
    dentry->flags |= DENTRY_UNLINKED;
    uint32_t mode = LX_S_IFREG | (request->mode & ~context->fs->umask);
    err = dir->ops->tmpfile(context, dir, dentry, strip_setgid(context, dir, mode));
    if (!err) {
        struct path path = {walk->at.mount, dentry};
        dentry_name_by_number(dentry);
        request->created = true;
        err = open_path(context, &path, request, out);
    }
    dentry_put(dentry);
    return err;
}

static long open_walked(struct walk *walk, struct open_request *request, struct file **out)
{
    long err = walk_to_file(walk, request);
    if (err)
        return err;
    if (request->flags & LX_O_PATH)
        return open_place(walk->context, &walk->at, request->flags, out);
    if (request->flags & LX___O_TMPFILE)
        return open_tmpfile(walk, request, out);
    err = may_open(walk->context, &walk->at, request);
    return err ? err : open_path(walk->context, &walk->at, request, out);
}

long vfs_open(struct fs_context *context, int dirfd, const char *name, const struct open_how *how,
              struct file **out)
{
    if (context->opening && *context->opening)
        return fifo_open_again(context, out);
    struct open_request request;
    long err = decode_how(how, &request);
    if (err)
        return err;
    struct walk walk;
    err = walk_begin(&walk, context, dirfd, NULL, name, request.walk);
    if (!err)
        err = open_walked(&walk, &request, out);
    walk_end(&walk);
    return err;
}
