#include "retort/http/gateway.h"

rt_response *rt_gateway_call(const rt_gateway *gateway, rt_request *request)
{
    rt_response *response = gateway->fn(gateway->self, request);
    return response ? response : rt_response_plain(request, 500);
}

typedef struct dispatcher {
    rt_gateway fallback;
    rt_mount_point *points; // longest prefix first
    size_t n;
} dispatcher;

// A prefix ends where the path ends or a segment does.
static bool matches(rt_str path, rt_str prefix)
{
    return rt_str_starts_with(path, prefix) &&
           (path.len == prefix.len || path.data[prefix.len] == '/');
}

static rt_response *dispatch(void *self, rt_request *request)
{
    dispatcher *d = self;
    for (size_t i = 0; i < d->n; i++) {
        const rt_mount_point *point = &d->points[i];
        if (!matches(request->path, point->prefix))
            continue;
        rt_str root = request->script_root, path = request->path;
        request->script_root =
            rt_str_concat(request->arena, root, point->prefix);
        request->path = rt_str_slice(path, point->prefix.len, SIZE_MAX);
        rt_response *response = rt_gateway_call(&point->gateway, request);
        request->script_root = root;
        request->path = path;
        return response;
    }
    return rt_gateway_call(&d->fallback, request);
}

static void worker_start(void *self)
{
    dispatcher *d = self;
    if (d->fallback.worker_start)
        d->fallback.worker_start(d->fallback.self);
    for (size_t i = 0; i < d->n; i++)
        if (d->points[i].gateway.worker_start)
            d->points[i].gateway.worker_start(d->points[i].gateway.self);
}

static void worker_stop(void *self)
{
    dispatcher *d = self;
    for (size_t i = d->n; i-- > 0;)
        if (d->points[i].gateway.worker_stop)
            d->points[i].gateway.worker_stop(d->points[i].gateway.self);
    if (d->fallback.worker_stop)
        d->fallback.worker_stop(d->fallback.self);
}

rt_gateway rt_gateway_dispatch(rt_arena *arena, rt_gateway fallback,
                               const rt_mount_point *points, size_t n)
{
    dispatcher *d = rt_new(arena, dispatcher, 1);
    d->fallback = fallback;
    d->points = rt_new(arena, rt_mount_point, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = d->n++;
        for (; at > 0 && d->points[at - 1].prefix.len < points[i].prefix.len;
             at--)
            d->points[at] = d->points[at - 1];
        d->points[at] = points[i];
        d->points[at].prefix = rt_str_copy(arena, points[i].prefix);
    }
    return (rt_gateway){dispatch, d, worker_start, worker_stop};
}
