// exit: 70
// stderr: misuse/mount_twice\.c:{line:HERE}:
// stderr: rt_mount: "/admin" is mounted already
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_app *admin = rt_app_new("admin");

    rt_mount(app, "/admin", rt_app_gateway(admin));
    rt_mount(app, "/admin", rt_app_gateway(admin)); /* HERE */
    return 0;
}
