#include "retort/http/response.h"

#include <retort/base/error.h>
#include <retort/http/code.h>

rt_response *rt_response_new(rt_request *request, int status)
{
    rt_response *response = rt_new(request->arena, rt_response, 1);
    response->request = request;
    response->status = status;
    response->fd = -1;
    response->body_length = -1;
    return response;
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
