// The body of a request, as views read it.
#include <retort/base/json.h>
#include <retort/http/media_type.h>

#include "app/app.h"

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
    if (!ctx->body_read) {
        rt_status st = rt_request_read_all(req, &ctx->body);
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

rt_value rt_json_body(rt_request *req)
{
    rt__context *ctx = rt__context_of(req);
    if (ctx->json_parsed)
        return ctx->json;
    rt_media_type type =
        rt_media_type_parse(req->arena,
                            rt_request_header(req, RT_STR("Content-Type")));
    if (!rt_media_type_is_json(type.name))
        rt_abort(req, 415,
                 "The body must be JSON, with content type application/json.");
    rt_error err = {0};
    if (rt_json_parse(req->arena, rt_body(req), NULL, &ctx->json, &err)) {
        if (ctx->app->debug)
            rt_abort(req, 400, "The body is not valid JSON: {}",
                     rt_error_text(req->arena, &err));
        rt_abort(req, 400, "The body is not valid JSON.");
    }
    ctx->json_parsed = true;
    return ctx->json;
}
