// error: not compatible with any (generic )?association
#include <retort.h>

#ifdef RT_GOOD
rt_response *view(rt_request *req);
#else
rt_response *view(rt_request *req, void *arg);
#endif

void setup(rt_app *app);

void setup(rt_app *app)
{
    rt_get(app, "/x", view);
}
