// exit: 70
// stderr: misuse/config_file_missing\.c:{line:HERE}:
// stderr: config.json: not found
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_config_from_file(app, "config.json"); /* HERE */
    return 0;
}
