// error: not compatible with any (generic )?association
#include <retort.h>

rt_response *view(rt_request *req);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_get(app, "/x", view);
#else
    rt_get(app, "/x");
#endif
}
