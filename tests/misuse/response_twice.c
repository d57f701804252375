// exit: 0
// stderr: Exception on / \[GET\]: view page returned a response that was returned before \(.*misuse/response_twice\.c:{line:HERE}\)
#include <retort.h>

static rt_response *kept;

static rt_response *page(rt_request *req)
{
    return kept ? kept : rt_text(req, "page");
}

// Serves the request once more, with the answer of the first time.
static rt_response *again(rt_request *req, const rt_gateway *next, void *arg)
{
    (void)arg;
    kept = rt_gateway_call(next, req);
    rt_response *second = rt_gateway_call(next, req);
    kept = NULL;
    return second;
}

int main(void)
{
    rt_app *app = rt_app_new("shop");

    rt_get(app, "/", page); /* HERE */
    rt_use(app, again);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_get(client, "/");
    rt_client_free(client);
    return reply.status == 500 ? 0 : 1;
}
