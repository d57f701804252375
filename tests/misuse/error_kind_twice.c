// exit: 70
// stderr: misuse/error_kind_twice\.c:{line:HERE}:
// stderr: Error has a handler already
#include <retort.h>

static rt_response *any(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)error, (void)arg;
    return rt_text(req, "any");
}

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_error_handler(app, RT_ANY_ERROR, any);
    rt_error_handler(app, RT_ANY_ERROR, any); /* HERE */
    return 0;
}
