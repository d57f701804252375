// exit: 70
// stderr: misuse/config_started\.c:{line:HERE}:
// stderr: rt_config_set: application "shop" has started
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_client_free(rt_client_new(app));
    rt_config_set(app, "OWN", 1); /* HERE */
    return 0;
}
