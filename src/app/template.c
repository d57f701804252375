// Templates in views.
#include "retort/app/template.h"

#include "app/app.h"
#include "app/failure.h"
#include "app/hooks.h"

// ---- the environment --------------------------------------------------------

static rt__template_place make_place(rt_app *app, const char *folder,
                                     const char *blueprint)
{
    const char *path =
        folder[0] == '/'
            ? rt_str_cstr(&app->arena, rt_str_from(folder))
            : rt_format(&app->arena, "{}/{}", rt_root_path(app), folder).data;
    return (rt__template_place){rt_template_folder(&app->arena, path), path,
                                blueprint};
}

// Where a template was looked for, up to the place that had an answer: what
// EXPLAIN_TEMPLATE_LOADING asks for.
RT_COLD static void explain(const rt_app *app, rt_str name, uint64_t place,
                            rt_status status)
{
    rt_arena arena = {0};
    rt_buf text;
    uint64_t at = 0;
    rt_buf_init(&text, &arena);
    rt_buf_format(&text, "Locating template {!r}:", name);
    rt_vec_each(rt__template_place, p, &app->template_places) {
        if (at > place)
            break;
        const char *what = p->blueprint ? "blueprint" : "application";
        const char *result = at < place ? "no match"
                             : status   ? rt_status_text(status)
                                        : "found";
        rt_buf_format(&text, "\n  {}: {} {!r}, {!r}: {}", ++at, what,
                      p->blueprint ? p->blueprint : app->name, p->folder,
                      result);
    }
    rt_log(&app->log, RT_LOG_INFO, "{}", rt_buf_str(&text));
    rt_arena_deinit(&arena);
}

// Templates are looked for in the application's folder, then in those of the
// blueprints in the order of registration. A blueprint may come after the
// environment has been made, so the list is read at each load.
static rt_status load_source(void *self, rt_arena *arena, rt_str name,
                             rt_template_source *out)
{
    rt_app *app = self;
    rt_status status = RT_E_NOT_FOUND;
    uint64_t place = 0;
    rt_vec_each(rt__template_place, p, &app->template_places) {
        status = p->loader.load(p->loader.self, arena, name, out);
        if (!status && out->stamp)
            out->stamp ^= place << 56;
        if (status != RT_E_NOT_FOUND)
            break;
        place++;
    }
    if (RT_UNLIKELY(rt_config_bool(app, "EXPLAIN_TEMPLATE_LOADING", false)))
        explain(app, name, place, status);
    return status;
}

// The stamp of the first that has it. It has the place in the list, as a template
// that appears in an earlier folder is another one.
static uint64_t stamp_source(void *self, rt_str name)
{
    rt_app *app = self;
    uint64_t place = 0;
    rt_vec_each(rt__template_place, p, &app->template_places) {
        uint64_t stamp =
            p->loader.stamp ? p->loader.stamp(p->loader.self, name) : 0;
        if (stamp)
            return stamp ^ place << 56;
        place++;
    }
    return 0;
}

static void each_source(void *self, void (*fn)(rt_str name, void *arg),
                        void *arg)
{
    rt_app *app = self;
    rt_vec_each(rt__template_place, p, &app->template_places)
        if (p->loader.each)
            p->loader.each(p->loader.self, fn, arg);
}

static rt_status call_url_for(rt_template_call *call, rt_value *out);

// How long a change of a template may stay unseen, where nobody waits for it.
#define RELOAD_MS 1000

static int reload_ms(const rt_app *app)
{
    rt_value reload = rt_config_get(app, "TEMPLATES_AUTO_RELOAD");
    if (rt_value_is_none(reload))
        return rt_app_is_debug(app) || app->tested ? 0 : RELOAD_MS;
    return rt_value_is_true(reload) ? 0 : -1;
}

void rt__template_apply(rt_app *app)
{
    if (app->templates)
        rt_template_env_set_reload(app->templates, reload_ms(app));
}

static void free_env(void *env)
{
    rt_template_env_free(env);
}

// Made when first asked for: by a registration, or by the first render.
static rt_template_env *env_of(rt_app *app)
{
    if (app->templates)
        return app->templates;
    const char *own =
        app->options.templates ? app->options.templates : "templates";
    app->template_places.items[0] = make_place(app, own, NULL);
    app->templates = rt_template_env_new(.loader = {.load = load_source,
                                                    .stamp = stamp_source,
                                                    .each = each_source,
                                                    .self = app},
                                         .autoescape = RT_AUTOESCAPE_BY_NAME,
                                         .no_reload = false);
    rt__template_apply(app);
    rt_arena_defer(&app->arena, free_env, app->templates);
    rt_template_env_function(app->templates, "url_for", call_url_for, NULL, 0);
    rt_template_env_function(app->templates, "get_flashed_messages",
                             rt__call_flashed, NULL, 0);
    return app->templates;
}

rt_request *rt_template_request(const rt_template_call *call)
{
    return call->data;
}

static rt_status call_url_for(rt_template_call *call, rt_value *out)
{
    if (call->args_len != 1 || !rt_value_is_text(call->args[0]))
        return rt_template_fail(call, RT_TEMPLATE_TYPE_ERROR,
                                "url_for() takes the name of an endpoint and "
                                "keyword arguments");
    *out = RT(rt_url_for_pairs(rt_template_request(call),
                               rt_value_as_cstr(call->arena, call->args[0]),
                               call->named, call->named_len));
    return RT_OK;
}

void rt__app_add_templates(rt_app *app, const char *folder,
                           const char *blueprint)
{
    rt__template_place place = make_place(app, folder, blueprint);
    *rt_vec_push(&app->arena, &app->template_places) = place;
}

// ---- names the application adds -----------------------------------------------

static void add_to_env(rt_app *app, const rt__template_name *name)
{
    rt_template_env *env = env_of(app);
    switch (name->kind) {
    case RT__TEMPLATE_FILTER:
        rt_template_env_filter(env, name->name, name->fn, NULL, 0);
        break;
    case RT__TEMPLATE_TEST:
        rt_template_env_test(env, name->name, name->fn, NULL, 0);
        break;
    case RT__TEMPLATE_FUNCTION:
        rt_template_env_function(env, name->name, name->fn, NULL, 0);
        break;
    case RT__TEMPLATE_GLOBAL:
        rt_template_env_global(env, name->name, name->value);
        break;
    }
}

void rt__app_add_template_names(rt_app *app, const rt_blueprint *blueprint)
{
    rt_vec_each(rt__template_name, name, &blueprint->template_names)
        add_to_env(app, name);
}

// A blueprint keeps it until it is registered.
static void add_name(rt_scope *scope, rt__template_name name)
{
    if (scope->app) {
        add_to_env(scope->app, &name);
        return;
    }
    name.name = rt_str_cstr(scope->arena, rt_str_from(name.name));
    name.value = rt_value_copy(scope->arena, name.value);
    *rt_vec_push(scope->arena, &scope->blueprint->template_names) = name;
}

void rt_scope_add_template_filter(rt_scope *scope, const char *name,
                                  rt_template_fn *fn, rt_site site)
{
    rt__scope_check_open(scope, site, "rt_template_filter");
    add_name(scope, (rt__template_name){
                        .kind = RT__TEMPLATE_FILTER, .name = name, .fn = fn});
}

void rt_scope_add_template_test(rt_scope *scope, const char *name,
                                rt_template_fn *fn, rt_site site)
{
    rt__scope_check_open(scope, site, "rt_template_test");
    add_name(scope, (rt__template_name){
                        .kind = RT__TEMPLATE_TEST, .name = name, .fn = fn});
}

void rt_scope_add_template_function(rt_scope *scope, const char *name,
                                    rt_template_fn *fn, rt_site site)
{
    rt__scope_check_open(scope, site, "rt_template_function");
    add_name(scope, (rt__template_name){
                        .kind = RT__TEMPLATE_FUNCTION, .name = name, .fn = fn});
}

void rt_scope_add_template_global(rt_scope *scope, const char *name,
                                  rt_value value, rt_site site)
{
    rt__scope_check_open(scope, site, "rt_template_global");
    add_name(scope, (rt__template_name){.kind = RT__TEMPLATE_GLOBAL,
                                        .name = name,
                                        .value = value});
}

// ---- what templates see ----------------------------------------------------------

// What templates see beside their own variables, imported ones too.
static rt_value request_globals(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (rt_value_is_undefined(ctx->g))
        ctx->g = rt_dict_new(req->arena);
    if (ctx->command)
        return rt_dict(req, "g", ctx->g, "config", ctx->app->config);
    return rt_dict(req, "request", rt__request_object(req), "g", ctx->g,
                   "session", rt__session_object(req), "config",
                   ctx->app->config);
}

// ---- rendering --------------------------------------------------------------------

static rt_value make_context(rt_request *req, const rt_pair *pairs, size_t n)
{
    rt_value context = rt_dict_of_pairs(req->arena, pairs, n);
    if (!rt__hooks_run_context(rt__context_of(req), context))
        return context;
    for (size_t i = 0; i < n; i++) // the view's own win
        if (rt_dict_set_str(context, rt_str_from(pairs[i].name),
                            pairs[i].value))
            rt__fail(req, "the template's context cannot take {!r}",
                     pairs[i].name);
    return context;
}

RT_NORETURN static void fail(rt_request *req, const rt_template_error *error)
{
    rt__fail(req, "{}", rt_template_error_text(req->arena, error));
}

static void put_template(void *t)
{
    rt_template_put(t);
}

// Get a template; it stays until the request ends.
static rt_template *get_template(rt_request *req, const char *name)
{
    rt_template *t;
    rt_template_error error = {0};
    if (rt_template_get(env_of(rt_app_of(req)), req->arena, rt_str_from(name),
                        &t, &error))
        fail(req, &error);
    rt_defer(req, put_template, t);
    return t;
}

static void tell(rt_request *req, rt_signal signal, const char *name,
                 rt_value context)
{
    rt__context *ctx = rt__context_of(req);
    rt__signal_send(ctx, signal, .template_name = name, .context = context);
}

// `name` is NULL for a template from a string.
static rt_str render(rt_request *req, rt_template *t, const char *name,
                     const rt_pair *pairs, size_t n)
{
    rt_template_run run = {.context = make_context(req, pairs, n),
                           .globals = request_globals(req),
                           .data = req};
    tell(req, RT_BEFORE_RENDER_TEMPLATE, name, run.context);
    rt_template_error error = {0};
    rt_buf out;
    rt_buf_init(&out, req->arena);
    if (rt_template_execute(t, req->arena, &run, &out, &error))
        fail(req, &error);
    tell(req, RT_TEMPLATE_RENDERED, name, run.context);
    return rt_buf_str(&out);
}

rt_str rt_render_text_pairs(rt_request *req, const char *name,
                            const rt_pair *pairs, size_t n)
{
    return render(req, get_template(req, name), name, pairs, n);
}

// With several names, all of them: whoever reads it may have meant any.
RT_NORETURN static void fail_first(rt_request *req, const char *const *names)
{
    rt_buf all;
    rt_buf_init(&all, req->arena);
    for (size_t i = 0; names[i]; i++) {
        rt_buf_put_cstr(&all, i > 0 ? ", " : "");
        rt_buf_put_cstr(&all, names[i]);
    }
    rt__fail(req, "none of the templates exists: {}", rt_buf_str(&all));
}

rt_response *rt_render_first_pairs(rt_request *req, const char *const *names,
                                   const rt_pair *pairs, size_t n)
{
    rt_template_env *env = env_of(rt_app_of(req));
    rt_template_error error = {0};
    for (const char *const *name = names; *name; name++) {
        rt_template *t;
        rt_status status =
            rt_template_get(env, req->arena, rt_str_from(*name), &t, &error);
        if (status == RT_E_NOT_FOUND)
            continue;
        if (status)
            fail(req, &error);
        rt_defer(req, put_template, t);
        return rt_bytes(req, render(req, t, *name, pairs, n), "text/html");
    }
    fail_first(req, names);
}

rt_response *rt_render_pairs(rt_request *req, const char *name,
                             const rt_pair *pairs, size_t n)
{
    return rt_bytes(req, rt_render_text_pairs(req, name, pairs, n),
                    "text/html");
}

rt_response *rt_render_string_pairs(rt_request *req, const char *source,
                                    const rt_pair *pairs, size_t n)
{
    rt_template *t;
    rt_template_error error = {0};
    if (rt_template_parse(env_of(rt_app_of(req)), req->arena,
                          rt_str_from(source), &t, &error))
        fail(req, &error);
    rt_defer(req, put_template, t);
    return rt_bytes(req, render(req, t, NULL, pairs, n), "text/html");
}

rt_value rt_evaluate_pairs(rt_request *req, const char *expression,
                           const rt_pair *pairs, size_t n)
{
    rt_template_run run = {.context = make_context(req, pairs, n),
                           .globals = request_globals(req),
                           .data = req};
    rt_template_error error = {0};
    rt_value value;
    if (rt_template_evaluate(env_of(rt_app_of(req)), req->arena,
                             rt_str_from(expression), &run, &value, &error))
        fail(req, &error);
    return value;
}

// ---- streaming -----------------------------------------------------------------------

typedef struct stream {
    rt_template *t;
    const char *name;
    rt_template_run run;
    rt_writer *out;
} stream;

static rt_status write_piece(void *arg, rt_str piece)
{
    rt_write(((stream *)arg)->out, piece);
    return RT_OK;
}

static void produce(rt_writer *out, void *arg)
{
    stream *s = arg;
    rt_template_error error = {0};
    s->out = out;
    s->run.write = write_piece;
    s->run.write_arg = s;
    if (rt_template_execute(s->t, out->request->arena, &s->run, NULL, &error))
        fail(out->request, &error);
    tell(out->request, RT_TEMPLATE_RENDERED, s->name, s->run.context);
}

rt_response *rt_stream_template_pairs(rt_request *req, const char *name,
                                      const rt_pair *pairs, size_t n)
{
    stream *s = rt_new(req->arena, stream, 1);
    s->t = get_template(req, name);
    s->name = rt_str_cstr(req->arena, rt_str_from(name));
    // What the pairs refer to must outlive the call.
    s->run = (rt_template_run){
        .context = rt_value_copy(req->arena, make_context(req, pairs, n)),
        .globals = request_globals(req),
        .data = req};
    tell(req, RT_BEFORE_RENDER_TEMPLATE, name, s->run.context);
    return rt_stream(req, "text/html", produce, s);
}
