// exit: 70
// stderr: misuse/error_handler_null\.c:{line:HERE}:
// stderr: rt_error_handler: the function is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_error_handler(app, 404, NULL); /* HERE */
    return 0;
}
