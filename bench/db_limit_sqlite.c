// part of: db
// needs: sqlite3
//
// The limit on SQLite: TechEmpower's database tests with prepared statements and
// nothing between them and the sockets. The queries of a request share a read
// transaction, for each would take and drop the file's locks. Whatever one turn of the loop updates is
// one transaction, and is answered when that has been committed.
//
//     bench_db_limit_sqlite <port> <file>
#include <sqlite3.h>

#include "db_limit.h"

static sqlite3 *db;
static sqlite3_stmt *get, *set, *list, *begin_read, *begin_write, *commit;
static job *written; // in this turn

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL))
        die(sqlite3_errmsg(db));
    return statement;
}

static void run(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        die(sqlite3_errmsg(db));
    sqlite3_reset(statement);
}

static void get_worlds(job *j)
{
    for (int i = 0; i < j->count; i++) {
        sqlite3_bind_int(get, 1, j->worlds[i].id);
        if (sqlite3_step(get) != SQLITE_ROW)
            die("a world is missing");
        j->worlds[i].number = sqlite3_column_int(get, 1);
        sqlite3_reset(get);
    }
}

static void query_worlds(job *j)
{
    bool alone = j->count == 1 || written; // or inside that transaction

    if (!alone)
        run(begin_read);
    get_worlds(j);
    if (!alone)
        run(commit);
}

static void update_worlds(job *j)
{
    if (!written)
        run(begin_write);
    get_worlds(j);
    for (int i = 0; i < j->count; i++) {
        j->worlds[i].number = random_world();
        sqlite3_bind_int(set, 1, j->worlds[i].number);
        sqlite3_bind_int(set, 2, j->worlds[i].id);
        run(set);
    }
    j->next = written;
    written = j;
}

static void get_fortunes(job *j)
{
    j->fortune_count = 0;
    while (sqlite3_step(list) == SQLITE_ROW) {
        fortune *f = &j->fortunes[j->fortune_count++];
        f->id = sqlite3_column_int(list, 0);
        snprintf(f->message, sizeof f->message, "%s",
                 (const char *)sqlite3_column_text(list, 1));
    }
    sqlite3_reset(list);
}

static void start_job(job *j)
{
    if (j->what == UPDATES) {
        update_worlds(j);
        return;
    }
    if (j->what == FORTUNES)
        get_fortunes(j);
    else
        query_worlds(j);
    answer_job(j);
}

static void on_own_readable(void *own)
{
    (void)own;
}

static void end_turn(void)
{
    if (!written)
        return;
    run(commit);
    for (job *j = written; j; j = j->next)
        answer_job(j);
    written = NULL;
}

static void fill_cache(void)
{
    for (int id = 1; id <= WORLDS; id++) {
        sqlite3_bind_int(get, 1, id);
        if (sqlite3_step(get) != SQLITE_ROW)
            die("a world is missing");
        world_cache[id] = sqlite3_column_int(get, 1);
        sqlite3_reset(get);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s <port> <file>\n", argv[0]);
        return 2;
    }
    if (sqlite3_open(argv[2], &db) ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
                     NULL, NULL, NULL))
        die(sqlite3_errmsg(db));
    get = prepare("SELECT id, randomNumber FROM World WHERE id = ?");
    set = prepare("UPDATE World SET randomNumber = ? WHERE id = ?");
    list = prepare("SELECT id, message FROM Fortune");
    begin_read = prepare("BEGIN");
    begin_write = prepare("BEGIN IMMEDIATE");
    commit = prepare("COMMIT");
    fill_cache();
    begin();
    serve_for_ever(argv[1], NULL, 0);
}
