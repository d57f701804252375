// exit: 70
// stderr: misuse/worker_stop_null\.c:{line:HERE}:
// stderr: rt_on_worker_stop: the function is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_on_worker_stop(app, NULL); /* HERE */
    return 0;
}
