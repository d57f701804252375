// URLs of endpoints, as views build them.
#include "app_test.h"

static rt_response *any(rt_request *req)
{
    return rt_text(req, "any");
}

static rt_response *build(rt_request *req)
{
    const rt_value uuid = RT("12345678-90ab-cdef-0123-456789abcdef");
    const char *urls[] = {
        rt_url_for(req, "index"),
        rt_url_for(req, "show", "id", 7),
        rt_url_for(req, "show", "id", 7, "tab", "new"),
        rt_url_for(req, "show", "tab", "a b&c=d/\xc3\xa4", "id", "7", "x", 1.5),
        rt_url_for(req, "show", "id", 7, "gone", NULL, "also",
                   rt_value_undefined()),
        rt_url_for(req, "show", "id", 7, "t", rt_list(req, "a", 2)),
        rt_url_for(req, "show", "id", 7, "yes", true),
        rt_url_for(req, "named", "name", "a b/\xc3\xa4?#%"),
        rt_url_for(req, "wiki", "page", "a/b c"),
        rt_url_for(req, "thing", "id", uuid),
        rt_url_for(req, "index", "_anchor", "to p"),
        rt_url_for(req, "show", "id", 7, "_anchor", "top", "tab", "new"),
        rt_url_for(req, "index", "_anchor", NULL),
        rt_url_for(req, "index", "_external", true),
        rt_url_for(req, "index", "_external", false),
        rt_url_for(req, "index", "_scheme", "https"),
        rt_url_for(req, "index", "_external", true, "_scheme", "ftp"),
        rt_url_for(req, "shared"),
        rt_url_for(req, "shared", "_method", "POST"),
        rt_url_for(req, "paged", "page", 1),
        rt_url_for(req, "paged", "page", 2),
        rt_url_for(req, "index", "_other", 1),
    };
    rt_buf text;
    rt_buf_init(&text, req->arena);
    for (size_t i = 0; i < RT_COUNT(urls); i++)
        rt_buf_format(&text, "{}\n", urls[i]);
    return rt_bytes(req, rt_buf_str(&text), "text/plain");
}

static rt_app *building_app(void)
{
    rt_app *app = rt_app_new("building");
    rt_get(app, "/", any, .endpoint = "index");
    rt_get(app, "/show/<int:id>", any, .endpoint = "show");
    rt_get(app, "/name/<name>", any, .endpoint = "named");
    rt_get(app, "/wiki/<path:page>", any, .endpoint = "wiki");
    rt_get(app, "/thing/<uuid:id>", any, .endpoint = "thing");
    rt_get(app, "/read", any, .endpoint = "shared");
    rt_post(app, "/write", any, .endpoint = "shared");
    rt_get(app, "/pages", any, .endpoint = "paged",
           .defaults = RT_DEFAULTS("page", 1));
    rt_get(app, "/pages/<int:page>", any, .endpoint = "paged");
    rt_get(app, "/build", build);
    return app;
}

RT_TEST(urls_are_built_from_endpoints_and_values)
{
    rt_app *app = building_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/build"),
             "/\n"
             "/show/7\n"
             "/show/7?tab=new\n"
             "/show/7?tab=a+b%26c%3Dd/%C3%A4&x=1.5\n"
             "/show/7\n"
             "/show/7?t=a&t=2\n"
             "/show/7?yes=True\n"
             "/name/a%20b/%C3%A4%3F%23%25\n"
             "/wiki/a/b%20c\n"
             "/thing/12345678-90ab-cdef-0123-"
             "456789abcdef\n"
             "/#to%20p\n"
             "/show/7?tab=new#top\n"
             "/\n"
             "http://localhost/\n"
             "/\n"
             "https://localhost/\n"
             "http://localhost/\n" // as Werkzeug: no other scheme
             "/read\n"
             "/write\n"
             "/pages\n"
             "/pages/2\n"
             "/?_other=1\n");
    CHECK_EQ(logged, "");
    end(client, app);
}

RT_TEST(an_external_url_has_the_scheme_and_host_of_the_request)
{
    rt_app *app = building_app();
    rt_client *client = rt_client_new(app);

    CHECK(contains(get(client, "https://example.org:8443/build"),
                   "\nhttps://example.org:8443/\n"));
    end(client, app);
}

// ---- what cannot be built ----------------------------------------------------

static rt_response *endpoint_missing(rt_request *req)
{
    return rt_redirect(req, rt_url_for(req, "shwo", "id", 7));
}

static rt_response *value_missing(rt_request *req)
{
    return rt_redirect(req, rt_url_for(req, "show", "ID", 7));
}

static rt_response *value_none(rt_request *req)
{
    return rt_redirect(req, rt_url_for(req, "show", "id", NULL));
}

static rt_response *value_wrong(rt_request *req)
{
    return rt_redirect(req, rt_url_for(req, "show", "id", "seven"));
}

static rt_response *method_wrong(rt_request *req)
{
    return rt_redirect(req, rt_url_for(req, "shared", "_method", "PUT"));
}

RT_TEST(what_cannot_be_built_is_500_and_the_log_says_why)
{
    static const struct {
        const char *path, *says;
    } rows[] = {
        {"/endpoint-missing", "\"show\""}, // suggested
        {"/value-missing", "id"},          {"/value-none", "id"},
        {"/value-wrong", "show"},          {"/method-wrong", "shared"},
    };

    rt_app *app = building_app();
    rt_get(app, "/endpoint-missing", endpoint_missing);
    rt_get(app, "/value-missing", value_missing);
    rt_get(app, "/value-none", value_none);
    rt_get(app, "/value-wrong", value_wrong);
    rt_get(app, "/method-wrong", method_wrong);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        logged[0] = '\0';
        CHECK(contains(get_status(client, rows[i].path, 500), "500 Internal"));
        CHECK(rt_str_starts_with(rt_str_from(logged),
                                 RT_STR("ERROR in building: Exception on /")));
        CHECK(contains(logged, rows[i].says));
    }
    end(client, app);
}
