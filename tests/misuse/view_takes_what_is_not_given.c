// exit: 70
// stderr: misuse/view_takes_what_is_not_given\.c:{line:HERE}:
// stderr: rule "/x" gives 0 values, but view page takes 1
#include <retort.h>

static rt_response *page(rt_request *req, int64_t a)
{
    (void)a;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/x", page); /* HERE */
    return 0;
}
