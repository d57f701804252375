// error: debug
#include <retort.h>

rt_response *view(rt_request *req);
void setup(rt_app *app);

void setup(rt_app *app)
{
#ifdef RT_GOOD
    app = rt_app_new("x", .max_body = 7);
    (void)app;
#else
    app = rt_app_new("x", .debug = true);
    (void)app;
#endif
}
