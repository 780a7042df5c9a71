/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One database in WAL mode, four processes: three write in transactions that compete, one reads
 * snapshots that must be consistent. Then one of them is killed in the middle of a transaction, and
 * what it had not committed is gone.
 */
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 3
#define ROUNDS 60

static long number;

static int keep_number(void *unused, int columns, char **values, char **names)
{
    (void)unused;
    (void)names;
    number = columns && values[0] ? atol(values[0]) : -1;
    return 0;
}

static sqlite3 *open_database(const char *path)
{
    sqlite3 *db;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(9);
    sqlite3_busy_timeout(db, 60000);
    return db;
}

static void run(sqlite3 *db, const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, keep_number, NULL, &error) == SQLITE_OK)
        return;
    printf("%s: %s\n", sql, error);
    fflush(stdout);
    _exit(8);
}

static void write_rows(const char *path, int self)
{
    sqlite3 *db = open_database(path);
    char sql[200];
    for (int i = 0; i < ROUNDS; i++) {
        run(db, "BEGIN IMMEDIATE");
        for (int k = 0; k < 5; k++) {
            snprintf(sql, sizeof sql, "INSERT INTO log VALUES(%d, %d, 1)", self, i * 5 + k);
            run(db, sql);
        }
        run(db, "UPDATE total SET n = n + 5");
        run(db, i % 10 == 9 ? "ROLLBACK" : "COMMIT");
        if (i % 20 == 0)
            run(db, "PRAGMA wal_checkpoint(PASSIVE)");
    }
    sqlite3_close(db);
}

/* What a reader sees is one moment: the rows and their count agree. */
static int read_rows(const char *path)
{
    sqlite3 *db = open_database(path);
    int wrong = 0;
    for (int i = 0; i < 100; i++) {
        run(db, "BEGIN");
        run(db, "SELECT count(*) FROM log");
        long rows = number;
        run(db, "SELECT n FROM total");
        wrong += rows != number;
        run(db, "COMMIT");
    }
    sqlite3_close(db);
    return wrong;
}

static void die_in_transaction(const char *path)
{
    sqlite3 *db = open_database(path);
    run(db, "PRAGMA cache_size = 5");
    run(db, "BEGIN IMMEDIATE");
    run(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            "INSERT INTO log SELECT 99, i, 1 FROM n");
    raise(SIGKILL);
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "two.db";
    sqlite3 *db = open_database(path);
    run(db, "PRAGMA journal_mode = WAL");
    run(db, "CREATE TABLE log(who INT, what INT, one INT); CREATE INDEX by_who ON log(who, what);"
            "CREATE TABLE total(n INT); INSERT INTO total VALUES(0)");
    sqlite3_close(db);
    pid_t pids[WRITERS + 2];
    for (int i = 0; i < WRITERS + 2; i++) {
        pids[i] = fork();
        if (pids[i] != 0)
            continue;
        if (i < WRITERS)
            write_rows(path, i);
        else if (i == WRITERS)
            _exit(read_rows(path));
        else
            die_in_transaction(path);
        _exit(0);
    }
    for (int i = 0; i < WRITERS + 2; i++) {
        int status;
        waitpid(pids[i], &status, 0);
        printf("process %d: %d %d\n", i, WEXITSTATUS(status),
               WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    }
    db = open_database(path);
    static const char *const questions[] = {
        "SELECT n FROM total", "SELECT count(*) FROM log", "SELECT sum(what) FROM log",
        "SELECT count(*) FROM log WHERE who = 99",
        "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"};
    for (unsigned i = 0; i < sizeof questions / sizeof *questions; i++) {
        run(db, questions[i]);
        printf("%s: %ld\n", questions[i], number);
    }
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
