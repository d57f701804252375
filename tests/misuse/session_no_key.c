// exit: 1
// stderr: misuse/session_no_key\.c:{line:HERE}: the session cannot be written, as there is no SECRET_KEY
#include <retort.h>

static rt_response *view(rt_request *req)
{
    rt_session_set(req, "user", 7); /* HERE */
    return rt_text(req, "");
}

int main(void)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/", view);
    rt_client *client = rt_client_new(app);
    int status = rt_client_get(client, "/").status;
    rt_client_free(client);
    return status == 500;
}
