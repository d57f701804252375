// exit: 70
// stderr: misuse/command_argument_behind_optional\.c:{line:HERE}:
// stderr: "b" must be given, but follows an argument that may be left out
#include <retort.h>

static int work(rt_request *req, void *arg)
{
    (void)req, (void)arg;
    return 0;
}

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_command(app, "clean", work, /* HERE */
               .arguments =
                   RT_OPTIONS({.name = "a", .optional = true}, {.name = "b"}));
    return rt_main(app, argc, argv);
}
