// Routes: methods, 404 and 405, redirects, and what a view learns of its rule.
#include "app_test.h"

static rt_response *view(rt_request *req)
{
    return rt_text(req, "{} {}", rt_method_of(req), rt_endpoint(req));
}

static rt_app *routes_app(void)
{
    rt_app *app = rt_app_new("routes");
    rt_get(app, "/get", view, .endpoint = "get");
    rt_post(app, "/post", view, .endpoint = "post");
    rt_put(app, "/put", view, .endpoint = "put");
    rt_patch(app, "/patch", view, .endpoint = "patch");
    rt_delete(app, "/delete", view, .endpoint = "delete");
    rt_route(app, "/route", view, .endpoint = "route");
    rt_route(app, "/two", view, .endpoint = "two", .methods = "GET POST");
    rt_route(app, "/purge", view, .endpoint = "purge", .methods = "PURGE");
    rt_route(app, "/any", view, .endpoint = "any", .methods = "*");
    rt_get(app, "/shared", view, .endpoint = "read");
    rt_post(app, "/shared", view, .endpoint = "write");
    rt_get(app, "/quiet", view, .endpoint = "quiet", .no_options = true);
    rt_route(app, "/own", view, .endpoint = "own", .methods = "GET OPTIONS");
    rt_get(app, "/built", view, .endpoint = "built", .build_only = true);
    return app;
}

RT_TEST(a_route_answers_its_methods_and_no_others)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *body; // of 200
        const char *allow;
    } rows[] = {
        {"GET", "/get", 200, "GET get", NULL},
        {"HEAD", "/get", 200, "", NULL},
        {"POST", "/get", 405, NULL, "GET, HEAD, OPTIONS"},
        {"get", "/get", 405, NULL, "GET, HEAD, OPTIONS"}, // case counts
        {"POST", "/post", 200, "POST post", NULL},
        {"GET", "/post", 405, NULL, "POST, OPTIONS"},
        {"HEAD", "/post", 405, NULL, "POST, OPTIONS"},
        {"PUT", "/put", 200, "PUT put", NULL},
        {"PATCH", "/patch", 200, "PATCH patch", NULL},
        {"DELETE", "/delete", 200, "DELETE delete", NULL},
        {"GET", "/route", 200, "GET route", NULL},
        {"POST", "/two", 200, "POST two", NULL},
        {"GET", "/two", 200, "GET two", NULL},
        {"HEAD", "/two", 200, "", NULL},
        {"PURGE", "/purge", 200, "PURGE purge", NULL},
        {"GET", "/purge", 405, NULL, "OPTIONS, PURGE"},
        {"PURGED", "/purge", 405, NULL, "OPTIONS, PURGE"},
        {"FROB", "/any", 200, "FROB any", NULL},
        {"GET", "/shared", 200, "GET read", NULL},
        {"POST", "/shared", 200, "POST write", NULL},
        {"PUT", "/shared", 405, NULL, "GET, HEAD, POST, OPTIONS"},
        {"GET", "/none", 404, NULL, NULL},
        {"FROB", "/none", 404, NULL, NULL},
        {"OPTIONS", "/none", 404, NULL, NULL},
        {"GET", "/built", 404, NULL, NULL},
        {"GET", "/get/", 404, NULL, NULL},
        {"OPTIONS", "/get", 200, "", "GET, HEAD, OPTIONS"},
        {"OPTIONS", "/shared", 200, "", "GET, HEAD, POST, OPTIONS"},
        {"OPTIONS", "/quiet", 405, NULL, "GET, HEAD"},
        {"OPTIONS", "/own", 200, "OPTIONS own", NULL},
    };

    rt_app *app = routes_app();
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s", rows[i].method, rows[i].path);
        rt_reply reply =
            rt_client_request(client, rows[i].method, rows[i].path);
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(rt_reply_header(&reply, "Allow"), rows[i].allow);
        if (rows[i].body)
            CHECK_EQ(reply.body, rows[i].body);
    }
    end(client, app);
}

// ---- redirects ---------------------------------------------------------------

static rt_response *page(rt_request *req, int64_t page)
{
    return rt_text(req, "page {}", page);
}

RT_TEST(redirects_of_routing_are_308_and_keep_the_query_as_it_came)
{
    static const struct {
        const char *url, *location;
    } rows[] = {
        {"/branch", "http://localhost/branch/"},
        {"/branch?", "http://localhost/branch/"},
        {"/branch?a=1&a=%41&&b=+%2B;c", "http://localhost/branch/?a=1&a=%41&&b="
                                        "+%2B;c"},
        {"/branch?%", "http://localhost/branch/?%"},
        {"/branch??x=?", "http://localhost/branch/??x=?"},
        {"/branch?a[]={b}|", "http://localhost/branch/?a%5B%5D=%7Bb%7D%7C"},
        {"/b%C3%A4r", "http://localhost/b%C3%A4r/"},
        {"/two//slashes", "http://localhost/two/slashes"},
        {"//two///slashes?x", "http://localhost/two/slashes?x"},
        {"/pages/1", "http://localhost/pages"},
        {"/pages/1?q=%20", "http://localhost/pages?q=%20"},
    };

    rt_app *app = rt_app_new("redirects");
    rt_get(app, "/branch/", view, .endpoint = "branch");
    rt_get(app, "/b\xc3\xa4r/", view, .endpoint = "bear");
    rt_get(app, "/two/slashes", view, .endpoint = "two");
    rt_get(app, "/pages", page, .defaults = RT_DEFAULTS("page", 1));
    rt_get(app, "/pages/<int:page>", page);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, 308);
        CHECK_EQ(rt_reply_header(&reply, "Location"), rows[i].location);
        CHECK_EQ(rt_reply_header(&reply, "Content-Type"),
                 "text/html; charset=utf-8");
    }
    CHECK_EQ(get(client, "/pages"), "page 1");
    CHECK_EQ(get(client, "/pages/2"), "page 2");

    rt_reply reply = rt_client_get(client, "/branch?a=<\">", .https = true,
                                   .host = "example.org:8443");
    CHECK_EQ(rt_reply_header(&reply, "Location"),
             "https://example.org:8443/branch/?a=%3C%22%3E");
    CHECK(contains(reply.body.data, "href=\"https://example.org:8443/branch/"
                                    "?a=%3C%22%3E\""));
    // Only where the method would be served there; else there is nothing.
    CHECK_EQ(rt_client_post(client, "/branch").status, 404);
    end(client, app);
}

RT_TEST(slashes_are_a_matter_of_the_route_or_of_the_app)
{
    static const struct {
        const char *url;
        int status;
    } strict[] =
        {
            {"/leaf", 200},    {"/leaf/", 404}, {"/branch", 308},
            {"/branch/", 200}, {"/lax", 200},   {"/lax/", 200},
            {"/raw//a", 200},  {"/raw/a", 404},
        },
      loose[] = {
          {"/leaf", 200},    {"/leaf/", 200},  {"/branch", 200},
          {"/branch/", 200}, {"/strict", 308}, {"/strict/", 200},
      };

    rt_app *app = rt_app_new("strict");
    rt_get(app, "/leaf", view);
    rt_get(app, "/branch/", view);
    rt_get(app, "/lax/", view, .strict_slashes = RT_OFF);
    rt_get(app, "/raw//a", view, .merge_slashes = RT_OFF);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(strict); i++) {
        RT_CASE(strict[i].url);
        CHECK_EQ(rt_client_get(client, strict[i].url).status, strict[i].status);
    }
    end(client, app);

    app = rt_app_new("loose", .urls = {.strict_slashes = RT_OFF});
    rt_get(app, "/leaf", view);
    rt_get(app, "/branch/", view);
    rt_get(app, "/strict/", view, .strict_slashes = RT_ON);
    client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(loose); i++) {
        RT_CASE(loose[i].url);
        CHECK_EQ(rt_client_get(client, loose[i].url).status, loose[i].status);
    }
    end(client, app);
}

// ---- what is known of the rule -----------------------------------------------

static rt_response *describe(rt_request *req, void *arg)
{
    (void)arg;
    return rt_json(req, "endpoint", rt_endpoint(req), "rule", rt_rule(req),
                   "id", rt_arg(req, "id"), "tab", rt_arg(req, "tab"), "none",
                   rt_value_is_undefined(rt_arg(req, "nothing")), "arg",
                   (const char *)rt_route_arg(req), "app",
                   rt_app_name(rt_app_of(req)));
}

RT_TEST(hooks_know_the_rule_before_the_view_runs)
{
    rt_app *app = rt_app_new("known");
    rt_get(app, "/post/<int:id>", view, .endpoint = "show",
           .defaults = RT_DEFAULTS("tab", "new"), .arg = word("mine"));
    rt_before_request(app, describe);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/post/7"),
             "{\"app\":\"known\",\"arg\":\"mine\",\"endpoint\":\"show\","
             "\"id\":7,\"none\":true,\"rule\":\"/post/<int:id>\","
             "\"tab\":\"new\"}\n");
    end(client, app);
}

static rt_response *without_rule(rt_request *req, void *arg)
{
    (void)arg;
    CHECK(rt_endpoint(req) == NULL);
    CHECK(rt_rule(req) == NULL);
    CHECK(rt_route_arg(req) == NULL);
    CHECK(rt_value_is_undefined(rt_arg(req, "id")));
    return NULL;
}

RT_TEST(without_a_rule_there_is_nothing_to_know)
{
    rt_app *app = rt_app_new("unknown");
    rt_before_request(app, without_rule);
    rt_get(app, "/branch/", view);
    rt_client *client = rt_client_new(app);

    get_status(client, "/none", 404);
    get_status(client, "/branch", 308);
    CHECK_EQ(rt_client_post(client, "/branch/").status, 405);
    end(client, app);
}

static void list_route(const rt_route_info *info, void *arg)
{
    rt_buf_format(arg, "{} {} {}\n", info->rule, info->endpoint, info->methods);
}

RT_TEST(routes_are_listed_in_the_order_of_registration)
{
    rt_arena arena = {0};
    rt_buf list;
    rt_buf_init(&list, &arena);
    rt_app *app = rt_app_new("list");
    rt_get(app, "/z/<int:id>", view, .endpoint = "z");
    rt_route(app, "/a", view, .endpoint = "a", .methods = "POST,PURGE");
    rt_route(app, "/any", view, .endpoint = "any", .methods = "*");

    rt_app_each_route(app, list_route, &list);
    CHECK_EQ(rt_buf_str(&list), "/z/<int:id> z GET, HEAD, OPTIONS\n"
                                "/a a POST, OPTIONS, PURGE\n"
                                "/any any *\n");
    rt_arena_deinit(&arena);
    rt_app_free(app);
}

RT_TEST(several_rules_may_lead_to_one_view)
{
    rt_app *app = rt_app_new("several");
    rt_get(app, "/", view);
    rt_get(app, "/index", view);
    rt_post(app, "/index", view);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"), "GET view");
    CHECK_EQ(get(client, "/index"), "GET view");
    CHECK_EQ(rt_client_post(client, "/index").body, "POST view");
    end(client, app);
}
