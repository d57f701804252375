// exit: 70
// stderr: misuse/started_command\.c:{line:HERE}:
// stderr: application "shop" has started
#include <retort.h>

static int work(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_app_gateway(app);
    rt_command(app, "clean", work); /* HERE */
    return rt_main(app, argc, argv);
}
