// exit: 70
// stderr: misuse/command_of_every_app\.c:{line:HERE}:
// stderr: every application has a command "run" already
#include <retort.h>

static int work(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_command(app, "run fast", work); /* HERE */
    return rt_main(app, argc, argv);
}
