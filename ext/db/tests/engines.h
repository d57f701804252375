// Tests that are to hold on each engine run once for each of those that are there:
// SQLite always, the others where RETORT_TEST_POSTGRESQL and RETORT_TEST_MARIADB
// say where one is.
#pragma once

#include <stdlib.h>

#include <retort/db.h>
#include <retort/test.h>

// Open the database of an engine in the arena; ends the test where there is none.
rt_db *open_engine(rt_db_engine engine, rt_arena *arena);

#define EACH_ENGINE(name)                         \
    static void name(rt_db *db, rt_arena *arena); \
    static void run_##name(rt_db_engine engine)   \
    {                                             \
        static rt_arena arena;                    \
        rt_db *db = open_engine(engine, &arena);  \
        name(db, &arena);                         \
        rt_db_close(db);                          \
    }                                             \
    RT_TEST(sqlite_##name)                        \
    {                                             \
        run_##name(RT_DB_SQLITE);                 \
    }                                             \
    RT_TEST(postgresql_##name)                    \
    {                                             \
        run_##name(RT_DB_POSTGRESQL);             \
    }                                             \
    RT_TEST(mariadb_##name)                       \
    {                                             \
        run_##name(RT_DB_MARIADB);                \
    }                                             \
    static void name(rt_db *db, rt_arena *arena)
