// The applications below /mnt: subdomains, hosts, and what is behind a proxy.
#include "parity.h"

// ---- /mnt/sub --------------------------------------------------------------------

// Subdomains, another session cookie, a global body limit.

static rt_response *main_page(rt_request *req)
{
    return rt_json(req, "where", "main", "api", rt_url_for(req, "api"), "user",
                   rt_url_for(req, "user", "name", "ann"));
}

static rt_response *api(rt_request *req)
{
    return rt_json(req, "where", "api", "main", rt_url_for(req, "main"), "own",
                   rt_url_for(req, "api"));
}

static rt_response *user(rt_request *req, rt_value name)
{
    return rt_json(req, "where", "user", "name", name, "own",
                   rt_url_for(req, "user", "name", name));
}

static rt_response *ordered(rt_request *req)
{
    rt_value inner = rt_dict(req, "y", rt_value_none(), "b", 2);
    return rt_json(req, "z", 1, "a", "caf\u00e9", "m", rt_list(req, 1, inner));
}

static rt_response *upload(rt_request *req)
{
    return rt_json(req, "size", rt_body(req).len);
}

static rt_response *form(rt_request *req)
{
    return rt_json(req, "form", pairs_of(req, rt_form_params(req)));
}

static rt_response *visit(rt_request *req)
{
    rt_session_set_permanent(req, query_is(req, "p", "1"));
    int64_t visits = rt_value_as_int(rt_session_get(req, "visits"), 0) + 1;
    rt_session_set(req, "visits", visits);
    return rt_json(req, "visits", visits);
}

static rt_response *peek(rt_request *req)
{
    rt_value visits = rt_session_get(req, "visits");
    return rt_json(req, "visits",
                   rt_value_is_undefined(visits) ? rt_value_none() : visits);
}

static rt_response *leave(rt_request *req)
{
    rt_session_clear(req);
    return rt_html(req, "left");
}

static rt_response *file(rt_request *req)
{
    return rt_send_from_directory(req, "static/files", "hello.txt",
                                  .no_etag = true,
                                  .last_modified_us = FIXED_TIME);
}

static rt_response *show(rt_request *req)
{
    return describe_request(req);
}

static rt_response *slash(rt_request *req)
{
    return rt_html(req, "slash");
}

static void configure_sub(rt_app *app)
{
    rt_configure(app, "SECRET_KEY", "parity-secret-key", "SERVER_NAME",
                 "parity.test", "PREFERRED_URL_SCHEME", "https",
                 "APPLICATION_ROOT", "/mnt/sub", "SESSION_COOKIE_NAME", "sid",
                 "SESSION_COOKIE_SECURE", true, "SESSION_COOKIE_HTTPONLY",
                 false, "SESSION_COOKIE_SAMESITE", "Strict",
                 "SESSION_COOKIE_PARTITIONED", true, "SESSION_COOKIE_DOMAIN",
                 "parity.test", "SESSION_REFRESH_EACH_REQUEST", false,
                 "SESSION_NESTED_CHANGES", false, "WERKZEUG_CONDITIONS", true,
                 "PERMANENT_SESSION_LIFETIME", 3600, "MAX_CONTENT_LENGTH", 2048,
                 "PROVIDE_AUTOMATIC_OPTIONS", false,
                 "SEND_FILE_MAX_AGE_DEFAULT", 120);
}

rt_app *sub_app(void)
{
    rt_app *app =
        rt_app_new("parity_sub", .root_path = PARITY_ROOT, .static_folder = "",
                   .subdomain_matching = true, .json_keep_order = true,
                   .json_unicode = true, .json_compact = RT_OFF,
                   .json_type = "application/vnd.parity+json");
    configure_sub(app);
    rt_get(app, "/", main_page, .endpoint = "main");
    rt_get(app, "/", api, .subdomain = "api");
    rt_get(app, "/who", user, .subdomain = "<name>.users");
    rt_get(app, "/ordered", ordered);
    rt_post(app, "/upload", upload);
    rt_post(app, "/form", form);
    rt_get(app, "/visit", visit);
    rt_get(app, "/peek", peek);
    rt_get(app, "/leave", leave);
    rt_get(app, "/file", file);
    rt_get(app, "/request", show);
    rt_get(app, "/slash/", slash);
    return app;
}

// ---- /mnt/host -------------------------------------------------------------------

static rt_response *host_a(rt_request *req)
{
    return rt_json(req, "host", "a", "other", rt_url_for(req, "b"), "own",
                   rt_url_for(req, "a"));
}

static rt_response *host_b(rt_request *req)
{
    return rt_json(req, "host", "b", "other", rt_url_for(req, "a"));
}

static rt_response *shop(rt_request *req, rt_value tenant)
{
    return rt_json(req, "host", "tenant", "tenant", tenant, "own",
                   rt_url_for(req, "shop", "tenant", tenant));
}

rt_app *host_app(void)
{
    rt_app *app = rt_app_new("parity_host", .root_path = PARITY_ROOT,
                             .static_folder = "", .urls.host_matching = true);
    rt_configure(app, "SECRET_KEY", "parity-secret-key");
    rt_get(app, "/", host_a, .endpoint = "a", .host = "a.parity.test");
    rt_get(app, "/", host_b, .endpoint = "b", .host = "b.parity.test");
    rt_get(app, "/shop/", shop, .host = "<tenant>.tenants.test");
    return app;
}

// ---- /mnt/proxy ------------------------------------------------------------------

static rt_response *link_page(rt_request *req)
{
    return rt_json(req, "inner", rt_url_for(req, "link"), "outer",
                   rt_url_for(req, "link", "_external", true));
}

rt_app *proxy_app(void)
{
    rt_app *app = rt_app_new(
        "parity_proxy", .root_path = PARITY_ROOT, .static_folder = "",
        .trust_proxy = {
            .x_for = 1, .x_proto = 1, .x_host = 1, .x_port = 1, .x_prefix = 1});
    rt_configure(app, "SECRET_KEY", "parity-secret-key");
    rt_register_blueprint(app, echo_blueprint());
    rt_get(app, "/link/", link_page, .endpoint = "link");
    return app;
}
