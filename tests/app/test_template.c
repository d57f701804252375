// Templates in views.
#include <stdlib.h>
#include <unistd.h>

#include "app_test.h"

static char folder[] = "/tmp/retort-test-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    REQUIRE(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void write_templates(void)
{
    REQUIRE(mkdtemp(folder) != NULL);
    write_file("base.html", "<title>{% block title %}{% endblock %}</title>"
                            "{% block body %}{% endblock %}");
    write_file("page.html",
               "{% extends 'base.html' %}{% from 'part.html' import link %}"
               "{% block title %}{{ title }}{% endblock %}"
               "{% block body %}{{ text }} {{ link('page', 'go') }} "
               "{{ g.user }} {{ request.method }} {{ request.args.q }}"
               "{{ site }}{{ 3|twice }} {{ request.host_url }} "
               "{{ config.DEBUG }}{% endblock %}");
    write_file("part.html",
               "{% macro link(to, text) %}<a href=\"{{ url_for(to, n=1) }}\">"
               "{{ text }}{{ request.path }}</a>{% endmacro %}");
    write_file("note.txt", "{{ text }}");
    write_file("bad.html", "one\n{% if %}");
    write_file("fails.html", "one\n{{ missing.attribute }}");
    write_file("long.html", "{% for i in range(20000) %}{{ i }},{% endfor %}");
}

static void remove_templates(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    CHECK_EQ(system(command), 0); // NOLINT(cert-env33-c): a name of our own
}

static rt_response *page(rt_request *req)
{
    rt_g_set(req, "user", "ada");
    return rt_render(req, "page.html", "title", "<T>", "text", "a & b");
}

static rt_response *note(rt_request *req)
{
    return rt_render(req, "note.txt", "text", "a & b");
}

static rt_response *text(rt_request *req)
{
    return rt_render_string(req, "{{ text }}{{ g.nothing }}", "text", "<b>");
}

static rt_response *bad(rt_request *req)
{
    return rt_render(req, "bad.html");
}

static rt_response *fails(rt_request *req)
{
    return rt_render(req, "fails.html");
}

static rt_response *missing(rt_request *req)
{
    return rt_render(req, "nowhere.html");
}

static rt_response *first(rt_request *req)
{
    return rt_render_first(req, RT_NAMES("nowhere.html", "note.txt"), "text",
                           "note");
}

static rt_response *none(rt_request *req)
{
    return rt_render_first(req, RT_NAMES("nowhere.html", "neither.html"));
}

static rt_response *streamed(rt_request *req)
{
    return rt_stream_template(req, "long.html");
}

static void add_site(rt_request *req, rt_value context, void *arg)
{
    (void)req;
    (void)!rt_dict_set_str(context, RT_STR("site"), RT((const char *)arg));
    (void)!rt_dict_set_str(context, RT_STR("title"), RT("overridden"));
}

static rt_status twice(rt_template_call *call, rt_value *out)
{
    *out = RT(2 * rt_value_as_int(call->args[0], 0));
    return RT_OK;
}

static rt_app *make_app(void)
{
    static char site[] = "Site";
    write_templates();
    rt_app *app = rt_app_new("t", .templates = folder);
    rt_get(app, "/page/<int:n>", page, .endpoint = "page");
    rt_get(app, "/note", note);
    rt_get(app, "/text", text);
    rt_get(app, "/bad", bad);
    rt_get(app, "/fails", fails);
    rt_get(app, "/missing", missing);
    rt_get(app, "/first", first);
    rt_get(app, "/none", none);
    rt_get(app, "/streamed", streamed);
    rt_context_processor(app, add_site, .arg = site);
    rt_template_filter(app, "twice", twice);
    return app;
}

RT_TEST(a_template_sees_its_variables_and_what_belongs_to_the_request)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    rt_reply r = rt_client_get(client, "/page/7?q=x");
    CHECK_EQ(r.status, 200);
    CHECK_EQ(rt_reply_header(&r, "Content-Type"), "text/html; charset=utf-8");
    CHECK_EQ(r.body, "<title>&lt;T&gt;</title>a &amp; b <a href=\"/page/1\">go"
                     "/page/7</a> ada GET xSite6 http://localhost/ "
                     "False");
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

RT_TEST(escaping_goes_by_the_name)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_get(client, "/note").body, "a & b");
    CHECK_EQ(rt_client_get(client, "/text").body, "&lt;b&gt;");
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

RT_TEST(a_template_that_fails_is_500_and_the_log_says_where)
{
    static const struct {
        const char *path;
        const char *logged;
    } rows[] = {
        {"/bad", "bad.html:2"},
        {"/fails", "fails.html:2"},
        {"/missing", "nowhere.html"},
        {"/none", "none of the templates exists: nowhere.html, neither.html"},
    };

    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        logged[0] = '\0';
        CHECK_EQ(rt_client_get(client, rows[i].path).status, 500);
        CHECK(strstr(logged, rows[i].logged) != NULL);
    }
    rt_app_set_debug(app, true);
    CHECK(rt_str_find(rt_client_get(client, "/fails").body,
                      RT_STR("fails.html:2")) != RT_STR_NONE);
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

RT_TEST(the_first_template_that_exists_is_rendered)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    rt_reply r = rt_client_get(client, "/first");
    CHECK_EQ(r.status, 200);
    CHECK_EQ(r.body, "note");
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

RT_TEST(a_template_can_be_streamed)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    rt_reply r = rt_client_get(client, "/streamed");
    CHECK_EQ(r.status, 200);
    CHECK(!r.incomplete);
    CHECK(rt_str_starts_with(r.body, RT_STR("0,1,2,")));
    CHECK(rt_str_ends_with(r.body, RT_STR("19998,19999,")));
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

RT_TEST(a_template_that_changes_is_loaded_again)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_get(client, "/note").body, "a & b");
    write_file("note.txt", "changed {{ text }}");
    CHECK_EQ(rt_client_get(client, "/note").body, "changed a & b");
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

RT_TEST(without_reload_it_stays_as_it_was)
{
    rt_app *app = make_app();
    rt_config_set(app, "TEMPLATES_AUTO_RELOAD", false);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_client_get(client, "/note").body, "a & b");
    write_file("note.txt", "changed {{ text }}");
    CHECK_EQ(rt_client_get(client, "/note").body, "a & b");
    rt_client_free(client);
    rt_app_free(app);
    remove_templates();
}

static rt_response *part(rt_request *req)
{
    return rt_render(req, "part_of_bp.html");
}

RT_TEST(the_log_can_explain_where_a_template_was_looked_for)
{
    rt_app *app = make_app();
    rt_blueprint *bp = rt_blueprint_new("bp", .templates = "/nowhere/at/all");
    rt_get(bp, "/part", part);
    rt_register_blueprint(app, bp);
    rt_config_set(app, "EXPLAIN_TEMPLATE_LOADING", true);
    rt_client *client = rt_client_new(app);

    logged[0] = '\0';
    get(client, "/note");
    char text[512];
    snprintf(text, sizeof text,
             "INFO in t: Locating template 'note.txt':\n"
             "  1: application 't', '%s': found\n",
             folder);
    CHECK_EQ(logged, text);

    logged[0] = '\0';
    get_status(client, "/part", 500);
    snprintf(text, sizeof text,
             "INFO in t: Locating template 'part_of_bp.html':\n"
             "  1: application 't', '%s': no match\n"
             "  2: blueprint 'bp', '/nowhere/at/all': no match\n",
             folder);
    CHECK(contains(logged, text));
    end(client, app);
    remove_templates();
}

static rt_response *borrowed(rt_request *req)
{
    return rt_render_string(
        req, "{{ 3|thrice }} {{ 3 is odd_one }} {{ color }} {{ five() }}");
}

static rt_status thrice(rt_template_call *call, rt_value *out)
{
    *out = RT(3 * rt_value_as_int(call->args[0], 0));
    return RT_OK;
}

static rt_status odd_one(rt_template_call *call, rt_value *out)
{
    *out = RT(rt_value_as_int(call->args[0], 0) % 2 == 1);
    return RT_OK;
}

static rt_status five(rt_template_call *call, rt_value *out)
{
    (void)call;
    *out = RT(5);
    return RT_OK;
}

RT_TEST(a_blueprint_brings_names_for_all_templates)
{
    rt_app *app = rt_app_new("t");
    rt_blueprint *inner = rt_blueprint_new("inner");
    rt_blueprint *bp = rt_blueprint_new("bp");
    char color[] = "red";
    rt_template_filter(bp, "thrice", thrice);
    rt_template_test(bp, "odd_one", odd_one);
    rt_template_function(inner, "five", five);
    rt_template_global(inner, "color", (const char *)color);
    color[0] = 'X'; // it was copied
    rt_register_blueprint(bp, inner);
    rt_register_blueprint(app, bp);
    rt_register_blueprint(app, bp, .name = "again");
    rt_get(app, "/", borrowed);
    rt_client *client = rt_client_new(app);
    CHECK_EQ(rt_str_from(get(client, "/")), "9 True red 5");
    end(client, app);
}
