// error: incompatible type for argument|rt__this_function_is_no_rt_context_fn
#include <retort.h>

rt_response *before(rt_request *req, void *arg);
void add(rt_request *req, rt_value context, void *arg);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_context_processor(app, add);
#else
    rt_context_processor(app, before);
#endif
}
