/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advisory locks of an inode (flock(2), fcntl_locking(2)).
 *
 * Record locks of one owner never overlap and never touch with equal type: setting one cuts or
 * joins its neighbours. An owner is a descriptor table (POSIX) or an open file (OFD); flock locks
 * belong to open files and conflict only among themselves.
 */
#include "vfs/locks.h"

#include "abi/errno.h"
#include "abi/stat.h"
#include "base/strbuf.h"
#include "vfs/mount.h"
#include "vfs/vfs.h"

#define OFFSET_MAX INT64_MAX

struct file_lock {
    struct list link;     /* in file_locks.records or .flocks */
    struct list all_link; /* in vfs->locks */
    struct inode *inode;  /* borrowed: it owns its locks */
    const void *owner;    /* struct fdtable or struct file */
    int pid;              /* who set it; -1 of OFD locks */
    bool flock;
    int16_t type;       /* LX_F_RDLCK, LX_F_WRLCK */
    int64_t start, end; /* both included */
};

struct file_locks {
    struct list records;
    struct list flocks;
    struct wait_queue waiters; /* who wants a lock that another has */
};

static struct vfs *vfs_of(const struct inode *inode)
{
    return inode->sb->vfs;
}

/* The inode's lists, made when it has none. NULL: no memory. */
static struct file_locks *get_locks(struct inode *inode)
{
    if (inode->locks)
        return inode->locks;
    struct file_locks *locks = arena_alloc(vfs_of(inode)->arena, sizeof *locks);
    if (!locks)
        return NULL;
    list_init(&locks->records);
    list_init(&locks->flocks);
    wait_queue_init(&locks->waiters);
    inode->locks = locks;
    return locks;
}

static struct file_lock *alloc_lock(struct inode *inode)
{
    struct vfs *vfs = vfs_of(inode);
    if (vfs->lock_count >= vfs->lock_limit)
        return NULL;
    struct file_lock *lock = arena_alloc(vfs->arena, sizeof *lock);
    if (!lock)
        return NULL;
    vfs->lock_count++;
    lock->inode = inode;
    list_init(&lock->link);
    list_init(&lock->all_link);
    return lock;
}

static void free_lock(struct vfs *vfs, struct file_lock *lock)
{
    if (!lock)
        return;
    list_remove(&lock->link);
    list_remove(&lock->all_link);
    vfs->lock_count--;
    arena_free(vfs->arena, lock);
}

static void wake_waiters(struct inode *inode)
{
    wait_queue_wake_all(vfs_of(inode)->sched, &inode->locks->waiters, 0);
}

static void free_list(struct vfs *vfs, struct list *list)
{
    while (!list_empty(list))
        free_lock(vfs, list_first(list, struct file_lock, link));
}

void inode_locks_free(struct inode *inode)
{
    struct file_locks *locks = inode->locks;
    if (!locks)
        return;
    struct vfs *vfs = vfs_of(inode);
    free_list(vfs, &locks->records);
    free_list(vfs, &locks->flocks);
    wait_queue_fini(vfs->sched, &locks->waiters);
    arena_free(vfs->arena, locks);
    inode->locks = NULL;
}

/* --- flock(2) --- */

static struct file_lock *find_flock(struct file_locks *locks, const struct file *file)
{
    struct file_lock *lock;
    list_for_each (lock, &locks->flocks, link) {
        if (lock->owner == file)
            return lock;
    }
    return NULL;
}

static bool flock_conflicts(struct file_locks *locks, const struct file *file, int16_t type)
{
    struct file_lock *lock;
    list_for_each (lock, &locks->flocks, link) {
        if (lock->owner != file && (type == LX_F_WRLCK || lock->type == LX_F_WRLCK))
            return true;
    }
    return false;
}

static long wait_for_lock(struct file_locks *locks, struct vfs *vfs, bool wait)
{
    if (!wait)
        return -LX_EAGAIN;
    long err = wait_on(vfs->sched, &locks->waiters, 0, false);
    return err ? err : BLOCKED;
}

long file_flock(struct file *file, unsigned operation, int pid)
{
    unsigned what = operation & ~LX_LOCK_NB;
    if (what != LX_LOCK_SH && what != LX_LOCK_EX && what != LX_LOCK_UN)
        return -LX_EINVAL;
    struct inode *inode = file->inode;
    if (!inode)
        return -LX_EBADF;
    if (what != LX_LOCK_UN && !file_readable(file) && !file_writable(file))
        return -LX_EBADF;
    struct file_locks *locks = get_locks(inode);
    if (!locks)
        return -LX_ENOLCK;
    struct file_lock *mine = find_flock(locks, file);
    if (what == LX_LOCK_UN) {
        free_lock(file->vfs, mine);
        wake_waiters(inode);
        return 0;
    }
    int16_t type = what == LX_LOCK_EX ? LX_F_WRLCK : LX_F_RDLCK;
    if (mine && mine->type == type)
        return 0;
    /* A conversion gives the old lock up first: flock(2). */
    if (mine) {
        free_lock(file->vfs, mine);
        wake_waiters(inode);
    }
    if (flock_conflicts(locks, file, type))
        return wait_for_lock(locks, file->vfs, !(operation & LX_LOCK_NB));
    mine = alloc_lock(inode);
    if (!mine)
        return -LX_ENOLCK;
    mine->owner = file;
    mine->pid = pid;
    mine->type = type;
    mine->flock = true;
    mine->end = OFFSET_MAX;
    list_push_back(&locks->flocks, &mine->link);
    list_push_front(&file->vfs->locks, &mine->all_link);
    return 0;
}

/* --- record locks --- */

/* The range that `lock` means, from where the file stands. */
static long decode_range(const struct file *file, const struct lx_flock *lock, int64_t *start,
                         int64_t *end)
{
    int64_t base;
    switch (lock->l_whence) {
    case LX_SEEK_SET:
        base = 0;
        break;
    case LX_SEEK_CUR:
        base = (int64_t)file->pos;
        break;
    case LX_SEEK_END:
        base = (int64_t)file->inode->size;
        break;
    default:
        return -LX_EINVAL;
    }
    if (lock->l_start > OFFSET_MAX - base)
        return -LX_EOVERFLOW;
    int64_t first = base + lock->l_start, last = OFFSET_MAX;
    if (first < 0)
        return -LX_EINVAL;
    if (lock->l_len > 0) {
        if (lock->l_len - 1 > OFFSET_MAX - first)
            return -LX_EOVERFLOW;
        last = first + (lock->l_len - 1);
    } else if (lock->l_len < 0) {
        last = first - 1;
        first += lock->l_len;
        if (first < 0)
            return -LX_EINVAL;
    }
    *start = first;
    *end = last;
    return 0;
}

static bool overlaps(const struct file_lock *lock, int64_t start, int64_t end)
{
    return lock->start <= end && start <= lock->end;
}

static struct file_lock *find_conflict(struct file_locks *locks, const void *owner, int16_t type,
                                       int64_t start, int64_t end)
{
    struct file_lock *lock;
    list_for_each (lock, &locks->records, link) {
        if (lock->owner != owner && overlaps(lock, start, end) &&
            (type == LX_F_WRLCK || lock->type == LX_F_WRLCK))
            return lock;
    }
    return NULL;
}

/* Locks of one owner stand together, by start; a new owner's come last: the order in which Linux
 * finds conflicts. */
static void insert_record(struct file_locks *locks, struct file_lock *new)
{
    bool seen = false;
    struct file_lock *lock;
    list_for_each (lock, &locks->records, link) {
        bool same = lock->owner == new->owner;
        if ((seen && !same) || (same && lock->start > new->start))
            break;
        seen = seen || same;
    }
    list_push_back(&lock->link, &new->link); /* before it, or at the end */
    if (list_empty(&new->all_link))
        list_push_front(&vfs_of(new->inode)->locks, &new->all_link);
}

/*
 * Take [start, end] away from what `owner` has, but join with equal neighbours of `type`: *start
 * and *end grow. `spare` becomes the second half of a lock that is cut in the middle. True: it was
 * used.
 */
static bool clear_range(struct vfs *vfs, struct file_locks *locks, const void *owner, int type,
                        int64_t *start, int64_t *end, struct file_lock *spare)
{
    struct file_lock *lock, *next;
    list_for_each_safe (lock, next, &locks->records, link) {
        if (lock->owner != owner)
            continue;
        if (lock->type == type) {
            bool touches = lock->start <= (*end == OFFSET_MAX ? *end : *end + 1) &&
                           (*start == 0 ? 0 : *start - 1) <= lock->end;
            if (!touches)
                continue;
            *start = MIN(*start, lock->start);
            *end = MAX(*end, lock->end);
            free_lock(vfs, lock);
            continue;
        }
        if (!overlaps(lock, *start, *end))
            continue;
        if (lock->start < *start && lock->end > *end) {
            *spare = *lock;
            list_init(&spare->link);
            list_init(&spare->all_link);
            spare->start = *end + 1;
            lock->end = *start - 1;
            insert_record(locks, spare);
            return true;
        }
        if (lock->start < *start) {
            lock->end = *start - 1;
        } else if (lock->end > *end) {
            lock->start = *end + 1;
            list_remove(&lock->link);
            insert_record(locks, lock);
        } else {
            free_lock(vfs, lock);
        }
    }
    return false;
}

static long set_record(struct file *file, const void *owner, int pid, int16_t type, int64_t start,
                       int64_t end)
{
    struct vfs *vfs = file->vfs;
    struct file_locks *locks = file->inode->locks;
    /* Both before anything changes: a call that fails leaves all as it was. */
    struct file_lock *lock = alloc_lock(file->inode), *spare = alloc_lock(file->inode);
    if (!lock || !spare) {
        free_lock(vfs, lock);
        free_lock(vfs, spare);
        return -LX_ENOLCK;
    }
    if (!clear_range(vfs, locks, owner, type == LX_F_UNLCK ? -1 : type, &start, &end, spare))
        free_lock(vfs, spare);
    if (type == LX_F_UNLCK) {
        free_lock(vfs, lock);
    } else {
        lock->owner = owner;
        lock->pid = pid;
        lock->type = type;
        lock->start = start;
        lock->end = end;
        insert_record(locks, lock);
    }
    wake_waiters(file->inode);
    return 0;
}

long file_set_lock(struct file *file, const struct lx_flock *lock, struct fdtable *owner, int pid,
                   bool wait)
{
    if (!file->inode)
        return -LX_EBADF;
    int64_t start, end;
    long err = decode_range(file, lock, &start, &end);
    if (err)
        return err;
    int16_t type = lock->l_type;
    if (type != LX_F_RDLCK && type != LX_F_WRLCK && type != LX_F_UNLCK)
        return -LX_EINVAL;
    if ((type == LX_F_RDLCK && !file_readable(file)) ||
        (type == LX_F_WRLCK && !file_writable(file)))
        return -LX_EBADF;
    if (!owner && lock->l_pid != 0)
        return -LX_EINVAL;
    struct file_locks *locks = get_locks(file->inode);
    if (!locks)
        return -LX_ENOLCK;
    const void *who = owner ? (const void *)owner : (const void *)file;
    if (type != LX_F_UNLCK && find_conflict(locks, who, type, start, end))
        return wait_for_lock(locks, file->vfs, wait);
    return set_record(file, who, owner ? pid : -1, type, start, end);
}

const void *file_lock_blocker(const struct file *file, const struct lx_flock *lock,
                              const struct fdtable *owner)
{
    int64_t start, end;
    if (!file->inode || !file->inode->locks || lock->l_type == LX_F_UNLCK ||
        decode_range(file, lock, &start, &end))
        return NULL;
    const struct file_lock *conflict =
        find_conflict(file->inode->locks, owner, lock->l_type, start, end);
    return conflict ? conflict->owner : NULL;
}

/* A lock of the owner itself. */
static struct file_lock *find_own(struct file_locks *locks, const void *owner, int64_t start,
                                  int64_t end)
{
    struct file_lock *lock;
    list_for_each (lock, &locks->records, link) {
        if (lock->owner == owner && overlaps(lock, start, end))
            return lock;
    }
    return NULL;
}

long file_get_lock(struct file *file, struct lx_flock *lock, struct fdtable *owner)
{
    if (!file->inode)
        return -LX_EBADF;
    /* Linux: with F_UNLCK an open file asks for its own locks (guest/file/record_locks). */
    bool own = lock->l_type == LX_F_UNLCK && !owner;
    if (lock->l_type != LX_F_RDLCK && lock->l_type != LX_F_WRLCK && !own)
        return -LX_EINVAL;
    if (!owner && lock->l_pid != 0)
        return -LX_EINVAL;
    int64_t start, end;
    long err = decode_range(file, lock, &start, &end);
    if (err)
        return err;
    const void *who = owner ? (const void *)owner : (const void *)file;
    struct file_locks *locks = file->inode->locks;
    struct file_lock *conflict = NULL;
    if (locks)
        conflict = own ? find_own(locks, who, start, end)
                       : find_conflict(locks, who, lock->l_type, start, end);
    if (!conflict) {
        lock->l_type = LX_F_UNLCK;
        return 0;
    }
    lock->l_type = conflict->type;
    lock->l_whence = LX_SEEK_SET;
    lock->l_start = conflict->start;
    lock->l_len = conflict->end == OFFSET_MAX ? 0 : conflict->end - conflict->start + 1;
    lock->l_pid = conflict->pid;
    return 0;
}

void vfs_show_locks(const struct vfs *vfs, struct strbuf *out)
{
    const struct file_lock *lock;
    unsigned number = 0;
    list_for_each (lock, &vfs->locks, all_link) {
        const struct inode *inode = lock->inode;
        uint64_t dev = inode->sb->dev;
        const char *kind = lock->flock ? "FLOCK " : lock->pid < 0 ? "OFDLCK" : "POSIX ";
        strbuf_printf(out, "%u: %s ADVISORY  %s %d %02x:%02x:%llu %lld ", ++number, kind,
                      lock->type == LX_F_WRLCK ? "WRITE" : "READ", lock->pid,
                      (unsigned)lx_major(dev), (unsigned)lx_minor(dev),
                      (unsigned long long)inode->ino, (long long)lock->start);
        if (lock->end == OFFSET_MAX)
            strbuf_puts(out, "EOF\n");
        else
            strbuf_printf(out, "%lld\n", (long long)lock->end);
    }
}

/* --- ends --- */

static void drop_records(struct inode *inode, const void *owner)
{
    struct file_lock *lock, *next;
    list_for_each_safe (lock, next, &inode->locks->records, link) {
        if (lock->owner == owner)
            free_lock(vfs_of(inode), lock);
    }
    wake_waiters(inode);
}

void file_locks_close(struct file *file, struct fdtable *owner)
{
    if (file->inode && file->inode->locks)
        drop_records(file->inode, owner);
}

void file_locks_release(struct file *file)
{
    struct inode *inode = file->inode;
    free_lock(file->vfs, find_flock(inode->locks, file));
    drop_records(inode, file);
}
