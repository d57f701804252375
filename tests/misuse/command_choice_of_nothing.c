// exit: 70
// stderr: misuse/command_choice_of_nothing\.c:{line:HERE}:
// stderr: command "clean": "what" has no .choices
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
               .options =
                   RT_OPTIONS({.name = "what", .type = RT_OPTION_CHOICE}));
    return rt_main(app, argc, argv);
}
