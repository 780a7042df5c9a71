/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostfs: cached pages of regular files, for mappings (and programs are mapped). They are filled by
 * reading around a fault and stay after the last mapping is gone, for the next run of the same
 * program; until the file's size or time of modification changes, or too many are kept.
 *
 * A page is dirty from the moment a shared mapping may write it. Writing it back cleans it: the
 * next store faults and marks it again. All dirty pages are written when the last shared mapping or
 * the last open file goes.
 */
#include "fs/hostfs_internal.h"

#include "base/strbuf.h"
#include "mem/mm.h"

#define CHUNK_PAGES 64
#define READ_AROUND 16
/* Pages kept without a mapping: at most this part of the machine's RAM. */
#define KEPT_PART 8

struct chunk {
    struct rb_node node;         /* in hostfs_inode.chunks */
    uint64_t first;              /* index of its first page, a multiple of CHUNK_PAGES */
    uint64_t present, dirty;     /* a bit a page */
    frame_t frames[CHUNK_PAGES]; /* a reference each, where present */
};

static struct hostfs_inode *node_of(struct vm_object *object)
{
    return container_of(object, struct hostfs_inode, object);
}

/* The chunk that holds page `index`, or the first one behind it; NULL: none. */
static struct chunk *chunk_from(struct hostfs_inode *node, uint64_t index)
{
    struct rb_node *at = node->chunks.root;
    struct chunk *best = NULL;
    while (at) {
        struct chunk *chunk = rb_entry(at, struct chunk, node);
        if (index < chunk->first + CHUNK_PAGES) {
            best = chunk;
            at = at->left;
        } else {
            at = at->right;
        }
    }
    return best;
}

static struct chunk *chunk_of(struct hostfs_inode *node, uint64_t index)
{
    struct chunk *chunk = chunk_from(node, index);
    return chunk && chunk->first <= index ? chunk : NULL;
}

static struct chunk *chunk_make(struct hostfs_inode *node, uint64_t index)
{
    uint64_t first = index - index % CHUNK_PAGES;
    struct rb_node *parent = NULL, **link = &node->chunks.root;
    while (*link) {
        parent = *link;
        struct chunk *chunk = rb_entry(parent, struct chunk, node);
        if (chunk->first == first)
            return chunk;
        link = first < chunk->first ? &parent->left : &parent->right;
    }
    struct chunk *chunk = arena_alloc(node->fs->vfs->arena, sizeof *chunk);
    if (!chunk)
        return NULL;
    chunk->first = first;
    rb_insert(&node->chunks, parent, link, &chunk->node);
    return chunk;
}

frame_t hostfs_page(struct hostfs_inode *node, uint64_t index)
{
    struct chunk *chunk = node->page_count ? chunk_of(node, index) : NULL;
    if (!chunk || !(chunk->present >> index % CHUNK_PAGES & 1))
        return FRAME_NONE;
    return chunk->frames[index % CHUNK_PAGES];
}

static void page_drop(struct hostfs_inode *node, struct chunk *chunk, unsigned i)
{
    uint64_t bit = UINT64_C(1) << i;
    if (!(chunk->present & bit))
        return;
    ram_put(node->fs->vfs->ram, chunk->frames[i]);
    if (chunk->dirty & bit)
        node->dirty_count--;
    chunk->present &= ~bit;
    chunk->dirty &= ~bit;
    node->page_count--;
    node->fs->cached_pages--;
}

/* Drop the pages of [first, end), dirty or not. */
static void drop_range(struct hostfs_inode *node, uint64_t first, uint64_t end)
{
    struct chunk *chunk;
    while (first < end && (chunk = chunk_from(node, first))) {
        for (unsigned i = 0; i < CHUNK_PAGES; i++) {
            if (chunk->first + i >= first && chunk->first + i < end)
                page_drop(node, chunk, i);
        }
        first = chunk->first + CHUNK_PAGES;
        if (!chunk->present) {
            rb_remove(&node->chunks, &chunk->node);
            arena_free(node->fs->vfs->arena, chunk);
        }
    }
    if (node->page_count == 0)
        list_remove(&node->cache_link);
}

static void drop_from(struct hostfs_inode *node, uint64_t first)
{
    drop_range(node, first, UINT64_MAX);
}

/* --- writing back --- */

/* Write the run of dirty pages that begins at bit `i`. How many pages it has, or an error. */
static long write_run(struct hostfs_inode *node, struct chunk *chunk, unsigned i)
{
    struct vfs *vfs = node->fs->vfs;
    struct host_span spans[CHUNK_PAGES];
    unsigned n = 0;
    uint64_t offset = (chunk->first + i) << PAGE_SHIFT, size = node->inode.size;
    while (i + n < CHUNK_PAGES && chunk->dirty >> (i + n) & 1) {
        uint64_t at = offset + n * PAGE_SIZE;
        if (at >= size)
            break; /* behind the end: a file does not grow by a mapping */
        spans[n].base = (void *)(uintptr_t)ram_read(vfs->ram, chunk->frames[i + n]);
        spans[n].length = (size_t)MIN(PAGE_SIZE, size - at);
        n++;
    }
    for (unsigned done = 0; done < n;) {
        ssize_t put =
            host_pwrite(vfs->host, node->writer, spans + done, n - done, offset + done * PAGE_SIZE);
        if (put <= 0)
            return put ? put : -LX_EIO;
        unsigned pages = (unsigned)(((uint64_t)put + PAGE_SIZE - 1) >> PAGE_SHIFT);
        if ((uint64_t)put < PAGE_SIZE && put < (ssize_t)spans[done].length)
            return -LX_EIO; /* part of one page: the disk is full */
        done += MIN(pages, n - done);
    }
    return MAX(n, 1u);
}

long hostfs_pages_sync(struct hostfs_inode *node, uint64_t first, uint64_t count)
{
    if (node->dirty_count == 0 || node->writer == HOST_NONE)
        return 0;
    uint64_t end = count > UINT64_MAX - first ? UINT64_MAX : first + count;
    struct chunk *chunk;
    while (node->dirty_count && first < end && (chunk = chunk_from(node, first))) {
        for (unsigned i = 0; i < CHUNK_PAGES;) {
            uint64_t index = chunk->first + i;
            if (index < first || index >= end || !(chunk->dirty >> i & 1)) {
                i++;
                continue;
            }
            if (node->map_count)
                vm_object_clean_pages(&node->object, index, CHUNK_PAGES - i);
            long n = write_run(node, chunk, i);
            if (n < 0)
                return n;
            for (unsigned k = i; k < i + (unsigned)n; k++) {
                node->dirty_count -= chunk->dirty >> k & 1;
                chunk->dirty &= ~(UINT64_C(1) << k);
            }
            i += (unsigned)n;
        }
        first = chunk->first + CHUNK_PAGES;
    }
    node->stamp_stale = true;
    return 0;
}

/* --- keeping few --- */

/* Give the least lately used pages back that nobody maps, until at most `most` are kept. */
static void reclaim(struct hostfs *fs, uint64_t most)
{
    struct hostfs_inode *node, *next;
    list_for_each_safe (node, next, &fs->cached, cache_link) {
        if (fs->cached_pages <= most)
            return;
        if (node->map_count == 0 && node->dirty_count == 0)
            drop_from(node, 0);
    }
}

static void trim(struct hostfs *fs)
{
    reclaim(fs, (ram_size(fs->vfs->ram) >> PAGE_SHIFT) / KEPT_PART);
}

static long frame_alloc(struct hostfs *fs, frame_t *out)
{
    long err = ram_alloc(fs->vfs->ram, out);
    if (err && fs->cached_pages) {
        reclaim(fs, 0);
        err = ram_alloc(fs->vfs->ram, out);
    }
    return err;
}

/* --- filling --- */

/*
 * New frames for the absent pages from bit `i` on, at most `most`: how many. At least one, or an
 * error.
 */
static long alloc_run(struct hostfs *fs, const struct chunk *chunk, unsigned i, unsigned most,
                      frame_t frames[READ_AROUND])
{
    unsigned n = 0;
    while (n < most && i + n < CHUNK_PAGES && !(chunk->present >> (i + n) & 1)) {
        long err = n == 0 ? frame_alloc(fs, &frames[0]) : ram_alloc(fs->vfs->ram, &frames[n]);
        if (err && n == 0)
            return err;
        if (err)
            break;
        n++;
    }
    return n;
}

static long fill(struct hostfs_inode *node, struct chunk *chunk, unsigned i, unsigned most)
{
    struct hostfs *fs = node->fs;
    struct ram *ram = fs->vfs->ram;
    frame_t frames[READ_AROUND];
    struct host_span spans[READ_AROUND];
    long n = alloc_run(fs, chunk, i, most, frames);
    if (n <= 0)
        return n ? n : -LX_EIO; /* the page at `i` is absent: there is one to fill */
    for (long k = 0; k < n; k++)
        spans[k] = (struct host_span){.base = ram_write(ram, frames[k]), .length = PAGE_SIZE};
    uint64_t offset = (chunk->first + i) << PAGE_SHIFT;
    ssize_t got = host_pread(fs->vfs->host, node->reader, spans, (unsigned)n, offset);
    long full = got > 0 ? (long)(((uint64_t)got + PAGE_SIZE - 1) >> PAGE_SHIFT) : 0;
    for (long k = 0; k < n; k++) {
        if (k >= full) {
            ram_put(ram, frames[k]);
            continue;
        }
        chunk->frames[i + (unsigned)k] = frames[k];
        chunk->present |= UINT64_C(1) << (i + (unsigned)k);
        node->page_count++;
        fs->cached_pages++;
    }
    if (got < 0)
        return -LX_EIO;
    return full ? 0 : -LX_EFAULT; /* behind the end */
}

static long pages_get_page(struct vm_object *object, uint64_t index, bool write, frame_t *out)
{
    struct hostfs_inode *node = node_of(object);
    struct hostfs *fs = node->fs;
    if (index > INT64_MAX >> PAGE_SHIFT)
        return -LX_EFAULT;
    struct chunk *chunk = chunk_make(node, index);
    if (!chunk)
        return -LX_ENOMEM;
    unsigned i = (unsigned)(index % CHUNK_PAGES);
    if (!(chunk->present >> i & 1)) {
        long err = fill(node, chunk, i, READ_AROUND);
        if (err) {
            if (!chunk->present) {
                rb_remove(&node->chunks, &chunk->node);
                arena_free(fs->vfs->arena, chunk);
            }
            return err;
        }
        list_remove(&node->cache_link);
        list_push_back(&fs->cached, &node->cache_link);
    }
    if (write && !(chunk->dirty >> i & 1)) {
        chunk->dirty |= UINT64_C(1) << i;
        node->dirty_count++;
    }
    ram_get(fs->vfs->ram, chunk->frames[i]);
    *out = chunk->frames[i];
    return 0;
}

static void pages_get(struct vm_object *object)
{
    struct hostfs_inode *node = node_of(object);
    inode_get(&node->inode);
    node->users++;
    node->map_count++;
}

/* May any mapping still make pages dirty? */
static bool mapped_shared(const struct vm_object *object)
{
    const struct vma *vma;
    list_for_each (vma, &object->mappings, object_link) {
        if (vma->flags & VMA_SHARED)
            return true;
    }
    return false;
}

static void pages_put(struct vm_object *object)
{
    struct hostfs_inode *node = node_of(object);
    node->map_count--;
    if (node->dirty_count && !mapped_shared(object)) {
        long err = hostfs_pages_sync(node, 0, UINT64_MAX);
        if (err)
            node->write_error = err;
    }
    hostfs_close_io(node);
    trim(node->fs);
    inode_put(&node->inode);
}

static long pages_sync(struct vm_object *object, uint64_t first, uint64_t count)
{
    return hostfs_pages_sync(node_of(object), first, count);
}

static long pages_remove(struct vm_object *object, uint64_t first, uint64_t count)
{
    struct hostfs_inode *node = node_of(object);
    long err = hostfs_pages_sync(node, 0, UINT64_MAX);
    if (!err)
        err = host_allocate(node->fs->vfs->host, node->writer,
                            LX_FALLOC_FL_PUNCH_HOLE | LX_FALLOC_FL_KEEP_SIZE, first << PAGE_SHIFT,
                            count << PAGE_SHIFT);
    if (!err)
        hostfs_pages_changed(node, first << PAGE_SHIFT, count << PAGE_SHIFT);
    return err;
}

static bool pages_resident(struct vm_object *object, uint64_t index)
{
    return hostfs_page(node_of(object), index) != FRAME_NONE;
}

static void pages_describe(struct vm_object *object, struct strbuf *name, uint64_t *dev,
                           uint64_t *ino)
{
    struct hostfs_inode *node = node_of(object);
    struct vfs *vfs = node->fs->vfs;
    *dev = hostfs_device(node->fs, node->host_dev);
    *ino = node->host_ino;
    struct mount *mount;
    list_for_each (mount, &vfs->mounts, all_link) {
        if (mount->sb != node->inode.sb)
            continue;
        struct path path = {.mount = mount, .dentry = node->alias};
        if (mount->root->inode == &node->inode)
            path.dentry = mount->root; /* a file that is mounted itself */
        if (!path.dentry)
            continue;
        path_format(vfs, &path, NULL, name);
        return;
    }
}

static const struct vm_object_ops pages_ops = {
    .get_page = pages_get_page,
    .get = pages_get,
    .put = pages_put,
    .sync = pages_sync,
    .remove = pages_remove,
    .resident = pages_resident,
    .describe = pages_describe,
};

void hostfs_pages_init(struct hostfs_inode *node)
{
    node->object.ops = &pages_ops;
    list_init(&node->object.mappings);
    list_init(&node->cache_link);
}

void hostfs_pages_fini(struct hostfs_inode *node)
{
    long ignored = hostfs_pages_sync(node, 0, UINT64_MAX);
    (void)ignored;
    drop_from(node, 0);
}

void hostfs_pages_validate(struct hostfs_inode *node)
{
    if (hostfs_look(node))
        return;
    const struct inode *inode = &node->inode;
    bool same =
        node->stamp_size == inode->size && timestamp_compare(node->stamp_mtime, inode->mtime) == 0;
    if (!same && !node->stamp_stale && node->dirty_count == 0)
        hostfs_pages_changed(node, 0, INT64_MAX);
    node->stamp_size = inode->size;
    node->stamp_mtime = inode->mtime;
    node->stamp_stale = false;
}

bool hostfs_pages_dirty(struct hostfs_inode *node, uint64_t offset, uint64_t size)
{
    if (node->dirty_count == 0)
        return false;
    uint64_t first = offset >> PAGE_SHIFT, last = (offset + size - 1) >> PAGE_SHIFT;
    for (;;) {
        const struct chunk *chunk = chunk_from(node, first);
        if (!chunk || chunk->first > last)
            return false;
        if (chunk->dirty)
            return true; /* near enough: the caller looks page by page */
        first = chunk->first + CHUNK_PAGES;
    }
}

/* Read [from, to) of the file into the cached page that holds it. */
static void page_reread(struct hostfs_inode *node, frame_t frame, uint64_t from, uint64_t to)
{
    struct vfs *vfs = node->fs->vfs;
    char *bytes = ram_write(vfs->ram, frame);
    struct host_span span = {.base = bytes + (from & ~PAGE_MASK), .length = (size_t)(to - from)};
    host_handle_t handle = node->reader != HOST_NONE ? node->reader : node->writer;
    ssize_t n = host_pread(vfs->host, handle, &span, 1, from);
    (void)n; /* a write-only file has no cached pages that a mapping could show */
}

void hostfs_pages_written(struct hostfs_inode *node, uint64_t offset, uint64_t size)
{
    node->stamp_stale = true;
    if (node->page_count == 0)
        return;
    uint64_t end = offset + size;
    for (uint64_t at = offset; at < end;) {
        uint64_t next = MIN(end, PAGE_ALIGN_DOWN(at) + PAGE_SIZE);
        const struct chunk *chunk = chunk_from(node, at >> PAGE_SHIFT);
        if (!chunk)
            return;
        if (chunk->first > at >> PAGE_SHIFT) {
            at = chunk->first << PAGE_SHIFT;
            continue;
        }
        frame_t frame = hostfs_page(node, at >> PAGE_SHIFT);
        if (frame != FRAME_NONE)
            page_reread(node, frame, at, next);
        at = next;
    }
}

void hostfs_pages_changed(struct hostfs_inode *node, uint64_t offset, uint64_t size)
{
    node->stamp_stale = true;
    if (node->page_count == 0)
        return;
    uint64_t first = offset >> PAGE_SHIFT, end = (offset + size + PAGE_SIZE - 1) >> PAGE_SHIFT;
    if (node->map_count)
        vm_object_punch_pages(&node->object, first, end - first);
    drop_range(node, first, end);
}

void hostfs_pages_truncate(struct hostfs_inode *node, uint64_t size)
{
    if (node->page_count == 0)
        return;
    uint64_t first = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
    if (node->map_count)
        vm_object_unmap_pages(&node->object, first, (UINT64_MAX >> PAGE_SHIFT) - first);
    drop_from(node, first);
    frame_t last = size & ~PAGE_MASK ? hostfs_page(node, size >> PAGE_SHIFT) : FRAME_NONE;
    if (last == FRAME_NONE)
        return;
    char *bytes = ram_write(node->fs->vfs->ram, last);
    for (uint64_t i = size & ~PAGE_MASK; i < PAGE_SIZE; i++)
        bytes[i] = 0;
}
