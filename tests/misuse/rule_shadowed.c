// exit: 70
// stderr: misuse/rule_shadowed\.c:{line:HERE}:
// stderr: rule "/user/<string:id>": rule "/user/<name>" of endpoint "show" has the same paths and methods
#include <retort.h>

static rt_response *show(rt_request *req, const char *name)
{
    return rt_text(req, "{}", name);
}

static rt_response *edit(rt_request *req, const char *id)
{
    return rt_text(req, "{}", id);
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/user/<name>", show);
    rt_route(app, "/user/<string:id>", edit, .methods = "GET POST"); /* HERE */
    return 0;
}
