// exit: 70
// stderr: misuse/endpoint_of_another_view\.c:{line:HERE}:
// stderr: rule "/y": endpoint "page" belongs to view page already \(.*endpoint_of_another_view\.c:{line:FIRST}\); give one
#include <retort.h>

static rt_response *page(rt_request *req)
{
    return rt_text(req, "page");
}

static rt_response *other(rt_request *req)
{
    return rt_text(req, "other");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/x", page);                      /* FIRST */
    rt_get(app, "/y", other, .endpoint = "page"); /* HERE */
    return 0;
}
