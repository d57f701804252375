// exit: 70
// stderr: misuse/started_by_mounting\.c:{line:HERE}:
// stderr: rt_route: application "admin" has started; register everything before it is mounted
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_app *admin = rt_app_new("admin");

    rt_mount(app, "/admin", rt_app_gateway(admin));
    rt_get(admin, "/", page); /* HERE */
    return 0;
}
