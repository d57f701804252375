// exit: 70
// stderr: misuse/rule_range_empty\.c:{line:HERE}:
// stderr: rule "/<int\(min=5, max=1\):x>", column 14: max is less than min
#include <retort.h>

static rt_response *view(rt_request *req, int64_t x)
{
    return rt_text(req, "{}", x);
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int(min=5, max=1):x>", view); /* HERE */
    return 0;
}
