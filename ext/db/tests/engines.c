#include "engines.h"

rt_db *open_engine(rt_db_engine engine, rt_arena *arena)
{
    static const char *const variables[] = {NULL, "RETORT_TEST_POSTGRESQL",
                                            "RETORT_TEST_MARIADB"};
    const char *url =
        variables[engine] ? getenv(variables[engine]) : "sqlite://";
    if (!url || !rt_db_engine_is_built(engine))
        RT_SKIP("there is no server of that engine");
    rt_db *db = NULL;
    rt_db_error err = {0};
    if (rt_db_open(arena, url, NULL, &db, &err))
        REQUIRE(!err.message);
    return db;
}
