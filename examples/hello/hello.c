// The smallest application, as the README shows it.
#include <retort.h>

static rt_response *hello(rt_request *req, const char *name)
{
    return rt_text(req, "Hello, {}!\n", name);
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("hello");

    rt_get(app, "/hello/<name>", hello);
    return rt_main(app, argc, argv);
}
