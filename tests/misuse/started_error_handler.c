// exit: 70
// stderr: misuse/started_error_handler\.c:{line:HERE}:
// stderr: rt_error_handler: application "shop" has started
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

    rt_client_free(rt_client_new(app));
    rt_error_handler(app, 404, handler); /* HERE */
    return 0;
}
