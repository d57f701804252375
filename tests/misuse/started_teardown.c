// exit: 70
// stderr: misuse/started_teardown\.c:{line:HERE}:
// stderr: rt_teardown_request: application "shop" has started
#include <retort.h>

static void hook(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)req, (void)error, (void)arg;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_teardown_request(app, hook); /* HERE */
    return 0;
}
