/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a C library does between main and exit: arguments, environment, files, time, sorting,
 * numbers, an exit handler. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static _Thread_local int per_thread = 41;

static void at_exit(void)
{
    puts("goodbye");
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void numbers(void)
{
    printf("%d %ld %llx %5.3f %e %g %a\n", 42, -7L, 0xdeadbeefcafeull, 3.14159, 6.02e23, 1e-5, 0.1);
    printf("%.17g %s\n", strtod("2.2250738585072014e-308", NULL), strerror(ENOTEMPTY));
    printf("%d %d\n", ++per_thread, (int)strtoul("0x7fff", NULL, 0));
}

static void dates(void)
{
    time_t when = 1234567890;
    char text[64];
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(text, sizeof text, "%A, %d %B %Y %H:%M:%S", &tm);
    puts(text);
}

static void files(void)
{
    char line[64];
    struct stat st;
    FILE *file = fopen("libc.out", "w+");

    for (int i = 0; i < 1000; i++)
        fprintf(file, "line %d\n", i);
    fseek(file, 100, SEEK_SET);
    if (fgets(line, sizeof line, file))
        fputs(line, stdout);
    printf("%ld bytes so far\n", ftell(file));
    fclose(file);
    stat("libc.out", &st);
    printf("%lld %o %d\n", (long long)st.st_size, st.st_mode, (int)st.st_nlink);
    if (open("no/such/file", O_RDONLY) < 0)
        perror("no/such/file");
}

int main(int argc, char **argv)
{
    atexit(at_exit);
    qsort(argv + 1, (size_t)argc - 1, sizeof *argv, compare);
    for (int i = 1; i < argc; i++)
        printf("%d: %s\n", i, argv[i]);
    printf("HOME=%s\n", getenv("HOME"));
    numbers();
    dates();
    files();
    char *big = malloc(50 << 20);
    memset(big, 'x', 50 << 20);
    printf("%d\n", big[40 << 20]);
    free(big);
    return 3;
}
