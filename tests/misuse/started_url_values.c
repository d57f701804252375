// exit: 70
// stderr: misuse/started_url_values\.c:{line:HERE}:
// stderr: rt_url_value_preprocessor: application "shop" has started
#include <retort.h>

static void pull(rt_request *req, const char *endpoint, rt_value values,
                 void *arg)
{
    (void)req, (void)endpoint, (void)values, (void)arg;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_url_value_preprocessor(app, pull); /* HERE */
    return 0;
}
