// exit: 70
// stderr: misuse/started_context_processor\.c:{line:HERE}:
// stderr: rt_context_processor: application "shop" has started
#include <retort.h>

static void fill(rt_request *req, rt_value context, void *arg)
{
    (void)req, (void)context, (void)arg;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_context_processor(app, fill); /* HERE */
    return 0;
}
