// exit: 70
// stderr: misuse/view_takes_int_of_default\.c:{line:HERE}:
// stderr: gives "a" as string, but parameter 1 of view page is int64_t
#include <retort.h>

static rt_response *page(rt_request *req, int64_t a)
{
    (void)a;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/x", page, .defaults = RT_DEFAULTS("a", "one")); /* HERE */
    return 0;
}
