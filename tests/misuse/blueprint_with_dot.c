// exit: 70
// stderr: misuse/blueprint_with_dot\.c:{line:HERE}:
// stderr: "a.b" is no name for a blueprint
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_blueprint_new("a.b"); /* HERE */
    rt_app_free(app);
    return 0;
}
