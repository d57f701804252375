#include <retort/db.h>
#include <retort/test.h>

// Lives as long as the process of its test.
static rt_arena arena;

typedef struct post {
    int64_t id;
    char *title;
    char *secret;
} post;

RT_MODEL(post, "post", RT_FIELD(post, id, .primary_key = true),
         RT_FIELD(post, title, .column = "Ti\"tle"),
         RT_FIELD(post, secret, .secret = true));

static rt_db *open_memory(void)
{
    rt_db *db = NULL;
    REQUIRE(rt_db_open(&arena, "sqlite://", NULL, &db, NULL) == RT_OK);
    rt_db_script(db, "CREATE TABLE post (id INTEGER PRIMARY KEY,"
                     " \"Ti\"\"tle\" TEXT, secret TEXT);"
                     "INSERT INTO post (\"Ti\"\"tle\") VALUES"
                     " ('a'), ('b'), ('c?')");
    return db;
}

static const char *text_of(rt_sql *sql)
{
    return rt_buf_str(&sql->text).data;
}

RT_TEST(text_and_values_are_added_together)
{
    rt_db *db = open_memory();
    rt_sql sql = rt_sql_new(db, "SELECT id FROM post WHERE id > ?", 0);
    rt_sql_add(&sql, " AND ");
    rt_sql_add_column(&sql, &post_model, "Ti\"tle");
    rt_sql_add(&sql, " IN ");
    rt_value list = rt_list_new(&arena);
    REQUIRE(rt_list_push(list, RT("b")) == RT_OK);
    REQUIRE(rt_list_push(list, RT("c?")) == RT_OK);
    rt_sql_add_list(&sql, list);
    rt_sql_order(&sql, &post_model, "-Ti\"tle, id");
    CHECK_EQ(text_of(&sql), "SELECT id FROM post WHERE id > ? AND \"Ti\"\"tle\""
                            " IN (?, ?) ORDER BY \"Ti\"\"tle\" DESC, \"id\"");
    CHECK_EQ(rt_value_repr(&arena, rt_sql_all(&sql)).data,
             "[{'id': 3}, {'id': 2}]");
    CHECK_EQ(rt_value_repr(&arena, rt_sql_one(&sql)).data, "{'id': 3}");
    CHECK_EQ(rt_value_repr(&arena, rt_sql_scalar(&sql)).data, "3");
    rt_db_close(db);
}

RT_TEST(an_empty_list_has_nothing_in_it)
{
    rt_db *db = open_memory();
    rt_sql sql = rt_sql_new(db, "SELECT count(*) FROM post WHERE id IN ");
    rt_sql_add_list(&sql, rt_list_new(&arena));
    CHECK_EQ(rt_value_repr(&arena, rt_sql_scalar(&sql)).data, "0");
    rt_db_close(db);
}

RT_TEST(many_values_are_kept_in_order)
{
    rt_db *db = open_memory();
    rt_sql sql = rt_sql_new(db, "SELECT 0");
    for (int i = 1; i <= 50; i++)
        rt_sql_add(&sql, " + ?", i);
    CHECK_EQ(sql.n, (size_t)50);
    CHECK_EQ(rt_value_repr(&arena, rt_sql_scalar(&sql)).data, "1275");
    rt_db_close(db);
}

RT_TEST(names_cannot_leave_their_quotes)
{
    rt_db *db = open_memory();
    rt_sql sql = rt_sql_new(db, "CREATE TABLE ");
    rt_sql_add_name(&sql, "x\" (id); DROP TABLE post; --?");
    rt_sql_add(&sql, " (id)");
    rt_sql_exec(&sql);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM post"), 3);
    CHECK_EQ(rt_db_scalar_int(db, "SELECT count(*) FROM sqlite_schema WHERE"
                                  " name LIKE 'x%--_'"),
             1);
    rt_db_close(db);
}

// Everything that is wrong is found before the database is asked.
static void add_wrong(rt_sql *sql, int which)
{
    switch (which) {
    case 0: rt_sql_add(sql, " WHERE id = ?"); break;
    case 1: rt_sql_add(sql, " WHERE id = 1", 2); break;
    case 2: rt_sql_add(sql, " WHERE id = 'a"); break;
    case 3: rt_sql_add_name(sql, ""); break;
    case 4: rt_sql_add_name(sql, NULL); break;
    case 5: rt_sql_add_column(sql, &post_model, "nope"); break;
    case 6: rt_sql_add_column(sql, &post_model, "title"); break; // the member
    case 7: rt_sql_order(sql, &post_model, "nope"); break;
    case 8: rt_sql_order(sql, &post_model, "secret"); break;
    case 9: rt_sql_order(sql, &post_model, "id,id,id,id"); break;
    case 10: rt_sql_order(sql, &post_model, "--id"); break;
    case 11: rt_sql_order(sql, &post_model, "id; DROP TABLE post"); break;
    case 12: rt_sql_add_list(sql, RT(1)); break;
    default: break;
    }
}

RT_TEST(what_is_wrong_is_said_when_it_is_run)
{
    rt_db *db = open_memory();
    for (int i = 0; i < 13; i++) {
        rt_sql sql = rt_sql_new(db, "SELECT * FROM post");
        add_wrong(&sql, i);
        REQUIRE(sql.wrong != NULL);
        const char *first = sql.wrong;
        rt_sql_add_name(&sql, "");
        CHECK(sql.wrong == first);
        rt_db_error err;
        CHECK(rt_sql_try(&sql, NULL, &err) == RT_E_SYNTAX);
        CHECK(err.kind == RT_DB_USAGE);
        CHECK_EQ(err.message, first);
        CHECK(rt_sql_try(&sql, NULL, NULL) == RT_E_SYNTAX);
    }
    rt_db_close(db);
}

RT_TEST(no_order_is_no_order)
{
    static const char *const rows[] = {NULL, "", "id", "id,"};
    rt_db *db = open_memory();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_sql sql = rt_sql_new(db, "SELECT 1 FROM post");
        rt_sql_order(&sql, &post_model, rows[i]);
        CHECK(!sql.wrong);
        CHECK_EQ(text_of(&sql), i < 2 ? "SELECT 1 FROM post"
                                      : "SELECT 1 FROM post ORDER BY \"id\"");
    }
    rt_db_close(db);
}

RT_TEST(each_engine_quotes_in_its_way)
{
    static const struct {
        rt_db_engine engine;
        const char *name, *text;
    } rows[] = {
        {RT_DB_SQLITE, "\"a\"\"b`c\"", "'it''s \\'"},
        {RT_DB_POSTGRESQL, "\"a\"\"b`c\"", "'it''s \\'"},
        {RT_DB_MARIADB, "`a\"b``c`", "'it''s \\\\'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_sql_quote_name(rows[i].engine, &buf, rt_guarded("a\"b`c"));
        CHECK_EQ(rt_buf_str(&buf).data, rows[i].name);
        rt_buf_init(&buf, &arena);
        rt_sql_quote_text(rows[i].engine, &buf, rt_guarded("it's \\"));
        CHECK_EQ(rt_buf_str(&buf).data, rows[i].text);
    }
}
