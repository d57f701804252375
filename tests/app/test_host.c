// Applications that look at the host: trusted hosts, subdomains, host matching;
// WebSocket rules, aliases and redirects; views by method.
#include "app_test.h"

static rt_response *here(rt_request *req)
{
    return rt_text(req, "{} {}", rt_endpoint(req), rt_arg(req, "name"));
}

static rt_str ask(rt_client *client, const char *host, const char *path)
{
    rt_reply reply = rt_client_get(client, path, .host = host);
    rt_str location = rt_headers_get(&reply.headers, RT_STR("Location"));
    return reply.status == 200 ? reply.body
           : location.data     ? location
                               : reply.reason;
}

RT_TEST(only_trusted_hosts_are_served)
{
    static const struct {
        const char *host, *answer;
    } rows[] = {
        {"shop.test", "here "},          {"SHOP.test", "here "},
        {"shop.test:8080", "here "},     {"www.shop.test", "Bad Request"},
        {"other.test", "here "},         {"a.other.test:80", "here "},
        {"another.test", "Bad Request"}, {"127.0.0.1", "here "},
        {"[::1]:5000", "here "},         {"[::2]", "Bad Request"},
        {"shop.test:", "Bad Request"},   {"shop_.other.test", "Bad Request"},
    };

    rt_app *app = rt_app_new("shop");
    rt_arena arena = {0};
    rt_value hosts = rt_list_new(&arena);
    CHECK_EQ(rt_list_push(hosts, RT("shop.test")), RT_OK);
    CHECK_EQ(rt_list_push(hosts, RT(".other.test")), RT_OK);
    CHECK_EQ(rt_list_push(hosts, RT("127.0.0.1")), RT_OK);
    CHECK_EQ(rt_list_push(hosts, RT("[::1]")), RT_OK);
    rt_config_set(app, "TRUSTED_HOSTS", hosts);
    rt_arena_deinit(&arena);
    rt_get(app, "/", here);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].host);
        CHECK_EQ(ask(client, rows[i].host, "/"), rt_str_from(rows[i].answer));
    }
    rt_client_free(client);
    rt_app_free(app);
}

static rt_response *links(rt_request *req)
{
    return rt_text(req, "{} {} {}", rt_url_for(req, "main"),
                   rt_url_for(req, "api"),
                   rt_url_for(req, "user", "name", "ann"));
}

RT_TEST(subdomains_have_rules_of_their_own)
{
    rt_app *app = rt_app_new("shop", .subdomain_matching = true);
    rt_configure(app, "SERVER_NAME", "shop.test");
    rt_get(app, "/", links, .endpoint = "main");
    rt_get(app, "/", links, .endpoint = "api", .subdomain = "api");
    rt_get(app, "/who", here, .endpoint = "user", .subdomain = "<name>.users");
    rt_get(app, "/slash/", here, .endpoint = "slash", .subdomain = "api");
    rt_client *client = rt_client_new(app);
    CHECK_EQ(ask(client, "shop.test", "/"),
             RT_STR("/ http://api.shop.test/ http://ann.users.shop.test/who"));
    CHECK_EQ(ask(client, "api.shop.test", "/"),
             RT_STR("http://shop.test/ / http://ann.users.shop.test/who"));
    CHECK_EQ(ask(client, "Ann.users.shop.test:80", "/who"), RT_STR("user ann"));
    CHECK_EQ(ask(client, "shop.test", "/who"), RT_STR("Not Found"));
    CHECK_EQ(ask(client, "api.shop.test", "/slash"),
             RT_STR("http://api.shop.test/slash/"));
    // A host that is not below it counts as SERVER_NAME.
    CHECK_EQ(ask(client, "elsewhere.test", "/"),
             RT_STR("/ http://api.shop.test/ http://ann.users.shop.test/who"));
    rt_client_free(client);
    rt_app_free(app);
}

static rt_response *neighbours(rt_request *req)
{
    return rt_text(req, "{} {}", rt_url_for(req, "a"), rt_url_for(req, "b"));
}

RT_TEST(hosts_have_rules_of_their_own)
{
    rt_app *app = rt_app_new("shop", .urls = {.host_matching = true});
    rt_get(app, "/", neighbours, .endpoint = "a", .host = "a.test");
    rt_get(app, "/", neighbours, .endpoint = "b", .host = "b.test");
    rt_get(app, "/shop/", here, .endpoint = "shop",
           .host = "<name>.tenants.test");
    rt_client *client = rt_client_new(app);
    CHECK_EQ(ask(client, "a.test", "/"), RT_STR("/ http://b.test/"));
    CHECK_EQ(ask(client, "b.test", "/"), RT_STR("http://a.test/ /"));
    CHECK_EQ(ask(client, "c.test", "/"), RT_STR("Not Found"));
    CHECK_EQ(ask(client, "blue.tenants.test", "/shop/"), RT_STR("shop blue"));
    CHECK_EQ(ask(client, "blue.tenants.test", "/shop?x=1"),
             RT_STR("http://blue.tenants.test/shop/?x=1"));
    rt_client_free(client);
    rt_app_free(app);
}

static rt_response *socket_url(rt_request *req)
{
    return rt_text(req, "{}", rt_url_for(req, "ws"));
}

RT_TEST(rules_lead_elsewhere)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/new/<int:name>", here);
    rt_get(app, "/alias/<int:name>", here, .alias = true);
    rt_get(app, "/old/<int:name>", here, .endpoint = "old",
           .redirect_to = "new/<name>");
    rt_get(app, "/ws", here, .endpoint = "ws", .websocket = true);
    rt_get(app, "/url", socket_url);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(ask(client, "s.test", "/alias/5?q=1"),
             RT_STR("http://s.test/new/5?q=1"));
    CHECK_EQ(ask(client, "s.test", "/old/7?q=1"),
             RT_STR("http://s.test/new/7"));
    CHECK_EQ(ask(client, "s.test", "/ws"), RT_STR("Bad Request"));
    CHECK_EQ(ask(client, "s.test", "/url"), RT_STR("ws://s.test/ws"));
    rt_reply reply = rt_client_get(
        client, "/ws",
        .headers = RT_FIELDS("Upgrade", "websocket", "Connection", "Upgrade"));
    CHECK_EQ(reply.body, RT_STR("ws "));
    rt_client_free(client);
    rt_app_free(app);
}

// ---- views by method -----------------------------------------------------------

static rt_response *list_items(rt_request *req)
{
    return rt_text(req, "list");
}

static rt_response *create_item(rt_request *req)
{
    return rt_set_status(rt_text(req, "created"), 201);
}

static rt_response *get_item(rt_request *req, int64_t id)
{
    return rt_text(req, "get {}", id);
}

static rt_response *delete_item(rt_request *req, int64_t id)
{
    (void)id;
    return rt_empty(req, 204);
}

RT_TEST(each_method_has_a_view)
{
    static const rt_method_views items = {.get = RT_METHOD(list_items),
                                          .post = RT_METHOD(create_item)};
    static const rt_method_views item = {.get = RT_METHOD(get_item),
                                         .delete_ = RT_METHOD(delete_item)};
    rt_app *app = rt_app_new("shop");
    rt_route_methods(app, "/items/", &items, .endpoint = "items");
    rt_route_methods(app, "/items/<int:id>", &item, .endpoint = "item");
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_get(client, "/items/").body, RT_STR("list"));
    CHECK_EQ(rt_client_post(client, "/items/").status, 201);
    CHECK_EQ(rt_client_get(client, "/items/7").body, RT_STR("get 7"));
    CHECK_EQ(rt_client_request(client, "HEAD", "/items/7").status, 200);
    CHECK_EQ(rt_client_request(client, "DELETE", "/items/7").status, 204);
    rt_reply reply = rt_client_request(client, "PUT", "/items/7");
    CHECK_EQ(reply.status, 405);
    CHECK_EQ(rt_headers_get(&reply.headers, RT_STR("Allow")),
             RT_STR("GET, HEAD, DELETE, OPTIONS"));
    rt_client_free(client);
    rt_app_free(app);
}

RT_TEST(urls_are_built_outside_of_requests)
{
    rt_app *app = rt_app_new("shop");
    rt_configure(app, "SERVER_NAME", "shop.test", "PREFERRED_URL_SCHEME",
                 "https", "APPLICATION_ROOT", "/app");
    rt_get(app, "/new/<int:name>", here);
    rt_arena arena = {0};
    const rt_pair pairs[] = {{"name", RT(7)}, {"_anchor", RT("x")}};
    const char *url = NULL;
    rt_error err = {0};
    CHECK_EQ(rt_app_url_for(app, &arena, "here", pairs, 2, &url, &err), RT_OK);
    CHECK_EQ(rt_str_from(url), RT_STR("https://shop.test/app/new/7#x"));
    CHECK_EQ(rt_app_url_for(app, &arena, "none", NULL, 0, &url, &err),
             RT_E_NOT_FOUND);
    rt_arena_deinit(&arena);
    rt_app_free(app);
}

static const char *other_docs(rt_request *req, const char *endpoint,
                              rt_value values, const rt_error *error, void *arg)
{
    (void)error, (void)arg;
    if (strcmp(endpoint, "docs") != 0)
        return NULL;
    return rt_format(rt_arena_of(req), "https://docs.test/{}",
                     rt_dict_get_str(values, RT_STR("page")))
        .data;
}

static rt_response *outside(rt_request *req)
{
    const char *url = NULL;
    rt_error err = {0};
    rt_status status = rt_url_try(req, &url, &err, "nowhere");
    return rt_text(req, "{} {} {}", rt_url_for(req, "docs", "page", "intro"),
                   status == RT_E_NOT_FOUND, err.message);
}

RT_TEST(urls_of_other_programs_are_built_by_a_handler)
{
    rt_app *app = rt_app_new("shop");
    rt_url_error_handler(app, other_docs);
    rt_get(app, "/", outside);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/"),
             "https://docs.test/intro 1 cannot build a URL for endpoint "
             "\"nowhere\"");
    rt_client_free(client);
    rt_app_free(app);
}
