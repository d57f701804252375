// exit: 70
// stderr: misuse/error_handler_of_all_twice\.c:{line:HERE}:
// stderr: rt_error_handler: Error has a handler already
#include <retort.h>

static rt_response *handler(rt_request *req, const rt_http_error *error,
                            void *arg)
{
    (void)arg;
    return rt_text(req, "{}", error->message);
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_error_handler(app, 0, handler);
    rt_error_handler(app, 404, handler);
    rt_error_handler(app, 0, handler); /* HERE */
    return 0;
}
