// exit: 70
// stderr: misuse/session_samesite\.c:{line:HERE}:
// stderr: SESSION_COOKIE_SAMESITE must be "Strict", "Lax" or "None", not "Loose"
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop"); /* HERE */
    rt_config_set(app, "SESSION_COOKIE_SAMESITE", "Loose");
    rt_client_free(rt_client_new(app));
    return 0;
}
