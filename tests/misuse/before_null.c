// exit: 70
// stderr: misuse/before_null\.c:{line:HERE}:
// stderr: rt_before_request: the function is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_before_request(app, NULL); /* HERE */
    return 0;
}
