// exit: 70
// stderr: misuse/converter_null\.c:{line:HERE}:
// stderr: rt_url_converter_add: the converter is NULL
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_url_converter_add(app, NULL); /* HERE */
    return 0;
}
