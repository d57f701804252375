// exit: 70
// stderr: misuse/middleware_null\.c:{line:HERE}:
// stderr: rt_use: the function is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_use(app, NULL); /* HERE */
    return 0;
}
