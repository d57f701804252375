// exit: 70
// stderr: misuse/command_with_dash\.c:{line:HERE}:
// stderr: "--clean" is no name for a command
#include <retort.h>

static int work(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_command(app, "--clean", work); /* HERE */
    return rt_main(app, argc, argv);
}
