// exit: 70
// stderr: misuse/teardown_null\.c:{line:HERE}:
// stderr: rt_teardown_request: the function is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_teardown_request(app, NULL); /* HERE */
    return 0;
}
