// error: rt__a_view_takes_an_rt_request_and_const_char_int64_t_double_or_rt_value
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
