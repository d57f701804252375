// The session of a request: opened when first asked for, saved when it changed.
//
// Changes are noticed in two ways. What goes through rt_session_set and its like
// sets a flag. What is changed inside, behind our back, is found at the end: the
// session is written once more and compared with the text it came from.
#include "app/session.h"

#include <retort/base/time.h>
#include <retort/http/tagged_json.h>

#include "app/app.h"
#include "app/failure.h"

// ---- opening ------------------------------------------------------------------

static rt_str dump(rt__context *ctx, rt_value data)
{
    rt_error err = {0};
    rt_str text;
    if (rt_tagged_json_dump(ctx->req->arena, data, &ctx->app->session.style,
                            &text, &err))
        rt__fail(ctx->req, "the session cannot be saved: {}", err.message);
    return text;
}

static rt_value open_store(rt__context *ctx, rt__session *s)
{
    const rt_session_store *store = &ctx->app->session.store;
    const char *cookie =
        s->cookie.len ? rt_str_cstr(ctx->req->arena, s->cookie) : NULL;
    rt_value data = store->open(ctx->req, cookie, store->arg);
    s->is_new = rt_value_is_undefined(data);
    if (s->is_new)
        data = rt_dict_new(ctx->req->arena);
    if (data.kind != RT_DICT) {
        rt__fail(ctx->req, "the session's store did not open a dict but {!r}",
                 data);
    }
    if (ctx->app->session.notice_nested)
        s->origin = dump(ctx, data);
    return data;
}

rt__session *rt__session_open(rt__context *ctx)
{
    const rt__session_settings *settings = &ctx->app->session;
    rt_arena *arena = ctx->req->arena;
    if (ctx->session)
        return ctx->session;

    rt__session *s = rt_new(arena, rt__session, 1);
    s->cookie = rt__cookie_find(ctx, rt_str_from(settings->cookie_name));
    if (settings->store.open) {
        s->data = open_store(ctx, s);
    } else if (!settings->signer) {
        s->unavailable = true;
        s->data = rt_dict_new(arena);
        rt_value_freeze(s->data);
    } else if (s->cookie.len) {
        s->data = rt__session_unsign(settings, arena, s->cookie, &s->origin);
    } else {
        s->data = rt_dict_new(arena);
    }
    return ctx->session = s;
}

static rt__session *session_of(rt_request *req)
{
    rt__session *s = rt__session_open(rt__context_of(req));
    s->accessed = true;
    return s;
}

// The session, for changing it.
static rt__session *changing(rt_request *req, rt_site site)
{
    rt__context *ctx = rt__context_of(req);
    rt__session *s = session_of(req);
    if (s->unavailable) {
        rt__fail(req,
                 "{}the session cannot be written, as there is no SECRET_KEY: "
                 "set one that nobody can guess, with "
                 "rt_configure(app, \"SECRET_KEY\", ...)",
                 rt__place(req, site));
    }
    if (ctx->session_saved) {
        rt_log(&ctx->app->log, RT_LOG_ERROR,
               "{} {}: {}the session was changed after the response was begun; "
               "the change is lost",
               req->method_text, ctx->path, rt__place(req, site));
    }
    return s;
}

// ---- reading and writing ------------------------------------------------------

rt_value rt_session(rt_request *req)
{
    return session_of(req)->data;
}

rt_value rt_session_get(rt_request *req, const char *name)
{
    return rt_dict_get_str(session_of(req)->data, rt_str_from(name));
}

bool rt_session_has(rt_request *req, const char *name)
{
    return rt_dict_has(session_of(req)->data, rt_value_cstr(name));
}

void rt_session_set_value(rt_request *req, const char *name, rt_value value,
                          rt_site site)
{
    rt__session *s = changing(req, site);
    rt_str key = rt_str_copy(req->arena, rt_str_from(name));
    s->modified = true;
    if (rt_dict_set_str(s->data, key, rt__keep(req->arena, value)))
        rt__fail(req, "the session cannot take {!r}", name);
}

rt_value rt_session_pop(rt_request *req, const char *name)
{
    rt__session *s = changing(req, (rt_site){0});
    rt_value value = rt_dict_get_str(s->data, rt_str_from(name));
    if (!rt_dict_remove(s->data, rt_value_cstr(name)))
        s->modified = true;
    return value;
}

void rt_session_clear(rt_request *req)
{
    rt__session *s = changing(req, (rt_site){0});
    s->modified = true;
    rt_dict_each(e, s->data)
        (void)!rt_dict_remove(s->data, e->key);
}

static bool is_permanent(const rt__session *s)
{
    return rt_value_is_true(rt_dict_get_str(s->data, RT_STR("_permanent")));
}

bool rt_session_is_permanent(rt_request *req)
{
    return is_permanent(session_of(req));
}

void rt_session_set_permanent(rt_request *req, bool permanent)
{
    rt_session_set_value(req, "_permanent", RT(permanent), (rt_site){0});
}

bool rt_session_is_new(rt_request *req)
{
    return session_of(req)->is_new;
}

bool rt_session_is_modified(rt_request *req)
{
    return session_of(req)->modified;
}

void rt_session_set_modified(rt_request *req)
{
    changing(req, (rt_site){0})->modified = true;
}

void rt_app_set_session_store(rt_app *app, const rt_session_store *store,
                              rt_site site)
{
    rt__app_check_open(app, site, "rt_session_store_use");
    if (!store->open || !store->save) {
        rt_misuse(site, "rt_session_store_use: a store has an `open` and a "
                        "`save`");
    }
    app->session.store = *store;
}

// ---- saving -------------------------------------------------------------------

// A list that already has it stays as it is.
static void vary_on_cookie(rt_response *response)
{
    rt_arena *arena = response->request->arena;
    rt_headers *headers = &response->headers;
    rt_str vary = rt_headers_get_joined(headers, arena, RT_STR("Vary"));
    if (rt_headers_has_token(headers, RT_STR("Vary"), RT_STR("Cookie")))
        return;
    vary = vary.len ? rt_str_concat(arena, vary, RT_STR(", Cookie"))
                    : RT_STR("Cookie");
    (void)!rt_headers_set(headers, arena, RT_STR("Vary"), vary);
}

// True when the data is not what was opened. `text` is the data as it is now. What
// Flask or another program wrote may be spelled otherwise and mean the same.
static bool has_changed(rt__context *ctx, const rt__session *s, rt_str text)
{
    rt_value before;
    if (!s->origin.data)
        return true; // there was nothing, and now there is something
    if (rt_str_eq(text, s->origin))
        return false;
    return rt_tagged_json_parse(ctx->req->arena, s->origin, NULL, &before,
                                NULL) ||
           !rt_str_eq(dump(ctx, before), text);
}

static void put_cookie(rt__context *ctx, const rt__session *s, rt_str value)
{
    const rt__session_settings *settings = &ctx->app->session;
    rt_arena *arena = ctx->req->arena;
    rt_cookie_options options = settings->cookie;
    int64_t now = rt_time_now();
    rt_str line;

    options.secure |= settings->secure_under_tls &&
                      rt_str_eq(ctx->req->scheme, RT_STR("https"));
    options.expired = value.data == NULL;
    if (value.data && is_permanent(s))
        options.expires_us = now + settings->lifetime_s * RT_TIME_SECOND;
    // Name and domain were checked at the start.
    if (rt_cookie_dump(arena, rt_str_from(settings->cookie_name), value,
                       &options, now, &line))
        rt__fail(ctx->req, "the session's cookie cannot be written");
    if (line.len > settings->cookie_bytes_max) {
        if (s->refused)
            return; // the error page is without it
        ctx->session->refused = true;
        rt__fail(
            ctx->req,
            "the session's cookie has {} bytes, and browsers drop what has "
            "more than {}: keep less in the session, or use a store "
            "(docs/sessions.md)",
            line.len, settings->cookie_bytes_max);
    }
    rt_headers_push(&ctx->response->headers, arena, RT_STR("Set-Cookie"), line);
    vary_on_cookie(ctx->response);
}

static rt_str save_data(rt__context *ctx, const rt__session *s, rt_str text)
{
    const rt_session_store *store = &ctx->app->session.store;
    if (!store->open)
        return rt__session_sign(&ctx->app->session, ctx->req->arena, text);
    const char *cookie =
        s->cookie.len ? rt_str_cstr(ctx->req->arena, s->cookie) : NULL;
    rt_str value =
        rt_str_from(store->save(ctx->req, s->data, cookie, store->arg));
    if (!value.data && rt_dict_len(s->data))
        rt__fail(ctx->req, "the session's store returned no cookie");
    return value;
}

bool rt__session_may_refresh(const rt__context *ctx)
{
    const rt__session_settings *settings = &ctx->app->session;
    return settings->refresh && (settings->signer || settings->store.open) &&
           rt_headers_has(&ctx->req->headers, RT_STR("Cookie"));
}

// The session of a request that did not ask for it: of use where it is permanent,
// as its expiry moves on.
static rt__session *open_for_refresh(rt__context *ctx)
{
    rt_str name = rt_str_from(ctx->app->session.cookie_name);
    if (!rt__session_may_refresh(ctx) || !rt__cookie_find(ctx, name).len)
        return NULL;
    return rt__session_open(ctx);
}

void rt__session_save(rt__context *ctx)
{
    const rt__session_settings *settings = &ctx->app->session;
    rt__session *s = ctx->session ? ctx->session : open_for_refresh(ctx);
    rt_str text = {NULL, 0};

    if (!s || s->unavailable)
        return;
    if (s->accessed)
        vary_on_cookie(ctx->response);
    bool empty = rt_dict_len(s->data) == 0;
    if (!s->modified && s->accessed && settings->notice_nested &&
        !(empty && !s->origin.data)) {
        text = dump(ctx, s->data);
        s->modified = has_changed(ctx, s, text);
    }
    if (!s->modified && (empty || !settings->refresh || !is_permanent(s)))
        return;
    if (!empty && !text.data)
        text = dump(ctx, s->data);
    rt_str value = empty && !settings->store.open ? (rt_str){NULL, 0}
                                                  : save_data(ctx, s, text);
    put_cookie(ctx, s, empty ? (rt_str){NULL, 0} : value);
}
