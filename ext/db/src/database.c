// Databases of an application, and handles of requests.
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <retort/app/config.h>
#include <retort/base/error.h>
#include <retort/base/format.h>

#include "pool.h"

const rt_logger rt__db_log = {.name = "db"};

#define KEPT "db" // rt_app_kept: the first of the application's databases

static rt__database *all_databases; // of the process

static const rt__driver *driver_of(rt_db_engine engine)
{
    switch (engine) {
    case RT_DB_SQLITE: return &rt__sqlite_driver;
#ifdef RT_HAVE_PQ
    case RT_DB_POSTGRESQL: return &rt__postgresql_driver;
#endif
#ifdef RT_HAVE_MARIADB
    case RT_DB_MARIADB: return &rt__mariadb_driver;
#endif
    default: return NULL;
    }
}

// ---- options -------------------------------------------------------------------

static void set_default(int *option, int otherwise)
{
    if (*option == 0)
        *option = otherwise;
}

static void fill_defaults(rt_db_options *o)
{
    set_default(&o->pool_size, 5);
    set_default(&o->pool_overflow, 10);
    set_default(&o->pool_timeout_ms, 30000);
    set_default(&o->pool_check_s, 30);
    set_default(&o->connect_timeout_ms, 10000);
    set_default(&o->busy_timeout_ms, 5000);
    set_default(&o->statements, 200);
    set_default(&o->slow_ms, 500);
}

// "DATABASE_URL", "STATS_DATABASE_URL".
static const char *setting_key(rt_arena *arena, const char *name,
                               const char *what)
{
    rt_buf key;
    rt_buf_init(&key, arena);
    for (const char *c = name ? name : ""; *c; c++)
        rt_buf_put_char(&key, (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c));
    rt_buf_put_cstr(&key, name ? "_DATABASE_" : "DATABASE_");
    rt_buf_put_cstr(&key, what);
    return rt_buf_str(&key).data;
}

static void read_settings(const rt_app *app, rt_arena *arena, rt_db_options *o)
{
    struct {
        const char *what;
        int *option;
    } numbers[] = {
        {"POOL_SIZE", &o->pool_size},
        {"POOL_OVERFLOW", &o->pool_overflow},
        {"POOL_TIMEOUT_MS", &o->pool_timeout_ms},
        {"POOL_RECYCLE_S", &o->pool_recycle_s},
        {"POOL_CHECK_S", &o->pool_check_s},
        {"CONNECT_TIMEOUT_MS", &o->connect_timeout_ms},
        {"BUSY_TIMEOUT_MS", &o->busy_timeout_ms},
        {"STATEMENTS", &o->statements},
        {"SLOW_MS", &o->slow_ms},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        *numbers[i].option =
            (int)rt_config_int(app,
                               setting_key(arena, o->name, numbers[i].what),
                               *numbers[i].option);
    o->echo = rt_config_bool(app, setting_key(arena, o->name, "ECHO"), o->echo);
    if (!o->name)
        o->url = rt_config_text(app, "SQLALCHEMY_DATABASE_URI", o->url);
    o->url = rt_config_text(app, setting_key(arena, o->name, "URL"), o->url);
    // Where hosts tell programs their database, and .env files.
    const char *set = getenv(setting_key(arena, o->name, "URL"));
    if (set && *set)
        o->url = set;
    o->replica =
        rt_config_text(app, setting_key(arena, o->name, "REPLICA"), o->replica);
}

// ---- making --------------------------------------------------------------------

static rt_status read_url(rt__database *d, const char *text, rt__db_url *url,
                          const char **why)
{
    rt_status status = rt__db_url_parse(&d->arena, text, url, why);
    if (status)
        return status;
    d->driver = driver_of(url->engine);
    if (d->driver)
        return RT_OK;
    *why = "this library was built without that engine";
    return RT_E_UNSUPPORTED;
}

static rt_status database_new(const rt_db_options *options, rt__database **out,
                              const char **why)
{
    rt__database *d = calloc(1, sizeof *d);
    if (!d)
        rt_panic("out of memory: %zu bytes", sizeof *d);
    rt_arena_init(&d->arena, 0);
    d->options = *options;
    fill_defaults(&d->options);
    if (options->name)
        d->name = d->options.name =
            rt_str_cstr(&d->arena, rt_str_from(options->name));
    rt_status status = read_url(d, options->url, &d->url, why);
    if (!status && options->replica)
        status = read_url(d, options->replica, &d->replica_url, why);
    if (!status && options->replica && d->replica_url.engine != d->url.engine) {
        *why = "the replica is of another engine";
        status = RT_E_UNSUPPORTED;
    }
    if (status) {
        rt_arena_deinit(&d->arena);
        free(d);
        return status;
    }
    d->next = all_databases;
    all_databases = d;
    *out = d;
    return RT_OK;
}

static void database_free(rt__database *d)
{
    rt__database **at = &all_databases;
    while (*at != d)
        at = &(*at)->next;
    *at = d->next;
    rt__db_pool_close(d);
    rt_arena_deinit(&d->arena);
    free(d);
}

// SQLite's file, below the instance folder, which is made.
static void place_file(rt_app *app, rt_arena *arena, rt__db_url *url)
{
    if (url->engine != RT_DB_SQLITE || url->memory || *url->database == '/' ||
        !*url->database)
        return;
    const char *folder = rt_instance_path(app);
    mkdir(folder, 0777); // what is wrong shows when the file is opened
    url->database = rt_format(arena, "{}/{}", folder, url->database).data;
}

static rt__database *find(const rt_app *app, const char *name)
{
    if (!rt_app_kept(app, KEPT))
        return NULL;
    for (rt__database *d = all_databases; d; d = d->next)
        if (d->app == app &&
            (name ? d->name && strcmp(d->name, name) == 0 : !d->name))
            return d;
    return NULL;
}

// ---- hooks ---------------------------------------------------------------------

static void close_pool(rt_app *app, void *arg)
{
    (void)app;
    rt__db_pool_close(arg);
}

void rt_db_init_with(rt_app *app, const rt_db_options *options)
{
    rt_db_options o = *options;
    rt_arena scratch = {0};
    const char *why = "";
    rt__database *d;
    rt_app_load_env_files(app);
    read_settings(app, &scratch, &o);
    if (!o.url)
        rt_misuse(o.site,
                  "rt_db_init: neither .url nor the setting %s is there",
                  setting_key(&scratch, o.name, "URL"));
    if (find(app, o.name))
        rt_misuse(o.site, "rt_db_init: there is a database \"%s\" already",
                  o.name ? o.name : "");
    if (database_new(&o, &d, &why))
        rt_misuse(o.site, "rt_db_init: the URL cannot be used: %s", why);
    d->app = app;
    place_file(app, &d->arena, &d->url);
    if (o.replica)
        place_file(app, &d->arena, &d->replica_url);
    rt_app_keep_pointer(app, KEPT, d, o.site);
    rt__db_add_commands(app, d, o.site);
    rt_app_add_worker_stop(app, close_pool,
                           &(rt_hook_options){.arg = d, .site = o.site});
    rt_arena_deinit(&scratch);
}

// ---- handles -------------------------------------------------------------------

// Whether what is to be given back may be waited for: not when a coroutine was
// dropped, which is seen by who runs the cleanup.
static void clean_up(void *arg)
{
    rt_db *db = arg;
    bool may_wait = rt_coro_current() == db->coro;
    db->guarded = false;
    if (db->tx && may_wait)
        rt__db_guard(db); // for the case that it is dropped while it waits
    rt__db_tx_abandon(db, may_wait);
    while (!rt_links_is_empty(&db->holds))
        rt__hold_end(RT_CONTAINER(rt_links_first(&db->holds), rt__hold, link));
}

void rt__db_guard(rt_db *db)
{
    if (RT_LIKELY(db->guarded))
        return;
    db->guarded = true;
    rt_arena_defer(db->arena, clean_up, db);
}

static rt_db *handle_new(rt__database *database, rt_request *req,
                         rt_arena *arena)
{
    rt_db *db = rt_new(arena, rt_db, 1);
    db->database = database;
    db->req = req;
    db->arena = arena;
    db->coro = rt_coro_current();
    return db;
}

static rt_db *handle_for(rt_request *req, const char *name, rt_db *first)
{
    rt__database *d = find(rt_app_of(req), name);
    if (!d)
        rt_raise(req, &rt_db_kind_usage,
                 "the application has no database \"{}\"", name ? name : "");
    rt_db *db = handle_new(d, req, req->arena);
    db->next = first;
    rt_local_set(req, "retort.db", db);
    return db;
}

// The newest handle is the first of the list.
rt_db *rt_db_named(rt_request *req, const char *name)
{
    rt_db *first = rt_local_get(req, "retort.db");
    for (rt_db *db = first; db; db = db->next)
        if (name ? db->database->name && strcmp(db->database->name, name) == 0
                 : !db->database->name)
            return db;
    return handle_for(req, name, first);
}

rt_db *rt_db_of(rt_request *req)
{
    return rt_db_named(req, NULL);
}

rt_status rt_db_open(rt_arena *arena, const char *url,
                     const rt_db_options *options, rt_db **out,
                     rt_db_error *err)
{
    rt_db_options o = options ? *options : (rt_db_options){0};
    const char *why = "";
    rt__database *d;
    rt_db_error ignored;
    if (!err)
        err = &ignored;
    *err = (rt_db_error){0};
    o.url = url;
    rt_status status = database_new(&o, &d, &why);
    if (status) {
        rt_db nobody = {.arena = arena};
        return rt__db_refuse(&nobody, err, status, RT_DB_USAGE, why);
    }
    *out = handle_new(d, NULL, arena);
    (*out)->opened = true;
    return RT_OK;
}

void rt_db_close(rt_db *db)
{
    if (!db || !db->database)
        return;
    db->tx_scoped = true;
    clean_up(db);
    if (db->opened)
        database_free(db->database);
    db->database = NULL;
}

// ---- asking --------------------------------------------------------------------

rt_db_engine rt_db_engine_of(const rt_db *db)
{
    return db->database->driver->engine;
}

rt_arena *rt_db_arena(const rt_db *db)
{
    return db->arena;
}

const char *rt_db_url(const rt_db *db)
{
    return db->database->url.masked;
}

rt_request *rt_db_request(const rt_db *db)
{
    return db->req;
}

size_t rt_db_statement_count(const rt_db *db)
{
    return db->statements;
}

rt_db_stats rt_db_stats_of(const rt_db *db)
{
    const rt__pool *pool = rt__db_pool(db->database, false);
    rt_db_stats stats = {.open = pool->n,
                         .waiting = pool->waiting,
                         .opened = pool->opened,
                         .statements = pool->statements};
    for (int i = 0; i < pool->n; i++)
        stats.in_use += pool->all[i]->users > 0;
    return stats;
}
