// An application as a gateway: itself, its mounts around it, and its
// middleware around both.
#include "app/app.h"
#include "app/config.h"
#include "app/failure.h"

static void call_workers(void *self, const rt__hooks *hooks)
{
    rt_vec_each(rt__hook, hook, hooks)
        ((rt_worker_fn *)hook->fn)(self, hook->arg);
}

// An application is started once, in however many places it is mounted.

static void worker_start(void *self)
{
    rt_app *app = self;
    if (app->places_started++ == 0)
        call_workers(self, &app->worker_start);
}

static void worker_stop(void *self)
{
    rt_app *app = self;
    if (--app->places_started == 0)
        call_workers(self, &app->worker_stop);
}

// A middleware and what it wraps.
typedef struct layer {
    rt_middleware_fn *fn;
    void *arg;
    rt_gateway next;
} layer;

typedef struct layer_call {
    const layer *layer;
    rt__context *ctx;
} layer_call;

static void run_layer(void *arg)
{
    const layer_call *call = arg;
    rt_request *req = call->ctx->req;
    call->ctx->response =
        call->layer->fn(req, &call->layer->next, call->layer->arg);
    if (!call->ctx->response)
        rt__fail(req, "a middleware returned NULL instead of a response");
}

// Each middleware is a frame of its own, so that an abort in one is a response
// for those around it. They share the context that `enter` begins.
static rt_response *call_layer(void *self, rt_request *req)
{
    layer_call call = {self, rt__context_of(req)};
    rt__context_try(call.ctx, run_layer, &call);
    return rt__context_answer(call.ctx);
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

// The middleware of an application, outermost first.
typedef struct chain {
    rt_app *app;
    rt_gateway first;
} chain;

static rt_response *enter(void *self, rt_request *req)
{
    const chain *c = self;
    const rt__context *ctx = rt__context_begin(c->app, req);
    rt_response *response = rt_gateway_call(&c->first, req);
    rt__context_end(ctx);
    return response;
}

static void start_chain(void *self)
{
    const chain *c = self;
    c->first.worker_start(c->first.self);
}

static void stop_chain(void *self)
{
    const chain *c = self;
    c->first.worker_stop(c->first.self);
}

// An application behind trusted proxies.
static rt_response *call_behind_proxy(void *self, rt_request *req)
{
    const chain *c = self;
    rt_str script_root = req->script_root;
    rt__proxy_apply(c->app, req);
    rt_response *response = rt_gateway_call(&c->first, req);
    req->script_root = script_root;
    return response;
}

static bool trusts_proxies(const rt_trust_proxy *trust)
{
    return trust->x_for || trust->x_proto || trust->x_host || trust->x_port ||
           trust->x_prefix;
}

rt_gateway rt_app_gateway(rt_app *app)
{
    if (app->started)
        return app->gateway;
    app->started = true;
    rt__config_apply(app);
    rt__app_pass_on_max_body(app);
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
    if (app->middleware.len) {
        chain *c = rt_new(&app->arena, chain, 1);
        *c = (chain){app, gateway};
        gateway = (rt_gateway){enter, c, start_chain, stop_chain};
    }
    if (trusts_proxies(&app->options.trust_proxy)) {
        chain *c = rt_new(&app->arena, chain, 1);
        *c = (chain){app, gateway};
        gateway = (rt_gateway){call_behind_proxy, c, start_chain, stop_chain};
    }
    app->gateway = gateway;
    return gateway;
}
