// exit: 70
// stderr: misuse/mount_of_nothing\.c:{line:HERE}:
// stderr: rt_mount: the gateway of "/admin" has no function
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_mount(app, "/admin", (rt_gateway){0}); /* HERE */
    return 0;
}
