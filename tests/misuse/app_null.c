// exit: 70
// stderr: misuse/app_null\.c:{line:HERE}:
// stderr: rt_route: the application is NULL
#include <retort.h>

static rt_response *view(rt_request *req)
{
    return rt_text(req, "x");
}

int main(void)
{
    rt_get(NULL, "/", view); /* HERE */
    return 0;
}
