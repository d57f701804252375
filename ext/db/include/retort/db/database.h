// The databases of an application, and the handle by which they are used.
//
// An application has one database without a name, and as many with names as it
// likes. Every function that works on a database takes as its first argument a
// request, for the one without a name, or a handle:
//
//     rt_db_init(app, .url = "postgresql:///shop");
//     rt_db_init(app, .name = "stats", .url = "sqlite:///stats.db");
//
//     rt_db_exec(req, "UPDATE item SET n = n - 1 WHERE id = ?", id);
//     rt_db_exec(rt_db_named(req, "stats"), "INSERT INTO hit VALUES (?)", id);
//
// URLs are SQLAlchemy's:
//
//     sqlite:///app.db            a file, below the instance folder
//     sqlite:////var/lib/app.db   a file by its whole path
//     sqlite://                   in memory; for tests: one worker only
//     postgresql://user:password@host:5432/name?sslmode=require
//     postgresql:///name?host=/run/postgresql
//     mysql://user:password@host/name      also mariadb://
//
// "postgresql+psycopg2" and the like are read without what follows the plus.
// Passwords are never logged.
//
// Each worker has a pool of connections. One is taken for a statement, a cursor
// or a transaction, never for a request.
#pragma once

#include <retort/app/app.h>
#include <retort/app/request.h>
#include <retort/base/attributes.h>
#include <retort/db/error.h>

RT_C_BEGIN

typedef enum rt_db_engine {
    RT_DB_SQLITE,
    RT_DB_POSTGRESQL,
    RT_DB_MARIADB,
} rt_db_engine;

// "sqlite", "postgresql", "mariadb".
const char *rt_db_engine_name(rt_db_engine engine);

// False for an engine this library was built without.
bool rt_db_engine_is_built(rt_db_engine engine);

// Options of rt_db_init and rt_db_open; zero is the default. Settings of the
// application win over them: DATABASE_URL, DATABASE_POOL_SIZE and so on, for a
// database with a name with the name before it (STATS_DATABASE_URL).
// SQLALCHEMY_DATABASE_URI is read where DATABASE_URL is not set.
// The URL is also read from the environment and .env files, which win.
typedef struct rt_db_options {
    const char *name;    // NULL: the one without a name
    const char *url;     // NULL: the setting must be there
    const char *replica; // URL of a copy that reads outside transactions go to
    int pool_size;       // connections kept per worker; 0: 5
    int pool_overflow;   // more, while there is need; 0: 10, -1: none
    int pool_timeout_ms; // wait for one; then 503. 0: 30,000
    int pool_recycle_s;  // connections older than that are replaced; 0: never
    int pool_check_s;    // asked for a sign of life after so long idle; 0: 30
    int connect_timeout_ms; // 0: 10,000
    int busy_timeout_ms;    // SQLite: wait for another writer; 0: 5,000
    int statements;         // prepared and kept per connection; 0: 200
    int slow_ms;            // slower statements are logged as warnings; 0: 500,
                            // -1: never
    bool echo;              // log every statement with its time
    rt_site site;           // set by the macro
    int unused;
} rt_db_options;

// Give an application a database.
//
//   errors   end the process: a URL that is none or of an engine that was not
//            built, a name that is taken, an application that has started
#define rt_db_init(...)                               \
    rt_db_init_with(RT_ARG1(__VA_ARGS__),             \
                    &(rt_db_options){.site = RT_HERE, \
                                     RT__TAIL2(__VA_ARGS__, .unused = 0)})
void rt_db_init_with(rt_app *app, const rt_db_options *options);

// A database as one request uses it: which transaction is open, where results
// are allocated.
//
//   memory   lives as long as the request
typedef struct rt_db rt_db;

// The database without a name, and one with.
//
//   errors   500: the application has no such database; the log says so
rt_db *rt_db_of(rt_request *req);
rt_db *rt_db_named(rt_request *req, const char *name);

static inline rt_db *rt__db_same(rt_db *db)
{
    return db;
}

#ifdef __cplusplus
extern "C++" {
static inline rt_db *RT__DB(rt_request *req)
{
    return rt_db_of(req);
}

static inline rt_db *RT__DB(rt_db *db)
{
    return db;
}
}
#else
#define RT__DB(x) \
    _Generic((x), rt_request * : rt_db_of, rt_db * : rt__db_same)(x)
#endif

// Open a database without an application, as tests and tools do. Results lie in
// `arena`. What would end a request ends the process there, with a message;
// the functions with `try` in their name return the failure.
//
//   memory   until rt_db_close
//   errors   a URL that cannot be used: RT_E_SYNTAX or RT_E_UNSUPPORTED; the
//            first statement opens a connection
rt_status rt_db_open(rt_arena *arena, const char *url,
                     const rt_db_options *options, rt_db **out,
                     rt_db_error *err);
void rt_db_close(rt_db *db);

rt_db_engine rt_db_engine_of(const rt_db *db);
rt_arena *rt_db_arena(const rt_db *db);

// The URL with *** for its password.
const char *rt_db_url(const rt_db *db);

// The request the handle belongs to; NULL: rt_db_open.
rt_request *rt_db_request(const rt_db *db);

// What the pool of this process is doing.
typedef struct rt_db_stats {
    int open;        // connections
    int in_use;      // of them
    int waiting;     // coroutines that wait for one
    uint64_t opened; // connections, ever
    uint64_t statements;
} rt_db_stats;

rt_db_stats rt_db_stats_of(const rt_db *db);

// Statements this request has run.
size_t rt_db_statement_count(const rt_db *db);

RT_C_END
