#include <retort/test.h>

#include "driver.h"

static const rt__stmt *get(rt_db_engine engine, const char *sql)
{
    const rt__stmt *stmt = NULL;
    const char *why = NULL;
    CHECK(rt__db_stmt_get(engine, sql, &stmt, &why) == RT_OK);
    return stmt;
}

RT_TEST(question_marks_become_what_the_engine_takes)
{
    static const struct {
        const char *sql, *native;
        size_t n;
    } rows[] = {
        {"SELECT ?", "SELECT $1", 1},
        {"a = ? AND b = ?", "a = $1 AND b = $2", 2},
        {"SELECT '?', \"?\", ?", "SELECT '?', \"?\", $1", 1},
        {"SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1", 1},
        {"SELECT E'\\'?', ?", "SELECT E'\\'?', $1", 1},
        {"SELECT 1 -- ?\n, ?", "SELECT 1 -- ?\n, $1", 1},
        {"SELECT /* ? */ ?", "SELECT /* ? */ $1", 1},
        {"SELECT $a$ ? $a$, ?", "SELECT $a$ ? $a$, $1", 1},
        {"SELECT $$ ? $$, ?", "SELECT $$ ? $$, $1", 1},
        {"SELECT j ?? 'a', ?::int", "SELECT j ? 'a', $1::int", 1},
        {"SELECT a[?]", "SELECT a[$1]", 1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].sql);
        const rt__stmt *stmt = get(RT_DB_POSTGRESQL, rows[i].sql);
        CHECK_EQ(stmt->native, rows[i].native);
        CHECK_EQ(stmt->n_params, rows[i].n);
    }
    CHECK_EQ(get(RT_DB_SQLITE, "SELECT [?], ?, a ?? b")->native,
             "SELECT [?], ?, a ? b");
    CHECK_EQ(get(RT_DB_MARIADB, "SELECT '\\'?', `?`, ?")->n_params, (size_t)1);
}

RT_TEST(what_is_not_closed_is_refused)
{
    static const char *const rows[] = {"SELECT 'a", "SELECT \"a", "/* a",
                                       "SELECT $x$ a", "SELECT E'\\'"};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i]);
        const rt__stmt *stmt = NULL;
        const char *why = NULL;
        CHECK(rt__db_stmt_get(RT_DB_POSTGRESQL, rows[i], &stmt, &why) ==
              RT_E_SYNTAX);
        CHECK(why != NULL);
    }
}

RT_TEST(only_what_surely_changes_nothing_is_pure)
{
    static const struct {
        const char *sql;
        bool select, pure, returns;
    } rows[] = {
        {"SELECT a FROM b WHERE c = ?", true, true, false},
        {"  -- x\nselect count(*) from b", true, true, false},
        {"SELECT nextval('a')", true, false, false},
        {"SELECT pg_sleep(1)", true, false, false},
        {"SELECT a FROM b FOR UPDATE", false, false, false},
        {"SELECT a INTO b FROM c", false, false, false},
        {"WITH x AS (DELETE FROM a RETURNING b) SELECT 1", false, false, true},
        {"WITH x AS (SELECT 1) SELECT * FROM x", true, false, false},
        {"INSERT INTO a VALUES (1) RETURNING id", false, false, true},
        {"SELECT \"f\"(1)", true, false, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].sql);
        const rt__stmt *stmt = get(RT_DB_POSTGRESQL, rows[i].sql);
        CHECK_EQ(stmt->is_select, rows[i].select);
        CHECK_EQ(stmt->is_pure, rows[i].pure);
        CHECK_EQ(stmt->returns, rows[i].returns);
    }
}

RT_TEST(a_text_is_read_once_however_it_is_stored)
{
    char copy[] = "SELECT 7";
    const rt__stmt *first = get(RT_DB_SQLITE, "SELECT 7");
    CHECK(get(RT_DB_SQLITE, copy) == first);
    copy[7] = '8'; // another text at the same place
    CHECK(get(RT_DB_SQLITE, copy) != first);
    CHECK_EQ(get(RT_DB_SQLITE, copy)->native, "SELECT 8");
    CHECK(get(RT_DB_MARIADB, "SELECT 7") != first);
}
