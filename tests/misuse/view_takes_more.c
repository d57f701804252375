// exit: 70
// stderr: misuse/view_takes_more\.c:{line:HERE}:
// stderr: rule "/<int:a>" gives 1 value, but view page takes 2: give it 1 parameter,
#include <retort.h>

static rt_response *page(rt_request *req, int64_t a, int64_t b)
{
    (void)a, (void)b;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/<int:a>", page); /* HERE */
    return 0;
}
