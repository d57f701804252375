// exit: 70
// stderr: misuse/rule_bracket_open\.c:{line:HERE}:
// stderr: rule "/<int:id", column
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int:id", page); /* HERE */
    return 0;
}
