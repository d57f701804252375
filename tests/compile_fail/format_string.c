// error: expected .*\)
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    return rt_bytes(req, rt_format(req->arena, "{}", name), NULL);
#else
    return rt_bytes(req, rt_format(req->arena, name), NULL);
#endif
}
