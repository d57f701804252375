// exit: 70
// stderr: misuse/config_env_wrong_kind\.c:{line:HERE}:
// stderr: SHOP_TESTING: TESTING must be true or false, not 'maybe'
#include <stdlib.h>

#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    setenv("SHOP_TESTING", "maybe", 1);
    rt_config_from_env(app, "SHOP"); /* HERE */
    return 0;
}
