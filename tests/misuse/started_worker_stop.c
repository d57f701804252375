// exit: 70
// stderr: misuse/started_worker_stop\.c:{line:HERE}:
// stderr: rt_on_worker_stop: application "shop" has started
#include <retort.h>

static void hook(rt_app *app, void *arg)
{
    (void)app, (void)arg;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_on_worker_stop(app, hook); /* HERE */
    return 0;
}
