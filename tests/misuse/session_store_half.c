// exit: 70
// stderr: misuse/session_store_half\.c:{line:HERE}:
// stderr: a store has an `open` and a `save`
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");
    static const rt_session_store store = {0};
    rt_session_store_use(app, &store); /* HERE */
    return 0;
}
