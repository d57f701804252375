// exit: 70
// stderr: misuse/started_blueprint\.c:{line:HERE}:
// stderr: rt_register_blueprint: application "shop" has started
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_register_blueprint(app, rt_blueprint_new("part")); /* HERE */
    return 0;
}
