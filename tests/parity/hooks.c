// /h, /n and /i: hooks and signals, nested blueprints, values all URLs share.
#include <stdio.h>
#include <string.h>

#include "parity.h"

// ---- what happened in earlier requests ------------------------------------------

#define LOG_KEYS  64
#define LOG_STEPS 8

// What teardowns and signals left under a key, until it is asked for.
typedef struct parity_log {
    char key[40]; // empty: free
    const char *steps[LOG_STEPS];
    size_t len;
} parity_log;

static parity_log teardown_log[LOG_KEYS], signal_log[LOG_KEYS];

static parity_log *log_find(parity_log *logs, const char *key)
{
    for (size_t i = 0; i < LOG_KEYS; i++)
        if (strcmp(logs[i].key, key) == 0)
            return &logs[i];
    return NULL;
}

// Add a step under the key the query has under `name`.
static void log_step(rt_request *req, parity_log *logs, const char *name,
                     const char *step)
{
    const char *key = rt_query_get(req, name, "");
    if (!*key || strlen(key) >= sizeof logs->key)
        return;
    parity_log *log = log_find(logs, key);
    log = log ? log : log_find(logs, "");
    if (!log || log->len == LOG_STEPS)
        return;
    snprintf(log->key, sizeof log->key, "%s", key);
    log->steps[log->len++] = step;
}

static rt_response *log_pop(rt_request *req, parity_log *logs)
{
    const char *key = rt_query_get(req, "key", "");
    parity_log *log = *key ? log_find(logs, key) : NULL;
    rt_value steps = rt_list(req);

    for (size_t i = 0; log && i < log->len; i++)
        (void)rt_list_push(steps, RT(log->steps[i]));
    if (log)
        *log = (parity_log){0};
    return rt_json(req, "log", steps);
}

// ---- hooks of the application ------------------------------------------------------

void note(rt_request *req, const char *what)
{
    rt_value trace = rt_g_get(req, "trace");
    if (rt_value_is_undefined(trace)) {
        trace = rt_list(req);
        rt_g_set(req, "trace", trace);
    }
    (void)rt_list_push(trace, RT(what));
}

static rt_response *app_before(rt_request *req, void *arg)
{
    (void)arg;
    note(req, "app.before");
    if (query_is(req, "stop", "app"))
        return rt_set_status(rt_html(req, "stopped by application"), 403);
    return NULL;
}

static bool path_is_below(rt_request *req, const char *prefix)
{
    return rt_str_starts_with(req->path, rt_str_from(prefix));
}

static rt_response *app_after(rt_request *req, rt_response *response, void *arg)
{
    (void)arg;
    note(req, "app.after");
    if (!path_is_below(req, "/h/") && !path_is_below(req, "/n/"))
        return response;
    rt_buf trace;
    rt_buf_init(&trace, rt_arena_of(req));
    rt_list_each(step, rt_g_get(req, "trace")) {
        if (trace.len > 0)
            rt_buf_put_char(&trace, ' ');
        rt_value_put_text(&trace, *step);
    }
    return rt_set_header(response, "X-Trace", rt_buf_str(&trace).data);
}

// A teardown's `.arg` is what it writes down: the step, and the step with error.
static void log_teardown(rt_request *req, const rt_http_error *error, void *arg)
{
    const char *const *steps = arg;
    log_step(req, teardown_log, "id", steps[error ? 1 : 0]);
}

static const char *app_steps[] = {"app.teardown", "app.teardown.error"};
static const char *context_steps[] = {"context.teardown",
                                      "context.teardown.error"};
static const char *bp_steps[] = {"bp.teardown", "bp.teardown.error"};

// A receiver's `.arg` is what it writes down.
static void log_signal(rt_request *req, const rt_event *event, void *arg)
{
    (void)event;
    log_step(req, signal_log, "sig", arg);
}

void install_hooks(rt_app *app)
{
    rt_before_request(app, app_before);
    rt_after_request(app, app_after);
    // Flask's teardown of the application context comes after the request's.
    rt_teardown_request(app, log_teardown, .arg = context_steps);
    rt_teardown_request(app, log_teardown, .arg = app_steps);
    rt_signal_connect(app, RT_REQUEST_STARTED, log_signal,
                      .arg = ARG("request_started"));
    rt_signal_connect(app, RT_REQUEST_FINISHED, log_signal,
                      .arg = ARG("request_finished"));
    rt_signal_connect(app, RT_REQUEST_EXCEPTION, log_signal,
                      .arg = ARG("got_request_exception"));
    rt_signal_connect(app, RT_TEMPLATE_RENDERED, log_signal,
                      .arg = ARG("template_rendered"));
}

// ---- /h ------------------------------------------------------------------------------

static rt_response *before_one(rt_request *req, void *arg)
{
    (void)arg;
    note(req, "bp.before1");
    if (query_is(req, "stop", "bp"))
        return rt_set_status(rt_html(req, "stopped by blueprint"), 403);
    return NULL;
}

// A hook's `.arg` is what it notes.
static rt_response *note_before(rt_request *req, void *arg)
{
    note(req, arg);
    return NULL;
}

static rt_response *note_after(rt_request *req, rt_response *response,
                               void *arg)
{
    note(req, arg);
    return response;
}

static rt_response *before_app(rt_request *req, void *arg)
{
    if (path_is_below(req, "/h/"))
        note(req, arg);
    return NULL;
}

static rt_response *after_app(rt_request *req, rt_response *response, void *arg)
{
    if (path_is_below(req, "/h/"))
        note(req, arg);
    return response;
}

static rt_response *hooks_ok(rt_request *req)
{
    note(req, "view");
    return rt_html(req, "ok");
}

static rt_response *add_late(rt_request *req, rt_response *response, void *arg)
{
    (void)arg;
    note(req, "after_this");
    return rt_set_header(response, "X-Late", "1");
}

static rt_response *hooks_late(rt_request *req)
{
    rt_after_this_request(req, add_late, NULL);
    note(req, "view");
    return rt_html(req, "late");
}

static rt_response *swap(rt_request *req, rt_response *response, void *arg)
{
    (void)response, (void)arg;
    return rt_set_status(rt_html(req, "replaced"), 299);
}

static rt_response *hooks_replace(rt_request *req)
{
    rt_after_this_request(req, swap, NULL);
    return rt_html(req, "original");
}

static rt_response *hooks_fail(rt_request *req)
{
    note(req, "view");
    rt_raise(req, &unhandled_error, "hook fail");
}

static rt_response *hooks_missing(rt_request *req)
{
    note(req, "view");
    rt_abort(req, 404);
}

static rt_response *hooks_g(rt_request *req)
{
    bool seen = !rt_value_is_undefined(rt_g_get(req, "counter"));
    int64_t counter = rt_value_as_int(rt_g_get(req, "counter"), 0) + 1;
    rt_g_set(req, "counter", counter);
    rt_g_set(req, "counter", rt_value_undefined());
    bool left = !rt_value_is_undefined(rt_g_get(req, "counter"));
    return rt_json(req, "seen", seen, "counter", counter, "left", left);
}

static rt_response *hooks_teardown_log(rt_request *req)
{
    return log_pop(req, teardown_log);
}

static rt_response *hooks_signal_log(rt_request *req)
{
    return log_pop(req, signal_log);
}

rt_blueprint *hooks_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("h", .url_prefix = "/h");

    rt_before_request(bp, before_one);
    rt_before_request(bp, note_before, .arg = ARG("bp.before2"));
    rt_after_request(bp, note_after, .arg = ARG("bp.after1"));
    rt_after_request(bp, note_after, .arg = ARG("bp.after2"));
    rt_before_request(bp, before_app, .arg = ARG("bp.before_app"),
                      .app_wide = true);
    rt_after_request(bp, after_app, .arg = ARG("bp.after_app"),
                     .app_wide = true);
    rt_teardown_request(bp, log_teardown, .arg = bp_steps);
    rt_get(bp, "/ok", hooks_ok);
    rt_get(bp, "/late", hooks_late);
    rt_get(bp, "/replace", hooks_replace);
    rt_get(bp, "/fail", hooks_fail);
    rt_get(bp, "/missing", hooks_missing);
    rt_get(bp, "/g", hooks_g);
    rt_get(bp, "/teardown-log", hooks_teardown_log);
    rt_get(bp, "/signal-log", hooks_signal_log);
    return bp;
}

// ---- /n ------------------------------------------------------------------------------

static rt_response *parent_404(rt_request *req, const rt_http_error *error,
                               void *arg)
{
    (void)error, (void)arg;
    return rt_set_status(rt_html(req, "parent 404"), 404);
}

static rt_response *child_403(rt_request *req, const rt_http_error *error,
                              void *arg)
{
    (void)error, (void)arg;
    return rt_set_status(rt_html(req, "child 403"), 403);
}

static rt_response *leaf(rt_request *req)
{
    note(req, "view");
    return rt_json(req, "blueprint", rt_blueprint_of(req), "blueprints",
                   rt_blueprints_of(req), "endpoint", rt_endpoint(req), "leaf",
                   rt_url_for(req, ".leaf"));
}

static rt_response *abort_code(rt_request *req, int64_t code)
{
    rt_abort(req, (int)code);
}

rt_blueprint *nested_blueprint(void)
{
    rt_blueprint *parent = rt_blueprint_new("n", .url_prefix = "/n");
    rt_blueprint *child = rt_blueprint_new("c", .url_prefix = "/c");
    rt_blueprint *grandchild = rt_blueprint_new("d");

    rt_before_request(parent, note_before, .arg = ARG("n.before"));
    rt_before_request(child, note_before, .arg = ARG("c.before"));
    rt_after_request(parent, note_after, .arg = ARG("n.after"));
    rt_after_request(child, note_after, .arg = ARG("c.after"));
    rt_error_handler(parent, 404, parent_404);
    rt_error_handler(child, 403, child_403);
    rt_get(parent, "/leaf", leaf);
    rt_get(child, "/leaf", leaf);
    rt_get(grandchild, "/leaf", leaf);
    rt_get(child, "/abort/<int:code>", abort_code, .endpoint = "abort");
    rt_register_blueprint(child, grandchild, .url_prefix = "/deep");
    rt_register_blueprint(parent, child);
    rt_register_blueprint(parent, child, .name = "c2", .url_prefix = "/c-two");
    return parent;
}

// ---- /i/<lang> -----------------------------------------------------------------------

static void pull_lang(rt_request *req, const char *endpoint, rt_value values,
                      void *arg)
{
    (void)endpoint, (void)arg;
    rt_g_set(req, "lang", rt_dict_get_str(values, RT_STR("lang")));
    (void)rt_dict_remove(values, RT("lang"));
}

static void default_lang(rt_request *req, const char *endpoint, rt_value values,
                         void *arg)
{
    (void)endpoint, (void)arg;
    rt_value lang = rt_g_get(req, "lang");
    if (!rt_dict_has(values, RT("lang")) && rt_value_is_true(lang))
        (void)rt_dict_set_str(values, RT_STR("lang"), lang);
}

static rt_response *about(rt_request *req)
{
    return rt_json(req, "lang", rt_g_get(req, "lang"), "url",
                   rt_url_for(req, ".about"), "other",
                   rt_url_for(req, ".about", "lang", "de"));
}

static rt_response *item(rt_request *req, int64_t n)
{
    return rt_json(req, "lang", rt_g_get(req, "lang"), "n", n, "view_args",
                   rt_view_args(req));
}

rt_blueprint *language_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("i", .url_prefix = "/i/<lang>");

    rt_url_value_preprocessor(bp, pull_lang);
    rt_url_default_values(bp, default_lang);
    rt_get(bp, "/about", about);
    rt_get(bp, "/item/<int:n>", item);
    return bp;
}
