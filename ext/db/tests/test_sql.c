#include <retort/base/format.h>
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

// What an engine is given, and how many parameters.
typedef struct row {
    rt_db_engine engine;
    const char *sql, *native;
    size_t n;
} row;

static void check_rows(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].sql);
        const rt__stmt *stmt = get(rows[i].engine, rows[i].sql);
        CHECK_EQ(stmt->native.data, rows[i].native);
        CHECK_EQ(stmt->n_params, rows[i].n);
        CHECK_EQ(stmt->sql.data, rows[i].sql);
    }
}

RT_TEST(question_marks_are_numbered_on_postgresql_alone)
{
    static const row rows[] = {
        {RT_DB_POSTGRESQL, "SELECT ?, ?", "SELECT $1, $2", 2},
        {RT_DB_SQLITE, "SELECT ?, ?", "SELECT ?, ?", 2},
        {RT_DB_MARIADB, "SELECT ?, ?", "SELECT ?, ?", 2},
        {RT_DB_POSTGRESQL, "SELECT a ?? 'k', ?", "SELECT a ? 'k', $1", 1},
        {RT_DB_POSTGRESQL, "SELECT a ??| ?", "SELECT a ?| $1", 1},
        {RT_DB_POSTGRESQL, "", "", 0},
    };
    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(question_marks_in_texts_names_and_comments_are_none)
{
#define SAME(sql)                     \
    {                                 \
        RT_DB_POSTGRESQL, sql, sql, 0 \
    }
    static const row rows[] = {
        SAME("SELECT '?'"),
        SAME("SELECT 'it''s ?'"),
        SAME("SELECT E'\\'?'"),
        SAME("SELECT \"a?\""),
        SAME("SELECT 1 -- ?"),
        SAME("SELECT /* ? */ 1"),
        SAME("SELECT /* /* ? */ ? */ 1"),
        SAME("SELECT $$?$$"),
        SAME("SELECT $t$ $$ ? $t$"),
        SAME("SELECT '\\'"),
        {RT_DB_POSTGRESQL, "SELECT a$b$ + ?", "SELECT a$b$ + $1", 1},
        {RT_DB_POSTGRESQL, "SELECT -- ?\n?", "SELECT -- ?\n$1", 1},
        {RT_DB_POSTGRESQL, "SELECT a[?]", "SELECT a[$1]", 1},
        {RT_DB_SQLITE, "SELECT [a?], `b?`, ?", "SELECT [a?], `b?`, ?", 1},
        {RT_DB_SQLITE, "SELECT /* /* ? */ ?", "SELECT /* /* ? */ ?", 1},
        {RT_DB_MARIADB, "SELECT '\\'?', ?", "SELECT '\\'?', ?", 1},
        {RT_DB_MARIADB, "SELECT ? # ?\n", "SELECT ? # ?\n", 1},
        {RT_DB_MARIADB, "SELECT 5--?", "SELECT 5--?", 1},
        {RT_DB_MARIADB, "SELECT `a?`", "SELECT `a?`", 0},
    };
    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(what_is_not_closed_is_refused_on_each_engine)
{
    static const struct {
        rt_db_engine engine;
        const char *sql;
    } rows[] = {
        {RT_DB_SQLITE, "SELECT '?"},      {RT_DB_SQLITE, "SELECT \"?"},
        {RT_DB_SQLITE, "SELECT [?"},      {RT_DB_SQLITE, "SELECT /* ?"},
        {RT_DB_SQLITE, "SELECT /*/ ?"},   {RT_DB_POSTGRESQL, "SELECT $a$ ?"},
        {RT_DB_POSTGRESQL, "/* /* ? */"}, {RT_DB_POSTGRESQL, "E'\\'"},
        {RT_DB_MARIADB, "SELECT 'a\\'"},  {RT_DB_MARIADB, "SELECT `?"},
        {RT_DB_POSTGRESQL, "SELECT ?1"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].sql);
        const rt__stmt *stmt = NULL;
        const char *why = NULL;
        CHECK(rt__db_stmt_get(rows[i].engine, rows[i].sql, &stmt, &why) ==
              RT_E_SYNTAX);
        CHECK(why && *why);
        CHECK(!stmt);
    }
}

RT_TEST(only_what_surely_changes_nothing_is_pure_on_each_engine)
{
    static const struct {
        const char *sql;
        bool select, pure;
    } rows[] = {
        {"SELECT id FROM post WHERE id = ?", true, true},
        {"SELECT \"id\" FROM \"post\" WHERE a IN (?, ?)", true, true},
        {"  (select count(*) from post)", true, true},
        {"-- why\n/* and */ SELECT 1;", true, true},
        {"SELECT nextval('s')", true, false},
        {"SELECT nextval /* x */ ('s')", true, false},
        {"SELECT nextval -- x\n ('s')", true, false},
        {"SELECT \"nextval\"('s')", true, false},
        {"SELECT NEXT VALUE FOR s", true, false},
        {"SELECT @a := 1", true, false},
        {"WITH a AS (SELECT 1) SELECT * FROM a", true, false},
        {"WITH a AS (DELETE FROM b RETURNING 1) SELECT 1", false, false},
        {"SELECT 1 FOR UPDATE", false, false},
        {"SELECT 1 INTO x", false, false},
        {"SELECT 1; DROP TABLE x", false, false},
        {"UPDATE a SET b = 1", false, false},
        {"VALUES (1)", true, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].sql);
        const rt__stmt *stmt = get(RT_DB_POSTGRESQL, rows[i].sql);
        CHECK_EQ(stmt->is_select, rows[i].select);
        CHECK_EQ(stmt->is_pure, rows[i].pure);
    }
    CHECK(!get(RT_DB_SQLITE, "SELECT [f](1)")->is_pure);
    CHECK(!get(RT_DB_MARIADB, "SELECT `f`(1)")->is_pure);
}

RT_TEST(returning_is_seen_but_not_in_a_text)
{
    CHECK(get(RT_DB_SQLITE, "INSERT INTO a VALUES (1) RETURNING id")->returns);
    CHECK(!get(RT_DB_SQLITE, "INSERT INTO a VALUES (' returning ')")->returns);
}

RT_TEST(a_text_is_one_statement_wherever_it_lies)
{
    char text[] = "SELECT 1", same[] = "SELECT 1";
    const rt__stmt *stmt = get(RT_DB_SQLITE, text);
    CHECK(get(RT_DB_SQLITE, same) == stmt);
    CHECK(get(RT_DB_POSTGRESQL, text) != stmt);
    text[7] = '2'; // other text at the same address
    CHECK_EQ(get(RT_DB_SQLITE, text)->sql.data, "SELECT 2");
    CHECK_EQ(stmt->sql.data, "SELECT 1");
}

RT_TEST(statements_in_use_outlive_those_that_come_after)
{
    static rt_arena arena;
    const rt__stmt *first = get(RT_DB_SQLITE, "SELECT 'first'"), *stmt = NULL;
    const char *why = NULL;
    char text[32];
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "SELECT %d", i);
        CHECK_EQ(rt__db_stmt_for(&arena, RT_DB_SQLITE, text, &stmt, &why),
                 RT_OK);
    }
    CHECK_EQ(first->native.data, "SELECT 'first'");
    CHECK(get(RT_DB_SQLITE, "SELECT 'first'") == first);
    CHECK(stmt->id > first->id);
}

RT_TEST(texts_beyond_the_limit_are_not_kept)
{
    static rt_arena arena;
    const rt__stmt *stmt = NULL;
    const char *why = NULL;
    size_t kept = 0;
    rt_status status = RT_OK;
    for (int i = 0; !status && i < 100000; i++, kept += !status) {
        rt_str text = rt_format(&arena, "SELECT {}", i);
        status = rt__db_stmt_get(RT_DB_SQLITE, text.data, &stmt, &why);
    }
    CHECK_EQ(status, RT_E_LIMIT);
    CHECK(kept > 1000 && kept < 10000);
    CHECK_EQ(rt__db_stmt_get(RT_DB_SQLITE, "SELECT 1", &stmt, &why), RT_OK);
    CHECK_EQ(rt__db_stmt_for(&arena, RT_DB_SQLITE, "SELECT ?, 'late'", &stmt,
                             &why),
             RT_OK);
    CHECK_EQ(stmt->n_params, (size_t)1);
}
