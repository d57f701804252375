// exit: 70
// stderr: misuse/config_key_lower\.c:{line:HERE}:
// stderr: "debug" is no key: keys are upper case
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_configure(app, "debug", true); /* HERE */
    return 0;
}
