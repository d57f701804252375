// exit: 70
// stderr: misuse/rule_converter_unknown\.c:{line:HERE}:
// stderr: rule "/<itn:id>".*itn
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<itn:id>", page); /* HERE */
    return 0;
}
