// error: incompatible type for argument|rt__this_function_is_no_rt_command_fn
#include <retort.h>

rt_response *hook(rt_request *req, void *arg);
int command(rt_request *req, void *arg);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_command(app, "clean", command);
#else
    rt_command(app, "clean", hook);
#endif
}
