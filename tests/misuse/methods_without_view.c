// exit: 70
// stderr: misuse/methods_without_view\.c:{line:HERE}:
// stderr: rt_route_methods: no method has a view
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    static const rt_method_views views;
    rt_route_methods(app, "/", &views, .endpoint = "x"); /* HERE */
    return 0;
}
