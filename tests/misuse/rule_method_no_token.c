// exit: 70
// stderr: misuse/rule_method_no_token\.c:{line:HERE}:
// stderr: rule "/x": "GET P@ST" is no list of methods
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_route(app, "/x", page, .methods = "GET P@ST"); /* HERE */
    return 0;
}
