/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Can the mounts be read, and do they agree with statfs and stat? */
#include "proc_text.h"

#include <mntent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Within a chroot(2), the root folder need not be a mount's. */
static bool is_mounted(const char *path)
{
    struct statx st;
    CHECK(statx(AT_FDCWD, path, 0, STATX_TYPE, &st));
    EXPECT(st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT);
    return st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

int main(void)
{
    int root = 0, proc = 0;
    FILE *file = setmntent("/proc/mounts", "r");
    EXPECT(file);
    for (struct mntent *entry; (entry = getmntent(file));) {
        EXPECT(hasmntopt(entry, "rw") || hasmntopt(entry, "ro"));
        root += strcmp(entry->mnt_dir, "/") == 0;
        proc += strcmp(entry->mnt_dir, "/proc") == 0 && strcmp(entry->mnt_type, "proc") == 0;
    }
    endmntent(file);
    EXPECT_EQ(is_mounted("/"), root >= 1);
    EXPECT_EQ(1, proc);

    struct stat st;
    CHECK(stat("/proc", &st));
    file = fopen("/proc/self/mountinfo", "r");
    EXPECT(file);
    char line[4096];
    int found = 0;
    while (fgets(line, sizeof line, file)) {
        unsigned id, parent, major, minor;
        char where[1024], what[1024], options[1024], type[64];
        EXPECT_EQ(7, sscanf(line, "%u %u %u:%u %1023s %1023s %1023s", &id, &parent, &major, &minor,
                            where, what, options));
        char *rest = strstr(line, " - ");
        EXPECT(rest && sscanf(rest, " - %63s", type) == 1);
        if (strcmp(what, "/proc"))
            continue;
        found++;
        EXPECT(strcmp(type, "proc") == 0 && strcmp(where, "/") == 0);
        EXPECT(makedev(major, minor) == st.st_dev);
    }
    fclose(file);
    EXPECT_EQ(1, found);
    return 0;
}
