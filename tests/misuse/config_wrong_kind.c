// exit: 70
// stderr: misuse/config_wrong_kind\.c:{line:HERE}:
// stderr: MAX_CONTENT_LENGTH must be a whole number, not 'much'
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_config_set(app, "MAX_CONTENT_LENGTH", "much"); /* HERE */
    return 0;
}
