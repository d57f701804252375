// The commands. What they print is Alembic's.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <retort/app/config.h>
#include <retort/app/request.h>
#include <retort/base/error.h>
#include <retort/crypto/random.h>
#include <retort/migrate.h>

#include "compare.h"
#include "version.h"

#define ID_BYTES   6
#define SLUG_BYTES 40

static rt_db *database(rt_request *req, const rt_migrate_options *options)
{
    return options->name ? rt_db_named(req, options->name) : rt_db_of(req);
}

static const char *folder_of(rt_request *req, const rt_migrate_options *options)
{
    const char *folder = options->folder ? options->folder : "migrations";
    if (folder[0] == '/')
        return folder;
    return rt_format(rt_arena_of(req), "{}/{}", rt_root_path(rt_app_of(req)),
                     folder)
        .data;
}

RT_NORETURN static void fail(rt_request *req, const rt_error *err)
{
    if (err->file.len) {
        rt_abort(req, 500, "{}:{}: {}", err->file, (int64_t)err->line,
                 err->message);
    }
    rt_abort(req, 500, "{}", err->message);
}

static rt__history read_history(rt_request *req,
                                const rt_migrate_options *options)
{
    rt__history history;
    rt_error err = {0};
    if (rt__history_read(rt_arena_of(req), folder_of(req, options), &history,
                         &err))
        fail(req, &err);
    return history;
}

static void put(rt_str s)
{
    fwrite(s.data, 1, s.len, stdout);
}

static void put_ids(const rt_str *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put(i ? RT_STR(", ") : RT_STR(""));
        put(ids[i]);
    }
    if (!n)
        put(RT_STR("<base>"));
}

static void write_file(rt_request *req, const char *path, rt_str text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        rt_abort(req, 500, "cannot create {}: {}", path, strerror(errno));
    FILE *file = fdopen(fd, "w");
    bool written = fwrite(text.data, 1, text.len, file) == text.len;
    if (fclose(file) || !written)
        rt_abort(req, 500, "cannot write {}: {}", path, strerror(errno));
}

// ---- init -----------------------------------------------------------------------

static const char readme[] =
    "Migrations: one SQL file a step, newest last in `db history`.\n"
    "\n"
    "    db revision -m \"what it does\"       a new, empty one\n"
    "    db revision --autogenerate -m ...   what models and database differ in\n"
    "    db upgrade                          run those that were not run yet\n"
    "    db downgrade                        take the last one back\n"
    "\n"
    "A file has parts `-- upgrade` and `-- downgrade`, and, where the engines\n"
    "differ, `-- upgrade postgresql` and so on, which are taken instead.\n";

static int init(rt_request *req, void *arg)
{
    const char *folder = folder_of(req, arg);
    if (mkdir(folder, 0777) && errno != EEXIST)
        rt_abort(req, 500, "cannot create {}: {}", folder, strerror(errno));
    const char *path = rt_format(rt_arena_of(req), "{}/README", folder).data;
    if (access(path, F_OK) == 0) {
        rt_abort(req, 500, "Directory {} already exists and is not empty",
                 folder);
    }
    write_file(req, path, rt_str_from(readme));
    printf("Creating directory %s ...  done\n", folder);
    return 0;
}

// ---- revision -------------------------------------------------------------------

// "Add slug!" is "add_slug".
static rt_str slug(rt_arena *arena, const char *message)
{
    rt_buf out;
    rt_buf_init(&out, arena);
    for (const char *c = message; *c && out.len < SLUG_BYTES; c++) {
        bool keep = rt_is_alpha(*c) || rt_is_digit(*c);
        if (keep) {
            rt_buf_put_char(&out, rt_to_lower(*c));
        } else if (out.len && out.data[out.len - 1] != '_') {
            rt_buf_put_char(&out, '_');
        }
    }
    while (out.len && out.data[out.len - 1] == '_')
        out.len--;
    return rt_buf_str(&out);
}

static rt_str now_text(rt_arena *arena)
{
    char text[32];
    time_t now = time(NULL);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
    return rt_str_copy(arena, rt_str_from(text));
}

static void create_revision(rt_request *req, const rt_migrate_options *options,
                            const char *message, const rt_str *down,
                            size_t n_down, rt_str up_sql, rt_str down_sql)
{
    rt_arena *arena = rt_arena_of(req);
    const char *given = rt_option_text(req, "rev-id");
    rt_str id = given ? rt_str_from(given) : rt_random_hex(arena, ID_BYTES);
    rt_str list = rt_str_join(arena, RT_STR(", "), down, n_down);
    rt_str text =
        rt_format(arena,
                  "-- revision: {}\n-- down: {}\n-- message: {}\n"
                  "-- created: {}\n\n-- upgrade\n{}\n"
                  "-- downgrade\n{}",
                  id, list, message, now_text(arena), up_sql, down_sql);
    const char *path = rt_format(arena, "{}/{}_{}.sql", folder_of(req, options),
                                 id, slug(arena, message))
                           .data;
    write_file(req, path, text);
    printf("Generating %s ...  done\n", path);
}

static size_t head_ids(rt_request *req, const rt__history *history,
                       rt_str **out)
{
    rt__revision **heads;
    size_t n = rt__history_heads(history, rt_arena_of(req), &heads);
    rt_str *ids = rt_new(rt_arena_of(req), rt_str, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = heads[i]->id;
    *out = ids;
    return n;
}

static bool same_ids(const rt_str *a, size_t n_a, const rt_str *b, size_t n_b)
{
    size_t found = 0;
    for (size_t i = 0; i < n_a; i++) {
        for (size_t j = 0; j < n_b; j++)
            found += rt_str_eq(a[i], b[j]);
    }
    return n_a == n_b && found == n_a;
}

// What autogenerate compares with must be what the revisions make.
static void check_at_head(rt_request *req, rt_db *db,
                          const rt__history *history)
{
    rt_str *heads, *at;
    size_t n_heads = head_ids(req, history, &heads);
    size_t n_at = rt__version_read(db, &at);
    if (!same_ids(heads, n_heads, at, n_at))
        rt_abort(req, 500, "Target database is not up to date.");
}

static const rt_model *const *models_of(rt_request *req, rt_db *db)
{
    const rt_model *const *models = rt_db_models_of(db);
    if (!models || !models[0])
        rt_abort(req, 500, "there are no models: call rt_db_models");
    return models;
}

static int revision(rt_request *req, void *arg)
{
    rt_arena *arena = rt_arena_of(req);
    const rt_migrate_options *options = arg;
    rt__history history = read_history(req, options);
    rt_str *heads;
    size_t n = head_ids(req, &history, &heads);
    const char *onto = rt_option_text(req, "head");
    rt_str one;
    if (onto) {
        rt_error err = {0};
        rt__revision *r = rt__history_find(&history, rt_str_from(onto), &err);
        if (!r)
            fail(req, &err);
        one = r->id;
        heads = &one;
        n = 1;
    } else if (n > 1) {
        rt_abort(req, 500,
                 "Multiple heads are present; please specify the head revision "
                 "on which the new revision should be based, or perform a "
                 "merge.");
    }
    const char *message = rt_option_text(req, "message");
    rt__difference found = {0};
    rt_buf_init(&found.up, arena);
    rt_buf_init(&found.down, arena);
    rt_buf_init(&found.notes, arena);
    if (rt_option_flag(req, "autogenerate")) {
        rt_db *db = database(req, options);
        check_at_head(req, db, &history);
        rt__models_compare(db, models_of(req, db),
                           !rt_option_flag(req, "keep-tables"), &found);
        put(rt_buf_str(&found.notes));
        if (!found.count) {
            printf("No changes in schema detected.\n");
            return 0;
        }
    }
    create_revision(req, options, message, heads, n, rt_buf_str(&found.up),
                    rt_buf_str(&found.down));
    return 0;
}

static int merge(rt_request *req, void *arg)
{
    rt__history history = read_history(req, arg);
    rt_str *heads;
    size_t n = head_ids(req, &history, &heads);
    if (n < 2)
        rt_abort(req, 500, "there is nothing to merge: one head");
    if (n > RT__DOWN_MAX)
        n = RT__DOWN_MAX;
    const char *message = rt_option_text(req, "message");
    create_revision(req, arg, message ? message : "merge", heads, n, RT_STR(""),
                    RT_STR(""));
    return 0;
}

// ---- upgrade, downgrade -----------------------------------------------------------

static void print_step(const rt__revision *r, bool up)
{
    fprintf(stderr, "Running %s ", up ? "upgrade" : "downgrade");
    rt_str id = r->id, down = r->n_down ? r->down[0] : RT_STR("");
    if (up) {
        fprintf(stderr, "%.*s -> %.*s", (int)down.len, down.data, (int)id.len,
                id.data);
    } else {
        fprintf(stderr, "%.*s -> %.*s", (int)id.len, id.data, (int)down.len,
                down.data);
    }
    fprintf(stderr, ", %.*s\n", (int)r->message.len, r->message.data);
}

static void print_steps(rt_db *db, rt__history *history, rt__revision **steps,
                        size_t n_steps, bool up, rt_str *at, size_t n)
{
    rt_buf out;
    rt_buf_init(&out, rt_db_arena(db));
    for (size_t i = 0; i < n_steps; i++) {
        rt__revision_print(rt_db_engine_of(db), history, steps[i], up, &at, &n,
                           &out);
    }
    put(rt_buf_str(&out));
}

static void go(rt_request *req, const rt_migrate_options *options,
               const char *target, bool up, bool print, bool quiet)
{
    rt_db *db = database(req, options);
    rt__history history = read_history(req, options);
    rt__revision **steps;
    size_t n_steps;
    rt_error err = {0};
    rt_str *at = NULL;
    // What is printed starts from nothing, as the database may be out of reach.
    size_t n_at = print && up ? 0 : rt__version_read(db, &at);
    rt_status status =
        up ? rt__history_upgrade(&history, at, n_at, rt_str_from(target),
                                 &steps, &n_steps, &err)
           : rt__history_downgrade(&history, at, n_at, rt_str_from(target),
                                   &steps, &n_steps, &err);
    if (status)
        fail(req, &err);
    if (print) {
        print_steps(db, &history, steps, n_steps, up, at, n_at);
        return;
    }
    for (size_t i = 0; i < n_steps; i++) {
        if (!quiet)
            print_step(steps[i], up);
        rt__revision_run(db, &history, steps[i], up);
    }
}

void rt_migrate_upgrade(rt_request *req, const rt_migrate_options *options,
                        const char *target)
{
    static const rt_migrate_options none = {0};
    go(req, options ? options : &none, target ? target : "head", true, false,
       true);
}

static int upgrade(rt_request *req, void *arg)
{
    go(req, arg, rt_option_text(req, "revision"), true,
       rt_option_flag(req, "sql"), false);
    return 0;
}

static int downgrade(rt_request *req, void *arg)
{
    go(req, arg, rt_option_text(req, "revision"), false,
       rt_option_flag(req, "sql"), false);
    return 0;
}

static int stamp(rt_request *req, void *arg)
{
    rt_db *db = database(req, arg);
    rt__history history = read_history(req, arg);
    rt_str target = rt_str_from(rt_option_text(req, "revision"));
    rt_str *ids = NULL;
    size_t n = 0;
    if (rt_str_eq(target, RT_STR("head")) ||
        rt_str_eq(target, RT_STR("heads"))) {
        n = head_ids(req, &history, &ids);
    } else if (!rt_str_eq(target, RT_STR("base"))) {
        rt_error err = {0};
        rt__revision *r = rt__history_find(&history, target, &err);
        if (!r)
            fail(req, &err);
        ids = &r->id;
        n = 1;
    }
    rt_db_begin(db);
    rt__version_write(db, ids, n);
    rt_db_commit(db);
    return 0;
}

// ---- looking --------------------------------------------------------------------

static int current(rt_request *req, void *arg)
{
    rt__history history = read_history(req, arg);
    rt_str *at;
    size_t n = rt__version_read(database(req, arg), &at);
    for (size_t i = 0; i < n; i++) {
        rt__revision *r = rt__history_find(&history, at[i], NULL);
        put(at[i]);
        puts(!r                                 ? " (not among the revisions)"
             : rt__history_is_head(&history, r) ? " (head)"
                                                : "");
    }
    return 0;
}

static void print_revision(const rt__history *history, const rt__revision *r,
                           bool verbose)
{
    if (verbose) {
        put(RT_STR("Rev: "));
        put(r->id);
        put(rt__history_is_head(history, r) ? RT_STR(" (head)\nParent: ")
                                            : RT_STR("\nParent: "));
        put_ids(r->down, r->n_down);
        put(RT_STR("\nPath: "));
        put(r->path);
        put(RT_STR("\n\n    "));
        put(r->message);
        put(RT_STR("\n\n"));
        return;
    }
    put_ids(r->down, r->n_down);
    put(RT_STR(" -> "));
    put(r->id);
    put(rt__history_is_head(history, r) ? RT_STR(" (head), ") : RT_STR(", "));
    put(r->message);
    put(RT_STR("\n"));
}

static int history_command(rt_request *req, void *arg)
{
    rt__history history = read_history(req, arg);
    for (size_t i = history.revisions.len; i--;) {
        print_revision(&history, &history.revisions.items[i],
                       rt_option_flag(req, "verbose"));
    }
    return 0;
}

static int heads_command(rt_request *req, void *arg)
{
    rt__history history = read_history(req, arg);
    rt__revision **heads;
    size_t n = rt__history_heads(&history, rt_arena_of(req), &heads);
    for (size_t i = 0; i < n; i++) {
        put(heads[i]->id);
        put(RT_STR(" (head)\n"));
    }
    return 0;
}

static int check(rt_request *req, void *arg)
{
    rt_db *db = database(req, arg);
    rt__history history = read_history(req, arg);
    check_at_head(req, db, &history);
    rt__difference found = {0};
    rt_buf_init(&found.up, rt_arena_of(req));
    rt_buf_init(&found.down, rt_arena_of(req));
    rt_buf_init(&found.notes, rt_arena_of(req));
    rt__models_compare(db, models_of(req, db), true, &found);
    if (!found.count) {
        puts("No new upgrade operations detected.");
        return 0;
    }
    put(rt_buf_str(&found.notes));
    rt_abort(req, 500, "New upgrade operations detected: {}",
             (int64_t)found.count);
}

// ---- registration -----------------------------------------------------------------

#define MESSAGE                                                   \
    {                                                             \
        .name = "message", .letter = 'm', .help = "What it does." \
    }
#define REV_ID                                                       \
    {                                                                \
        .name = "rev-id", .help = "Its id, instead of a random one." \
    }
#define SQL                                          \
    {                                                \
        .name = "sql", .type = RT_OPTION_FLAG,       \
        .help = "Print the statements, run nothing." \
    }

static const rt_option revision_options[] = {
    {.name = "message",
     .letter = 'm',
     .required = true,
     .help = "What it does."},
    {.name = "autogenerate",
     .type = RT_OPTION_FLAG,
     .help = "With what models and database differ in."},
    {.name = "keep-tables",
     .type = RT_OPTION_FLAG,
     .help = "Tables that no model describes are left alone."},
    {.name = "head", .help = "The revision it follows."},
    REV_ID,
    {.name = NULL}};
static const rt_option merge_options[] = {MESSAGE, REV_ID, {.name = NULL}};
static const rt_option sql_options[] = {SQL, {.name = NULL}};
static const rt_option verbose_options[] = {
    {.name = "verbose", .letter = 'v', .type = RT_OPTION_FLAG}, {.name = NULL}};
static const rt_option up_target[] = {{.name = "revision", .otherwise = "head"},
                                      {.name = NULL}};
static const rt_option down_target[] = {{.name = "revision", .otherwise = "-1"},
                                        {.name = NULL}};
static const rt_option stamp_target[] = {{.name = "revision"}, {.name = NULL}};

static const struct {
    const char *name;
    rt_command_fn *fn;
    const char *help;
    const rt_option *options, *arguments;
} commands[] = {
    {"init", init, "Create the folder of migrations.", NULL, NULL},
    {"revision", revision, "Create a revision.", revision_options, NULL},
    {"upgrade", upgrade, "Run revisions up to one.", sql_options, up_target},
    {"downgrade", downgrade, "Take revisions back.", sql_options, down_target},
    {"current", current, "Show where the database is.", NULL, NULL},
    {"history", history_command, "List the revisions.", verbose_options, NULL},
    {"heads", heads_command, "List those that nothing follows.", NULL, NULL},
    {"merge", merge, "Join several heads.", merge_options, NULL},
    {"stamp", stamp, "Say where the database is, running nothing.", NULL,
     stamp_target},
    {"check", check, "Fail when models and database differ.", NULL, NULL},
};

void rt_migrate_init_with(rt_app *app, const rt_migrate_options *options)
{
    if (!app)
        rt_misuse(options->site, "rt_migrate_init: no application");
    // Lives as long as the process, as applications do.
    static rt_arena arena;
    rt_migrate_options *kept = rt_arena_copy(&arena, options, sizeof(*options));
    const char *group = options->group ? options->group : "db";
    for (size_t i = 0; i < RT_COUNT(commands); i++) {
        rt_scope_add_command(
            RT_SCOPE(app),
            rt_format(&arena, "{} {}", group, commands[i].name).data,
            commands[i].fn,
            &(rt_command_options){.help = commands[i].help,
                                  .options = commands[i].options,
                                  .arguments = commands[i].arguments,
                                  .arg = kept,
                                  .site = options->site});
    }
}
