/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A guest of many tasks: tasks NAME says "hello, NAME" when processes and threads have done theirs.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned sum;

static void *thread(void *end)
{
    for (int i = 0; i < 20; i++) {
        pthread_mutex_lock(&mutex);
        sum++;
        pthread_mutex_unlock(&mutex);
        char byte = 'x';
        if (write(*(int *)end, &byte, 1) != 1)
            return NULL;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t threads[4];
    int ends[2], status;
    char byte;
    if (argc != 2 || pipe(ends))
        return 2;
    pid_t pid = fork();
    if (pid == 0) {
        for (int i = 0; i < 80; i++)
            if (read(ends[0], &byte, 1) != 1)
                _exit(1);
        _exit(0);
    }
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, thread, &ends[1]);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0 || sum != 80)
        return 3;
    printf("hello, %s\n", argv[1]);
    return 0;
}
