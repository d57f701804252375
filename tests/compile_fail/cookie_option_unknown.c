// error: max_age\b
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    return rt_set_cookie(rt_empty(req, 204), "a", "b", .max_age_s = 60);
#else
    return rt_set_cookie(rt_empty(req, 204), "a", "b", .max_age = 60);
#endif
}
