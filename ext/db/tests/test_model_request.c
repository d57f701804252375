// Models and pages in views, and models that make no sense.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <retort.h>
#include <retort/db.h>
#include <retort/test.h>

typedef struct note {
    int64_t id;
    const char *text;
    int64_t version;
} note;

RT_MODEL(note, "note", RT_FIELD(note, id, .primary_key = true),
         RT_FIELD(note, text, .not_null = true),
         RT_FIELD(note, version, .version = true));

static void make_notes(rt_request *req, void *arg)
{
    (void)arg;
    rt_db_create_all(req, NULL);
    note notes[45];
    for (int i = 0; i < 45; i++)
        notes[i] = (note){.text = "x"};
    rt_db_insert_many(req, note, notes, 45);
}

static rt_response *show(rt_request *req, int64_t id)
{
    note n;
    rt_db_get_or_404(req, note, &n, id);
    return rt_json(req, "note", rt_model_dict(req, note, &n));
}

// An edit of the version that the client has seen.
static rt_response *edit(rt_request *req, int64_t id)
{
    note n;
    rt_db_get_or_404(req, note, &n, id);
    n.version = rt_query_int(req, "version", 0);
    n.text = "y";
    rt_db_update(req, note, &n, text);
    return rt_json(req, "version", n.version);
}

static rt_response *list(rt_request *req)
{
    rt_page page = rt_db_paginate(req, note, "ORDER BY id DESC");
    return rt_render_string(
        req,
        "{{ page.page }}/{{ page.pages }} {{ page.first }}-{{ page.last }} of "
        "{{ page.total }} {{ page.prev_num }} {{ page.next_num }}"
        "{% for n in page.iter_pages(left_edge=1) %} {{ n }}{% endfor %}"
        " {{ page.items[0].id }} {% for n in page %}{{ n.text }}{% endfor %}",
        "page", rt_page_value(req, &page));
}

static rt_response *after(rt_request *req)
{
    note *notes;
    const char *next;
    size_t n = rt_db_keyset(req, note, &notes, "-id",
                            rt_query_get(req, "after", ""), 40, &next, "");
    return rt_json(req, "n", (int64_t)n, "next", next);
}

static rt_client *open_client(rt_app **app)
{
    *app = rt_app_new("notes");
    rt_db_init(*app, .url = "sqlite://");
    rt_db_models(*app, NULL, RT_MODELS(&note_model));
    rt_get(*app, "/<int:id>", show);
    rt_get(*app, "/<int:id>/edit", edit);
    rt_get(*app, "/", list);
    rt_get(*app, "/after", after);
    rt_client *client = rt_client_new(*app);
    REQUIRE(rt_client_call(client, "GET", "/", make_notes, NULL) == 0);
    return client;
}

RT_TEST(views_use_models)
{
    static const struct {
        const char *path;
        int status;
        const char *body; // or NULL
    } rows[] = {
        {"/1", 200, "{\"note\":{\"id\":1,\"text\":\"x\",\"version\":0}}\n"},
        {"/99", 404, NULL},
        {"/1/edit", 200, "{\"version\":1}\n"},
        {"/1/edit", 409, NULL},
        {"/1/edit?version=1", 200, "{\"version\":2}\n"},
        {"/?per_page=5&page=2", 200,
         "2/9 6-10 of 45 1 3 1 2 3 4 5 6 None 8 9 40 xxxxx"},
        {"/?per_page=1000", 200, NULL},
        {"/?page=0", 404, NULL},
        {"/?page=x", 404, NULL},
        {"/?page=4", 404, NULL},
        {"/?page=9223372036854775807", 404, NULL},
        {"/?per_page=-1", 404, NULL},
        {"/after?after=nonsense", 400, NULL},
        {"/after?after=WyJhIl0", 400, NULL},
        {"/after", 200, "{\"n\":40,\"next\":\"WzZd\"}\n"},
        {"/after?after=WzZd", 200, "{\"n\":5,\"next\":null}\n"},
    };

    rt_app *app;
    rt_client *client = open_client(&app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_reply response = rt_client_get(client, rows[i].path);
        CHECK_EQ(response.status, rows[i].status);
        if (rows[i].body)
            CHECK_EQ(response.body.data, rows[i].body);
    }
    rt_client_free(client);
    rt_app_free(app);
}

// ---- what makes no sense -----------------------------------------------------------

#define WRONG(name, table, ...)                                              \
    static const rt_field name##_fields[] = {__VA_ARGS__};                   \
    static const rt_model name = {                                           \
        "note", table, sizeof(note), name##_fields, RT_COUNT(name##_fields), \
        NULL,   NULL}

WRONG(no_table, NULL, RT_FIELD(note, id, .primary_key = true));
WRONG(no_key, "note", RT_FIELD(note, id));
WRONG(nowhere, "note", RT_FIELD(note, id, .primary_key = true),
      RT_FIELD(note, version, .references = "user.id"));
WRONG(twice, "note", RT_FIELD(note, id, .primary_key = true),
      RT_FIELD(note, version, .column = "id"));
WRONG(text_version, "note", RT_FIELD(note, id, .primary_key = true),
      RT_FIELD(note, text, .version = true));
WRONG(number_now, "note", RT_FIELD(note, id, .primary_key = true, .now = true));

// What a process says that is given the model, and its status.
static int told(const rt_model *model, char *said, size_t bytes)
{
    int ends[2], status = 0;
    REQUIRE(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], 2);
        rt_app *app = rt_app_new("notes");
        rt_db_init(app, .url = "sqlite://");
        rt_db_models(app, NULL, RT_MODELS(model));
        _exit(0);
    }
    close(ends[1]);
    size_t len = 0;
    for (ssize_t n; (n = read(ends[0], said + len, bytes - 1 - len)) > 0;)
        len += (size_t)n;
    said[len] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

RT_TEST(a_model_that_makes_no_sense_ends_the_process)
{
    static const struct {
        const rt_model *model;
        const char *why;
    } rows[] = {
        {&no_table, "it has no table"},
        {&no_key, "no field is .primary_key"},
        {&nowhere, "version refers to \"user.id\", which no model"},
        {&twice, "two columns are called id"},
        {&text_version, "text is .version but no integer"},
        {&number_now, "id is .now or .touch but no rt_time"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].why);
        char said[500];
        CHECK_EQ(told(rows[i].model, said, sizeof(said)), RT_EXIT_MISUSE);
        CHECK(strstr(said, rows[i].why) != NULL);
        CHECK(strstr(said, "test_model_request.c:") != NULL);
    }
}
