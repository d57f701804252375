// exit: 70
// stderr: misuse/converter_with_bad_name\.c:{line:HERE}:
// stderr: rt_url_converter_add: "a-b" is no name for a converter
#include <retort.h>

static const rt_url_converter dashed = {.name = "a-b"};

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_url_converter_add(app, &dashed); /* HERE */
    return 0;
}
