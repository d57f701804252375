// exit: 70
// stderr: misuse/view_takes_fewer\.c:{line:HERE}:
// stderr: rule "/<int:a>/<int:b>" gives 2 values, but view page takes 1: give it 2 parameters
#include <retort.h>

static rt_response *page(rt_request *req, int64_t a)
{
    (void)a;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int:a>/<int:b>", page); /* HERE */
    return 0;
}
