// exit: 70
// stderr: misuse/error_handler_of_no_app\.c:{line:HERE}:
// stderr: rt_error_handler: the application is NULL
#include <retort.h>

static rt_response *handler(rt_request *req, const rt_http_error *error,
                            void *arg)
{
    (void)error, (void)arg;
    return rt_text(req, "x");
}

int main(void)
{
    rt_error_handler(NULL, 404, handler); /* HERE */
    return 0;
}
