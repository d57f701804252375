// The gateway: where servers and applications meet.
//
// A gateway is a function that takes a request and returns its response, and
// the pointer it is called with. Applications are gateways, middleware is a
// gateway around another one, servers and the test client call one. They know
// nothing else of each other (Python's WSGI).
#pragma once

#include <retort/base/attributes.h>
#include <retort/http/request.h>
#include <retort/http/response.h>

RT_C_BEGIN

typedef struct rt_gateway rt_gateway;

struct rt_gateway {
    // Answer a request. It may wait where it runs on a coroutine. NULL is a
    // mistake that servers answer with 500.
    rt_response *(*fn)(void *self, rt_request *request);
    void *self;

    // Called in each worker before its first request and after its last one,
    // inside a coroutine. May be NULL.
    void (*worker_start)(void *self);
    void (*worker_stop)(void *self);
};

// Call a gateway; the response is never NULL.
rt_response *rt_gateway_call(const rt_gateway *gateway, rt_request *request);

// One prefix of a dispatching gateway.
typedef struct rt_mount_point {
    rt_str prefix; // "/admin"; matched at segment boundaries
    rt_gateway gateway;
} rt_mount_point;

// Answer with the gateway of the longest prefix that matches, or with
// `fallback`. The matched prefix moves from the path to script_root, as in
// Werkzeug's DispatcherMiddleware.
//
//   memory   the result and copies of the arguments lie in `arena`
rt_gateway rt_gateway_dispatch(rt_arena *arena, rt_gateway fallback,
                               const rt_mount_point *points, size_t n);

RT_C_END
