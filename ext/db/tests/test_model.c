// Models on each engine, and the texts of their schemas.
#include <retort.h>
#include <retort/db.h>
#include <retort/test.h>

#include "engines.h"

typedef struct author {
    int64_t id;
    const char *name;
    bool admin;
    const char *password;
} author;

typedef struct post {
    int64_t id;
    const char *title;
    int64_t author_id;
    double rating;
    int32_t stars;
    rt_time created;
    rt_time seen;
    rt_blob picture;
    rt_uuid token;
    rt_value extra;
    rt_opt_int parent;
    int64_t version;
} post;

typedef struct listed {
    post post;
    author author;
    int64_t n;
} listed;

typedef struct tagged {
    int64_t post_id;
    const char *tag;
    int64_t n;
} tagged;

RT_MODEL(author, "model_user", RT_FIELD(author, id, .primary_key = true),
         RT_FIELD(author, name, .max = 40, .not_null = true, .unique = true),
         RT_FIELD(author, admin),
         RT_FIELD(author, password, .column = "password_hash", .secret = true));

RT_MODEL(post, "model_post", RT_FIELD(post, id, .primary_key = true),
         RT_FIELD(post, title, .max = 140, .not_null = true),
         RT_FIELD(post, author_id, .references = "model_user.id",
                  .on_delete = "CASCADE", .index = true),
         RT_FIELD(post, rating, .check = "rating >= 0"), RT_FIELD(post, stars),
         RT_FIELD(post, created, .server_default = "CURRENT_TIMESTAMP"),
         RT_FIELD(post, seen, .nullable = true), RT_FIELD(post, picture),
         RT_FIELD(post, token), RT_FIELD(post, extra), RT_FIELD(post, parent),
         RT_FIELD(post, version, .version = true));

RT_MODEL(listed, NULL, RT_EMBED(listed, post, post),
         RT_EMBED(listed, author, author), RT_FIELD(listed, n));

RT_MODEL_WITH(tagged, "post_tag", RT_KEYS({.columns = "tag, order"}),
              RT_FIELD(tagged, post_id, .primary_key = true),
              RT_FIELD(tagged, tag, .primary_key = true, .max = 20),
              RT_FIELD(tagged, n, .column = "order"));

static const rt_model *const models[] = {&post_model, &author_model,
                                         &tagged_model, NULL};

// The tables, two authors in them.
static void make_tables(rt_db *db)
{
    rt_db_drop_all(db, models);
    rt_db_create_all(db, models);
    rt_db_create_all(db, models);
    author a = {.name = "ann", .password = "secret"};
    author b = {.name = "bob", .admin = true};
    rt_db_insert(db, author, &a);
    rt_db_insert(db, author, &b);
    REQUIRE(a.id == 1 && b.id == 2);
}

static const char *repr(rt_arena *arena, rt_value v)
{
    return rt_value_repr(arena, v).data;
}

EACH_ENGINE(a_row_comes_back_as_it_was)
{
    make_tables(db);
    rt_value extra = rt_dict_new(arena);
    CHECK(rt_dict_set(extra, RT("a"), RT(1)) == RT_OK);
    post p = {
        .title = "Hello",
        .author_id = 2,
        .rating = 2.5,
        .stars = -3,
        .picture = {"\0x", 2},
        .token = {{1, 2, 3}},
        .extra = extra,
        .parent = rt_some_int(7),
    };
    rt_db_insert(db, post, &p);
    CHECK_EQ(p.id, 1);
    CHECK(p.created.us > 0); // of the database

    post q;
    REQUIRE(rt_db_get(db, post, &q, p.id));
    CHECK_EQ(q.title, "Hello");
    CHECK_EQ(q.author_id, 2);
    CHECK(q.rating == 2.5);
    CHECK_EQ(q.stars, -3);
    CHECK(q.created.us == p.created.us);
    CHECK_EQ(q.seen.us, 0);
    CHECK(q.picture.len == 2 && memcmp(q.picture.data, "\0x", 2) == 0);
    CHECK(memcmp(&q.token, &p.token, sizeof(q.token)) == 0);
    CHECK_EQ(repr(arena, q.extra), "{'a': 1}");
    CHECK(q.parent.has && q.parent.value == 7);
    CHECK(rt_value_is_none(rt_db_scalar(db, "SELECT seen FROM model_post")));
    CHECK(!rt_db_get(db, post, &q, 99));
}

EACH_ENGINE(a_secret_is_in_no_dict)
{
    make_tables(db);
    author a;
    REQUIRE(rt_db_first(db, author, &a, "WHERE name = ?", "ann"));
    CHECK_EQ(a.password, "secret");
    CHECK_EQ(repr(arena, rt_model_dict(db, author, &a)),
             "{'id': 1, 'name': 'ann', 'admin': False}");
}

EACH_ENGINE(rows_are_selected_counted_and_deleted)
{
    make_tables(db);
    author *authors;
    CHECK_EQ(rt_db_select(db, author, &authors, "ORDER BY id DESC"), 2);
    CHECK_EQ(authors[0].name, "bob");
    CHECK(authors[0].admin && !authors[1].admin);
    CHECK_EQ(rt_db_select(db, author, &authors, "WHERE id = ?", 5), 0);
    // By name, where the statement is a whole one.
    CHECK_EQ(
        rt_db_select(db, author, &authors,
                     "SELECT password_hash, admin, name, id FROM model_user"
                     " ORDER BY id"),
        2);
    CHECK_EQ(authors[0].name, "ann");
    CHECK_EQ(rt_db_count(db, author, ""), 2);
    CHECK_EQ(rt_db_count(db, author, "WHERE id > ? ORDER BY name", 1), 1);
    CHECK(rt_db_exists(db, author, "WHERE name = ?", "bob"));
    CHECK(!rt_db_exists(db, author, "WHERE name = ?", "eve"));
    CHECK(rt_db_delete(db, author, &authors[0]));
    CHECK(!rt_db_delete(db, author, &authors[0]));
    (void)arena;
}

EACH_ENGINE(a_join_loads_the_models_in_it)
{
    make_tables(db);
    post p = {.title = "x", .author_id = 2};
    rt_db_insert(db, post, &p);
    listed *rows;
    REQUIRE(rt_db_select(
                db, listed, &rows,
                "SELECT {p.post}, {u.author}, '{no}' = '{no}'"
                " FROM model_post p JOIN model_user u ON u.id = p.author_id") ==
            1);
    CHECK_EQ(rows[0].post.title, "x");
    CHECK_EQ(rows[0].author.name, "bob");
    CHECK_EQ(rows[0].n, 1);
    (void)arena;
}

EACH_ENGINE(what_rows_refer_to_is_loaded_once)
{
    make_tables(db);
    post posts[3] = {{.title = "a", .author_id = 2},
                     {.title = "b", .author_id = 1},
                     {.title = "c", .author_id = 2}};
    rt_db_insert_many(db, post, posts, 3);
    CHECK_EQ(posts[2].id, 3);
    author *authors;
    CHECK_EQ(rt_db_preload(db, post, posts, 3, author_id, author, &authors), 2);
    CHECK_EQ(rt_db_preload(db, post, posts, 0, author_id, author, &authors), 0);
    (void)arena;
}

EACH_ENGINE(an_update_writes_the_members_named)
{
    make_tables(db);
    post p = {.title = "a", .author_id = 1};
    rt_db_insert(db, post, &p);
    p.title = "b";
    p.stars = 5;
    CHECK(rt_db_update(db, post, &p, title));
    CHECK_EQ(p.version, 1);
    post q;
    rt_db_get_or_404(db, post, &q, p.id);
    CHECK_EQ(q.title, "b");
    CHECK_EQ(q.stars, 0);
    CHECK(rt_db_update(db, post, &p));
    rt_db_get_or_404(db, post, &q, p.id);
    CHECK_EQ(q.stars, 5);
    CHECK_EQ(q.version, 2);
    p.id = 77;
    CHECK(!rt_db_update(db, post, &p, title, stars));
    (void)arena;
}

EACH_ENGINE(the_second_of_two_updates_of_a_version_fails)
{
    make_tables(db);
    post p = {.title = "a", .author_id = 1};
    rt_db_insert(db, post, &p);
    post other = p;
    CHECK(rt_db_update(db, post, &other, stars));
    rt_db_error err = {0};
    CHECK(rt_db_try_update_row(db, &post_model, &p, NULL, &err) == RT_E_BUSY);
    CHECK_EQ((int)err.kind, RT_DB_SERIALIZATION);
    p.version = other.version;
    CHECK(rt_db_update(db, post, &p));
    (void)arena;
}

EACH_ENGINE(an_upsert_inserts_or_updates)
{
    make_tables(db);
    author a = {.name = "ann", .admin = true};
    rt_db_upsert(db, author, &a, "name");
    CHECK_EQ(a.id, 1);
    author c = {.name = "cid"};
    rt_db_upsert(db, author, &c, "name");
    CHECK(c.id > 2); // a sequence may have gone on
    CHECK_EQ(rt_db_count(db, author, "WHERE admin"), 2);
    tagged t = {.post_id = 1, .tag = "c", .n = 4};
    rt_db_upsert(db, tagged, &t, "post_id, tag");
    t.n = 5;
    rt_db_upsert(db, tagged, &t, "post_id, tag");
    tagged got;
    REQUIRE(rt_db_get(db, tagged, &got, 1, "c"));
    CHECK_EQ(got.n, 5);
    CHECK_EQ(rt_db_count(db, tagged, ""), 1);
    (void)arena;
}

EACH_ENGINE(a_refused_insert_says_why)
{
    make_tables(db);
    author a = {.name = "ann"};
    rt_db_error err = {0};
    CHECK(rt_db_try_insert_row(db, &author_model, &a, &err) == RT_E_EXISTS);
    CHECK_EQ((int)err.kind, RT_DB_UNIQUE);
    CHECK_EQ(a.id, 0);
    (void)arena;
}

EACH_ENGINE(tables_are_dropped_in_the_order_of_their_references)
{
    make_tables(db);
    post p = {.title = "a", .author_id = 1};
    rt_db_insert(db, post, &p);
    rt_db_drop_all(db, models);
    rt_db_error err = {0};
    CHECK(rt_db_try(db, NULL, &err, "SELECT 1 FROM model_post") != RT_OK);
    CHECK(rt_db_try(db, NULL, &err, "SELECT 1 FROM model_user") != RT_OK);
    (void)arena;
}

RT_TEST(each_engine_has_its_own_create)
{
    rt_arena arena = {0};
    static const char *const rows[] = {
        "CREATE TABLE \"post_tag\" (\n"
        "    \"post_id\" INTEGER NOT NULL,\n"
        "    \"tag\" VARCHAR(20) NOT NULL,\n"
        "    \"order\" INTEGER NOT NULL,\n"
        "    PRIMARY KEY (\"post_id\", \"tag\")\n);\n"
        "CREATE INDEX \"ix_post_tag_tag_order\" ON \"post_tag\" (\"tag\", \"order\");\n",
        "CREATE TABLE \"post_tag\" (\n"
        "    \"post_id\" BIGINT NOT NULL,\n"
        "    \"tag\" VARCHAR(20) NOT NULL,\n"
        "    \"order\" BIGINT NOT NULL,\n"
        "    PRIMARY KEY (\"post_id\", \"tag\")\n);\n"
        "CREATE INDEX \"ix_post_tag_tag_order\" ON \"post_tag\" (\"tag\", \"order\");\n",
        "CREATE TABLE `post_tag` (\n"
        "    `post_id` BIGINT NOT NULL,\n"
        "    `tag` VARCHAR(20) NOT NULL,\n"
        "    `order` BIGINT NOT NULL,\n"
        "    PRIMARY KEY (`post_id`, `tag`)\n);\n"
        "CREATE INDEX `ix_post_tag_tag_order` ON `post_tag` (`tag`, `order`);\n",
    };
    for (int engine = 0; engine < 3; engine++) {
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_model_create_sql(&tagged_model, (rt_db_engine)engine, &buf);
        rt_model_index_sql(&tagged_model, (rt_db_engine)engine, &buf);
        CHECK_EQ(rt_buf_str(&buf).data, rows[engine]);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(columns_have_keys_defaults_and_references)
{
    rt_arena arena = {0};

    static const struct {
        const rt_model *model;
        int field;
        rt_db_engine engine;
        const char *sql;
    } rows[] = {
        {&post_model, 0, RT_DB_SQLITE, "\"id\" INTEGER NOT NULL"},
        {&post_model, 0, RT_DB_POSTGRESQL,
         "\"id\" BIGINT GENERATED BY DEFAULT AS IDENTITY NOT NULL"},
        {&post_model, 0, RT_DB_MARIADB, "`id` BIGINT NOT NULL AUTO_INCREMENT"},
        {&post_model, 2, RT_DB_POSTGRESQL,
         "\"author_id\" BIGINT NOT NULL REFERENCES \"model_user\" (\"id\")"
         " ON DELETE CASCADE"},
        {&post_model, 3, RT_DB_SQLITE,
         "\"rating\" FLOAT NOT NULL CHECK (rating >= 0)"},
        {&post_model, 5, RT_DB_MARIADB,
         "`created` DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)"},
        {&post_model, 6, RT_DB_POSTGRESQL, "\"seen\" TIMESTAMP WITH TIME ZONE"},
        {&post_model, 10, RT_DB_SQLITE, "\"parent\" INTEGER"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].sql);
        rt_buf buf;
        rt_buf_init(&buf, &arena);
        rt_field_column_sql(&rows[i].model->fields[rows[i].field],
                            rows[i].engine, true, &buf);
        CHECK_EQ(rt_buf_str(&buf).data, rows[i].sql);
    }
    rt_arena_deinit(&arena);
}
