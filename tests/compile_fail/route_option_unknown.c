// error: method\b
#include <retort.h>

rt_response *view(rt_request *req);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    rt_route(app, "/x", view, .methods = "POST");
#else
    rt_route(app, "/x", view, .method = "POST");
#endif
}
