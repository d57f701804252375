// exit: 70
// stderr: misuse/error_handler_prefix\.c:{line:HERE}:
// stderr: prefix "api" must begin with a slash
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_error_handler(app, 404, NULL, .prefix = "api"); /* HERE */
    return 0;
}
