// exit: 70
// stderr: misuse/rule_variable_twice\.c:{line:HERE}:
// stderr: rule "/<a>/<a>".*a
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<a>/<a>", page); /* HERE */
    return 0;
}
