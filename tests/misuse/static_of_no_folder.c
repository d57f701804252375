// exit: 70
// stderr: misuse/static_of_no_folder\.c:{line:HERE}:
// stderr: rt_static: "/assets" needs a folder
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_static(app, "/assets", ""); /* HERE */
    return 0;
}
