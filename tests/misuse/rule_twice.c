// exit: 70
// stderr: misuse/rule_twice\.c:{line:HERE}:
// stderr: rule "/x": rule "/x" of endpoint "page" has the same paths and methods
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/x", page);
    rt_get(app, "/x", page); /* HERE */
    return 0;
}
