// /p: building responses.
#include <string.h>

#include <retort/base/time.h>

#include "parity.h"

static const char *html = "text/html; charset=utf-8";

// 1024 bytes, byte i has the value i mod 256.
static rt_str blob(rt_request *req)
{
    char *bytes = rt_new(rt_arena_of(req), char, 1024);
    for (size_t i = 0; i < 1024; i++)
        bytes[i] = (char)(unsigned char)i;
    return rt_str_of(bytes, 1024);
}

// ---- what views return -----------------------------------------------------------

static rt_response *resp_str(rt_request *req)
{
    return rt_html(req, "text with \u00fcml\u00e4ut");
}

static rt_response *resp_bytes(rt_request *req)
{
    return rt_bytes(req, rt_str_of("\x00\xff raw", 6), html);
}

static rt_response *resp_dict(rt_request *req)
{
    return rt_json(req, "b", 1, "a", rt_list(req, true, rt_value_none()));
}

static rt_response *resp_list(rt_request *req)
{
    return rt_json_value(req, rt_list(req, 3, "two", rt_dict(req, "one", 1)));
}

static rt_response *resp_tuple_status(rt_request *req)
{
    return rt_set_status(rt_html(req, "created"), 201);
}

static rt_response *resp_tuple_headers(rt_request *req)
{
    return rt_set_header(rt_text(req, "teapot"), "X-Extra", "yes");
}

static rt_response *resp_tuple_all(rt_request *req)
{
    rt_response *response = rt_json(req, "ok", false);
    rt_set_header(response, "X-One", "1");
    rt_set_header(response, "X-Two", "2");
    rt_set_header(response, "X-One", "uno");
    return rt_set_status(response, 409);
}

static rt_response *resp_tuple_response(rt_request *req)
{
    rt_response *response = rt_html(req, "inner");
    rt_set_header(response, "X-Keep", "1");
    rt_set_header(response, "X-More", "2");
    return rt_set_status(response, 202);
}

static rt_response *resp_status_text(rt_request *req)
{
    rt_response *response = rt_set_status(rt_html(req, "odd"), 299);
    response->reason = RT_STR("Strange Thing");
    return response;
}

static rt_response *resp_empty(rt_request *req)
{
    return rt_empty(req, 204);
}

static rt_response *resp_not_modified(rt_request *req)
{
    return rt_set_status(rt_html(req, "ignored body"), 304);
}

static rt_response *resp_none(rt_request *req)
{
    (void)req;
    return NULL;
}

// ---- streams -----------------------------------------------------------------------

static void write_parts(rt_writer *out, void *arg)
{
    (void)arg;
    for (int i = 0; i < 5; i++)
        rt_write_format(out, "part {}\n", i);
}

static rt_response *resp_generator(rt_request *req)
{
    return rt_stream(req, "text/plain", write_parts, NULL);
}

static void write_context(rt_writer *out, void *arg)
{
    rt_request *req = arg;
    rt_write(out, RT_STR("q="));
    rt_write_format(out, "{}", query_value(req, "q", "?"));
    rt_write_format(out, " path={}", rt_path(req));
}

static rt_response *resp_generator_context(rt_request *req)
{
    return rt_stream(req, "text/plain", write_context, req);
}

static void write_six_bytes(rt_writer *out, void *arg)
{
    (void)arg;
    rt_write(out, RT_STR("abc"));
    rt_write(out, RT_STR("def"));
}

static rt_response *resp_generator_length(rt_request *req)
{
    rt_response *response = rt_stream(req, "text/plain", write_six_bytes, NULL);
    response->body_length = 6;
    return response;
}

static rt_response *resp_big(rt_request *req)
{
    rt_buf big;
    rt_buf_init(&big, rt_arena_of(req));
    for (int i = 0; i < 20000; i++)
        rt_buf_put_cstr(&big, "0123456789abcdef");
    return rt_bytes(req, rt_buf_str(&big), NULL);
}

// ---- JSON ----------------------------------------------------------------------------

#define LEAP_DAY (INT64_C(1709164800) * RT_TIME_SECOND)

static rt_response *resp_json_types(rt_request *req)
{
    static const uint8_t uuid[16] = {0x12, 0x34, 0x56, 0x78, 0x12, 0x34,
                                     0x56, 0x78, 0x12, 0x34, 0x56, 0x78,
                                     0x12, 0x34, 0x56, 0x78};
    return rt_json(
        req, "date", rt_value_date(LEAP_DAY), "moment",
        rt_value_date(FIXED_TIME), "id", rt_value_uuid(uuid), "html",
        rt_value_safe(RT_STR("<b>x</b>")), "text",
        "</script> & \u2028 \u00e9 \U0001f600 \x7f \x01 \"q\" \\", "floats",
        rt_list(req, 0.1, 1.0, -0.0, 1e21, 1.5e-7, 123456789.125), "ints",
        rt_list(req, 0, -1, INT64_C(9007199254740993), INT64_MAX), "nested",
        rt_dict(req, "z", rt_dict(req, "y", rt_list(req)), "a", rt_dict(req)),
        "none", rt_value_none());
}

static rt_response *resp_json_scalars(rt_request *req, rt_value kind)
{
    rt_value values = rt_dict(req, "string", "hi", "number", 3, "null",
                              rt_value_none(), "true", true, "list",
                              rt_list(req, 1, rt_list(req, 2)), "float", 2.0);
    if (!rt_dict_has(values, kind))
        rt_abort(req, 404);
    return rt_json_value(req, rt_dict_get(values, kind));
}

static rt_response *resp_json_args(rt_request *req)
{
    return rt_json_value(req, rt_list(req, 1, "two", rt_value_none()));
}

// ---- headers -------------------------------------------------------------------------

static rt_str param_header(rt_request *req)
{
    rt_params params = {0};
    rt_buf text;
    rt_params_add(&params, rt_arena_of(req), RT_STR("filename"),
                  RT_STR("a b.txt"));
    rt_params_add(&params, rt_arena_of(req), RT_STR("size"), RT_STR("3"));
    rt_buf_init(&text, rt_arena_of(req));
    rt_header_put_options(&text, RT_STR("attachment"), &params);
    return rt_buf_str(&text);
}

static void set_default(rt_response *response, const char *name,
                        const char *value)
{
    rt_status st =
        rt_headers_set_default(&response->headers,
                               rt_arena_of(response->request),
                               rt_str_from(name), rt_str_from(value));
    if (st)
        rt_abort_status(response->request, st);
}

static rt_response *resp_headers(rt_request *req)
{
    rt_response *response = rt_html(req, "headers");
    rt_set_header(response, "X-Single", "a");
    rt_set_header(response, "X-Single", "b");
    rt_add_header(response, "X-Multi", "1");
    rt_add_header(response, "X-Multi", "2");
    rt_add_header(response, "X-Param", param_header(req).data);
    set_default(response, "X-Default", "d");
    set_default(response, "X-Single", "ignored");
    rt_set_header(response, "X-Gone", "x");
    rt_remove_header(response, "x-gone");
    return rt_set_header(response, "x-lower", "l");
}

static rt_response *resp_header_value(rt_request *req)
{
    return rt_set_header(rt_html(req, "value"), "X-Value",
                         rt_query_get(req, "v", ""));
}

static rt_response *resp_mimetype(rt_request *req, rt_value kind)
{
    static const char *const types[][2] = {
        {"text", "text/plain"},
        {"xml", "application/xml"},
        {"json", "application/json"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"js", "application/javascript"},
        {"full", "text/plain; charset=latin-1"},
        {"none", "text/html"},
    };
    for (size_t i = 0; i < RT_COUNT(types); i++)
        if (rt_str_eq(rt_value_as_str(kind), rt_str_from(types[i][0])))
            return rt_bytes(req, RT_STR("body"), types[i][1]);
    rt_abort(req, 404);
}

static rt_response *resp_properties(rt_request *req)
{
    rt_response *response = rt_html(req, "properties");
    rt_cache_control(response, .max_age = RT_SECONDS(60), .public_ = true,
                     .must_revalidate = true);
    rt_vary(response, "Accept");
    rt_vary(response, "Cookie");
    rt_vary(response, "accept");
    rt_content_language(response, "en");
    rt_content_language(response, "de");
    rt_set_age(response, 90);
    rt_retry_after(response, 120);
    rt_set_expires(response, FIXED_TIME);
    rt_set_last_modified(response, FIXED_TIME);
    rt_set_header(response, "Content-Location", "/p/other");
    rt_allow(response, "GET");
    rt_allow(response, "HEAD");
    rt_content_security_policy(response, "default-src", "'self'");
    rt_set_header(response, "Access-Control-Allow-Origin",
                  "https://example.org");
    rt_add_item(response, "Access-Control-Allow-Methods", "GET");
    rt_add_item(response, "Access-Control-Allow-Methods", "POST");
    return rt_set_header(response, "Access-Control-Allow-Credentials", "true");
}

static rt_response *resp_cache_private(rt_request *req)
{
    rt_response *response = rt_html(req, "private");
    return rt_cache_control(response, .no_store = true, .private_ = true,
                            .max_age = RT_SECONDS(0),
                            .stale_while_revalidate = RT_SECONDS(30));
}

// ---- cookies -------------------------------------------------------------------------

static const struct cookie_case {
    const char *name, *key, *value;
    rt_cookie_options options;
} cookies[] = {
    {"plain", "a", "1", {0}},
    {"all",
     "full",
     "v",
     {.max_age_s = 3600,
      .expires_us = FIXED_TIME,
      .path = "/p",
      .domain = "parity.test",
      .secure = true,
      .httponly = true,
      .samesite = RT_SAMESITE_LAX}},
    {"strict", "s", "v", {.samesite = RT_SAMESITE_STRICT, .httponly = true}},
    {"none", "s", "v", {.samesite = RT_SAMESITE_NONE, .secure = true}},
    {"partitioned", "chip", "v", {.partitioned = true, .path = "/"}},
    {"max-age-delta", "d", "v", {.max_age_s = 300}},
    {"expires-number", "e", "v", {.expires_us = FIXED_TIME}},
    {"no-path", "np", "v", {.path = ""}},
    {"quoted", "q", "sp ace;semi,comma\"quote\\slash", {0}},
    {"unicode", "u", "\u00e9\u2603", {0}},
    {"empty", "m", "", {0}},
    {"domain-dot", "dd", "v", {.domain = ".parity.test"}},
    {"path-quoted", "pq", "v", {.path = "/a b/\u00e9;c"}},
    {"bad-samesite", "bs", "v", {.samesite = (rt_samesite)99}},
    {"zero-age", "z", "v", {.expired = true}}, // as of now, see below
    {"equals", "eq", "a=b=c", {0}},
};

static rt_response *resp_cookie(rt_request *req, rt_value name)
{
    for (size_t i = 0; i < RT_COUNT(cookies); i++) {
        struct cookie_case c = cookies[i];
        if (!rt_str_eq(rt_value_as_str(name), rt_str_from(c.name)))
            continue;
        if (c.options.expired)
            c.options.expires_us = rt_time_now();
        return rt_response_set_cookie(rt_html(req, "{}", c.name), c.key,
                                      c.value, &c.options);
    }
    rt_abort(req, 404);
}

static rt_response *resp_cookie_delete(rt_request *req)
{
    rt_response *response = rt_html(req, "deleted");
    rt_delete_cookie(response, "a");
    return rt_delete_cookie(response, "full", .path = "/p",
                            .domain = "parity.test", .secure = true,
                            .httponly = true, .samesite = RT_SAMESITE_LAX);
}

static rt_response *resp_cookie_two(rt_request *req)
{
    rt_response *response = rt_html(req, "two");
    rt_set_cookie(response, "one", "1");
    return rt_set_cookie(response, "two", "2", .path = "/p");
}

// ---- redirects -----------------------------------------------------------------------

static rt_response *resp_redirect(rt_request *req)
{
    return rt_redirect(req, "/p/str");
}

static rt_response *resp_redirect_code(rt_request *req, int64_t code)
{
    return rt_redirect(req, rt_query_get(req, "to", "/p/str"),
                       .status = (int)code);
}

static rt_response *resp_redirect_for(rt_request *req)
{
    return rt_redirect(req, rt_url_for(req, "echo.echo_args", "a", "x y",
                                       "_anchor", "z"));
}

// ---- conditional answers ---------------------------------------------------------------

static rt_response *resp_etag(rt_request *req)
{
    rt_response *response = rt_html(req, "entity with a tag");
    return rt_conditional(req, rt_set_etag(response, "tag-1"));
}

static rt_response *resp_etag_weak(rt_request *req)
{
    rt_response *response = rt_html(req, "entity with a weak tag");
    return rt_conditional(req, rt_set_etag(response, "tag-w", .weak = true));
}

static rt_response *resp_last_modified(rt_request *req)
{
    rt_response *response = rt_html(req, "entity with a date");
    return rt_conditional(req, rt_set_last_modified(response, FIXED_TIME));
}

static rt_response *resp_conditional(rt_request *req)
{
    rt_response *response = rt_html(req, "entity with both");
    rt_set_etag(response, "tag-2");
    rt_set_last_modified(response, FIXED_TIME);
    rt_set_header(response, "X-Kept", "1");
    rt_set_cookie(response, "kept", "1");
    return rt_conditional(req, response);
}

static rt_response *resp_auto_etag(rt_request *req)
{
    return rt_conditional(req, rt_add_etag(rt_html(req, "hash of the body")));
}

static rt_response *resp_range(rt_request *req)
{
    rt_response *response = rt_bytes(req, blob(req), NULL);
    rt_set_etag(response, "blob");
    rt_set_last_modified(response, FIXED_TIME);
    return rt_conditional(req, response, .accept_ranges = true);
}

// ---- files ---------------------------------------------------------------------------

static rt_response *resp_file(rt_request *req)
{
    return rt_send_file(req, "static/files/hello.txt", .etag = "file-1",
                        .last_modified_us = FIXED_TIME);
}

// Tag and date come from the file: only their presence is compared.
static rt_response *resp_file_auto(rt_request *req)
{
    return rt_send_file(req, "static/files/hello.txt");
}

static rt_response *resp_file_age(rt_request *req)
{
    return rt_send_file(req, "static/files/hello.txt", .no_etag = true,
                        .last_modified_us = FIXED_TIME,
                        .max_age = RT_SECONDS(3600));
}

static rt_response *resp_file_memory(rt_request *req)
{
    return rt_send_bytes(req, blob(req),
                         .download_name = rt_query_get(req, "name", "blob.bin"),
                         .as_attachment = !query_is(req, "inline", "1"),
                         .etag = "memory", .last_modified_us = FIXED_TIME);
}

static rt_response *resp_file_plain(rt_request *req)
{
    return rt_send_bytes(req, RT_STR("no conditions"), .type = "text/csv",
                         .conditional = RT_OFF);
}

static rt_response *resp_dir(rt_request *req, rt_value name)
{
    return rt_file_send_from(
        req, "static/files", rt_value_as_str(name),
        &(rt_file_options){.no_etag = true, .last_modified_us = FIXED_TIME});
}

static rt_response *resp_download(rt_request *req, rt_value name)
{
    return rt_file_send_from(req, "static/files", rt_value_as_str(name),
                             &(rt_file_options){.as_attachment = true,
                                                .no_etag = true,
                                                .last_modified_us =
                                                    FIXED_TIME});
}

rt_blueprint *responses_blueprint(void)
{
    rt_blueprint *bp = rt_blueprint_new("p", .url_prefix = "/p");

    rt_get(bp, "/str", resp_str);
    rt_get(bp, "/bytes", resp_bytes);
    rt_get(bp, "/dict", resp_dict);
    rt_get(bp, "/list", resp_list);
    rt_get(bp, "/tuple-status", resp_tuple_status);
    rt_get(bp, "/tuple-headers", resp_tuple_headers);
    rt_get(bp, "/tuple-all", resp_tuple_all);
    rt_get(bp, "/tuple-response", resp_tuple_response);
    rt_get(bp, "/status-text", resp_status_text);
    rt_get(bp, "/empty", resp_empty);
    rt_get(bp, "/not-modified", resp_not_modified);
    rt_get(bp, "/none", resp_none);
    rt_get(bp, "/generator", resp_generator);
    rt_get(bp, "/generator-context", resp_generator_context);
    rt_get(bp, "/generator-length", resp_generator_length);
    rt_get(bp, "/big", resp_big);
    rt_get(bp, "/json-types", resp_json_types);
    rt_get(bp, "/json-scalars/<kind>", resp_json_scalars);
    rt_get(bp, "/json-args", resp_json_args);
    rt_get(bp, "/headers", resp_headers);
    rt_get(bp, "/header-value", resp_header_value);
    rt_get(bp, "/mimetype/<kind>", resp_mimetype);
    rt_get(bp, "/properties", resp_properties);
    rt_get(bp, "/cache-private", resp_cache_private);
    rt_get(bp, "/cookie/<case>", resp_cookie);
    rt_get(bp, "/cookie-delete", resp_cookie_delete);
    rt_get(bp, "/cookie-two", resp_cookie_two);
    rt_get(bp, "/redirect", resp_redirect);
    rt_get(bp, "/redirect/<int:code>", resp_redirect_code);
    rt_get(bp, "/redirect-for", resp_redirect_for);
    rt_get(bp, "/etag", resp_etag);
    rt_get(bp, "/etag-weak", resp_etag_weak);
    rt_get(bp, "/last-modified", resp_last_modified);
    rt_route(bp, "/conditional", resp_conditional, .methods = "GET POST");
    rt_get(bp, "/auto-etag", resp_auto_etag);
    rt_get(bp, "/range", resp_range);
    rt_get(bp, "/file", resp_file);
    rt_get(bp, "/file-auto", resp_file_auto);
    rt_get(bp, "/file-age", resp_file_age);
    rt_get(bp, "/file-memory", resp_file_memory);
    rt_get(bp, "/file-plain", resp_file_plain);
    rt_get(bp, "/dir/<path:name>", resp_dir);
    rt_get(bp, "/download/<path:name>", resp_download);
    return bp;
}
