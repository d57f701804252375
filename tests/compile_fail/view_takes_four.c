// error: not compatible with any (generic )?association
#include <retort.h>

#ifdef RT_GOOD
rt_response *view(rt_request *req, int64_t a, int64_t b, int64_t c);
#else
rt_response *view(rt_request *req, int64_t a, int64_t b, int64_t c, int64_t d);
#endif

void setup(rt_app *app);

void setup(rt_app *app)
{
    rt_get(app, "/<int:a>/<int:b>/<int:c>/<int:d>", view);
}
