// exit: 70
// stderr: misuse/converter_without_name\.c:{line:HERE}:
// stderr: rt_url_converter_add: "" is no name for a converter
#include <retort.h>

static const rt_url_converter nameless = {.weight = 10};

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_url_converter_add(app, &nameless); /* HERE */
    return 0;
}
