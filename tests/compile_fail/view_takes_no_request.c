// error: not compatible with any (generic )?association
#include <retort.h>

#ifdef RT_GOOD
rt_response *view(rt_request *req, int64_t id);
#else
rt_response *view(int64_t id);
#endif

void setup(rt_app *app);

void setup(rt_app *app)
{
    rt_get(app, "/<int:id>", view);
}
