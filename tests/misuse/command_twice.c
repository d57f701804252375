// exit: 70
// stderr: misuse/command_twice\.c:{line:HERE}:
// stderr: command "clean": "clean" is a command already \(.*command_twice\.c:{line:FIRST}\)
#include <retort.h>

static int work(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_command(app, "clean", work); /* FIRST */
    rt_command(app, "clean", work); /* HERE */
    return rt_main(app, argc, argv);
}
