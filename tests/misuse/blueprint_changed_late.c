// exit: 70
// stderr: misuse/blueprint_changed_late\.c:{line:HERE}:
// stderr: blueprint "bp" has been registered; put everything into it before
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_blueprint *bp = rt_blueprint_new("bp");
    rt_register_blueprint(app, bp);
    rt_error_handler(bp, 404, NULL); /* HERE */
    return 0;
}
