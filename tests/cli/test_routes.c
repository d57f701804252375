// The command `routes`.
#include <string.h>

#include "cli_test.h"

static rt_response *view(rt_request *req)
{
    return rt_text(req, "view");
}

static rt_response *answer(void *self, rt_request *req)
{
    (void)self;
    return rt_text(req, "other");
}

static rt_app *make_app(void)
{
    rt_app *app = rt_app_new("site");
    rt_get(app, "/<path:rest>", view, .endpoint = "pages");
    rt_route(app, "/login", view, .endpoint = "login", .methods = "GET POST");
    rt_get(app, "/about", view, .endpoint = "about");
    return app;
}

static rt_app *make_api(const char *name)
{
    rt_app *api = rt_app_new(name);
    rt_delete(api, "/items/<int:id>", view, .endpoint = "remove");
    rt_get(api, "/items", view, .endpoint = "list");
    return api;
}

RT_TEST(rules_are_listed_as_flask_lists_them)
{
    rt_app *app = make_app();
    outcome o = cli(app, "routes");
    CHECK_EQ(o.status, 0);
    CHECK_EQ(o.text, "Endpoint  Methods    Rule\n"
                     "--------  ---------  ------------\n"
                     "about     GET        /about\n"
                     "login     GET, POST  /login\n"
                     "pages     GET        /<path:rest>\n");
    rt_app_free(app);
}

RT_TEST(they_are_sorted_as_asked)
{
    static const struct {
        const char *order, *first;
    } rows[] = {{"endpoint", "\nabout "},
                {"methods", "\npages "},
                {"domain", "\npages "},
                {"rule", "\npages "},
                {"match", "\nlogin "}};

    rt_app *app = make_app();
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].order);
        outcome o = cli(app, "routes", "--sort", rows[i].order);
        const char *dashes = strstr(o.text, "---\n");
        REQUIRE(dashes != NULL);
        CHECK(rt_str_starts_with(rt_str_from(dashes + 3),
                                 rt_str_from(rows[i].first)));
    }
    outcome o = cli(app, "routes", "--sort", "size");
    CHECK_EQ(o.status, 2);
    CHECK_HAS(o.text, "'size' is not one of 'endpoint', 'methods', ");
    CHECK_EQ(cli(app, "routes", "extra").status, 2);
    rt_app_free(app);
}

RT_TEST(methods_that_come_by_themselves_are_shown_when_asked_for)
{
    rt_app *app = make_app();
    CHECK_HAS(cli(app, "routes", "--all-methods").text,
              "login     GET, HEAD, POST, OPTIONS  /login\n");
    rt_app_free(app);
}

RT_TEST(what_is_mounted_is_listed_with_its_prefix)
{
    rt_app *inner = make_api("inner"), *api = make_api("api"),
           *app = make_app();
    rt_mount(api, "/deep", rt_app_gateway(inner));
    rt_mount(app, "/api", rt_app_gateway(api));
    rt_mount(app, "/other", (rt_gateway){.fn = answer});
    CHECK_EQ(cli(app, "routes", "-s", "match").text,
             "Endpoint  Methods    Application  Rule\n"
             "--------  ---------  -----------  ------------------------\n"
             "list      GET        inner        /api/deep/items\n"
             "remove    DELETE     inner        /api/deep/items/<int:id>\n"
             "          *                       /other/...\n"
             "list      GET        api          /api/items\n"
             "remove    DELETE     api          /api/items/<int:id>\n"
             "login     GET, POST  site         /login\n"
             "about     GET        site         /about\n"
             "pages     GET        site         /<path:rest>\n");
    rt_app_free(app);
    rt_app_free(api);
    rt_app_free(inner);
}

RT_TEST(hosts_and_subdomains_have_a_column)
{
    rt_app *app = rt_app_new("site", .subdomain_matching = true);
    rt_get(app, "/", view, .endpoint = "start");
    rt_get(app, "/", view, .endpoint = "api", .subdomain = "api");
    CHECK_EQ(cli(app, "routes", "--sort", "domain").text,
             "Endpoint  Methods  Subdomain  Rule\n"
             "--------  -------  ---------  ----\n"
             "start     GET                 /\n"
             "api       GET      api        /\n");
    rt_app_free(app);

    app = rt_app_new("site", .urls.host_matching = true);
    rt_get(app, "/", view, .endpoint = "shop", .host = "shop.example.org");
    CHECK_EQ(cli(app, "routes").text,
             "Endpoint  Methods  Host              Rule\n"
             "--------  -------  ----------------  ----\n"
             "shop      GET      shop.example.org  /\n");
    rt_app_free(app);
}
