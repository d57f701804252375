// exit: 70
// stderr: misuse/blueprint_in_itself\.c:{line:HERE}:
// stderr: a blueprint cannot be in itself
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    rt_blueprint *bp = rt_blueprint_new("bp");
    rt_register_blueprint(bp, bp); /* HERE */
    rt_app_free(app);
    return 0;
}
