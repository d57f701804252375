// exit: 70
// stderr: misuse/started_middleware\.c:{line:HERE}:
// stderr: rt_use: application "shop" has started
#include <retort.h>

static rt_response *layer(rt_request *req, const rt_gateway *next, void *arg)
{
    (void)arg;
    return rt_gateway_call(next, req);
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_use(app, layer); /* HERE */
    return 0;
}
