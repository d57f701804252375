// exit: 70
// stderr: misuse/static_without_slash\.c:{line:HERE}:
// stderr: rt_static: prefix "static" must begin with a slash and not end with one
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_static(app, "static", "assets"); /* HERE */
    return 0;
}
