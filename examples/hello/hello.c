#include <retort.h>

static rt_response *index_page(rt_request *req)
{
    return rt_text(req, "Hello, World!");
}

static rt_response *hello(rt_request *req, const char *name)
{
    return rt_text(req, "Hello {}!", name);
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("hello");
    rt_get(app, "/", index_page);
    rt_get(app, "/hello/<name>", hello);
    return rt_main(app, argc, argv);
}
