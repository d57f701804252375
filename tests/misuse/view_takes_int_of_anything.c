// exit: 70
// stderr: misuse/view_takes_int_of_anything\.c:{line:HERE}:
// stderr: gives "a" as a value of any kind, but parameter 1 of view page is int64_t
#include <retort.h>

static rt_status parse(void *self, rt_arena *arena, rt_str text, rt_value *out)
{
    (void)self, (void)arena;
    *out = rt_value_str(text);
    return RT_OK;
}

static const rt_url_converter anything = {.name = "anything", .parse = parse};

static rt_response *page(rt_request *req, int64_t a)
{
    (void)a;
    return rt_text(req, "page");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_url_converter_add(app, &anything);
    rt_get(app, "/<anything:a>", page); /* HERE */
    return 0;
}
