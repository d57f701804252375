#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app_test.h"

// ---- rules and names -----------------------------------------------------------

static rt_response *describe(rt_request *req)
{
    const char *name = rt_blueprint_of(req);
    return rt_text(req, "{} {} {} {}", rt_endpoint(req), name,
                   rt_blueprints_of(req),
                   name ? rt_url_for(req, ".describe") : "-");
}

static rt_response *numbered(rt_request *req, int64_t n)
{
    return rt_text(req, "{} {}", rt_endpoint(req), n);
}

RT_TEST(blueprints_are_registered_in_each_other)
{
    static const struct {
        const char *path, *body;
    } rows[] = {
        {"/", "describe None [] -"},
        {"/n/", "n.describe n ['n'] /n/"},
        {"/n/c/", "n.c.describe n.c ['n.c', 'n'] /n/c/"},
        {"/n/c/deep/", "n.c.d.describe n.c.d ['n.c.d', 'n.c', 'n'] /n/c/deep/"},
        {"/n/two/", "n.c2.describe n.c2 ['n.c2', 'n'] /n/two/"},
        {"/n/two/deep/",
         "n.c2.d.describe n.c2.d ['n.c2.d', 'n.c2', 'n'] /n/two/deep/"},
        {"/n/c/7", "n.c.numbered 7"},
        {"/plain", "plain.describe plain ['plain'] /plain"},
        {"/bare", "bare.describe bare ['bare'] /bare"},
    };

    rt_app *app = rt_app_new("shop");
    rt_blueprint *parent = rt_blueprint_new("n", .url_prefix = "/n");
    rt_blueprint *child = rt_blueprint_new("c", .url_prefix = "/c/");
    rt_blueprint *grandchild = rt_blueprint_new("d");
    rt_get(app, "/", describe);
    rt_get(parent, "/", describe);
    rt_get(child, "/", describe);
    rt_get(child, "/<int:n>", numbered);
    rt_get(grandchild, "/", describe);
    rt_register_blueprint(child, grandchild, .url_prefix = "/deep");
    rt_register_blueprint(parent, child);
    rt_register_blueprint(parent, child, .name = "c2", .url_prefix = "/two");
    rt_register_blueprint(app, parent);

    rt_blueprint *plain = rt_blueprint_new("plain");
    rt_get(plain, "/plain", describe);
    rt_register_blueprint(app, plain);
    rt_blueprint *bare = rt_blueprint_new("bare", .url_prefix = "/bare");
    rt_get(bare, "", describe);
    rt_register_blueprint(app, bare);

    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        CHECK_EQ(get(client, rows[i].path), rows[i].body);
    }
    end(client, app);
}

RT_TEST(a_blueprint_is_registered_with_several_applications)
{
    rt_blueprint *bp = rt_blueprint_new("bp");
    rt_get(bp, "/x", describe);
    rt_app *one = rt_app_new("one");
    rt_app *two = rt_app_new("two");
    rt_register_blueprint(one, bp);
    rt_register_blueprint(two, bp, .url_prefix = "/two");
    rt_client *client = rt_client_new(one);
    CHECK_EQ(get(client, "/x"), "bp.describe bp ['bp'] /x");
    end(client, one);
    client = rt_client_new(two);
    CHECK_EQ(get(client, "/two/x"), "bp.describe bp ['bp'] /two/x");
    end(client, two);
}

static rt_response *show_args(rt_request *req)
{
    return rt_text(req, "{} {}", rt_arg(req, "a"), rt_arg(req, "b"));
}

RT_TEST(defaults_of_rule_registration_and_blueprint_are_joined)
{
    rt_app *app = rt_app_new("shop");
    rt_blueprint *bp =
        rt_blueprint_new("bp", .url_defaults = RT_DEFAULTS("a", 1, "b", 1));
    rt_get(bp, "/own", show_args, .endpoint = "own",
           .defaults = RT_DEFAULTS("b", 3));
    rt_get(bp, "/none", show_args, .endpoint = "none");
    rt_register_blueprint(app, bp, .url_defaults = RT_DEFAULTS("a", 2));
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/own"), "2 3");
    CHECK_EQ(get(client, "/none"), "2 1");
    end(client, app);
}

// ---- hooks -----------------------------------------------------------------------

static rt_response *before(rt_request *req, void *arg)
{
    trace(arg);
    const char *stop = rt_query_get(req, "stop", "");
    return strcmp(stop, arg) == 0 ? rt_text(req, "stopped") : NULL;
}

static rt_response *after(rt_request *req, rt_response *response, void *arg)
{
    (void)req;
    trace(arg);
    return response;
}

static void teardown(rt_request *req, const rt_http_error *error, void *arg)
{
    (void)req;
    trace(arg);
    if (error)
        trace("error");
}

static rt_response *late(rt_request *req, rt_response *response, void *arg)
{
    (void)req;
    trace("late");
    return rt_set_header(response, "X-Late", arg);
}

static rt_response *view(rt_request *req)
{
    trace("view");
    rt_after_this_request(req, late, word("1"));
    return rt_text(req, "viewed");
}

static rt_response *fail(rt_request *req)
{
    rt_raise(req, RT_ANY_ERROR, "broken");
}

RT_TEST(hooks_run_from_the_outside_in_and_back)
{
    static const struct {
        const char *path, *trace;
    } rows[] = {
        {"/p/c/",
         "app wide p1 p2 c view late c- p2- p1- wide- app- c! p! app!"},
        {"/p/", "app wide p1 p2 view late p2- p1- wide- app- p! app!"},
        {"/none", "app wide wide- app- app!"},
        {"/p/none", "app wide wide- app- app!"},
        {"/p/c/?stop=p1", "app wide p1 c- p2- p1- wide- app- c! p! app!"},
        {"/p/c/?stop=app", "app c- p2- p1- wide- app- c! p! app!"},
        {"/p/fail", "app wide p1 p2 p2- p1- wide- app- p! error app! error"},
    };

    rt_app *app = rt_app_new("shop");
    rt_blueprint *p = rt_blueprint_new("p", .url_prefix = "/p");
    rt_blueprint *c = rt_blueprint_new("c", .url_prefix = "/c");
    rt_before_request(app, before, .arg = word("app"));
    rt_after_request(app, after, .arg = word("app-"));
    rt_teardown_request(app, teardown, .arg = word("app!"));
    rt_before_request(p, before, .arg = word("p1"));
    rt_before_request(p, before, .arg = word("p2"));
    rt_after_request(p, after, .arg = word("p1-"));
    rt_after_request(p, after, .arg = word("p2-"));
    rt_teardown_request(p, teardown, .arg = word("p!"));
    rt_before_request(p, before, .arg = word("wide"), .app_wide = true);
    rt_after_request(p, after, .arg = word("wide-"), .app_wide = true);
    rt_before_request(c, before, .arg = word("c"));
    rt_after_request(c, after, .arg = word("c-"));
    rt_teardown_request(c, teardown, .arg = word("c!"));
    rt_get(p, "/", view);
    rt_get(p, "/fail", fail);
    rt_get(c, "/", view);
    rt_register_blueprint(p, c);
    rt_register_blueprint(app, p);
    // wide hooks are added once
    rt_register_blueprint(app, p, .name = "again", .url_prefix = "/again");

    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        traced[0] = '\0';
        rt_client_get(client, rows[i].path);
        CHECK_EQ(traced, rows[i].trace);
    }
    rt_reply reply = rt_client_get(client, "/p/");
    CHECK_EQ(rt_headers_get(&reply.headers, RT_STR("X-Late")), RT_STR("1"));
    end(client, app);
}

// ---- values of URLs ---------------------------------------------------------------

static void pull_language(rt_request *req, const char *endpoint,
                          rt_value values, void *arg)
{
    (void)arg;
    CHECK(strncmp(endpoint, "i.", 2) == 0);
    rt_g_set(req, "lang", rt_dict_get_str(values, RT_STR("lang")));
    CHECK_EQ(rt_dict_remove(values, RT("lang")), RT_OK);
}

static void add_language(rt_request *req, const char *endpoint, rt_value values,
                         void *arg)
{
    (void)endpoint, (void)arg;
    rt_value lang = rt_g_get(req, "lang");
    if (!rt_dict_has(values, RT("lang")) && !rt_value_is_undefined(lang))
        CHECK_EQ(rt_dict_set_str(values, RT_STR("lang"), lang), RT_OK);
}

static rt_response *item(rt_request *req, int64_t n)
{
    return rt_text(req, "{} {} {} {} {}", rt_g_get(req, "lang"), n,
                   rt_arg(req, "lang"), rt_url_for(req, ".item", "n", 2),
                   rt_url_for(req, "i.item", "n", 2, "lang", "de"));
}

RT_TEST(values_are_taken_from_urls_and_put_into_them)
{
    rt_app *app = rt_app_new("shop");
    rt_blueprint *bp = rt_blueprint_new("i", .url_prefix = "/<lang>");
    rt_url_value_preprocessor(bp, pull_language);
    rt_url_default_values(bp, add_language);
    rt_get(bp, "/item/<int:n>", item);
    rt_register_blueprint(app, bp);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/fr/item/1"), "fr 1  /fr/item/2 /de/item/2");
    end(client, app);
}

// ---- templates ----------------------------------------------------------------------

static char folder[] = "/tmp/retort-blueprint-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static rt_response *render(rt_request *req, const char *name)
{
    return rt_render(req, name, "own", 1);
}

static void add_names(rt_request *req, rt_value context, void *arg)
{
    (void)req;
    CHECK_EQ(rt_dict_set_str(context, RT_STR("who"), RT((const char *)arg)),
             RT_OK);
    CHECK_EQ(rt_dict_set_str(context, RT_STR("own"), RT("lost")), RT_OK);
}

RT_TEST(templates_of_blueprints_come_after_those_of_the_application)
{
    char path[256];
    if (!mkdtemp(folder))
        abort();
    snprintf(path, sizeof path, "%s/templates", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/more", folder);
    mkdir(path, 0700);
    write_file("templates/both.html", "application {{ who }}");
    write_file("more/both.html", "blueprint");
    write_file("more/own.html", "own {{ who }} {{ own }}");

    rt_app *app = rt_app_new("shop", .root_path = folder);
    rt_blueprint *bp =
        rt_blueprint_new("bp", .url_prefix = "/bp", .templates = "more");
    rt_context_processor(app, add_names, .arg = word("app"));
    rt_context_processor(bp, add_names, .arg = word("bp"));
    rt_get(app, "/<name>", render);
    rt_get(bp, "/<name>", render);
    rt_register_blueprint(app, bp);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(get(client, "/both.html"), "application app");
    CHECK_EQ(get(client, "/own.html"), "own app 1");
    CHECK_EQ(get(client, "/bp/both.html"), "application bp");
    CHECK_EQ(get(client, "/bp/own.html"), "own bp 1");
    get_status(client, "/bp/missing.html", 500);
    end(client, app);
    rt_arena arena = {0};
    CHECK_EQ(system(rt_format(&arena, "rm -r {}", folder).data), 0);
    rt_arena_deinit(&arena);
}
