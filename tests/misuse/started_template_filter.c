// exit: 70
// stderr: misuse/started_template_filter\.c:{line:HERE}:
// stderr: rt_template_filter: application "shop" has started
#include <retort.h>

static rt_status shout(rt_template_call *call, rt_value *out)
{
    *out = rt_template_arg(call, 0, rt_value_none());
    return RT_OK;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_template_filter(app, "shout", shout); /* HERE */
    return 0;
}
