// error: not compatible with any (generic )?association
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    return rt_text(req, "{}", "narrow");
#else
    return rt_text(req, "{}", L"wide");
#endif
}
