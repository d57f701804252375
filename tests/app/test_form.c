// Forms: fields, files, limits, and their place between body and query.
#include "app_test.h"

#define URLENCODED "application/x-www-form-urlencoded"

static const char *params_text(rt_request *req, const rt_params *params)
{
    rt_buf out;
    rt_buf_init(&out, rt_arena_of(req));
    for (size_t i = 0; i < params->len; i++)
        rt_buf_printf(&out, "%.*s=%.*s;", RT_STR_ARG(params->items[i].name),
                      RT_STR_ARG(params->items[i].value));
    return rt_buf_str(&out).data;
}

static const char *files_text(rt_request *req)
{
    rt_buf out;
    rt_buf_init(&out, rt_arena_of(req));
    rt_vec_each(const rt_upload, file, rt_files(req)) {
        rt_str contents;
        CHECK(!rt_file_read(file, rt_arena_of(req), &contents));
        rt_buf_printf(&out, "%.*s|%.*s|%.*s|%.*s;", RT_STR_ARG(file->field),
                      RT_STR_ARG(file->filename),
                      RT_STR_ARG(file->content_type), RT_STR_ARG(contents));
    }
    return rt_buf_str(&out).data;
}

static rt_response *echo(rt_request *req)
{
    return rt_text(req, "{}{}", params_text(req, rt_form_params(req)),
                   files_text(req));
}

static rt_response *needed(rt_request *req)
{
    return rt_text(req, "{}", rt_form(req, "needed"));
}

static rt_response *typed(rt_request *req)
{
    return rt_text(req, "{} {} {} {} {}", rt_form_get(req, "a", "none"),
                   rt_form_int(req, "n", -1), rt_form_float(req, "x", 0.5),
                   rt_list_len(rt_form_all(req, "a")),
                   rt_dict_len(rt_form_dict(req)));
}

static rt_response *values(rt_request *req)
{
    const rt_params *params = rt_values(req);
    CHECK(rt_values(req) == params);
    return rt_text(req, "{}", params_text(req, params));
}

static rt_response *data_then_form(rt_request *req)
{
    size_t len = rt_body(req).len;
    return rt_text(req, "{} {}", len, params_text(req, rt_form_params(req)));
}

static rt_response *form_then_data(rt_request *req)
{
    const char *form = params_text(req, rt_form_params(req));
    return rt_text(req, "{} {}", rt_body(req).len, form);
}

static rt_response *upload(rt_request *req)
{
    const rt_upload *file = rt_file(req, "doc");
    CHECK(rt_file_get(req, "doc") == file);
    return rt_text(req, "{} {}",
                   rt_secure_filename(rt_arena_of(req), file->filename),
                   file->size);
}

static rt_response *strict(rt_request *req)
{
    if (rt_form_is_damaged(req))
        rt_abort(req, 400, "The form is damaged.");
    return rt_text(req, "fine");
}

static rt_response *limit_memory(rt_request *req, int64_t n)
{
    rt_set_max_form_memory(req, (uint64_t)n);
    return echo(req);
}

static rt_response *limit_parts(rt_request *req, int64_t n)
{
    rt_set_max_form_parts(req, (uint64_t)n);
    return echo(req);
}

static rt_response *limit_body(rt_request *req, int64_t n)
{
    rt_set_max_body(req, (uint64_t)n);
    return echo(req);
}

static rt_response *to_echo(rt_request *req)
{
    return rt_redirect(req, "/echo", .status = 307);
}

static rt_app *make_app(void)
{
    rt_app *app = rt_app_new("forms");
    rt_route(app, "/echo", echo, .methods = "GET POST PUT");
    rt_post(app, "/needed", needed);
    rt_post(app, "/typed", typed);
    rt_route(app, "/values", values, .methods = "GET POST");
    rt_post(app, "/data-then-form", data_then_form);
    rt_post(app, "/form-then-data", form_then_data);
    rt_post(app, "/upload", upload);
    rt_post(app, "/strict", strict);
    rt_post(app, "/memory/<int:n>", limit_memory);
    rt_post(app, "/parts/<int:n>", limit_parts);
    rt_post(app, "/body/<int:n>", limit_body);
    rt_post(app, "/to-echo", to_echo);
    return app;
}

RT_TEST(fields_are_read_from_the_body)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/echo",
                            .form = RT_FIELDS("a", "1 \xc3\xa9&", "b", 2, "a",
                                              true))
                 .body,
             "a=1 \xc3\xa9&;b=2;a=True;");
    CHECK_EQ(rt_client_put(client, "/echo", .form = RT_FIELDS("a", "")).body,
             "a=;");
    CHECK_EQ(rt_client_post(client, "/echo").body, "");
    CHECK_EQ(rt_client_post(client, "/echo", .body = RT_STR("a=1"),
                            .type = "text/plain")
                 .body,
             "");
    CHECK_EQ(rt_client_request(client, "GET", "/echo", .body = RT_STR("a=1"),
                               .type = URLENCODED)
                 .body,
             "a=1;");
    end(client, app);
}

RT_TEST(a_missing_field_is_400_and_named_in_debug_mode)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/needed", .form = RT_FIELDS("needed", "x"))
                 .body,
             "x");
    rt_reply reply =
        rt_client_post(client, "/needed", .form = RT_FIELDS("a", 1));
    CHECK_EQ(reply.status, 400);
    CHECK(!contains(reply.body.data, "needed"));
    reply = rt_client_post(client, "/needed", .type = URLENCODED,
                           .body = RT_STR("needed=a%00b"));
    CHECK_EQ(reply.status, 400);

    rt_app_set_debug(app, true);
    reply = rt_client_post(client, "/needed");
    CHECK_EQ(reply.status, 400);
    CHECK(contains(reply.body.data, "The form field"));
    CHECK(contains(reply.body.data, "needed"));
    end(client, app);
}

RT_TEST(fields_have_defaults_and_types)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/typed").body, "none -1 0.5 0 0");
    CHECK_EQ(rt_client_post(client, "/typed",
                            .form = RT_FIELDS("a", "1", "a", "2", "n", " +7 ",
                                              "x", "1e3"))
                 .body,
             "1 7 1000.0 2 3");
    CHECK_EQ(rt_client_post(client, "/typed",
                            .form = RT_FIELDS("n", "7x", "x", "inf"))
                 .body,
             "none -1 0.5 0 2");
    end(client, app);
}

RT_TEST(values_are_those_of_the_query_and_then_the_form)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/values?a=1&b=2"), "a=1;b=2;");
    CHECK_EQ(rt_client_post(client, "/values?a=1&b=2",
                            .form = RT_FIELDS("a", 9, "c", 3))
                 .body,
             "a=1;b=2;a=9;c=3;");
    CHECK_EQ(rt_client_request(client, "GET", "/values?a=1",
                               .body = RT_STR("a=9"), .type = URLENCODED)
                 .body,
             "a=1;");
    end(client, app);
}

RT_TEST(a_kept_body_is_parsed_and_a_parsed_one_is_gone)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/data-then-form",
                            .form = RT_FIELDS("a", "1"))
                 .body,
             "3 a=1;");
    CHECK_EQ(rt_client_post(client, "/form-then-data",
                            .form = RT_FIELDS("a", "1"))
                 .body,
             "0 a=1;");
    CHECK_EQ(rt_client_post(client, "/form-then-data", .body = RT_STR("a=1"),
                            .type = "text/plain")
                 .body,
             "3 ");
    end(client, app);
}

// ---- files --------------------------------------------------------------------

RT_TEST(files_come_with_fields)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    rt_reply reply =
        rt_client_post(client, "/echo", .form = RT_FIELDS("a", "1"),
                       .files =
                           RT_FILES({.field = "doc",
                                     .filename = "a \"b\".txt",
                                     .type = "text/plain",
                                     .data = RT_STR("1\r\n2")},
                                    {.field = "none", .data = RT_STR("")}));
    CHECK_EQ(reply.body, "a=1;doc|a \"b\".txt|text/plain|1\r\n2;none|||;");

    reply = rt_client_post(client, "/upload",
                           .files = RT_FILES({.field = "doc",
                                              .filename = "../my doc",
                                              .data = RT_STR("123")}));
    CHECK_EQ(reply.body, "my_doc 3");
    end(client, app);
}

RT_TEST(a_missing_file_is_400_and_the_usual_mistake_is_named)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/upload").status, 400);
    rt_app_set_debug(app, true);
    rt_reply reply =
        rt_client_post(client, "/upload", .form = RT_FIELDS("doc", "a.txt"));
    CHECK_EQ(reply.status, 400);
    CHECK(contains(reply.body.data, "enctype"));
    reply = rt_client_post(client, "/upload", .form = RT_FIELDS("x", "a.txt"));
    CHECK(contains(reply.body.data, "The file"));
    end(client, app);
}

RT_TEST(forms_are_sent_again_where_a_redirect_says_so)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/to-echo", .follow_redirects = true,
                            .form = RT_FIELDS("a", "1"))
                 .body,
             "a=1;");
    end(client, app);
}

RT_TEST(a_boundary_never_stands_in_what_is_sent)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_post(
        client, "/echo", .form = RT_FIELDS("a", "------retort-client-0--"),
        .files = RT_FILES(
            {.field = "f", .data = RT_STR("\r\n------retort-client-1\r\n")}));
    CHECK_EQ(reply.body, "a=------retort-client-0--;"
                         "f|||\r\n------retort-client-1\r\n;");
    end(client, app);
}

// ---- damage and limits ----------------------------------------------------------

RT_TEST(a_damaged_form_is_empty_unless_the_view_is_strict)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    static const char type[] = "multipart/form-data; boundary=b";
    rt_str cut =
        RT_STR("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1");

    rt_reply reply = rt_client_post(client, "/echo", .body = cut, .type = type);
    CHECK_EQ(reply.status, 200);
    CHECK_EQ(reply.body, "");
    reply = rt_client_post(client, "/strict", .body = cut, .type = type);
    CHECK_EQ(reply.status, 400);
    CHECK_EQ(rt_client_post(client, "/strict", .form = RT_FIELDS("a", 1)).body,
             "fine");
    end(client, app);
}

RT_TEST(fields_parts_and_bodies_are_limited_per_request)
{
    rt_app *app = make_app();
    rt_client *client = rt_client_new(app);
    const rt_client_file *file = RT_FILES({.field = "f", .data = RT_STR("12")});

    const struct {
        const char *url;
        const rt_client_file *files;
        int status;
    } rows[] = {
        {"/memory/5", NULL, 200}, // a=123
        {"/memory/4", NULL, 413}, {"/memory/3", file, 200},
        {"/memory/2", file, 413}, {"/memory/0", NULL, 413},
        {"/parts/2", file, 200},  {"/parts/1", file, 413},
        {"/parts/0", file, 413},  {"/parts/0", NULL, 200},
        {"/body/5", NULL, 200},   {"/body/4", NULL, 413},
        {"/body/5", file, 413},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply =
            rt_client_post(client, rows[i].url, .form = RT_FIELDS("a", "123"),
                           .files = rows[i].files);
        CHECK_EQ(reply.status, rows[i].status);
    }
    // Whatever its type: it has not been looked at.
    CHECK_EQ(rt_client_post(client, "/body/4", .body = RT_STR("12345"),
                            .type = "text/plain")
                 .status,
             413);
    end(client, app);
}

RT_TEST(limits_of_the_application_are_configured)
{
    rt_app *app = make_app();
    rt_config_set(app, "MAX_FORM_MEMORY_SIZE", 4);
    rt_config_set(app, "MAX_FORM_PARTS", 1);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(
        rt_client_post(client, "/echo", .form = RT_FIELDS("a", "12")).status,
        200);
    CHECK_EQ(
        rt_client_post(client, "/echo", .form = RT_FIELDS("a", "123")).status,
        413);
    CHECK_EQ(rt_client_post(client, "/echo", .form = RT_FIELDS("a", "1"),
                            .files = RT_FILES({.field = "f"}))
                 .status,
             413);
    end(client, app);
}
