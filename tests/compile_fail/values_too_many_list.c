// error: at most 32 values
#include <retort.h>

rt_response *view(rt_request *req, const char *name);

rt_response *view(rt_request *req, const char *name)
{
    (void)name;
#ifdef RT_GOOD
    return rt_json(req, "a",
                   rt_list(req, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                           14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                           27, 28, 29, 30, 31));
#else
    return rt_json(req, "a",
                   rt_list(req, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
                           14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
                           27, 28, 29, 30, 31, 32));
#endif
}
