// exit: 70
// stderr: misuse/methods_without_endpoint\.c:{line:HERE}:
// stderr: views by method have no name; give them an .endpoint
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    static const rt_method_views views;
    rt_route_methods(app, "/", &views); /* HERE */
    return 0;
}
