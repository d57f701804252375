// exit: 70
// stderr: misuse/mount_with_last_slash\.c:{line:HERE}:
// stderr: rt_mount: prefix "/admin/" must begin with a slash and not end with one
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_app *admin = rt_app_new("admin");

    rt_mount(app, "/admin/", rt_app_gateway(admin)); /* HERE */
    return 0;
}
