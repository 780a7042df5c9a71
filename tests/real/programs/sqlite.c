/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A workload for SQLite: 100,000 rows, indexes, joins, a transaction rolled back, updates, a
 * vacuum, integrity_check. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static sqlite3 *db;

static int print_row(void *unused, int columns, char **values, char **names)
{
    (void)unused;
    (void)names;
    for (int i = 0; i < columns; i++)
        printf("%s%s", i ? "|" : "", values[i] ? values[i] : "NULL");
    putchar('\n');
    return 0;
}

static void run(const char *sql)
{
    char *error = NULL;
    if (sqlite3_exec(db, sql, print_row, NULL, &error) != SQLITE_OK) {
        printf("%s: %s\n", sql, error);
        sqlite3_free(error);
    }
}

static void fill(int rows)
{
    sqlite3_stmt *insert;
    unsigned x = 12345;

    run("BEGIN");
    sqlite3_prepare_v2(db, "INSERT INTO person VALUES(?, ?, ?, ?)", -1, &insert, NULL);
    for (int i = 0; i < rows; i++) {
        char name[32];
        x = x * 1664525u + 1013904223u;
        snprintf(name, sizeof name, "name-%u", x % 5000);
        sqlite3_bind_int(insert, 1, i);
        sqlite3_bind_text(insert, 2, name, -1, SQLITE_TRANSIENT);
        sqlite3_bind_int(insert, 3, (int)(x >> 16) % 100);
        sqlite3_bind_double(insert, 4, x / 7.0);
        if (sqlite3_step(insert) != SQLITE_DONE)
            printf("insert: %s\n", sqlite3_errmsg(db));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    run("COMMIT");
}

int main(int argc, char **argv)
{
    if (sqlite3_open(argc > 1 ? argv[1] : ":memory:", &db) != SQLITE_OK) {
        printf("open: %s\n", sqlite3_errmsg(db));
        return 1;
    }
    if (argc > 2)
        run(argv[2]);
    run("CREATE TABLE person(id INTEGER PRIMARY KEY, name TEXT, age INT, score REAL)");
    fill(100000);
    run("CREATE INDEX by_name ON person(name)");
    run("CREATE INDEX by_age ON person(age, score)");
    run("SELECT count(*), sum(age), round(avg(score), 3) FROM person");
    run("SELECT name, count(*) c FROM person GROUP BY name ORDER BY c DESC, name LIMIT 5");
    run("BEGIN; DELETE FROM person WHERE age < 50; SELECT count(*) FROM person; ROLLBACK");
    run("SELECT count(*) FROM person WHERE age < 50");
    run("BEGIN; UPDATE person SET age = age + 1 WHERE name LIKE 'name-1%'; SAVEPOINT s;"
        "DELETE FROM person; ROLLBACK TO s; COMMIT");
    run("SELECT sum(age) FROM person");
    run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
        "SELECT sum(length(p.name)) FROM n JOIN person p ON p.id = n.i");
    run("INSERT INTO person VALUES(5, 'twice', 1, 1)");
    run("DELETE FROM person WHERE id % 3 = 0");
    run("VACUUM");
    run("SELECT count(*), min(name), max(name) FROM person");
    run("PRAGMA integrity_check");
    return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
