// A statement that takes long stops whoever asked, and nobody else.
#include <retort/base/wait.h>

#include "engines.h"

#define SLOW 50

static struct {
    rt_db *db;
    const char *sql;
    int slow_done;
    int slow_when_quick; // how many slow ones had ended when the quick one had
    bool quick_done;
} now;

static void run_slow(void *arg)
{
    (void)arg;
    rt_db_error err = {0};
    CHECK(rt_db_try_values(now.db, now.sql, NULL, 0, NULL, &err) == RT_OK);
    now.slow_done++;
}

// What an answer without a database is: some turns of the reactor.
static void run_quick(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++)
        rt_sleep(0);
    now.slow_when_quick = now.slow_done;
    now.quick_done = true;
}

EACH_ENGINE(slow_statements_do_not_stall_the_others)
{
    (void)arena;
    static const char *const statements[] = {
        ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
         " WHERE i < 30000) SELECT count(*) FROM n"),
        "SELECT pg_sleep(0.1)", "SELECT SLEEP(0.1)"};
    static rt_group group;
    now.db = db;
    now.sql = statements[rt_db_engine_of(db)];
    for (int i = 0; i < SLOW; i++)
        rt_group_spawn(&group, run_slow, NULL);
    rt_group_spawn(&group, run_quick, NULL);
    CHECK(rt_group_wait(&group) == RT_OK);
    CHECK(now.quick_done);
    CHECK(now.slow_when_quick < SLOW);
    CHECK_EQ(now.slow_done, SLOW);
    rt_db_stats stats = rt_db_stats_of(db);
    CHECK_EQ(stats.in_use, 0);
    CHECK_EQ(stats.waiting, 0);
    CHECK(stats.open <= 15);
}

#define CALLERS 1000

static int answered;

static void ask(void *arg)
{
    int64_t i = (int64_t)(intptr_t)arg;
    rt_arena arena = {0};
    rt_db_result result = {0};
    rt_db_error err = {0};
    rt_value value = RT(i);
    const char *sql = rt_db_engine_of(now.db) == RT_DB_POSTGRESQL
                          ? "SELECT ?::bigint AS n"
                          : "SELECT ? AS n";
    if (CHECK(rt_db_try_values(now.db, sql, &value, 1, &result, &err) == RT_OK))
        answered +=
            rt_value_as_int(rt_dict_get(rt_list_get(result.rows, 0), RT("n")),
                            -1) == i;
    rt_arena_deinit(&arena);
}

static void ask_thousand(rt_db_engine engine)
{
    static rt_arena arena;
    static const char *const variables[] = {NULL, "RETORT_TEST_POSTGRESQL",
                                            "RETORT_TEST_MARIADB"};
    const char *url =
        variables[engine] ? getenv(variables[engine]) : "sqlite://";
    if (!url)
        RT_SKIP("there is no server of that engine");
    rt_db_options four = {.pool_size = 4, .pool_overflow = -1};
    rt_db_error err = {0};
    REQUIRE(rt_db_open(&arena, url, &four, &now.db, &err) == RT_OK);
    static rt_group group;
    for (intptr_t i = 0; i < CALLERS; i++)
        rt_group_spawn(&group, ask, (void *)i);
    CHECK(rt_group_wait(&group) == RT_OK);
    CHECK_EQ(answered, CALLERS);
    CHECK(rt_db_stats_of(now.db).open <= 4);
    rt_db_close(now.db);
}

RT_TEST(sqlite_serves_a_thousand_at_once)
{
    ask_thousand(RT_DB_SQLITE);
}

RT_TEST(postgresql_serves_a_thousand_on_four_connections)
{
    ask_thousand(RT_DB_POSTGRESQL);
}

RT_TEST(mariadb_serves_a_thousand_on_four_connections)
{
    ask_thousand(RT_DB_MARIADB);
}
