// exit: 70
// stderr: misuse/error_handler_of_success\.c:{line:HERE}:
// stderr: rt_error_handler: 200 is not the status of an error
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

    rt_error_handler(app, 200, handler); /* HERE */
    return 0;
}
