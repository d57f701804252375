// error: a key is missing its value
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    return rt_json(req, "page", rt_dict(req, "no", 1));
#else
    return rt_json(req, "page", rt_dict(req, "no"));
#endif
}
