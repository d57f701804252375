// error: not compatible with any (generic )?association
#include <retort.h>

typedef struct point {
    int x, y;
} point;

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    point p = {1, 2};
    return rt_text(req, "{}", p.x);
#else
    point p = {1, 2};
    return rt_text(req, "{}", &p);
#endif
}
