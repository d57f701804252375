// Statements: what is read as one must be given to its engine with nothing but
// its parameters changed; and what is quoted must stay in its quotes.
//
// covers: ext/db/src/sql.c
#include <assert.h>

#include <retort/db/sql.h>

#include "driver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

static void try_statement(rt_db_engine engine, rt_str sql)
{
    rt__stmt stmt;
    const char *why = NULL;
    if (rt__db_stmt_make(&arena, engine, sql, &stmt, &why)) {
        assert(why && *why);
        return;
    }
    size_t marks = 0;
    for (size_t i = 0; i < sql.len; i++)
        marks += sql.data[i] == '?';
    assert(stmt.n_params <= marks);
    if (!marks)
        assert(rt_str_eq(stmt.native, sql));
    if (engine != RT_DB_POSTGRESQL)
        assert(stmt.native.len <= sql.len);
    assert(stmt.is_select || !stmt.is_pure);
}

// SELECT 'text', ? has one parameter, whatever the text is.
static void try_quotes(rt_db_engine engine, rt_str text, bool name)
{
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt_buf_put_cstr(&buf, "SELECT ");
    if (name)
        rt_sql_quote_name(engine, &buf, text);
    else
        rt_sql_quote_text(engine, &buf, text);
    rt_buf_put_cstr(&buf, ", ?");

    rt__stmt stmt;
    const char *why = NULL;
    rt_status status =
        rt__db_stmt_make(&arena, engine, rt_buf_str(&buf), &stmt, &why);
    assert(status == RT_OK);
    assert(stmt.n_params == 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const rt_db_engine engines[] = {RT_DB_SQLITE, RT_DB_POSTGRESQL,
                                           RT_DB_MARIADB};
    rt_str text = rt_str_of(data, size);
    rt_str sql = rt_str_copy(&arena, rt_str_cut(&text, '\0'));

    for (size_t i = 0; i < RT_COUNT(engines); i++) {
        try_statement(engines[i], sql);
        try_quotes(engines[i], sql, true);
        try_quotes(engines[i], sql, false);

        // Short texts come again; the cache must know them.
        const rt__stmt *first = NULL, *again = NULL;
        const char *why = NULL;
        if (sql.len > 3 || rt__db_stmt_get(engines[i], sql.data, &first, &why))
            continue;
        rt_status status = rt__db_stmt_get(engines[i], sql.data, &again, &why);
        assert(status == RT_OK);
        assert(rt_str_eq(first->native, again->native));
    }
    rt_arena_reset(&arena);
    return 0;
}
