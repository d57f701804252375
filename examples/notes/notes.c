// Notes with tags: a JSON API on a database, with models and migrations.
//
//     script/run notes
//     curl http://127.0.0.1:5000/notes --json '{"title": "Milk", "tags": ["home"]}'
//     curl 'http://127.0.0.1:5000/notes?q=milk&sort=-created'
//
// It begins on SQLite; DATABASE_URL=postgresql://... moves it.
//
// uses: db migrate
#include <retort.h>
#include <retort/db.h>
#include <retort/migrate.h>

typedef struct note {
    int64_t id;
    char *title;
    char *body;
    bool done;
    rt_value tags;
    int64_t version;
    rt_time created;
} note;

RT_MODEL(note, "note", RT_FIELD(note, id, .primary_key = true),
         RT_FIELD(note, title, .max = 140, .not_null = true,
                  .check = "title <> ''"),
         RT_FIELD(note, body),
         RT_FIELD(note, done, .server_default = "false", .index = true),
         RT_FIELD(note, tags), RT_FIELD(note, version, .version = true),
         RT_FIELD(note, created, .now = true, .index = true));

static rt_response *answer(rt_request *req, const note *n)
{
    return rt_json_value(req, rt_model_dict(req, note, n));
}

static char *text_of(rt_request *req, rt_value body, const char *name,
                     char *otherwise)
{
    rt_value v = rt_dict_get_str(body, rt_str_from(name));
    if (rt_value_is_undefined(v))
        return otherwise;
    if (!rt_value_is_text(v))
        rt_abort(req, 422, "{} must be text", name);
    return (char *)(uintptr_t)rt_value_as_cstr(rt_arena_of(req), v);
}

static void fill(rt_request *req, note *n)
{
    rt_value body = rt_json_body(req);
    n->title = text_of(req, body, "title", n->title);
    n->body = text_of(req, body, "body", n->body);
    if (!n->title || !n->title[0])
        rt_abort(req, 422, "title is missing");
    if (rt_dict_has(body, RT("done")))
        n->done = rt_value_is_true(rt_dict_get(body, RT("done")));
    if (rt_dict_has(body, RT("tags")))
        n->tags = rt_dict_get(body, RT("tags"));
}

static rt_response *list(rt_request *req)
{
    rt_sql sql = rt_sql_new(req, "WHERE 1 = 1");
    const char *done = rt_query_get(req, "done", NULL);
    const char *words = rt_query_get(req, "q", NULL);
    if (done)
        rt_sql_add(&sql, " AND done = ?", done[0] == 't' || done[0] == '1');
    if (words)
        rt_sql_add(&sql, " AND title LIKE ?",
                   rt_format(rt_arena_of(req), "%{}%", words));
    rt_sql_order(&sql, &note_model, rt_query_get(req, "sort", "-created,-id"));
    rt_sql_add(&sql, " LIMIT 100");

    note *notes;
    size_t n = rt_db_load_sql(&note_model, &sql, (void **)&notes);
    return rt_json(req, "notes", rt_model_list(req, note, notes, n));
}

static rt_response *create(rt_request *req)
{
    note n = {.tags = rt_list(req)};
    fill(req, &n);
    rt_db_insert(req, note, &n);
    rt_response *response = answer(req, &n);
    rt_set_status(response, 201);
    rt_set_header(response, "Location", rt_url_for(req, "show", "id", n.id));
    return response;
}

static rt_response *show(rt_request *req, int64_t id)
{
    note n;
    rt_db_get_or_404(req, note, &n, id);
    return answer(req, &n);
}

// Who changes a note that another has changed meanwhile gets 409.
static rt_response *change(rt_request *req, int64_t id)
{
    note n;
    rt_db_get_or_404(req, note, &n, id);
    fill(req, &n);
    rt_db_update(req, note, &n, title, body, done, tags);
    return answer(req, &n);
}

static rt_response *discard(rt_request *req, int64_t id)
{
    note n = {.id = id};
    if (!rt_db_delete(req, note, &n))
        rt_abort(req, 404);
    return rt_empty(req, 204);
}

static rt_response *error(rt_request *req, const rt_http_error *e, void *arg)
{
    (void)arg;
    rt_response *response = rt_json(req, "error", e->message);
    rt_set_status(response, e->status);
    return response;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("notes");
    rt_db_init(app, .url = "sqlite:///notes.db");
    rt_db_models(app, NULL, RT_MODELS(&note_model));
    rt_migrate_init(app);
    rt_error_handler(app, RT_HTTP_ERROR, error);

    rt_get(app, "/notes", list);
    rt_post(app, "/notes", create);
    rt_get(app, "/notes/<int:id>", show);
    rt_patch(app, "/notes/<int:id>", change);
    rt_delete(app, "/notes/<int:id>", discard);
    return rt_main(app, argc, argv);
}
