#include "retort/http/request.h"

#include <assert.h>

#include <retort/http/percent.h>

rt_status rt_request_read_body(rt_request *request, rt_str *piece)
{
    assert(piece);
    *piece = (rt_str){"", 0};
    if (!request->body || request->body_ended)
        return RT_OK;
    request->body_started = true;
    rt_status st = request->body->read(request, piece);
    if (st == RT_OK && piece->len == 0)
        request->body_ended = true;
    return st;
}

rt_status rt_request_read_all(rt_request *request, rt_str *out)
{
    rt_buf all;
    rt_buf_init(&all, request->arena);
    if (request->content_length > 0 &&
        (uint64_t)request->content_length > request->max_body)
        return RT_E_LIMIT;
    for (;;) {
        rt_str piece;
        rt_status st = rt_request_read_body(request, &piece);
        if (st)
            return st;
        if (piece.len == 0)
            break;
        rt_buf_put(&all, piece);
    }
    *out = rt_buf_str(&all);
    return RT_OK;
}

void rt_request_set_target(rt_request *request, rt_str target)
{
    request->target = target;
    rt_str rest = target;
    rt_str path = rt_str_cut(&rest, '?');
    request->has_query = rest.data != NULL;
    request->query = rest.data ? rest : (rt_str){"", 0};
    request->raw_path = path;
    request->path = rt_percent_decode_path(request->arena, path);
}

rt_str rt_request_header(const rt_request *request, rt_str name)
{
    return rt_headers_get(&request->headers, name);
}
