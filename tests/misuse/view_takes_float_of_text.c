// exit: 70
// stderr: misuse/view_takes_float_of_text\.c:{line:HERE}:
// stderr: gives "b" as string, but parameter 2 of view page is double
#include <retort.h>

static rt_response *page(rt_request *req, const char *a, double b)
{
    (void)a, (void)b;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<a>/<b>", page); /* HERE */
    return 0;
}
