// error: expected .*\)
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    rt_abort(req, 404, "{}", name);
#else
    rt_abort(req, 404, name);
#endif
}
