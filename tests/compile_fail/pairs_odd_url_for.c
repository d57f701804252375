// error: a key is missing its value
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    return rt_redirect(req, rt_url_for(req, "view", "name", name));
#else
    return rt_redirect(req, rt_url_for(req, "view", "name"));
#endif
}
