#include "retort/app/signal.h"

#include "app/app.h"
#include "app/hooks.h"

void rt_app_connect_signal(rt_app *app, rt_signal signal, rt_signal_fn *fn,
                           const rt_hook_options *options)
{
    rt__app_check_open(app, options->site, "rt_signal_connect");
    if ((unsigned)signal >= RT_SIGNALS)
        rt_misuse(options->site, "rt_signal_connect: there is no signal %d",
                  (int)signal);
    rt__hook_add(&app->scope, &app->signals[signal], (rt_any_fn)fn, options,
                 "rt_signal_connect");
}

void rt__signal_send_to_all(rt__context *ctx, const rt_event *event)
{
    rt_vec_each(rt__hook, hook, &ctx->app->signals[event->signal])
        ((rt_signal_fn *)hook->fn)(ctx->req, event, hook->arg);
}
