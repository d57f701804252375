#include "retort/http/response.h"

#include <retort/base/error.h>
#include <retort/http/code.h>

#define HEADERS_EXPECTED 6u

rt_response *rt_response_new(rt_request *request, int status)
{
    // Most responses have a few headers, so there is room for them behind it.
    struct {
        rt_response response;
        rt_header headers[HEADERS_EXPECTED];
    } *made = rt_arena_alloc(request->arena, sizeof *made);

    // All of them, as clearing the structure first would take longer.
    made->response = (rt_response){
        .request = request,
        .status = status,
        .reason = {NULL, 0},
        .headers = {made->headers, 0, HEADERS_EXPECTED},
        .body_kind = RT_BODY_BYTES,
        .bytes = {NULL, 0},
        .fd = -1,
        .file_offset = 0,
        .body_length = -1,
        .produce = NULL,
        .produce_arg = NULL,
        .close = false,
        .used = false,
    };
    return &made->response;
}

rt_response *rt_response_plain(rt_request *request, int status)
{
    rt_response *response = rt_response_new(request, status);
    rt_headers_push(&response->headers, request->arena, RT_STR("Content-Type"),
                    RT_STR("text/plain; charset=utf-8"));
    response->bytes =
        rt_str_concat(request->arena, rt_code_reason(status), RT_STR("\n"));
    return response;
}
