// error: expected .*\)
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    rt_log(NULL, RT_LOG_INFO, "{}", name);
    return rt_empty(req, 204);
#else
    rt_log(NULL, RT_LOG_INFO, name);
    return rt_empty(req, 204);
#endif
}
