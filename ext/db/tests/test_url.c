#include <retort/test.h>

#include "driver.h"

static rt_arena arena;

RT_TEST(urls_are_read_as_sqlalchemy_reads_them)
{
    static const struct {
        const char *url;
        rt_db_engine engine;
        const char *user, *password, *host;
        int port;
        const char *database, *masked;
    } rows[] = {
        {"sqlite://", RT_DB_SQLITE, "", "", "", 0, "", "sqlite://"},
        {"sqlite:///a/b.db", RT_DB_SQLITE, "", "", "", 0, "a/b.db",
         "sqlite:///a/b.db"},
        {"sqlite:////abs.db", RT_DB_SQLITE, "", "", "", 0, "/abs.db",
         "sqlite:////abs.db"},
        {"postgresql+psycopg2://u:p%40s@h:5433/d?sslmode=require",
         RT_DB_POSTGRESQL, "u", "p@s", "h", 5433, "d",
         "postgresql+psycopg2://u:***@h:5433/d?sslmode=require"},
        {"postgres:///d?host=/run/pg", RT_DB_POSTGRESQL, "", "", "", 0, "d",
         "postgres:///d?host=/run/pg"},
        {"mysql://u@[::1]:3307/d", RT_DB_MARIADB, "u", "", "::1", 3307, "d",
         "mysql://u@[::1]:3307/d"},
        {"mariadb://u:a@b@h/d", RT_DB_MARIADB, "u", "a@b", "h", 0, "d",
         "mariadb://u:***@h/d"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        if (!rt_db_engine_is_built(rows[i].engine))
            continue;
        rt__db_url url;
        const char *why = "";
        REQUIRE(rt__db_url_parse(&arena, rows[i].url, &url, &why) == RT_OK);
        CHECK(url.engine == rows[i].engine);
        CHECK_EQ(url.user, rows[i].user);
        CHECK_EQ(url.password, rows[i].password);
        CHECK_EQ(url.host, rows[i].host);
        CHECK_EQ(url.port, rows[i].port);
        CHECK_EQ(url.database, rows[i].database);
        CHECK_EQ(url.masked, rows[i].masked);
    }
}

RT_TEST(options_are_decoded)
{
    rt__db_url url;
    const char *why = "";
    REQUIRE(rt__db_url_parse(&arena, "sqlite:///x?mode=r%20o&b=2", &url,
                             &why) == RT_OK);
    CHECK_EQ(rt__db_url_option(&url, "mode", ""), "r o");
    CHECK_EQ(rt__db_url_option(&url, "c", "none"), "none");
    CHECK(!url.memory);
}

RT_TEST(what_is_no_url_is_refused_with_the_reason)
{
    static const struct {
        const char *url;
        rt_status status;
    } rows[] = {{"nodb", RT_E_SYNTAX},
                {"", RT_E_SYNTAX},
                {"oracle://h/d", RT_E_UNSUPPORTED},
                {"sqlite://host/d", RT_E_SYNTAX},
                {"postgresql://h:0/d", RT_E_SYNTAX},
                {"postgresql://h:99999/d", RT_E_SYNTAX},
                {"postgresql://[::1/d", RT_E_SYNTAX}};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt__db_url url;
        const char *why = NULL;
        CHECK(rt__db_url_parse(&arena, rows[i].url, &url, &why) ==
              rows[i].status);
        CHECK(why != NULL);
    }
}

static rt__db_url parse(const char *text)
{
    rt__db_url url = {.masked = ""};
    const char *why = "";
    if (rt__db_url_parse(&arena, text, &url, &why))
        CHECK_EQ(why, "");
    return url;
}

RT_TEST(a_url_is_taken_apart)
{
    static const struct {
        const char *text, *user, *password, *host;
        int port;
        const char *database;
    } rows[] = {
        {"sqlite://", "", "", "", 0, ""},
        {"sqlite:///a.db", "", "", "", 0, "a.db"},
        {"sqlite:////var/a.db", "", "", "", 0, "/var/a.db"},
        {"sqlite:///a%20b.db", "", "", "", 0, "a%20b.db"},
        {"sqlite:///a@b:c.db", "", "", "", 0, "a@b:c.db"},
#ifdef RT_HAVE_PQ
        {"postgresql://u:p@h:1/d", "u", "p", "h", 1, "d"},
        {"postgresql+psycopg2://u@h/d", "u", "", "h", 0, "d"},
        {"postgres://h/d", "", "", "h", 0, "d"},
        {"postgresql:///d", "", "", "", 0, "d"},
        {"postgresql://u%40:p%2F%3a@[::1]:5/d", "u@", "p/:", "::1", 5, "d"},
        {"postgresql://[::1]/d", "", "", "::1", 0, "d"},
        {"postgresql://u:12/3@h/d", "u", "12/3", "h", 0, "d"},
        {"postgresql://u:1?2@h/d", "u", "1?2", "h", 0, "d"},
        {"postgresql://u:1/2@3@h/d", "u", "1/2@3", "h", 0, "d"},
        {"postgresql://u:p@h/d@e", "u", "p", "h", 0, "d@e"},
        {"postgresql://a@b@h/d", "a@b", "", "h", 0, "d"},
        {"postgresql://a@b:c@h/d", "a@b", "c", "h", 0, "d"},
        {"postgresql://u:@h/d", "u", "", "h", 0, "d"},
#endif
    };
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt__db_url url = parse(rows[i].text);
        CHECK_EQ(url.user, rows[i].user);
        CHECK_EQ(url.password, rows[i].password);
        CHECK_EQ(url.host, rows[i].host);
        CHECK_EQ(url.port, rows[i].port);
        CHECK_EQ(url.database, rows[i].database);
    }
}

RT_TEST(sqlite_in_memory_is_known)
{
    CHECK(parse("sqlite://").memory);
    CHECK(parse("sqlite:///:memory:").memory);
    CHECK(parse("sqlite+pysqlite:///").memory);
    CHECK(!parse("sqlite:///a.db").memory);
}

RT_TEST(a_url_that_is_none_is_refused)
{
    static const struct {
        const char *text;
        rt_status status;
    } rows[] = {
        {"", RT_E_SYNTAX},
        {"nodb", RT_E_SYNTAX},
        {"sqlite://a.db", RT_E_SYNTAX},
        {"oracle://h/d", RT_E_UNSUPPORTED},
        {"://h", RT_E_UNSUPPORTED},
#ifdef RT_HAVE_PQ
        {"postgresql://h:x/d", RT_E_SYNTAX},
        {"postgresql://h:0/d", RT_E_SYNTAX},
        {"postgresql://h:65536/d", RT_E_SYNTAX},
        {"postgresql://[::1/d", RT_E_SYNTAX},
        {"postgresql://[::1]x/d", RT_E_SYNTAX},
#endif
    };
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt__db_url url = {.port = -7};
        const char *why = NULL;
        CHECK(rt__db_url_parse(&arena, rows[i].text, &url, &why) ==
              rows[i].status);
        CHECK(why && *why);
        CHECK(url.port == -7);
    }
}

RT_TEST(options_are_decoded_and_have_a_default)
{
    rt__db_url url = parse("sqlite:///a.db?a=b+c&d=%2Be&f&=g");
    CHECK(url.n_options == 3);
    CHECK_EQ(rt__db_url_option(&url, "a", "x"), "b c");
    CHECK_EQ(rt__db_url_option(&url, "d", "x"), "+e");
    CHECK_EQ(rt__db_url_option(&url, "f", "x"), "");
    CHECK_EQ(rt__db_url_option(&url, "h", "x"), "x");
}

RT_TEST(passwords_are_not_shown)
{
    static const struct {
        const char *text, *masked;
    } rows[] = {
        {"sqlite:///a.db?x=1", "sqlite:///a.db?x=1"},
        {"sqlite:///a.db?", "sqlite:///a.db?"},
        {"sqlite:///a.db?x=1&PassWord=s&y",
         "sqlite:///a.db?x=1&PassWord=***&y"},
        {"sqlite:///a.db?%70assword=s", "sqlite:///a.db?%70assword=***"},
#ifdef RT_HAVE_PQ
        {"postgresql://u@h/d", "postgresql://u@h/d"},
        {"postgresql://u:p@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:12/3@h/d", "postgresql://u:***@h/d"},
        {"postgresql://u:1?2@h/d?a=b", "postgresql://u:***@h/d?a=b"},
#endif
    };
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(parse(rows[i].text).masked, rows[i].masked);
    }
}

RT_TEST(engines_have_names)
{
    CHECK_EQ(rt_db_engine_name(RT_DB_MARIADB), "mariadb");
    CHECK(rt_db_engine_is_built(RT_DB_SQLITE));
}
