// exit: 70
// stderr: misuse/started_before\.c:{line:HERE}:
// stderr: rt_before_request: application "shop" has started
#include <retort.h>

static rt_response *hook(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return NULL;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_before_request(app, hook); /* HERE */
    return 0;
}
