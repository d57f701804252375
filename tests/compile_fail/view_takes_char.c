// error: not compatible with any (generic )?association
#include <retort.h>

#ifdef RT_GOOD
rt_response *view(rt_request *req, const char *name);
#else
rt_response *view(rt_request *req, char *name);
#endif

void setup(rt_app *app);

void setup(rt_app *app)
{
    rt_get(app, "/<name>", view);
}
