// exit: 70
// stderr: misuse/view_takes_two_of_four\.c:{line:HERE}:
// stderr: gives 4 values, but view page takes 2: give it 3 parameters, or none and use rt_arg
#include <retort.h>

static rt_response *page(rt_request *req, int64_t a, int64_t b)
{
    (void)a, (void)b;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int:a>/<int:b>/<int:c>/<int:d>", page); /* HERE */
    return 0;
}
