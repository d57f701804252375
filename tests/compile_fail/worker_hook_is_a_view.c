// error: incompatible type for argument|rt__this_function_is_no_rt_worker_fn
#include <retort.h>

rt_response *view(rt_request *req);
void stop(rt_app *app, void *arg);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_on_worker_stop(app, stop);
#else
    rt_on_worker_stop(app, view);
#endif
}
