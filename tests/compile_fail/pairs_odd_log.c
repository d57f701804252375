// error: a key is missing its value
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    rt_log_with(NULL, RT_LOG_INFO, "placed", "id", 7);
    return rt_empty(req, 204);
#else
    rt_log_with(NULL, RT_LOG_INFO, "placed", "id");
    return rt_empty(req, 204);
#endif
}
