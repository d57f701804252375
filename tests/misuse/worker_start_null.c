// exit: 70
// stderr: misuse/worker_start_null\.c:{line:HERE}:
// stderr: rt_on_worker_start: the function is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_on_worker_start(app, NULL); /* HERE */
    return 0;
}
