/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What musl's start-up, standard streams and memory make of calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    char *text = malloc(300000);
    if (!text)
        return 1;
    memset(text, 'x', 299999);
    text[299999] = 0;
    printf("%d %s %zu\n", argc, strrchr(argv[0], '/'), strlen(text));
    free(text);
    FILE *file = fopen("text", "r");
    char line[100];
    while (file && fgets(line, sizeof line, file))
        ;
    if (file)
        fclose(file);
    return 3;
}
