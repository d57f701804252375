// exit: 70
// stderr: misuse/started_route\.c:{line:HERE}:
// stderr: rt_route: application "shop" has started
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_get(app, "/x", page); /* HERE */
    return 0;
}
