// exit: 70
// stderr: misuse/started_signal\.c:{line:HERE}:
// stderr: rt_signal_connect: application "shop" has started
#include <retort.h>

static void count(rt_request *req, const rt_event *event, void *arg)
{
    (void)req, (void)event, (void)arg;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_signal_connect(app, RT_REQUEST_STARTED, count); /* HERE */
    return 0;
}
