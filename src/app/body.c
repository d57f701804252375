// The body of a request, as views read it.
#include <string.h>

#include <retort/base/json.h>
#include <retort/http/media_type.h>

#include "app/app.h"
#include "app/failure.h"
#include "app/params.h"

void rt__body_failed(rt_request *req, rt_status st)
{
    switch (st) {
    case RT_E_LIMIT: rt_abort(req, 413);
    case RT_E_TIMEOUT: rt_abort(req, 408);
    case RT_E_BUSY: rt_abort(req, 503);
    default: rt_abort(req, 400, "The body is malformed or incomplete.");
    }
}

rt_str rt_body(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    // One coroutine reads, others that ask meanwhile wait for what it gets.
    while (ctx->body_reading)
        if (rt_wait_on(&ctx->body_readers, -1))
            rt__body_failed(req, RT_E_CLOSED);
    if (!ctx->body_read) {
        ctx->body_reading = true;
        rt_status st = rt_request_read_all(req, &ctx->body);
        ctx->body_reading = false;
        rt_wake_all(&ctx->body_readers);
        if (st)
            rt__body_failed(req, st);
        ctx->body_read = true;
    }
    return ctx->body;
}

rt_str rt_body_read(rt_request *req)
{
    rt_str piece;
    if (req->content_length > 0 &&
        (uint64_t)req->content_length > req->max_body)
        rt__body_failed(req, RT_E_LIMIT);
    rt_status st = rt_request_read_body(req, &piece);
    if (st)
        rt__body_failed(req, st);
    return piece;
}

void rt_set_max_body(rt_request *req, uint64_t bytes)
{
    req->max_body = bytes;
}

// ---- what it is ---------------------------------------------------------------

const char *rt_content_type(rt_request *req)
{
    return rt_header_get(req, "Content-Type", "");
}

static rt_media_type media_type(rt_request *req)
{
    rt_str type = rt_request_header(req, RT_STR("Content-Type"));
    return rt_media_type_parse(req->arena, type.data ? type : RT_STR(""));
}

const char *rt_mimetype(rt_request *req)
{
    return rt__text_of(req, media_type(req).name);
}

rt_value rt_mimetype_params(rt_request *req)
{
    rt_value dict = rt_dict_new(req->arena);
    rt_media_type type = media_type(req);
    for (size_t i = 0; i < type.params.len; i++)
        (void)!rt_dict_set_str(dict, type.params.items[i].name,
                               rt_value_str(type.params.items[i].value));
    return dict;
}

int64_t rt_content_length(rt_request *req)
{
    bool given = rt_headers_has(&req->headers, RT_STR("Content-Length"));
    return given ? req->content_length : -1;
}

bool rt_is_json(rt_request *req)
{
    return rt_media_type_is_json(media_type(req).name);
}

// ---- JSON -----------------------------------------------------------------------

// Where the bytes of a JSON text that are not zero show how wide its characters
// are, as its first two are ASCII (RFC 4627 3); 0 for UTF-8.
static size_t json_width(rt_str s, bool *big)
{
    if (s.len >= 4 && !memcmp(s.data, "\0\0\xfe\xff", 4))
        return *big = true, 4;
    if (s.len >= 4 && !memcmp(s.data, "\xff\xfe\0\0", 4))
        return 4;
    if (s.len >= 2 && !memcmp(s.data, "\xfe\xff", 2))
        return *big = true, 2;
    if (s.len >= 2 && !memcmp(s.data, "\xff\xfe", 2))
        return 2;
    if (s.len >= 2 && !s.data[0])
        return *big = true, s.data[1] || s.len < 4 ? 2 : 4;
    if (s.len >= 2 && !s.data[1])
        return s.len < 4 || s.data[2] || s.data[3] ? 2 : 4;
    return 0;
}

// Half a unit at the end is 0, which no JSON has.
static uint32_t take_unit(rt_str *s, size_t width, bool big)
{
    uint32_t unit = 0;
    if (s->len < width) {
        s->len = 0;
        return 0;
    }
    rt_str bytes = rt_str_take(s, width);
    for (size_t i = 0; i < bytes.len; i++)
        unit = unit << 8 | (unsigned char)bytes.data[big ? i : width - 1 - i];
    return unit;
}

static uint32_t take_rune(rt_str *s, size_t width, bool big)
{
    uint32_t rune = take_unit(s, width, big);
    if (width == 2 && rune >= 0xd800 && rune < 0xdc00) {
        uint32_t low = take_unit(s, width, big);
        if (low < 0xdc00 || low > 0xdfff)
            return 0;
        return 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
    }
    return rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff) ? 0 : rune;
}

// UTF-16 and UTF-32 as UTF-8; what is none becomes what no JSON has. A byte order
// mark is left out.
static rt_str json_text(rt_request *req, rt_str body)
{
    rt_str rest = body;
    bool big = false;
    size_t width = json_width(body, &big);
    rt_buf text;

    if (!width) {
        rt_str_skip(&rest, RT_STR("\xef\xbb\xbf"));
        return rest;
    }
    rt_buf_init(&text, req->arena);
    while (rest.len > 0) {
        bool first = rest.len == body.len;
        uint32_t rune = take_rune(&rest, width, big);
        if (!first || rune != 0xfeff)
            rt_buf_put_rune(&text, rune);
    }
    return rt_buf_str(&text);
}

static rt_value parse_json(rt_request *req, bool silent)
{
    rt__context *ctx = rt__context_of(req);
    const rt_json_provider *json = &ctx->app->options.json;
    rt_str text = json_text(req, rt_body(req));
    rt_error err = {0};
    rt_status status =
        json->load ? json->load(ctx->app, req->arena, text, &ctx->json, &err,
                                json->arg)
                   : rt_json_parse(req->arena, text, NULL, &ctx->json, &err);
    if (!status) {
        ctx->json_parsed = true;
        return ctx->json;
    }
    if (silent)
        return rt_value_none();
    if (ctx->app->debug)
        rt_abort(req, 400, "The body is not valid JSON: {}",
                 rt_error_text(req->arena, &err));
    rt_abort(req, 400, "The body is not valid JSON.");
}

rt_value rt_json_body_with(rt_request *req, const rt_json_body_options *options)
{
    const rt__context *ctx = rt__context_of(req);
    if (ctx->json_parsed)
        return ctx->json;
    if (options->force || rt_is_json(req))
        return parse_json(req, options->silent);
    if (options->silent)
        return rt_value_none();
    rt_abort(req, 415,
             "The body must be JSON, with content type application/json.");
}

rt_value rt_json_body(rt_request *req)
{
    return rt_json_body_with(req, &(rt_json_body_options){.unused = 0});
}
