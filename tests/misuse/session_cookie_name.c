// exit: 70
// stderr: misuse/session_cookie_name\.c:{line:HERE}:
// stderr: SESSION_COOKIE_NAME must be a token
#include <retort.h>

int main(void)
{
    rt_app *app = rt_app_new("shop"); /* HERE */
    rt_config_set(app, "SESSION_COOKIE_NAME", "two words");
    rt_client_free(rt_client_new(app));
    return 0;
}
