// An application as a gateway: itself, its mounts around it, and its
// middleware around both.
#include "app/app.h"

static void call_workers(void *self, const rt__hooks *hooks)
{
    rt_vec_each(rt__hook, hook, hooks)
        ((rt_worker_fn *)hook->fn)(self, hook->arg);
}

static void worker_start(void *self)
{
    rt_app *app = self;
    call_workers(self, &app->worker_start);
}

static void worker_stop(void *self)
{
    rt_app *app = self;
    call_workers(self, &app->worker_stop);
}

// A middleware and what it wraps.
typedef struct layer {
    rt_middleware_fn *fn;
    void *arg;
    rt_gateway next;
} layer;

static rt_response *call_layer(void *self, rt_request *req)
{
    layer *l = self;
    return l->fn(req, &l->next, l->arg);
}

static void start_layer(void *self)
{
    layer *l = self;
    if (l->next.worker_start)
        l->next.worker_start(l->next.self);
}

static void stop_layer(void *self)
{
    layer *l = self;
    if (l->next.worker_stop)
        l->next.worker_stop(l->next.self);
}

rt_gateway rt_app_gateway(rt_app *app)
{
    if (app->started)
        return app->gateway;
    app->started = true;
    rt_url_map_compile(app->urls);

    rt_gateway gateway = {rt__app_dispatch, app, worker_start, worker_stop};
    if (app->mounts.len)
        gateway = rt_gateway_dispatch(&app->arena, gateway, app->mounts.items,
                                      app->mounts.len);
    rt_vec_each(rt__hook, hook, &app->middleware) {
        layer *l = rt_new(&app->arena, layer, 1);
        *l = (layer){(rt_middleware_fn *)hook->fn, hook->arg, gateway};
        gateway = (rt_gateway){call_layer, l, start_layer, stop_layer};
    }
    app->gateway = gateway;
    return gateway;
}
