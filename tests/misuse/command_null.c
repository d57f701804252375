// exit: 70
// stderr: misuse/command_null\.c:{line:HERE}:
// stderr: command "clean": the function is NULL
#include <retort.h>

int main(int argc, char **argv)
{
    rt_app *app = rt_app_new("shop");

    rt_command(app, "clean", NULL); /* HERE */
    return rt_main(app, argc, argv);
}
