// exit: 70
// stderr: misuse/started_converter\.c:{line:HERE}:
// stderr: rt_url_converter_add: application "shop" has started
#include <retort.h>

static const rt_url_converter anything = {.name = "anything"};

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_client_free(rt_client_new(app));
    rt_url_converter_add(app, &anything); /* HERE */
    return 0;
}
