// exit: 70
// stderr: misuse/endpoint_empty\.c:{line:HERE}:
// stderr: rule "/x": a rule needs an endpoint
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/x", page, .endpoint = ""); /* HERE */
    return 0;
}
