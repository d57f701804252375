// Flashed messages: kept for the next page, shown once, chosen by category.
#include "app_test.h"

static rt_response *flash(rt_request *req)
{
    rt_list_each(m, rt_query_all(req, "m"))
        rt_flash(req, *m, .category = rt_query_get(req, "c", NULL));
    return rt_redirect(req, "/flashes");
}

static rt_response *flashes(rt_request *req)
{
    const char *only[] = {rt_query_get(req, "only", NULL), NULL};
    rt_value first =
        rt_flashed(req, .with_categories = true, .categories = only);
    return rt_json(req, "first", first, "again", rt_flashed(req));
}

static rt_response *plain(rt_request *req)
{
    char text[] = "in an array";
    rt_flash(req, text);
    rt_flash(req, rt_value_safe(RT_STR("<b>safe</b>")), .category = "html");
    text[0] = 'x'; // it has been copied
    return rt_text(req, "");
}

static rt_response *page(rt_request *req)
{
    return rt_render_string(
        req, "{% for m in get_flashed_messages() %}[{{ m }}]{% endfor %}"
             "{% for c, m in get_flashed_messages(with_categories=true, "
             "category_filter=['html']) %}({{ c }}: {{ m }}){% endfor %}"
             "{{ get_flashed_messages(true, 'html and more')|length }}"
             "{{ get_flashed_messages(false, ['none'])|length }}");
}

static rt_response *wrong(rt_request *req)
{
    return rt_render_string(req, "{{ get_flashed_messages(categories=1) }}");
}

static rt_app *new_app(void)
{
    rt_app *app = rt_app_new("shop");
    rt_get(app, "/flash", flash);
    rt_get(app, "/flashes", flashes);
    rt_get(app, "/plain", plain);
    rt_get(app, "/page", page);
    rt_get(app, "/wrong", wrong);
    rt_configure(app, "SECRET_KEY", "key");
    return app;
}

RT_TEST(messages_are_shown_once)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    get_status(client, "/flash?m=one&m=two&c=info", 303);
    CHECK_EQ(rt_str_from(get(client, "/flashes")),
             "{\"again\":[\"one\",\"two\"],"
             "\"first\":[[\"info\",\"one\"],[\"info\",\"two\"]]}\n");
    CHECK_EQ(rt_str_from(get(client, "/flashes")),
             "{\"again\":[],\"first\":[]}\n");
    CHECK(!rt_client_cookie(client, "session"));
    end(client, app);
}

RT_TEST(messages_gather_until_they_are_shown_and_are_chosen_by_category)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    get_status(client, "/flash?m=a&c=error", 303);
    get_status(client, "/flash?m=b", 303);
    CHECK_EQ(rt_str_from(get(client, "/flashes?only=message")),
             "{\"again\":[\"a\",\"b\"],\"first\":[[\"message\",\"b\"]]}\n");
    end(client, app);
}

RT_TEST(templates_show_them)
{
    rt_app *app = new_app();
    rt_client *client = rt_client_new(app);
    get(client, "/plain");
    CHECK_EQ(rt_str_from(get(client, "/page")),
             "[in an array][<b>safe</b>](html: <b>safe</b>)10");
    CHECK_EQ(rt_str_from(get(client, "/page")), "00");
    get_status(client, "/wrong", 500);
    end(client, app);
}

RT_TEST(without_a_key_nothing_is_flashed)
{
    rt_app *app = new_app();
    rt_configure(app, "SECRET_KEY", "");
    rt_client *client = rt_client_new(app);
    get_status(client, "/plain", 500);
    CHECK_EQ(rt_str_from(get(client, "/flashes")),
             "{\"again\":[],\"first\":[]}\n");
    end(client, app);
}
