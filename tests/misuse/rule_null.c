// exit: 70
// stderr: misuse/rule_null\.c:{line:HERE}:
// stderr: the rule is NULL
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, NULL, page); /* HERE */
    return 0;
}
