// The commands, as a program's user calls them. Each engine has a database of its
// own, which is empty at first.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort/app/app.h>
#include <retort/app/config.h>
#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/migrate.h>
#include <retort/test.h>

// ---- models: before and after ---------------------------------------------------

typedef struct person {
    int64_t id;
    const char *name;
} person;

RT_MODEL(person, "person", RT_FIELD(person, id, .primary_key = true),
         RT_FIELD(person, name, .max = 40, .not_null = true));

typedef struct old_note {
    int64_t id;
    const char *title;
    const char *text;
    const char *body;
    int64_t score;
    int64_t gone;
} old_note;

RT_MODEL(old_note, "note", RT_FIELD(old_note, id, .primary_key = true),
         RT_FIELD(old_note, title, .max = 40, .not_null = true, .index = true),
         RT_FIELD(old_note, text, .max = 80), RT_FIELD(old_note, body),
         RT_FIELD(old_note, score), RT_FIELD(old_note, gone, .index = true));

// `text` is `summary` now, `body` must be there, `gone` is gone, `score` may be
// missing, and there are four more.
typedef struct new_note {
    int64_t id;
    const char *title;
    const char *summary;
    const char *body;
    rt_opt_int score;
    int64_t stars;
    const char *state;
    rt_time made;
    rt_opt_int author_id;
} new_note;

RT_MODEL(new_note, "note", RT_FIELD(new_note, id, .primary_key = true),
         RT_FIELD(new_note, title, .max = 40, .not_null = true),
         RT_FIELD(new_note, summary, .max = 80, .was = "text", .index = true),
         RT_FIELD(new_note, body, .not_null = true), RT_FIELD(new_note, score),
         RT_FIELD(new_note, stars),
         RT_FIELD(new_note, state, .max = 10, .not_null = true,
                  .server_default = "'new'"),
         RT_FIELD(new_note, made, .not_null = true),
         RT_FIELD(new_note, author_id, .references = "person.id",
                  .on_delete = "CASCADE", .index = true));

typedef struct tag {
    int64_t id;
    const char *label;
    rt_opt_int note_id;
} tag;

RT_MODEL(tag, "tag", RT_FIELD(tag, id, .primary_key = true),
         RT_FIELD(tag, label, .max = 20, .not_null = true, .unique = true),
         RT_FIELD(tag, note_id, .references = "note.id"));

// `note` is `remark`, without `stars`; labels may repeat; tags outlive remarks.
typedef struct remark {
    int64_t id;
    const char *title;
    const char *summary;
    const char *body;
    rt_opt_int score;
    const char *state;
    rt_time made;
    rt_opt_int author_id;
} remark;

static const rt_field remark_fields[] = {
    RT_FIELD(remark, id, .primary_key = true),
    RT_FIELD(remark, title, .max = 40, .not_null = true),
    RT_FIELD(remark, summary, .max = 80, .index = true),
    RT_FIELD(remark, body, .not_null = true),
    RT_FIELD(remark, score),
    RT_FIELD(remark, state, .max = 12, .not_null = true),
    RT_FIELD(remark, made, .not_null = true),
    RT_FIELD(remark, author_id, .references = "person.id",
             .on_delete = "CASCADE", .index = true)};
static const rt_model remark_model = {.name = "remark",
                                      .table = "remark",
                                      .size = sizeof(remark),
                                      .fields = remark_fields,
                                      .n_fields = RT_COUNT(remark_fields),
                                      .was = "note"};

typedef struct free_tag {
    int64_t id;
    const char *label;
    rt_opt_int note_id;
} free_tag;

RT_MODEL(free_tag, "tag", RT_FIELD(free_tag, id, .primary_key = true),
         RT_FIELD(free_tag, label, .max = 20, .not_null = true),
         RT_FIELD(free_tag, note_id, .references = "remark.id",
                  .on_delete = "SET NULL"));

// A member of each type.
typedef struct every {
    int64_t id;
    bool b;
    int32_t i;
    int64_t l;
    double f;
    const char *t;
    const char *n;
    rt_time at;
    rt_blob bytes;
    rt_uuid uuid;
    rt_value json;
    rt_opt_int oi;
    rt_opt_float of;
    rt_opt_bool ob;
    rt_opt_time ot;
} every;

RT_MODEL_WITH(every, "every",
              RT_KEYS({.columns = "b, i"},
                      {.columns = "l, f", .unique = true, .name = "one_lf"}),
              RT_FIELD(every, id, .primary_key = true),
              RT_FIELD(every, b, .server_default = "true"),
              RT_FIELD(every, i, .server_default = "7", .check = "i > 0"),
              RT_FIELD(every, l), RT_FIELD(every, f, .server_default = "0.5"),
              RT_FIELD(every, t, .server_default = "'it''s'"),
              RT_FIELD(every, n, .sql_type = "NUMERIC(10, 2)"),
              RT_FIELD(every, at, .server_default = "CURRENT_TIMESTAMP"),
              RT_FIELD(every, bytes), RT_FIELD(every, uuid),
              RT_FIELD(every, json), RT_FIELD(every, oi), RT_FIELD(every, of),
              RT_FIELD(every, ob, .server_default = "false"),
              RT_FIELD(every, ot, .unique = true));

static const rt_model *const every_model_alone[] = {&every_model, NULL};

// The same table with one column, to which the others are added.
typedef struct bare {
    int64_t id;
} bare;

RT_MODEL(bare, "every", RT_FIELD(bare, id, .primary_key = true));
static const rt_model *const bare_models[] = {&bare_model, NULL};

static const rt_model *const no_models[] = {NULL};
static const rt_model *const old_models[] = {&person_model, &old_note_model,
                                             NULL};
static const rt_model *const new_models[] = {&tag_model, &new_note_model,
                                             &person_model, NULL};
static const rt_model *const last_models[] = {&free_tag_model, &remark_model,
                                              &person_model, NULL};

// ---- running --------------------------------------------------------------------

typedef struct world {
    rt_arena arena;
    char folder[64]; // the root of the application
    const char *url;
    rt_str output; // what the last command printed, and why it failed
    rt_str failure;
    const char *sql; // of the command "ask"
} world;

// Lives as long as the process of its test.
static world w;

static const char *in_folder(const char *name)
{
    return rt_format(&w.arena, "{}/{}", (const char *)w.folder, name).data;
}

static void begin(const char *url)
{
    strcpy(w.folder, "/tmp/test_migrate_XXXXXX");
    REQUIRE(mkdtemp(w.folder) != NULL);
    w.url =
        url ? url
            : rt_format(&w.arena, "sqlite:///{}", in_folder("test.db")).data;
}

static void end(void)
{
    const char *command =
        rt_format(&w.arena, "rm -rf {}", (char *)w.folder).data;
    CHECK_EQ(system(command), 0); // NOLINT(cert-env33-c)
}

static int ask(rt_request *req, void *arg)
{
    world *self = arg;
    rt_db *db = rt_db_of(req);
    rt_sql sql = rt_sql_new(db, "");
    rt_buf_put_cstr(&sql.text, self->sql);
    rt_value rows = rt_sql_all(&sql);
    const char *separator = "";
    rt_list_each(row, rows) {
        rt_dict_each(cell, *row) {
            rt_str text = rt_value_text(rt_arena_of(req), cell->value);
            printf("%s%.*s", separator, (int)text.len, text.data);
            separator = " ";
        }
    }
    return 0;
}

// What is not given is as the command says it is otherwise.
static void fill(rt_value values, const rt_option *options)
{
    for (; options && options->name; options++) {
        if (rt_value_is_undefined(
                rt_dict_get_str(values, rt_str_from(options->name)))) {
            REQUIRE(!rt_dict_set_str(values, rt_str_from(options->name),
                                     options->otherwise ? RT(options->otherwise)
                                                        : rt_value_none()));
        }
    }
}

// "revision message=x autogenerate" as options of a command, and its name.
static rt_str read_line(const char *line, rt_value values)
{
    rt_str rest = rt_str_copy(&w.arena, rt_str_from(line));
    rt_str name = rt_str_cut(&rest, ' ');
    while (rest.len) {
        rt_str word = rt_str_cut(&rest, ' ');
        rt_str key = rt_str_cut(&word, '=');
        REQUIRE(!rt_dict_set_str(
            values, key, word.data ? rt_value_str(word) : rt_value_bool(true)));
    }
    return name;
}

static const rt_command_info *find(rt_app *app, rt_str name)
{
    rt_str full = rt_format(&w.arena, "db {}", name);
    size_t n;
    const rt_command_info *commands = rt_app_commands(app, &n);
    for (size_t i = 0; i < n; i++) {
        if (commands[i].fn && rt_str_eq(rt_str_from(commands[i].name), full))
            return &commands[i];
    }
    return NULL;
}

static rt_str read_all(const char *path)
{
    rt_buf buf;
    rt_buf_init(&buf, &w.arena);
    char piece[4096];
    FILE *file = fopen(path, "r");
    REQUIRE(file != NULL);
    for (size_t n; (n = fread(piece, 1, sizeof(piece), file));)
        rt_buf_put_bytes(&buf, piece, n);
    fclose(file);
    return rt_buf_str(&buf);
}

static rt_app *make_app(const rt_model *const *models)
{
    rt_app *app = rt_app_new("test", .root_path = w.folder);
    rt_db_init(app, .url = w.url);
    rt_db_models(app, NULL, models);
    rt_migrate_init(app);
    rt_command(app, "db ask", ask, .arg = &w);
    return app;
}

// Run a command in a program with these models; its exit status. What it prints
// is in w.output.
static int run(const rt_model *const *models, const char *line)
{
    rt_app *app = make_app(models);
    rt_value values = rt_dict_new(&w.arena);
    const rt_command_info *command = find(app, read_line(line, values));
    REQUIRE(command != NULL);
    fill(values, command->options);
    fill(values, command->arguments);

    const char *path = in_folder("output");
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    close(file);
    int status = rt_app_run_command(app, command, values, &w.arena, &w.failure);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    w.output = read_all(path);
    rt_app_free(app);
    return status;
}

#define RUN(models, line)                                  \
    do {                                                   \
        RT_CASE(line);                                     \
        if (!CHECK_EQ(run(models, line), 0))               \
            fprintf(stderr, "%.*s\n", (int)w.failure.len,  \
                    w.failure.data ? w.failure.data : ""); \
    } while (0)

static rt_str answer(const char *sql)
{
    w.sql = sql;
    CHECK_EQ(run(no_models, "ask"), 0);
    return w.output;
}

static void write_revision(const char *id, const char *down, const char *up_sql,
                           const char *down_sql)
{
    FILE *file = fopen(rt_format(&w.arena, "{}/migrations/{}_x.sql",
                                 (char *)w.folder, id)
                           .data,
                       "w");
    REQUIRE(file != NULL);
    fprintf(file,
            "-- revision: %s\n-- down: %s\n-- message: does %s\n\n"
            "-- upgrade\n%s\n-- downgrade\n%s\n",
            id, down, id, up_sql, down_sql);
    fclose(file);
}

static void remove_revision(const char *file)
{
    CHECK_EQ(unlink(rt_format(&w.arena, "{}/migrations/{}",
                              (const char *)w.folder, file)
                        .data),
             0);
}

static bool has(rt_str text, const char *part)
{
    return rt_str_find(text, rt_str_from(part)) != RT_STR_NONE;
}

// aaa <- bbb <- ccc, aaa <- ddd.
static void write_two_heads(void)
{
    write_revision("aaa", "", "CREATE TABLE a (n INTEGER);", "DROP TABLE a;");
    write_revision("bbb", "aaa", "CREATE TABLE b (n INTEGER);",
                   "DROP TABLE b;");
    write_revision("ccc", "bbb", "CREATE TABLE c (n INTEGER);",
                   "DROP TABLE c;");
    write_revision("ddd", "aaa", "CREATE TABLE d (n INTEGER);",
                   "DROP TABLE d;");
}

// ---- on each engine ---------------------------------------------------------------

#define VERSIONS "SELECT version_num FROM rt_version ORDER BY version_num"

static void steps(void)
{
    RUN(no_models, "init");
    CHECK_EQ(run(no_models, "init"), 1);
    CHECK(has(w.failure, "already exists"));
    RUN(no_models, "revision message=First_step rev-id=aaa");
    rt_str text = read_all(in_folder("migrations/aaa_first_step.sql"));
    CHECK(rt_str_starts_with(
        text, RT_STR("-- revision: aaa\n-- down: \n-- message: First_step\n")));
    write_revision("bbb", "aaa",
                   "CREATE TABLE b (n INTEGER);\nINSERT INTO b VALUES (7);",
                   "DROP TABLE b;");

    RUN(no_models, "current");
    CHECK_EQ(w.output, "");
    RUN(no_models, "upgrade revision=+1");
    RUN(no_models, "current");
    CHECK_EQ(w.output, "aaa\n");
    RUN(no_models, "upgrade");
    RUN(no_models, "current");
    CHECK_EQ(w.output, "bbb (head)\n");
    CHECK_EQ(answer("SELECT n FROM b"), "7");
    RUN(no_models, "upgrade"); // nothing is left
    RUN(no_models, "history");
    CHECK_EQ(w.output,
             "aaa -> bbb (head), does bbb\n<base> -> aaa, First_step\n");
    RUN(no_models, "heads");
    CHECK_EQ(w.output, "bbb (head)\n");

    RUN(no_models, "downgrade");
    CHECK_EQ(answer(VERSIONS), "aaa");
    RUN(no_models, "stamp revision=head");
    CHECK_EQ(answer(VERSIONS), "bbb");
    RUN(no_models, "stamp revision=base");
    CHECK_EQ(answer(VERSIONS), "");
    RUN(no_models, "upgrade");
    RUN(no_models, "downgrade revision=base");
    CHECK_EQ(answer(VERSIONS), "");
    CHECK_EQ(run(no_models, "downgrade"), 1);
    CHECK_EQ(run(no_models, "upgrade revision=xyz"), 1);
    CHECK_EQ(w.failure, "Can't locate revision identified by 'xyz'");
}

static void branches(void)
{
    RUN(no_models, "init");
    write_two_heads();
    CHECK_EQ(run(no_models, "upgrade"), 1);
    CHECK(has(w.failure, "Multiple head revisions are present"));
    CHECK_EQ(run(no_models, "revision message=x"), 1);
    CHECK(has(w.failure, "Multiple heads are present"));

    RUN(no_models, "upgrade revision=heads");
    CHECK_EQ(answer(VERSIONS), "ccc ddd");
    // What the other branch stands on is not where the database is.
    RUN(no_models, "downgrade");
    CHECK_EQ(answer(VERSIONS), "ccc");
}

static void merges(void)
{
    RUN(no_models, "init");
    write_two_heads();
    RUN(no_models, "merge message=both rev-id=eee");
    RUN(no_models, "upgrade");
    CHECK_EQ(answer(VERSIONS), "eee");
    RUN(no_models, "downgrade");
    CHECK_EQ(answer(VERSIONS), "ccc ddd");
    RUN(no_models, "downgrade revision=base");
    CHECK_EQ(answer(VERSIONS), "");
    CHECK_EQ(run(no_models, "merge"), 1); // one head
}

static void alembic(void)
{
    RUN(no_models, "init");
    write_revision("aaa", "", "CREATE TABLE a (n INTEGER);", "DROP TABLE a;");
    write_revision("bbb", "aaa", "CREATE TABLE b (n INTEGER);",
                   "DROP TABLE b;");
    answer("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)");
    answer("INSERT INTO alembic_version VALUES ('aaa')");
    RUN(no_models, "current");
    CHECK_EQ(w.output, "aaa\n");
    RUN(no_models, "upgrade");
    RUN(no_models, "current");
    CHECK_EQ(w.output, "bbb (head)\n");
    CHECK_EQ(answer("SELECT version_num FROM alembic_version"), "aaa");
}

static void failures(bool transacts)
{
    RUN(no_models, "init");
    write_revision("aaa", "", "CREATE TABLE a (n INTEGER);", "DROP TABLE a;");
    write_revision("bbb", "aaa",
                   "INSERT INTO a VALUES (1);\n\n"
                   "CREATE TABLE b (n INTEGER);\nINSERT INTO nowhere VALUES "
                   "(';');",
                   "SELECT 1;");
    CHECK_EQ(run(no_models, "upgrade"), 1);
    CHECK(has(w.failure, "migrations/bbb_x.sql:9: "));
    CHECK(has(w.failure, transacts ? "database and version are as they were"
                                   : "MariaDB keeps"));
    RUN(no_models, "current");
    CHECK_EQ(w.output, "aaa\n");
    if (transacts)
        CHECK_EQ(answer("SELECT count(*) FROM a"), "0");
    // The lock is free, and it goes on where it was.
    write_revision("bbb", "aaa", "INSERT INTO a VALUES (2);", "SELECT 1;");
    RUN(no_models, "upgrade");
    CHECK_EQ(answer(VERSIONS), "bbb");
}

#define INSERT_PERSON "INSERT INTO person (id, name) VALUES (1, 'Ada')"
#define INSERT_NOTES                                        \
    "INSERT INTO note (id, title, text, body, score, gone)" \
    " VALUES (1, 'one', 'first', NULL, 5, 3), (2, 'two', NULL, 'b', 6, 4)"
#define OLD_ROWS "SELECT id, title, text, body, score FROM note ORDER BY id"
#define NEW_ROWS                                                      \
    "SELECT id, title, summary, body, score, stars, state, author_id" \
    " FROM note ORDER BY id"

static void check_same(const rt_model *const *models)
{
    if (!CHECK_EQ(run(models, "check"), 0)) {
        fprintf(stderr, "%.*s%.*s\n", (int)w.output.len, w.output.data,
                (int)w.failure.len, w.failure.data);
    }
}

static void autogenerates(void)
{
    RUN(no_models, "init");
    RUN(old_models, "revision message=start autogenerate rev-id=aaa");
    CHECK(has(w.output, "+ table person\n"));
    CHECK_EQ(run(old_models, "check"), 1);
    CHECK_EQ(w.failure, "Target database is not up to date.");
    RUN(old_models, "upgrade");
    check_same(old_models);
    CHECK_EQ(w.output, "No new upgrade operations detected.\n");
    RUN(old_models, "revision message=none autogenerate");
    CHECK_EQ(w.output, "No changes in schema detected.\n");
    answer(INSERT_PERSON);
    answer(INSERT_NOTES);

    CHECK_EQ(run(new_models, "check"), 1);
    CHECK(has(w.failure, "New upgrade operations detected"));
    RUN(new_models, "revision message=next autogenerate rev-id=bbb");
    RUN(new_models, "upgrade");
    check_same(new_models);
    CHECK_EQ(answer(NEW_ROWS),
             "1 one first  5 0 new None 2 two None b 6 0 new None");
    answer("UPDATE note SET author_id = 1, score = NULL WHERE id = 1");

    RUN(old_models, "downgrade");
    CHECK_EQ(answer(OLD_ROWS), "1 one first  0 2 two None b 6");
    remove_revision("bbb_next.sql");
    check_same(old_models);
    RUN(old_models, "downgrade");
    CHECK_EQ(answer(VERSIONS), "");
    RUN(old_models, "upgrade");
    check_same(old_models);
}

#define INSERT_NOTE                                              \
    "INSERT INTO note (id, title, body, stars, made, author_id)" \
    " VALUES (1, 'one', 'x', 4, CURRENT_TIMESTAMP, 1)"
#define TAGS                                                         \
    "SELECT tag.label, remark.title, remark.author_id, remark.state" \
    " FROM tag JOIN remark ON remark.id = tag.note_id"

static void renames_tables(void)
{
    RUN(no_models, "init");
    RUN(new_models, "revision message=start autogenerate rev-id=aaa");
    RUN(new_models, "upgrade");
    answer(INSERT_PERSON);
    answer(INSERT_NOTE);
    answer("INSERT INTO tag (id, label, note_id) VALUES (1, 'a', 1)");
    RUN(last_models, "revision message=rename autogenerate rev-id=bbb");
    CHECK(has(w.output, "~ table remark, was note\n"));
    RUN(last_models, "upgrade");
    check_same(last_models);
    CHECK_EQ(answer(TAGS), "a one 1 new");
    answer("INSERT INTO tag (id, label) VALUES (2, 'b')");
    answer("DELETE FROM person");
    CHECK_EQ(answer("SELECT label, note_id FROM tag ORDER BY id"),
             "a None b None");

    RUN(new_models, "downgrade");
    remove_revision("bbb_rename.sql");
    check_same(new_models);
    CHECK_EQ(answer("SELECT label FROM tag ORDER BY id"), "a b");
    RUN(new_models, "downgrade");
}

static void drops_tables(void)
{
    RUN(no_models, "init");
    RUN(new_models, "revision message=start autogenerate rev-id=aaa");
    RUN(new_models, "upgrade");
    static const rt_model *const one[] = {&person_model, NULL};
    RUN(one, "revision message=kept autogenerate keep-tables");
    CHECK_EQ(w.output, "No changes in schema detected.\n");
    RUN(one, "revision message=drop autogenerate rev-id=bbb");
    CHECK(has(w.output, "- table note\n"));
    RUN(one, "upgrade");
    check_same(one);
    RUN(one, "downgrade");
    remove_revision("bbb_drop.sql");
    check_same(new_models);
    // Keys are made by the database again.
    answer("INSERT INTO person (name) VALUES ('Ada')");
    CHECK_EQ(answer("SELECT id, name FROM person"), "1 Ada");
    RUN(one, "downgrade");
}

static void knows_types(void)
{
    RUN(no_models, "init");
    RUN(every_model_alone, "revision message=all autogenerate rev-id=aaa");
    RUN(every_model_alone, "upgrade");
    check_same(every_model_alone);
    RUN(bare_models, "revision message=less autogenerate rev-id=bbb");
    RUN(bare_models, "upgrade");
    check_same(bare_models);
    answer("INSERT INTO every (id) VALUES (1)");
    RUN(every_model_alone, "revision message=back autogenerate rev-id=ccc");
    RUN(every_model_alone, "upgrade");
    check_same(every_model_alone);
    RUN(bare_models, "downgrade");
    RUN(bare_models, "downgrade");
    CHECK_EQ(answer("SELECT count(*) FROM every"), "1");
    remove_revision("ccc_back.sql");
    remove_revision("bbb_less.sql");
    check_same(every_model_alone);
}

#define HOSTS 4

static void upgrade_here(void)
{
    rt_app *app = make_app(no_models);
    rt_value values = rt_dict_new(&w.arena);
    const rt_command_info *command = find(app, RT_STR("upgrade"));
    fill(values, command->options);
    fill(values, command->arguments);
    _exit(rt_app_run_command(app, command, values, &w.arena, &w.failure));
}

// Each revision is run by one of those who start at once.
static void is_run_once(void)
{
    RUN(no_models, "init");
    write_revision("aaa", "", "CREATE TABLE a (n INTEGER);", "DROP TABLE a;");
    write_revision("bbb", "aaa", "INSERT INTO a VALUES (1);", "SELECT 1;");
    write_revision("ccc", "bbb", "INSERT INTO a VALUES (2);", "SELECT 1;");
    pid_t hosts[HOSTS];
    for (size_t i = 0; i < HOSTS; i++) {
        if (!(hosts[i] = fork()))
            upgrade_here();
    }
    for (size_t i = 0; i < HOSTS; i++) {
        int status = -1;
        CHECK_EQ(waitpid(hosts[i], &status, 0), hosts[i]);
        CHECK_EQ(status, 0);
    }
    CHECK_EQ(answer("SELECT n FROM a ORDER BY n"), "1 2");
    CHECK_EQ(answer(VERSIONS), "ccc");
}

// ---- the tests --------------------------------------------------------------------

// Run `body` in an empty database of a server.
static void on_server(const char *variable, void (*body)(void))
{
    const char *server = getenv(variable);
    if (!server)
        RT_SKIP(rt_format(&w.arena, "{} is not set", variable).data);
    rt_db *db;
    rt_db_error err = {0};
    REQUIRE(rt_db_open(&w.arena, server, NULL, &db, &err) == RT_OK);
    rt_str name = rt_format(&w.arena, "test_migrate_{}", (int64_t)getpid());
    rt_db_script(db, rt_format(&w.arena, "CREATE DATABASE {}", name).data);
    rt_str head = rt_str_slice(rt_str_from(server), 0,
                               rt_str_rfind_char(rt_str_from(server), '/') + 1);
    begin(rt_format(&w.arena, "{}{}", head, name).data);
    body();
    end();
    rt_db_script(db, rt_format(&w.arena, "DROP DATABASE {}", name).data);
    rt_db_close(db);
}

static void fails_whole(void)
{
    failures(true);
}

static void fails_in_parts(void)
{
    failures(false);
}

#define ON_ALL(sentence, lite, mariadb)            \
    RT_TEST(sentence##_on_sqlite)                  \
    {                                              \
        begin(NULL);                               \
        lite();                                    \
        end();                                     \
    }                                              \
    RT_TEST(sentence##_on_postgresql)              \
    {                                              \
        on_server("RETORT_TEST_POSTGRESQL", lite); \
    }                                              \
    RT_TEST(sentence##_on_mariadb)                 \
    {                                              \
        on_server("RETORT_TEST_MARIADB", mariadb); \
    }

ON_ALL(revisions_are_run_and_taken_back, steps, steps)
ON_ALL(two_heads_are_kept_apart, branches, branches)
ON_ALL(heads_are_merged, merges, merges)
ON_ALL(the_version_of_alembic_is_where_it_begins, alembic, alembic)
ON_ALL(a_revision_that_fails_leaves_the_version, fails_whole, fails_in_parts)
ON_ALL(differences_are_found_and_taken_back, autogenerates, autogenerates)
ON_ALL(a_column_of_each_type_is_found_as_it_was_made, knows_types, knows_types)
ON_ALL(several_hosts_run_a_revision_once, is_run_once, is_run_once)
ON_ALL(tables_are_renamed_with_what_refers_to_them, renames_tables,
       renames_tables)
ON_ALL(tables_without_models_are_dropped_in_order, drops_tables, drops_tables)

RT_TEST(a_table_made_anew_keeps_triggers_and_indexes_of_others)
{
    begin(NULL);
    RUN(no_models, "init");
    RUN(old_models, "revision message=start autogenerate rev-id=aaa");
    RUN(old_models, "upgrade");
    answer("CREATE TRIGGER named AFTER INSERT ON note BEGIN"
           " UPDATE note SET title = 'named' WHERE id = new.id; END");
    answer("CREATE INDEX lower_title ON note (lower(title))");
    RUN(new_models, "revision message=next autogenerate rev-id=bbb");
    RUN(new_models, "upgrade");
    check_same(new_models);
#define OTHERS                                                              \
    "SELECT name FROM sqlite_master WHERE name IN ('named', 'lower_title')" \
    " ORDER BY name"
    CHECK_EQ(answer(OTHERS), "lower_title named");
    RUN(new_models, "downgrade");
    CHECK_EQ(answer(OTHERS), "lower_title named");
    end();
}

RT_TEST(statements_are_printed_instead_of_run)
{
    begin(NULL);
    RUN(no_models, "init");
    write_revision("aaa", "", "CREATE TABLE a (n INTEGER);", "DROP TABLE a;");
    write_revision("bbb", "aaa", "INSERT INTO a VALUES (1);", "DELETE FROM a;");
    RUN(no_models, "upgrade sql");
    CHECK_EQ(w.output,
             "-- upgrade: aaa, does aaa\nBEGIN;\n\n"
             "CREATE TABLE IF NOT EXISTS rt_version (version_num VARCHAR(32) "
             "NOT NULL PRIMARY KEY);\n\nCREATE TABLE a (n INTEGER);\n\n"
             "INSERT INTO rt_version (version_num) VALUES ('aaa');\n\n"
             "COMMIT;\n\n-- upgrade: bbb, does bbb\nBEGIN;\n\n"
             "INSERT INTO a VALUES (1);\n\n"
             "DELETE FROM rt_version WHERE version_num = 'aaa';\n"
             "INSERT INTO rt_version (version_num) VALUES ('bbb');\n\n"
             "COMMIT;\n\n");
    RUN(no_models, "current");
    CHECK_EQ(w.output, "");
    RUN(no_models, "upgrade");
    RUN(no_models, "downgrade sql");
    CHECK(has(w.output, "DELETE FROM a;\n"));
    CHECK(has(w.output, "VALUES ('aaa');\n"));
    CHECK_EQ(answer(VERSIONS), "bbb");
    RUN(no_models, "history verbose");
    CHECK(has(w.output, "Rev: bbb (head)\nParent: aaa\nPath: "));
    end();
}

RT_TEST(a_revision_that_breaks_references_is_taken_back)
{
    begin(NULL);
    RUN(no_models, "init");
    write_revision("aaa", "",
                   "CREATE TABLE a (id INTEGER PRIMARY KEY);\n"
                   "CREATE TABLE b (a_id INTEGER REFERENCES a (id));\n"
                   "INSERT INTO a VALUES (1);\nINSERT INTO b VALUES (1);",
                   "DROP TABLE b;\nDROP TABLE a;");
    write_revision("bbb", "aaa", "DELETE FROM a;", "SELECT 1;");
    CHECK_EQ(run(no_models, "upgrade"), 1);
    CHECK(has(w.failure, "it leaves rows that refer to nothing: 1"));
    CHECK_EQ(answer(VERSIONS), "aaa");
    CHECK_EQ(answer("SELECT count(*) FROM a"), "1");
    end();
}
