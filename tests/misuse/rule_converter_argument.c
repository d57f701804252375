// exit: 70
// stderr: misuse/rule_converter_argument\.c:{line:HERE}:
// stderr: rule "/<int\(mni=3\):id>".*mni
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int(mni=3):id>", page); /* HERE */
    return 0;
}
