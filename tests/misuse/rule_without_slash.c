// exit: 70
// stderr: misuse/rule_without_slash\.c:{line:HERE}:
// stderr: rule "page": .*slash
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "page", page); /* HERE */
    return 0;
}
