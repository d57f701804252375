// exit: 70
// stderr: misuse/blueprint_name_twice\.c:{line:HERE}:
// stderr: the name "bp" is taken already
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_blueprint *bp = rt_blueprint_new("bp");
    rt_register_blueprint(app, bp);
    rt_register_blueprint(app, bp); /* HERE */
    return 0;
}
