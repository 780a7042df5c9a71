/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Dentries: names in directories, found by a hash of parent and name.
 *
 * A dentry is hashed exactly while its name exists; only then is it among its parent's children. It
 * holds its parent as long as it lives, hashed or not, so that an unlinked file still knows where
 * it was. Without users it goes to the LRU list when its file system wants that and it is hashed,
 * else it is freed, and its parent may follow: in a loop, never by recursion.
 */
#include "vfs/dentry.h"

#include <stdio.h>
#include <string.h>

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vfs/dentry_cache.h"
#include "vfs/mount.h"
#include "vfs/vfs.h"

#define FIRST_HASH_BITS 10
#define MAX_HASH_BITS 18

/* A name too long for inline_name: shared by dentries that were renamed over each other. */
struct dentry_name {
    unsigned refs;
    char text[];
};

static size_t bucket_of(const struct vfs *vfs, const struct dentry *parent, uint32_t hash)
{
    uint64_t key = ((uint64_t)(uintptr_t)parent >> 4) * UINT64_C(0x9e3779b97f4a7c15) + hash;
    return (size_t)((key * UINT64_C(0xff51afd7ed558ccd)) >> (64 - vfs->hash_bits));
}

long dentry_cache_init(struct vfs *vfs)
{
    size_t count = (size_t)1 << FIRST_HASH_BITS;
    vfs->dentry_hash = arena_alloc(vfs->arena, count * sizeof *vfs->dentry_hash);
    if (!vfs->dentry_hash)
        return -LX_ENOMEM;
    vfs->hash_bits = FIRST_HASH_BITS;
    for (size_t i = 0; i < count; i++)
        list_init(&vfs->dentry_hash[i]);
    return 0;
}

/* Another number of buckets; without memory for them all stays as it is. */
static void resize_cache(struct vfs *vfs, unsigned bits)
{
    size_t old_count = (size_t)1 << vfs->hash_bits, count = (size_t)1 << bits;
    struct list *buckets = arena_alloc(vfs->arena, count * sizeof *buckets);
    if (!buckets)
        return;
    for (size_t i = 0; i < count; i++)
        list_init(&buckets[i]);
    struct list *old = vfs->dentry_hash;
    vfs->dentry_hash = buckets;
    vfs->hash_bits = bits;
    for (size_t i = 0; i < old_count; i++) {
        while (!list_empty(&old[i])) {
            struct dentry *dentry = list_first(&old[i], struct dentry, hash_link);
            list_remove(&dentry->hash_link);
            list_push_back(&buckets[bucket_of(vfs, dentry->parent, dentry->hash)],
                           &dentry->hash_link);
        }
    }
    arena_free(vfs->arena, old);
}

static bool is_hashed(const struct dentry *dentry)
{
    return !list_empty(&dentry->hash_link);
}

static void hash_dentry(struct dentry *dentry)
{
    struct vfs *vfs = dentry->sb->vfs;
    struct dentry *parent = dentry->parent;
    if (vfs->hash_count++ >> (vfs->hash_bits + 1) && vfs->hash_bits < MAX_HASH_BITS)
        resize_cache(vfs, vfs->hash_bits + 1);
    list_push_front(&vfs->dentry_hash[bucket_of(vfs, parent, dentry->hash)], &dentry->hash_link);
    list_push_front(&parent->children, &dentry->sibling_link);
    dentry->offset = parent->next_offset++;
}

static void take_from_hash(struct dentry *dentry)
{
    if (!is_hashed(dentry))
        return;
    list_remove(&dentry->hash_link);
    list_remove(&dentry->sibling_link);
    struct vfs *vfs = dentry->sb->vfs;
    if (--vfs->hash_count < (uint64_t)1 << vfs->hash_bits >> 2 && vfs->hash_bits > FIRST_HASH_BITS)
        resize_cache(vfs, vfs->hash_bits - 1);
}

static struct dentry_name *long_name(const struct dentry *dentry)
{
    return dentry->name == dentry->inline_name
               ? NULL
               : container_of((char *)(uintptr_t)dentry->name, struct dentry_name, text);
}

static void drop_name(struct dentry *dentry)
{
    struct dentry_name *name = long_name(dentry);
    if (name && --name->refs == 0)
        arena_free(dentry->sb->vfs->arena, name);
}

static struct dentry *alloc_dentry(struct superblock *sb, const char *name, size_t length)
{
    struct arena *arena = sb->vfs->arena;
    struct dentry *dentry = arena_alloc(arena, sizeof *dentry);
    if (!dentry)
        return NULL;
    char *text = dentry->inline_name;
    if (length >= DENTRY_INLINE_NAME) {
        struct dentry_name *external = arena_alloc(arena, sizeof *external + length + 1);
        if (!external) {
            arena_free(arena, dentry);
            return NULL;
        }
        external->refs = 1;
        text = external->text;
    }
    memcpy(text, name, length);
    text[length] = '\0';
    dentry->name = text;
    dentry->length = (uint32_t)length;
    dentry->refs = 1;
    dentry->sb = sb;
    dentry->next_offset = DENTRY_FIRST_OFFSET;
    list_init(&dentry->hash_link);
    list_init(&dentry->children);
    list_init(&dentry->sibling_link);
    list_init(&dentry->lru_link);
    return dentry;
}

void dentry_name_by_number(struct dentry *dentry)
{
    int length = snprintf(dentry->inline_name, sizeof dentry->inline_name, "#%llu",
                          (unsigned long long)dentry->inode->ino);
    drop_name(dentry);
    dentry->name = dentry->inline_name;
    dentry->length = (uint32_t)length;
}

long dentry_create_root(struct superblock *sb, struct inode *inode, struct dentry **out)
{
    struct dentry *dentry = alloc_dentry(sb, "/", 1);
    if (!dentry) {
        inode_put(inode);
        return -LX_ENOMEM;
    }
    dentry->parent = dentry;
    dentry->inode = inode;
    inode->alias = dentry;
    *out = dentry;
    return 0;
}

static long create_hashed(struct dentry *parent, const char *name, size_t length, uint32_t hash,
                          struct dentry **out)
{
    struct dentry *dentry = alloc_dentry(parent->sb, name, length);
    if (!dentry)
        return -LX_ENOMEM;
    dentry->parent = parent;
    dentry_get(parent);
    dentry->hash = hash;
    *out = dentry;
    return 0;
}

long dentry_create(struct dentry *parent, const char *name, size_t length, struct dentry **out)
{
    return create_hashed(parent, name, length, dentry_hash_name(name, length), out);
}

void dentry_instantiate(struct dentry *dentry, struct inode *inode)
{
    dentry->inode = inode;
    if (!inode->alias)
        inode->alias = dentry;
    if (!(dentry->flags & (DENTRY_ANON | DENTRY_UNLINKED)) && !dentry_is_root(dentry))
        hash_dentry(dentry);
}

void dentry_pin(struct dentry *dentry)
{
    dentry->flags |= DENTRY_PINNED;
    dentry_get(dentry);
}

void dentry_unpin(struct dentry *dentry)
{
    if (!(dentry->flags & DENTRY_PINNED))
        return;
    dentry->flags &= ~(unsigned)DENTRY_PINNED;
    dentry_put(dentry);
}

/* Free it; its parent, one user less, or NULL at a root. */
static struct dentry *free_dentry(struct dentry *dentry)
{
    struct superblock *sb = dentry->sb;
    struct arena *arena = sb->vfs->arena;
    struct dentry *parent = dentry_is_root(dentry) ? NULL : dentry->parent;
    take_from_hash(dentry);
    if (sb->ops && sb->ops->dentry_release)
        sb->ops->dentry_release(dentry);
    drop_name(dentry);
    struct inode *inode = dentry->inode;
    if (inode && inode->alias == dentry)
        inode->alias = NULL;
    arena_free(arena, dentry);
    if (inode)
        inode_put(inode); /* may be the end of sb */
    return parent;
}

static void take_from_lru(struct dentry *dentry)
{
    list_remove(&dentry->lru_link);
    dentry->sb->vfs->lru_count--;
}

/* Free an unused dentry, and those above that are unused then. */
static void free_chain(struct dentry *dentry)
{
    while (dentry) {
        struct dentry *parent = free_dentry(dentry);
        if (!parent || --parent->refs > 0)
            return;
        if (is_hashed(parent) && parent->sb->keep_dentries) {
            list_push_back(&parent->sb->vfs->lru, &parent->lru_link);
            parent->sb->vfs->lru_count++;
            return;
        }
        dentry = parent;
    }
}

void dentry_use_again(struct dentry *dentry)
{
    if (!list_empty(&dentry->lru_link))
        take_from_lru(dentry);
}

void dentry_unused(struct dentry *dentry)
{
    if (!is_hashed(dentry) || !dentry->sb->keep_dentries) {
        free_chain(dentry);
        return;
    }
    struct vfs *vfs = dentry->sb->vfs;
    list_push_back(&vfs->lru, &dentry->lru_link);
    if (++vfs->lru_count > vfs->lru_limit) {
        struct dentry *oldest = list_first(&vfs->lru, struct dentry, lru_link);
        take_from_lru(oldest);
        free_chain(oldest);
    }
}

void dentry_prune(struct vfs *vfs, struct superblock *sb)
{
    /* Freeing one may add its parent at the end: so until a whole round finds nothing. */
    for (bool found = true; found;) {
        found = false;
        struct dentry *dentry;
        list_for_each (dentry, &vfs->lru, lru_link) {
            if (sb && dentry->sb != sb)
                continue;
            take_from_lru(dentry);
            free_chain(dentry);
            found = true;
            break;
        }
    }
}

struct dentry *dentry_find_hashed(struct vfs *vfs, const struct dentry *parent, const char *name,
                                  size_t length, uint32_t hash)
{
    struct dentry *dentry;
    list_for_each (dentry, &vfs->dentry_hash[bucket_of(vfs, parent, hash)], hash_link) {
        if (dentry->hash == hash && dentry->parent == parent && dentry->length == length &&
            memcmp(dentry->name, name, length) == 0)
            return dentry;
    }
    return NULL;
}

struct dentry *dentry_find(struct dentry *parent, const char *name, size_t length)
{
    return dentry_find_hashed(parent->sb->vfs, parent, name, length,
                              dentry_hash_name(name, length));
}

/* A name that is not cached: ask the file system. */
static long lookup_uncached(struct fs_context *context, struct dentry *parent, const char *name,
                            size_t length, uint32_t hash, struct dentry **out)
{
    struct dentry *dentry;
    long err = create_hashed(parent, name, length, hash, &dentry);
    if (err)
        return err;
    err = parent->inode->ops->lookup(context, parent->inode, dentry);
    if (err) {
        dentry_put(dentry);
        return err;
    }
    *out = dentry;
    return 0;
}

long dentry_lookup_hashed(struct fs_context *context, struct dentry *parent, const char *name,
                          size_t length, uint32_t hash, struct dentry **out)
{
    struct inode *dir = parent->inode;
    struct dentry *dentry = dentry_find_hashed(parent->sb->vfs, parent, name, length, hash);
    if (dentry) {
        dentry_get(dentry);
        if (!dir->ops->revalidate || dir->ops->revalidate(context, dir, dentry)) {
            *out = dentry;
            return 0;
        }
        dentry_unhash(dentry);
        dentry_put(dentry);
    }
    if (length > parent->sb->name_max)
        return -LX_ENAMETOOLONG;
    if (!dir->ops->lookup)
        return -LX_ENOENT;
    return lookup_uncached(context, parent, name, length, hash, out);
}

long dentry_lookup(struct fs_context *context, struct dentry *parent, const char *name,
                   size_t length, struct dentry **out)
{
    return dentry_lookup_hashed(context, parent, name, length, dentry_hash_name(name, length), out);
}

void dentry_unhash(struct dentry *dentry)
{
    take_from_hash(dentry);
    dentry->flags |= DENTRY_UNLINKED;
    if (!list_empty(&dentry->lru_link)) {
        take_from_lru(dentry);
        free_chain(dentry);
        return;
    }
    dentry_unpin(dentry);
}

/* `dentry` gets the name of `from`. */
static void copy_name(struct dentry *dentry, const struct dentry *from)
{
    drop_name(dentry);
    struct dentry_name *external = long_name(from);
    if (external) {
        external->refs++;
        dentry->name = external->text;
    } else {
        memcpy(dentry->inline_name, from->inline_name, sizeof dentry->inline_name);
        dentry->name = dentry->inline_name;
    }
    dentry->length = from->length;
    dentry->hash = from->hash;
}

void dentry_move(struct dentry *dentry, struct dentry *target)
{
    struct dentry *old_parent = dentry->parent;
    take_from_hash(dentry);
    copy_name(dentry, target);
    dentry->parent = target->parent;
    dentry_get(dentry->parent);
    if (target->inode)
        dentry_unhash(target);
    hash_dentry(dentry);
    dentry_put(old_parent);
}

void dentry_exchange(struct dentry *a, struct dentry *b)
{
    take_from_hash(a);
    take_from_hash(b);
    struct dentry saved = {.inline_name = {0}};
    memcpy(saved.inline_name, a->inline_name, sizeof saved.inline_name);
    saved.name = a->name == a->inline_name ? saved.inline_name : a->name;
    saved.length = a->length;
    saved.hash = a->hash;
    saved.parent = a->parent;

    struct dentry_name *external = long_name(a);
    if (external)
        external->refs++; /* saved's */
    copy_name(a, b);
    a->parent = b->parent;
    drop_name(b);
    memcpy(b->inline_name, saved.inline_name, sizeof b->inline_name);
    b->name = external ? external->text : b->inline_name; /* saved's reference is b's now */
    b->length = saved.length;
    b->hash = saved.hash;
    b->parent = saved.parent;
    hash_dentry(a);
    hash_dentry(b);
}

bool dentry_is_below(const struct dentry *dentry, const struct dentry *ancestor)
{
    for (;; dentry = dentry->parent) {
        if (dentry == ancestor)
            return true;
        if (dentry_is_root(dentry))
            return false;
    }
}
