// exit: 70
// stderr: misuse/started_after\.c:{line:HERE}:
// stderr: rt_after_request: application "shop" has started
#include <retort.h>

static rt_response *hook(rt_request *req, rt_response *response, void *arg)
{
    (void)req, (void)arg;
    return response;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_after_request(app, hook); /* HERE */
    return 0;
}
