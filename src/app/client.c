// The test client: builds a request, calls the gateway, drains the response.
#include "retort/app/client.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include <retort/base/error.h>
#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/http/code.h>
#include <retort/http/percent.h>
#include <retort/http/url.h>

#include "app/app.h"
#include "app/client_form.h"
#include "app/cookie_jar.h"

#define REDIRECTS_MAX 20

struct rt_client {
    rt_arena arena; // replies and cookies
    rt_gateway gateway;
    rt_app *app; // NULL: of a gateway alone
    rt__cookie_jar jar;
    rt_value rendered, flashed; // lists, of the last request
    rt_http_error failure;      // the same; status 0: none
};

// One request on its way, with the arena it lives in.
typedef struct exchange {
    rt_arena arena;
    rt_request req;
    rt_str body; // still to be read
    rt_client *client;
    rt_str url; // absolute
    rt_str method;
    const rt_client_options *options;
} exchange;

// What this thread asks just now; a view may ask, too.
static _Thread_local exchange *asked;

static rt_request *find_asked(void)
{
    return asked ? &asked->req : NULL;
}

// ---- what happened ------------------------------------------------------------

// A copy that outlives the request: objects are gone with it, so their text is
// kept.
static rt_value keep(rt_arena *arena, rt_value v, int depth)
{
    if (depth == RT_VALUE_DEPTH_MAX || rt_value_kind(v) == RT_OBJECT)
        return rt_value_str(rt_value_text(arena, v));
    if (rt_value_kind(v) == RT_DICT) {
        rt_value dict = rt_dict_new(arena);
        rt_dict_each(e, v)
            (void)!rt_dict_set(dict, rt_value_copy(arena, e->key),
                               keep(arena, e->value, depth + 1));
        return dict;
    }
    if (rt_value_kind(v) != RT_LIST)
        return rt_value_copy(arena, v);
    rt_value list = rt_list_new(arena);
    rt_list_each(item, v)
        (void)!rt_list_push(list, keep(arena, *item, depth + 1));
    return list;
}

static void add_pair(rt_arena *arena, rt_value list, const char *name,
                     rt_value value)
{
    rt_value both[] = {name
                           ? rt_value_str(rt_str_copy(arena, rt_str_from(name)))
                           : rt_value_none(),
                       keep(arena, value, 0)};
    (void)!rt_list_push(list, rt_tuple_of(arena, both, 2)); // of our own
}

static void keep_failure(rt_client *client, const rt_http_error *error)
{
    client->failure = (rt_http_error){
        .status = error->status,
        .message = rt_str_cstr(&client->arena, rt_str_from(error->message)),
        .kind = error->kind,
        .cause = error->cause};
}

static void note(rt_request *req, const rt_event *event, void *arg)
{
    (void)arg;
    if (!asked || &asked->req != req)
        return;
    rt_client *client = asked->client;
    if (event->signal == RT_REQUEST_EXCEPTION)
        keep_failure(client, event->error);
    else if (event->signal == RT_MESSAGE_FLASHED)
        add_pair(&client->arena, client->flashed, event->category,
                 event->message);
    else
        add_pair(&client->arena, client->rendered, event->template_name,
                 event->context);
}

// As receivers of signals are registered, but at any time.
static void capture(rt_app *app)
{
    rt__hook hook = {.fn = (rt_any_fn)note};
    *rt_vec_push(&app->arena, &app->signals[RT_MESSAGE_FLASHED]) = hook;
    *rt_vec_push(&app->arena, &app->signals[RT_TEMPLATE_RENDERED]) = hook;
    *rt_vec_push(&app->arena, &app->signals[RT_REQUEST_EXCEPTION]) = hook;
}

rt_value rt_client_rendered(const rt_client *client)
{
    return client->rendered;
}

rt_value rt_client_flashed(const rt_client *client)
{
    return client->flashed;
}

const rt_http_error *rt_client_failure(const rt_client *client)
{
    return client->failure.status ? &client->failure : NULL;
}

rt_value rt_client_context(const rt_client *client, const char *name)
{
    for (size_t n = rt_list_len(client->rendered); n-- > 0;) {
        rt_value both = rt_list_get(client->rendered, (int64_t)n);
        if (rt_value_equal(rt_list_get(both, 0), rt_value_cstr(name)))
            return rt_list_get(both, 1);
    }
    return rt_value_undefined();
}

// ---- making ---------------------------------------------------------------------

rt_client *rt_client_of_gateway(rt_gateway gateway)
{
    rt_client *client = calloc(1, sizeof *client);
    if (!client)
        rt_panic("out of memory: %zu bytes", sizeof *client);
    client->gateway = gateway;
    client->jar.arena = &client->arena;
    client->rendered = rt_list_new(&client->arena);
    client->flashed = rt_list_new(&client->arena);
    if (gateway.worker_start)
        gateway.worker_start(gateway.self);
    return client;
}

rt_client *rt_client_new(rt_app *app)
{
    if (!app->tested)
        capture(app);
    app->tested = true;
    rt__template_apply(app);
    rt_client *client = rt_client_of_gateway(rt_app_gateway(app));
    client->app = app;
    return client;
}

void rt_client_free(rt_client *client)
{
    if (!client)
        return;
    if (client->gateway.worker_stop)
        client->gateway.worker_stop(client->gateway.self);
    rt_arena_deinit(&client->arena);
    free(client);
}

// ---- the request -----------------------------------------------------------

static rt_status read_body(rt_request *req, rt_str *piece)
{
    exchange *x = req->server;
    if (x->body.len > req->max_body)
        return RT_E_LIMIT;
    *piece = x->body;
    x->body = (rt_str){"", 0};
    return RT_OK;
}

static const rt_body_source body_source = {.read = read_body};

static void add_header(exchange *x, rt_str name, rt_str value)
{
    if (rt_headers_add(&x->req.headers, &x->arena, name, value))
        rt_panic("the test client cannot send header \"%.*s\"",
                 RT_STR_ARG(name));
}

static void set_body(exchange *x)
{
    rt_request *req = &x->req;
    rt_str type = rt_str_from(x->options->type);
    x->body = x->options->body;
    if (x->options->json) {
        if (rt_json_dump(&x->arena, *x->options->json, NULL, &x->body, NULL))
            rt_panic("the test client cannot send this value as JSON");
        type = RT_STR("application/json");
    }
    if (x->options->form || x->options->files)
        x->body = rt__client_form(&x->arena, x->options, &type);
    if (type.len)
        add_header(x, RT_STR("Content-Type"), type);
    if (!x->body.len && !type.len)
        return;
    add_header(x, RT_STR("Content-Length"),
               rt_format(&x->arena, "{}", x->body.len));
    req->body = &body_source;
    req->content_length = (int64_t)x->body.len;
}

static void set_cookies(exchange *x, const rt_url_parts *url)
{
    if (x->options->no_cookies)
        return;
    rt_str cookies = rt__cookie_jar_header(&x->client->jar, &x->arena, url);
    if (cookies.len)
        add_header(x, RT_STR("Cookie"), cookies);
}

static rt_url_parts parse_url(rt_str url)
{
    rt_url_parts parts;
    if (rt_url_parse(url, &parts))
        rt_panic("the test client cannot open \"%.*s\"", RT_STR_ARG(url));
    return parts;
}

static void build_request(exchange *x)
{
    rt_url_parts url = parse_url(x->url);
    rt_request *req = &x->req;

    *req = (rt_request){.arena = &x->arena,
                        .method = rt_method_parse(x->method),
                        .method_text = x->method,
                        .script_root = RT_STR(""),
                        .scheme = url.scheme,
                        .host = url.authority,
                        .version = 11,
                        .peer_address = RT_STR("127.0.0.1"),
                        .max_body = RT_BODY_UNLIMITED,
                        .server = x};
    rt_buf target;
    rt_buf_init(&target, &x->arena);
    rt_buf_put(&target, url.path.len ? url.path : RT_STR("/"));
    if (url.query.data) {
        rt_buf_put_char(&target, '?');
        rt_buf_put(&target, url.query);
    }
    rt_request_set_target(req, rt_buf_str(&target));
    add_header(x, RT_STR("Host"), url.authority);
    for (const rt_pair *h = x->options->headers; h && h->name; h++)
        add_header(x, rt_str_from(h->name), rt_value_text(&x->arena, h->value));
    set_cookies(x, &url);
    set_body(x);
}

// ---- the response ------------------------------------------------------------

typedef struct collector {
    rt_writer writer;
    rt_buf body;
} collector;

static rt_status collect(rt_writer *writer, rt_str piece)
{
    rt_buf_put(&((collector *)writer)->body, piece);
    return RT_OK;
}

static bool collect_file(rt_buf *body, rt_response *response)
{
    char block[4096];
    int64_t left = response->body_length, at = response->file_offset;
    while (left > 0) {
        size_t want =
            left < (int64_t)sizeof block ? (size_t)left : sizeof block;
        ssize_t n = pread(response->fd, block, want, at);
        if (n <= 0)
            return false;
        rt_buf_put_bytes(body, block, (size_t)n);
        left -= n;
        at += n;
    }
    return true;
}

// Read all of the body; false when it was cut.
static bool drain(rt_response *response, rt_request *req, rt_buf *body)
{
    collector c = {.writer = {collect, req}, .body = *body};
    bool whole = true;
    switch (response->body_kind) {
    case RT_BODY_BYTES: rt_buf_put(&c.body, response->bytes); break;
    case RT_BODY_FILE: whole = collect_file(&c.body, response); break;
    case RT_BODY_PRODUCER:
        whole = response->produce(&c.writer, response->produce_arg) == RT_OK;
        break;
    }
    *body = c.body;
    return whole;
}

static rt_reply take_reply(exchange *x, rt_response *response)
{
    rt_arena *arena = &x->client->arena;
    rt_buf body;
    rt_buf_init(&body, arena);
    rt_reply reply = {
        .status = response->status,
        .reason = rt_str_copy(arena, response->reason.len
                                         ? response->reason
                                         : rt_code_reason(response->status)),
        .url = rt_str_copy(arena, x->req.target)};
    bool bodiless = rt_code_is_bodiless(response->status);
    bool known = response->body_kind != RT_BODY_PRODUCER;

    reply.incomplete = !drain(response, &x->req, &body);
    reply.headers = rt_headers_copy(arena, &response->headers);
    if (known && !bodiless)
        (void)rt_headers_set(&reply.headers, arena, RT_STR("Content-Length"),
                             rt_format(arena, "{}", body.len));
    if (bodiless || x->req.method == RT_METHOD_HEAD)
        body.len = 0;
    reply.body = rt_buf_str(&body);
    if (response->fd >= 0)
        close(response->fd);
    return reply;
}

static rt_reply perform(exchange *x)
{
    build_request(x);
    rt_response *response = rt_gateway_call(&x->client->gateway, &x->req);
    rt_reply reply = take_reply(x, response);
    if (!x->options->no_cookies) {
        rt_url_parts url = parse_url(x->url);
        rt__cookie_jar_update(&x->client->jar, &url, &reply.headers);
    }
    rt_group_drop(&x->req.children);
    return reply;
}

// While something is asked the log finds the request.
typedef struct asking {
    exchange *outer;
    rt_request_finder *finder;
} asking;

static asking begin_asking(exchange *x)
{
    asking before = {asked, rt_request_set_finder(find_asked)};
    asked = x;
    return before;
}

static void end_asking(exchange *x, asking before)
{
    rt_arena_deinit(&x->arena);
    rt_request_set_finder(before.finder);
    asked = before.outer;
}

// The same with all of its memory, and the end of the request.
static rt_reply ask(exchange *x)
{
    asking before = begin_asking(x);
    rt_reply reply = perform(x);
    end_asking(x, before);
    return reply;
}

// ---- following redirects -----------------------------------------------------

static bool is_redirect(int status)
{
    return (status >= 301 && status <= 303) || status == 307 || status == 308;
}

// Prepare the request a redirect asks for; false when it asks for none.
static bool follow(exchange *x, const rt_reply *reply,
                   rt_client_options *options)
{
    rt_arena *arena = &x->client->arena;
    rt_str location = rt_headers_get(&reply->headers, RT_STR("Location"));
    if (!location.data || !is_redirect(reply->status) ||
        rt_url_join(arena, x->url, location, &x->url))
        return false;
    // As browsers do: 303 is fetched, 301 and 302 turn POST into GET.
    bool post = rt_str_eq(x->method, RT_STR("POST"));
    bool head = rt_str_eq(x->method, RT_STR("HEAD"));
    if ((reply->status == 303 && !head) || (reply->status < 303 && post)) {
        x->method = RT_STR("GET");
        options->body = (rt_str){NULL, 0};
        options->type = NULL;
        options->json = NULL;
        options->form = NULL;
        options->files = NULL;
    }
    return true;
}

static rt_str absolute_url(rt_client *client, const char *url,
                           const rt_client_options *options)
{
    if (url[0] != '/')
        return rt_str_copy(&client->arena, rt_str_from(url));
    return rt_format(&client->arena, "{}://{}{}",
                     options->https ? "https" : "http",
                     options->host ? options->host : "localhost", url);
}

// What a person would type is encoded as a browser does it.
static const char *encode_url(rt_client *client, const char *url)
{
    bool plain = true;
    for (const char *c = url; *c; c++)
        plain &= *c != ' ' && !((unsigned char)*c & 0x80);
    if (plain)
        return url;
    return rt_percent_encode(&client->arena, rt_str_from(url),
                             RT_PERCENT_FRAGMENT)
        .data;
}

static exchange new_exchange(rt_client *client, const char *method,
                             const char *url, const rt_client_options *options)
{
    assert(client);
    assert(method);
    assert(url);
    url = encode_url(client, url);
    client->rendered = rt_list_new(&client->arena);
    client->flashed = rt_list_new(&client->arena);
    client->failure = (rt_http_error){0};
    return (exchange){.client = client,
                      .url = absolute_url(client, url, options),
                      .method =
                          rt_str_copy(&client->arena, rt_str_from(method)),
                      .options = options};
}

int rt_client_call_with(rt_client *client, const char *method, const char *url,
                        void (*fn)(rt_request *req, void *arg), void *arg,
                        const rt_client_options *options)
{
    assert(fn);
    exchange x = new_exchange(client, method, url, options);
    if (!client->app)
        rt_panic("a client of a gateway has no application to call for");
    asking before = begin_asking(&x);
    build_request(&x);
    int status = rt__app_call(client->app, &x.req, fn, arg);
    rt_group_drop(&x.req.children);
    end_asking(&x, before);
    return status;
}

rt_reply rt_client_send(rt_client *client, const char *method, const char *url,
                        const rt_client_options *options)
{
    rt_client_options copy = *options;
    exchange x = new_exchange(client, method, url, &copy);
    int redirects = 0;
    for (;;) {
        rt_reply reply = ask(&x);
        reply.redirects = redirects;
        if (!options->follow_redirects || !follow(&x, &reply, &copy))
            return reply;
        if (++redirects > REDIRECTS_MAX)
            rt_panic("the test client was redirected more than %d times",
                     REDIRECTS_MAX);
    }
}

const char *rt_reply_header(const rt_reply *reply, const char *name)
{
    return rt_headers_get(&reply->headers, rt_str_from(name)).data;
}

rt_value rt_reply_json(rt_client *client, const rt_reply *reply)
{
    rt_value value;
    if (rt_json_parse(&client->arena, reply->body, NULL, &value, NULL))
        return rt_value_undefined();
    return value;
}

const char *rt_client_cookie(const rt_client *client, const char *name)
{
    return rt__cookie_jar_get(&client->jar, rt_str_from(name));
}

void rt_client_set_cookie(rt_client *client, const char *name,
                          const char *value)
{
    if (rt__cookie_jar_set(&client->jar, rt_str_from(name), rt_str_from(value)))
        rt_panic("the test client cannot set cookie \"%s\"", name);
}

void rt_client_clear_cookies(rt_client *client)
{
    client->jar.len = 0;
}

// ---- the session between requests ----------------------------------------------

// A request that is made for its session alone, to where the cookie is sent.
static rt__context *begin_session(exchange *x)
{
    static const rt_client_options none = {0};
    rt_client *client = x->client;
    if (!client->app)
        rt_panic("a client of a gateway has no session");
    const rt_cookie_options *cookie = &client->app->session.cookie;
    rt_str domain = rt_str_from(cookie->domain);
    rt_str_skip(&domain, RT_STR("."));
    x->options = &none;
    x->method = RT_STR("GET");
    x->url = rt_format(&x->arena, "{}://{}{}",
                       cookie->secure || cookie->partitioned ? "https" : "http",
                       domain.len ? domain : RT_STR("localhost"), cookie->path);
    build_request(x);
    return rt__context_begin(client->app, &x->req);
}

static void open_session(void *ctx)
{
    rt__session_open(ctx);
}

static void save_session(void *arg)
{
    rt__context *ctx = arg;
    ctx->response = rt_empty(ctx->req, 204);
    rt__session_save(ctx);
}

rt_value rt_client_session(rt_client *client)
{
    exchange x = {.client = client};
    rt__context *ctx = begin_session(&x);
    if (!rt__context_try(ctx, open_session, ctx))
        rt_panic("the test client cannot open the session: see the log");
    rt_value session = rt_value_copy(&client->arena, ctx->session->data);
    rt_arena_deinit(&x.arena);
    return session;
}

void rt_client_session_save(rt_client *client, rt_value session)
{
    exchange x = {.client = client};
    rt__context *ctx = begin_session(&x);
    if (!rt__context_try(ctx, open_session, ctx) || ctx->session->unavailable)
        rt_panic("the test client has no session to save: see the log, and is "
                 "there a SECRET_KEY?");
    ctx->session->data = session;
    ctx->session->modified = true;
    if (!rt__context_try(ctx, save_session, ctx))
        rt_panic("the test client cannot save the session: see the log");
    rt_url_parts url = parse_url(x.url);
    rt__cookie_jar_update(&client->jar, &url, &ctx->response->headers);
    rt_arena_deinit(&x.arena);
}

void rt_client_session_set_value(rt_client *client, const char *name,
                                 rt_value value)
{
    rt_value session = rt_client_session(client);
    rt_str key = rt_str_copy(&client->arena, rt_str_from(name));
    if (rt_dict_set_str(session, key, rt_value_copy(&client->arena, value)))
        rt_panic("the session cannot take \"%s\"", name);
    rt_client_session_save(client, session);
}
