// error: incompatible type for argument|rt__this_function_is_no_rt_before_fn
#include <retort.h>

rt_response *before(rt_request *req, void *arg);
rt_response *after(rt_request *req, rt_response *response, void *arg);
rt_response *view(rt_request *req);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_before_request(app, before);
#else
    rt_before_request(app, after);
#endif
}
