// exit: 70
// stderr: misuse/view_null\.c:{line:HERE}:
// stderr: rule "/x": the view is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/x", (rt_response * (*)(rt_request *)) NULL); /* HERE */
    return 0;
}
