// exit: 70
// stderr: misuse/started_mount\.c:{line:HERE}:
// stderr: rt_mount: application "shop" has started
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_app *admin = rt_app_new("admin");

    rt_client_free(rt_client_new(app));
    rt_mount(app, "/admin", rt_app_gateway(admin)); /* HERE */
    return 0;
}
