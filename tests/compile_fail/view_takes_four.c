// error: rt__a_view_takes_an_rt_request_and_const_char_int64_t_double_or_rt_value
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
