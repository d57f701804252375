// The parity application: four applications on one listener.
//
//     /            the main application
//     /mnt/sub     subdomain matching, strict session cookie, small body limit
//     /mnt/host    host matching
//     /mnt/proxy   the echo endpoints behind a trusted proxy
//
//     parity-app run --port 5000
#include <stdlib.h>

#include "parity.h"

static rt_response *index_page(rt_request *req)
{
    return rt_html(req, "parity");
}

static rt_response *teapot(rt_request *req)
{
    rt_abort(req, 418);
}

static rt_response *on_parity_error(rt_request *req, const rt_http_error *error,
                                    void *arg)
{
    (void)arg;
    return rt_set_status(
        rt_json(req, "kind", error->kind->name, "text", error->message), 422);
}

static rt_response *on_teapot(rt_request *req, const rt_http_error *error,
                              void *arg)
{
    (void)error, (void)arg;
    return rt_set_status(rt_html(req, "application teapot"), 418);
}

static const char *external_docs(rt_request *req, const char *endpoint,
                                 rt_value values, const rt_error *error,
                                 void *arg)
{
    (void)error, (void)arg;
    if (!rt_str_eq(rt_str_from(endpoint), RT_STR("external-docs")))
        return NULL;
    return rt_format(rt_arena_of(req), "https://docs.example/{}",
                     rt_dict_get_str(values, RT_STR("page")))
        .data;
}

// Session cookies are as Flask's: not secure, without SameSite, and a change
// inside of a list is not noticed. So are the answers to conditional requests.
static void configure(rt_app *app)
{
    rt_arena *arena = rt_arena_new();
    rt_value old_keys =
        rt_list_of(arena, RT_VALUES_FROM2(0, "parity-old-secret-key"));
    rt_value hosts =
        rt_list_of(arena, RT_VALUES_FROM2(0, "parity.test", ".parity.test",
                                          "127.0.0.1", "localhost"));

    rt_configure(app, "SECRET_KEY", "parity-secret-key", "SECRET_KEY_FALLBACKS",
                 old_keys, "TRUSTED_HOSTS", hosts, "MAX_FORM_PARTS", 50,
                 "SESSION_COOKIE_SAMESITE", "", "SESSION_COOKIE_SECURE", false,
                 "SESSION_NESTED_CHANGES", false, "WERKZEUG_CONDITIONS", true);
    rt_arena_delete(arena);
}

static rt_app *main_app(void)
{
    rt_app *app = rt_app_new("parity", .root_path = PARITY_ROOT);

    configure(app);
    install_hooks(app);
    install_template_functions(app);
    rt_get(app, "/", index_page);
    rt_get(app, "/teapot", teapot);
    rt_error_handler(app, &parity_error, on_parity_error);
    rt_error_handler(app, 418, on_teapot);
    rt_url_error_handler(app, external_docs);

    rt_register_blueprint(app, echo_blueprint());
    rt_register_blueprint(app, routes_blueprint(app));
    rt_register_blueprint(app, responses_blueprint());
    rt_register_blueprint(app, errors_blueprint());
    rt_register_blueprint(app, crash_blueprint());
    rt_register_blueprint(app, hooks_blueprint());
    rt_register_blueprint(app, nested_blueprint());
    rt_register_blueprint(app, language_blueprint());
    rt_register_blueprint(app, sessions_blueprint());
    rt_register_blueprint(app, templates_blueprint());
    rt_register_blueprint(app, limits_blueprint());
    rt_register_blueprint(app, utilities_blueprint());
    return app;
}

int main(int argc, char **argv)
{
    rt_app *app = main_app();

    // What earlier requests left behind lies in the memory of one worker.
    setenv("RETORT_RUN_WORKERS", "1", 0);
    rt_mount(app, "/mnt/sub", rt_app_gateway(sub_app()));
    rt_mount(app, "/mnt/host", rt_app_gateway(host_app()));
    rt_mount(app, "/mnt/proxy", rt_app_gateway(proxy_app()));
    return rt_main(app, argc, argv);
}
