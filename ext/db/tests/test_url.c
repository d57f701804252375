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

// Lives as long as the process of its test.
