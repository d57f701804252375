// error: not compatible with any (generic )?association
#include <retort.h>

#ifdef RT_GOOD
rt_response *view(rt_request *req);
#else
void view(rt_request *req);
#endif

void setup(rt_app *app);

void setup(rt_app *app)
{
    rt_get(app, "/x", view);
}
