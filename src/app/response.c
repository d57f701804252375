// Making responses, and adorning them.
#include "retort/app/response.h"

#include <assert.h>
#include <stdlib.h>

#include <retort/app/caching.h>
#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/base/time.h>
#include <retort/http/code.h>
#include <retort/http/iri.h>
#include <retort/http/media_type.h>
#include <retort/http/percent.h>

#include "app/app.h"
#include "app/failure.h"

static rt_response *with_type(rt_request *req, rt_str type, rt_str bytes)
{
    rt_response *response = rt_response_new(req, 200);
    rt_headers_push(&response->headers, req->arena, RT_STR("Content-Type"),
                    type);
    response->bytes = bytes;
    return response;
}

RT_COLD static bool is_reported(rt_app *app, rt_site site)
{
    rt_vec_each(rt_site, seen, &app->wrong_formats)
        if (seen->line == site.line && strcmp(seen->file, site.file) == 0)
            return true;
    *rt_vec_push(&app->arena, &app->wrong_formats) = site;
    return false;
}

RT_COLD static void report_format(rt_request *req, const char *format,
                                  size_t placeholders, size_t n, rt_site site)
{
    rt_app *app = rt_app_of(req);
    rt_str message =
        rt_format(req->arena,
                  "{}:{}: the format {!r} has {} placeholder{} for {} value{}",
                  site.file, site.line, format, placeholders,
                  placeholders == 1 ? "" : "s", n, n == 1 ? "" : "s");
    if (app->debug)
        rt__fail(req, "{}", message);
    if (!is_reported(app, site))
        rt_log(&app->log, RT_LOG_ERROR, "{}", message);
}

void rt__format_check(rt_request *req, const char *format, size_t placeholders,
                      size_t n, rt_site site)
{
    if (RT_UNLIKELY(placeholders != n))
        report_format(req, format, placeholders, n, site);
}

// A format without braces is its own text and need not be copied.
static bool is_plain(const char *format, size_t n)
{
    return n == 0 && !format[strcspn(format, "{}")];
}

rt_response *rt_text_values(rt_request *req, const char *format,
                            const rt_value *values, size_t n, rt_site site)
{
    if (is_plain(format, n))
        return rt_text_as_is(req, rt_str_from(format));
    rt_buf text;
    rt_buf_init(&text, req->arena);
    size_t placeholders = rt_buf_format_values(&text, format, values, n);
    rt__format_check(req, format, placeholders, n, site);
    return rt_text_as_is(req, rt_buf_str(&text));
}

rt_response *rt_html_values(rt_request *req, const char *format,
                            const rt_value *values, size_t n, rt_site site)
{
    if (is_plain(format, n))
        return rt_html_as_is(req, rt_str_from(format));
    rt_buf html;
    rt_buf_init(&html, req->arena);
    size_t placeholders = rt_buf_format_html_values(&html, format, values, n);
    rt__format_check(req, format, placeholders, n, site);
    return rt_html_as_is(req, rt_buf_str(&html));
}

rt_response *rt_text_as_is(rt_request *req, rt_str text)
{
    return with_type(req, RT_STR("text/plain; charset=utf-8"), text);
}

rt_response *rt_html_as_is(rt_request *req, rt_str text)
{
    return with_type(req, RT_STR("text/html; charset=utf-8"), text);
}

static rt_json_style json_style(const rt_app *app)
{
    bool compact = app->options.json_compact == RT_INHERIT
                       ? !app->debug
                       : app->options.json_compact == RT_ON;
    return (rt_json_style){.compact = compact,
                           .indent = compact ? 0 : 2,
                           .sort_keys = !app->options.json_keep_order,
                           .unicode = app->options.json_unicode};
}

static rt_response *json_response(rt_request *req, rt_buf *out)
{
    rt_buf_put_char(out, '\n');
    const char *type = rt_app_of(req)->options.json_type;
    return with_type(req, type ? rt_str_from(type) : RT_STR("application/json"),
                     rt_buf_str(out));
}

// Writing it once more says where in the value it goes wrong.
RT_COLD static void fail_at(rt_request *req, rt_value value,
                            const rt_json_style *style)
{
    rt_str text;
    rt_error err = {0};
    if (rt_json_dump(req->arena, value, style, &text, &err))
        rt__fail(req, "{}", err.message);
    rt__fail(req, "cannot write JSON");
}

RT_COLD static rt_response *json_of_provider(rt_request *req, rt_value value)
{
    const rt_app *app = rt_app_of(req);
    const rt_json_provider *json = &app->options.json;
    rt_buf out;
    rt_buf_init(&out, req->arena);
    rt_status status = json->dump(app, value, &out, json->arg);
    if (status || out.status)
        rt__fail(req, "the JSON provider cannot write: {}",
                 rt_status_text(status ? status : out.status));
    return json_response(req, &out);
}

rt_response *rt_json_of_value(rt_request *req, rt_value value)
{
    if (RT_UNLIKELY(rt_app_of(req)->options.json.dump))
        return json_of_provider(req, value);
    rt_json_style style = json_style(rt_app_of(req));
    rt_buf out;
    rt_buf_init(&out, req->arena);
    rt_json_put(&out, value, &style);
    if (RT_UNLIKELY(out.status))
        fail_at(req, value, &style);
    return json_response(req, &out);
}

rt_response *rt_json_pairs(rt_request *req, const rt_pair *pairs, size_t n)
{
    if (RT_UNLIKELY(rt_app_of(req)->options.json.dump))
        return json_of_provider(req, rt_dict_of_pairs(req->arena, pairs, n));
    rt_json_style style = json_style(rt_app_of(req));
    rt_buf out;
    rt_buf_init(&out, req->arena);
    rt_json_put_pairs(&out, pairs, n, &style);
    if (RT_UNLIKELY(out.status))
        fail_at(req, rt_dict_of_pairs(req->arena, pairs, n), &style);
    return json_response(req, &out);
}

rt_response *rt_bytes(rt_request *req, rt_str bytes, const char *type)
{
    rt_response *response =
        with_type(req, RT_STR("application/octet-stream"), bytes);
    return type ? rt_set_type(response, type) : response;
}

rt_response *rt_empty(rt_request *req, int status)
{
    return rt_set_status(
        with_type(req, RT_STR("text/html; charset=utf-8"), RT_STR("")), status);
}

// Whoever splits URLs leaves tabs out, and that makes another URL of "/\t/host".
static rt_str encode_tabs(rt_arena *arena, rt_str url)
{
    if (rt_str_find_char(url, '\t') == RT_STR_NONE)
        return url;
    rt_buf out;
    rt_buf_init(&out, arena);
    for (size_t i = 0; i < url.len; i++) {
        if (url.data[i] == '\t')
            rt_buf_put_cstr(&out, "%09");
        else
            rt_buf_put_char(&out, url.data[i]);
    }
    return rt_buf_str(&out);
}

rt_response *rt_redirect_to(rt_request *req, const char *url,
                            const rt_redirect_options *options)
{
    int status = options->status ? options->status : 303;
    rt_site site = options->site;
    if (status != 301 && status != 302 && status != 303 && status != 307 &&
        status != 308)
        rt__fail(req, "{}rt_redirect: {} is not the status of a redirect",
                 rt__place(req, site), status);
    if (!url)
        rt__fail(req, "{}rt_redirect: the URL is NULL", rt__place(req, site));
    rt_str location = rt_str_from(url);
    if (location.data[strcspn(location.data, "\r\n")])
        rt__fail(req, "{}rt_redirect: {!r} has a line break",
                 rt__place(req, site), location);
    location = encode_tabs(req->arena, location);
    // Characters that no URL may contain are encoded.
    if (rt_iri_to_uri(req->arena, location, &location))
        location = rt_percent_encode(req->arena, location, RT_PERCENT_FRAGMENT);
    return rt__redirect_page(req, status, location);
}

// ---- setters -----------------------------------------------------------------

rt_response *rt_set_status(rt_response *response, int status)
{
    if (status < 200 || status > 599)
        rt__fail(response->request, "{} is not the status of a response",
                 status);
    response->status = status;
    return response;
}

rt_response *rt_set_reason(rt_response *response, const char *reason)
{
    for (const char *c = reason; *c; c++)
        if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
            rt__fail(response->request,
                     "the reason {!r} has a control character in it", reason);
    response->reason =
        rt_str_copy(response->request->arena, rt_str_from(reason));
    return response;
}

// A value with a control character comes from a client more often than not, so it is
// an error of this request and not of the program.
static void check(rt_response *response, rt_status st, const char *name)
{
    if (st)
        rt__fail(response->request,
                 "header {!r}: a name must be a token, and a value may not "
                 "contain a line break or another control character",
                 name);
}

rt_response *rt_set_header(rt_response *response, const char *name,
                           const char *value)
{
    rt_arena *arena = response->request->arena;
    check(response,
          rt_headers_set(&response->headers, arena,
                         rt_str_copy(arena, rt_str_from(name)),
                         rt_str_copy(arena, rt_str_from(value))),
          name);
    return response;
}

rt_response *rt_add_header(rt_response *response, const char *name,
                           const char *value)
{
    rt_arena *arena = response->request->arena;
    check(response,
          rt_headers_add(&response->headers, arena,
                         rt_str_copy(arena, rt_str_from(name)),
                         rt_str_copy(arena, rt_str_from(value))),
          name);
    return response;
}

rt_response *rt_remove_header(rt_response *response, const char *name)
{
    rt_headers_del(&response->headers, rt_str_from(name));
    return response;
}

rt_response *rt_set_type(rt_response *response, const char *type)
{
    rt_arena *arena = response->request->arena;
    rt_str full = rt_media_type_with_charset(arena, rt_str_from(type));
    check(response,
          rt_headers_set(&response->headers, arena, RT_STR("Content-Type"),
                         rt_str_copy(arena, full)),
          "Content-Type");
    return response;
}

// ---- other origins -------------------------------------------------------------

static void set_if(rt_response *response, const char *name, const char *value)
{
    if (value)
        rt_set_header(response, name, value);
}

rt_response *rt_response_allow_access(rt_response *response,
                                      const rt_access_control *access)
{
    rt_request *req = response->request;
    const char *origin = access->allow_origin;
    bool any = origin && strcmp(origin, "*") == 0;
    if (any && access->allow_credentials)
        rt__fail(req, "rt_allow_access: no browser sends credentials to who "
                      "allows them to \"*\"; name the origin");
    set_if(response, "Access-Control-Allow-Origin", origin);
    if (origin && !any)
        rt_vary(response, "Origin");
    if (access->allow_credentials)
        rt_set_header(response, "Access-Control-Allow-Credentials", "true");
    set_if(response, "Access-Control-Expose-Headers", access->expose_headers);
    set_if(response, "Access-Control-Allow-Methods", access->allow_methods);
    set_if(response, "Access-Control-Allow-Headers", access->allow_headers);
    if (access->max_age.is_set)
        rt_set_header(response, "Access-Control-Max-Age",
                      rt_format(req->arena, "{}", access->max_age.count).data);
    return response;
}

rt_response *rt_response_isolate(rt_response *response,
                                 const rt_isolation *isolation)
{
    set_if(response, "Cross-Origin-Opener-Policy", isolation->opener);
    set_if(response, "Cross-Origin-Embedder-Policy", isolation->embedder);
    set_if(response, "Cross-Origin-Resource-Policy", isolation->resource);
    return response;
}

rt_response *rt_response_set_cookie(rt_response *response, const char *name,
                                    const char *value,
                                    const rt_cookie_options *options)
{
    rt_arena *arena = response->request->arena;
    rt_str line;
    if (rt_cookie_dump(arena, rt_str_from(name), rt_str_from(value), options,
                       rt_time_now(), &line))
        rt__fail(response->request,
                 "cookie {!r}: its name must be a token and its domain a host",
                 name);
    rt_headers_push(&response->headers, arena, RT_STR("Set-Cookie"), line);
    return response;
}
