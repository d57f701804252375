// What must be the same on each engine.
#include <string.h>

#include "engines.h"

static const char *table_of(rt_db_engine engine)
{
    switch (engine) {
    case RT_DB_POSTGRESQL:
        return "DROP TABLE IF EXISTS eng_t; CREATE TABLE eng_t (id bigserial PRIMARY KEY,"
               " b boolean, i bigint, f double precision, s text, x bytea,"
               " w timestamptz, j jsonb, u uuid, d date, n numeric(30, 5));";
    case RT_DB_MARIADB:
        return "DROP TABLE IF EXISTS eng_t; CREATE TABLE eng_t (id bigint AUTO_INCREMENT"
               " PRIMARY KEY, b boolean, i bigint, f double, s text, x longblob,"
               " w datetime(6), j json, u uuid, d date, n numeric(30, 5));";
    default:
        return "DROP TABLE IF EXISTS eng_t; CREATE TABLE eng_t (id INTEGER PRIMARY KEY,"
               " b BOOLEAN, i BIGINT, f DOUBLE, s TEXT, x BLOB,"
               " w TIMESTAMP, j JSON, u UUID, d DATE, n TEXT);";
    }
}

static rt_value round_trip(rt_db *db, const char *insert, const char *select,
                           rt_value value)
{
    rt_db_script(db, table_of(rt_db_engine_of(db)));
    CHECK_EQ(rt_db_exec_values(db, insert, &value, 1), (int64_t)1);
    return rt_db_scalar_values(db, select, NULL, 0);
}

#define ROUND_TRIP(db, column, value)                             \
    round_trip((db), "INSERT INTO eng_t (" column ") VALUES (?)", \
               "SELECT " column " FROM eng_t", (value))

EACH_ENGINE(values_come_back_as_they_went)
{
    (void)arena;
    static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < RT_COUNT(numbers); i++)
        CHECK_EQ(rt_value_as_int(ROUND_TRIP(db, "i", RT(numbers[i])), 7),
                 numbers[i]);
    static const double floats[] = {0.0, 0.1, -1e300, 5e-324};
    for (size_t i = 0; i < RT_COUNT(floats); i++)
        CHECK_EQ(rt_value_as_float(ROUND_TRIP(db, "f", RT(floats[i])), 7),
                 floats[i]);
    static const char *const texts[] = {"", "a", "it's; DROP TABLE eng_t; --",
                                        "\\ \" ` % ? ?? $1", "žluťoučký 🐎"};
    for (size_t i = 0; i < RT_COUNT(texts); i++) {
        RT_CASE(texts[i]);
        CHECK_EQ(rt_value_as_str(ROUND_TRIP(db, "s", RT(texts[i]))), texts[i]);
    }
    RT_CASE("others");
    rt_value b = ROUND_TRIP(db, "b", RT(true));
    CHECK(rt_value_kind(b) == RT_BOOL && b.as.boolean);
    rt_value x = ROUND_TRIP(db, "x", rt_value_bytes("a\0b", 3));
    CHECK(rt_value_kind(x) == RT_BYTES && x.len == 3);
    rt_value w = ROUND_TRIP(db, "w", rt_value_date(INT64_C(951782399000001)));
    CHECK(rt_value_kind(w) == RT_DATE);
    CHECK_EQ(w.as.date_us, INT64_C(951782399000001));
    static const uint8_t uuid[16] = {1, 2, 3, 255};
    rt_value u = ROUND_TRIP(db, "u", rt_value_uuid(uuid));
    CHECK(rt_value_kind(u) == RT_UUID && !memcmp(u.as.uuid, uuid, 16));
    CHECK_EQ(rt_value_as_str(ROUND_TRIP(db, "d", RT("2026-11-25"))),
             "2026-11-25");
    CHECK_EQ(rt_value_as_str(
                 ROUND_TRIP(db, "n", RT("12345678901234567.12345"))),
             "12345678901234567.12345");
    CHECK(rt_value_is_none(ROUND_TRIP(db, "s", rt_value_none())));
}

EACH_ENGINE(json_is_read_and_written)
{
    rt_value dict = rt_dict_new(arena);
    CHECK(rt_dict_set(dict, RT("a"), RT(1)) == RT_OK);
    rt_value j = ROUND_TRIP(db, "j", dict);
    CHECK(rt_value_kind(j) == RT_DICT);
    CHECK_EQ(rt_value_as_int(rt_dict_get(j, RT("a")), 0), (int64_t)1);
}

EACH_ENGINE(long_texts_are_whole)
{
    char *text = rt_arena_zalloc(arena, 100001);
    memset(text, 'x', 100000);
    CHECK_EQ(
        rt_value_as_str(ROUND_TRIP(db, "x", rt_value_bytes(text, 60000))).len,
        (size_t)60000);
    CHECK_EQ(rt_value_as_str(ROUND_TRIP(db, "s", RT("é"))).len, (size_t)2);
    text[50000] = '\0';
    CHECK_EQ(rt_value_as_str(ROUND_TRIP(db, "s", RT(text))).len, (size_t)50000);
}

EACH_ENGINE(an_insert_gives_the_key_it_made)
{
    (void)arena;
    rt_db_script(db, table_of(rt_db_engine_of(db)));
    int64_t a = rt_db_insert_id(db, "INSERT INTO eng_t (s) VALUES (?)", "a");
    int64_t b = rt_db_insert_id(db, "INSERT INTO eng_t (s) VALUES (?)", "b");
    CHECK(a > 0 && b > a);
    rt_value row = rt_db_one(db, "SELECT id, s FROM eng_t WHERE id = ?", b);
    CHECK_EQ(rt_value_as_str(rt_dict_get(row, RT("s"))), "b");
    CHECK(rt_value_is_none(
        rt_db_one(db, "SELECT id FROM eng_t WHERE id = ?", -1)));
    CHECK_EQ(rt_db_exec(db, "UPDATE eng_t SET s = ?", "a"), (int64_t)2);
    CHECK_EQ(rt_list_len(rt_db_all(db, "SELECT * FROM eng_t")), (size_t)2);
}

EACH_ENGINE(failures_have_the_same_kinds)
{
    (void)arena;
    rt_db_script(db,
                 "DROP TABLE IF EXISTS eng_c; DROP TABLE IF EXISTS eng_p;"
                 "CREATE TABLE eng_p (id INTEGER PRIMARY KEY, s VARCHAR(9) NOT"
                 " NULL UNIQUE, n INTEGER, CHECK (n > 0));"
                 "CREATE TABLE eng_c (id INTEGER PRIMARY KEY, p_id INTEGER,"
                 " FOREIGN KEY (p_id) REFERENCES eng_p (id));");
    rt_db_exec(db, "INSERT INTO eng_p (id, s, n) VALUES (1, 'a', 1)");
    rt_db_error err;
    CHECK(rt_db_try(db, NULL, &err,
                    "INSERT INTO eng_p (id, s, n) VALUES (2, ?, 1)",
                    "a") == RT_E_EXISTS);
    CHECK_EQ(err.kind, RT_DB_UNIQUE);
    CHECK(err.code != 0 || err.sqlstate[0]);
    CHECK(rt_db_try(db, NULL, &err, "INSERT INTO eng_p (id, n) VALUES (3, 1)"));
    CHECK_EQ(err.kind, RT_DB_NOT_NULL);
    CHECK_EQ(err.column, "s");
    CHECK(rt_db_try(db, NULL, &err, "INSERT INTO eng_p VALUES (4, 'd', 0)"));
    CHECK_EQ(err.kind, RT_DB_CHECK);
    CHECK(rt_db_try(db, NULL, &err, "INSERT INTO eng_c VALUES (1, 99)"));
    CHECK_EQ(err.kind, RT_DB_FOREIGN_KEY);
    CHECK(rt_db_try(db, NULL, &err, "SELEC 1"));
    CHECK_EQ(err.kind, RT_DB_SYNTAX);
    CHECK(rt_db_try(db, NULL, &err, "SELECT 1 FROM eng_p WHERE id = ?"));
    CHECK_EQ(err.kind, RT_DB_USAGE);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM eng_p"), (int64_t)1);
}

EACH_ENGINE(transactions_and_savepoints_keep_and_take_back)
{
    (void)arena;
    rt_db_script(db, table_of(rt_db_engine_of(db)));
    RT_TX(db)
    {
        rt_db_exec(db, "INSERT INTO eng_t (s) VALUES ('kept')");
        RT_TX(db)
        {
            rt_db_exec(db, "INSERT INTO eng_t (s) VALUES ('gone')");
            break;
        }
        rt_db_error err;
        RT_TX(db) // a failure inside leaves the rest
        if (rt_db_try(db, NULL, &err, "INSERT INTO nowhere VALUES (1)"))
            break;
        rt_db_exec(db, "INSERT INTO eng_t (s) VALUES ('kept too')");
    }
    CHECK_EQ(rt_db_tx_depth(db), 0);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM eng_t"), (int64_t)2);
    rt_db_begin(db);
    rt_db_exec(db, "DELETE FROM eng_t");
    rt_db_rollback(db);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM eng_t"), (int64_t)2);
}

EACH_ENGINE(a_cursor_gives_row_after_row)
{
    (void)arena;
    rt_db_script(db, table_of(rt_db_engine_of(db)));
    RT_TX(db)
    for (int i = 0; i < 500; i++)
        rt_db_exec(db, "INSERT INTO eng_t (i) VALUES (?)", i);
    rt_db_cursor *rows = rt_db_each(db, "SELECT i FROM eng_t ORDER BY i");
    int64_t n = 0;
    for (rt_value row; rt_db_next(rows, &row); n++)
        CHECK_EQ(rt_value_as_int(rt_dict_get(row, RT("i")), -1), n);
    CHECK_EQ(n, (int64_t)500);
    rows = rt_db_each(db, "SELECT i FROM eng_t"); // given up in the middle
    rt_value row;
    CHECK(rt_db_next(rows, &row));
    rt_db_cursor_close(rows);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM eng_t"), (int64_t)500);
}

EACH_ENGINE(many_sets_of_values_give_as_many_results)
{
    rt_db_script(db, table_of(rt_db_engine_of(db)));
    rt_value sets[20];
    for (int i = 0; i < 20; i++)
        sets[i] = RT(i);
    rt_db_many(db, "INSERT INTO eng_t (i) VALUES (?)", sets, 1, 20, NULL);
    rt_db_result *out = rt_new(arena, rt_db_result, 20);
    rt_db_many(db, "SELECT i FROM eng_t WHERE i = ?", sets, 1, 20, out);
    for (int i = 0; i < 20; i++)
        CHECK_EQ(rt_value_as_int(
                     rt_dict_get(rt_list_get(out[i].rows, 0), RT("i")), -1),
                 (int64_t)i);
}
