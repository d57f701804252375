// exit: 70
// stderr: misuse/view_takes_text_of_int\.c:{line:HERE}:
// stderr: rule "/<int:a>" gives "a" as int, but parameter 1 of view page is const char \*
#include <retort.h>

static rt_response *page(rt_request *req, const char *a)
{
    (void)a;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int:a>", page); /* HERE */
    return 0;
}
