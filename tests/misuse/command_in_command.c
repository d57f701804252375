// exit: 70
// stderr: misuse/command_in_command\.c:{line:HERE}:
// stderr: command "clean all": "clean" is a command already
#include <retort.h>

static int work(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_command(app, "clean", work);
    rt_command(app, "clean all", work); /* HERE */
    return rt_main(app, argc, argv);
}
