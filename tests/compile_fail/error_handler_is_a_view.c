// error: incompatible type for argument|rt__this_function_is_no_rt_error_fn
#include <retort.h>

rt_response *not_found(rt_request *req, const rt_http_error *error, void *arg);
rt_response *view(rt_request *req);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_error_handler(app, 404, not_found);
#else
    rt_error_handler(app, 404, view);
#endif
}
