// Responses: how they are made and adorned, and what they refuse to carry.
#include <retort/http/code.h>

#include "app_test.h"

// ---- making ------------------------------------------------------------------

static rt_response *text(rt_request *req)
{
    return rt_text(req, "{} <{}> {!r}", "<b>", 7, "<i>");
}

static rt_response *plain(rt_request *req)
{
    return rt_text(req, "plain");
}

static rt_response *braces(rt_request *req)
{
    return rt_text(req, "a {{}} b");
}

static rt_response *text_as_is(rt_request *req)
{
    return rt_text_as_is(req, RT_STR("{} {{<b>"));
}

static rt_response *html_as_is(rt_request *req)
{
    return rt_html_as_is(req, RT_STR("<p>{x}</p>"));
}

static rt_response *html(rt_request *req)
{
    return rt_html(req, "<p>{}</p>{}{}{!r}", "<b> & 'x'",
                   rt_value_safe(RT_STR("<hr>")), rt_list(req, "<i>"), "<u>");
}

static rt_response *nothing(rt_request *req)
{
    return rt_empty(req, 204);
}

static rt_response *bytes(rt_request *req)
{
    return rt_bytes(req, RT_STR("a\0b"), NULL);
}

static rt_response *image(rt_request *req)
{
    return rt_bytes(req, RT_STR("png"), "image/png");
}

static rt_response *csv(rt_request *req)
{
    return rt_bytes(req, RT_STR("a,b"), "text/csv");
}

static rt_response *retyped(rt_request *req)
{
    return rt_set_type(rt_text(req, "<a/>"), "application/xml");
}

static rt_response *json(rt_request *req)
{
    return rt_json(req, "b", rt_list(req, 1, 2.0, NULL), "a", "\xc3\xa4", "d",
                   rt_value_date(0), "ok", true);
}

static rt_response *json_none(rt_request *req)
{
    return rt_json(req);
}

static rt_response *json_list(rt_request *req)
{
    return rt_json_value(req, rt_list(req, "x", rt_dict(req, "n", 1)));
}

static rt_response *json_text(rt_request *req)
{
    return rt_json_value(req, "</script>");
}

static rt_response *created(rt_request *req)
{
    return rt_set_header(rt_set_status(rt_json(req, "id", 7), 201), "X-Id",
                         "7");
}

#define HTML  "text/html; charset=utf-8"
#define PLAIN "text/plain; charset=utf-8"

RT_TEST(each_kind_of_response_has_its_status_type_and_bytes)
{
    static const struct {
        const char *path;
        int status;
        const char *type, *body;
    } rows[] = {
        {"/text", 200, PLAIN, "<b> <7> '<i>'"},
        {"/plain", 200, PLAIN, "plain"},
        {"/braces", 200, PLAIN, "a {} b"},
        {"/text-as-is", 200, PLAIN, "{} {{<b>"},
        {"/html-as-is", 200, HTML, "<p>{x}</p>"},
        {"/html", 200, HTML,
         "<p>&lt;b&gt; &amp; &#39;x&#39;</p><hr>[&#39;&lt;i&gt;&#39;]"
         "&#39;&lt;u&gt;&#39;"},
        {"/nothing", 204, HTML, ""},
        {"/bytes", 200, "application/octet-stream", "a"},
        {"/image", 200, "image/png", "png"},
        {"/csv", 200, "text/csv; charset=utf-8", "a,b"},
        {"/retyped", 200, "application/xml; charset=utf-8", "<a/>"},
        {"/json", 200, "application/json",
         "{\"a\":\"\\u00e4\",\"b\":[1,2.0,null],"
         "\"d\":\"Thu, 01 Jan 1970 00:00:00 GMT\",\"ok\":true}\n"},
        {"/json-none", 200, "application/json", "{}\n"},
        {"/json-list", 200, "application/json", "[\"x\",{\"n\":1}]\n"},
        {"/json-text", 200, "application/json", "\"</script>\"\n"},
        {"/created", 201, "application/json", "{\"id\":7}\n"},
    };

    rt_app *app = rt_app_new("responses");
    rt_get(app, "/text", text);
    rt_get(app, "/plain", plain);
    rt_get(app, "/braces", braces);
    rt_get(app, "/text-as-is", text_as_is);
    rt_get(app, "/html-as-is", html_as_is);
    rt_get(app, "/html", html);
    rt_get(app, "/nothing", nothing);
    rt_get(app, "/bytes", bytes);
    rt_get(app, "/image", image);
    rt_get(app, "/csv", csv);
    rt_get(app, "/retyped", retyped);
    rt_get(app, "/json", json);
    rt_get(app, "/json-none", json_none);
    rt_get(app, "/json-list", json_list);
    rt_get(app, "/json-text", json_text);
    rt_get(app, "/created", created);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_reply reply = rt_client_get(client, rows[i].path);
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(reply.reason, rt_code_reason(rows[i].status));
        CHECK_EQ(rt_reply_header(&reply, "Content-Type"), rows[i].type);
        CHECK_EQ(reply.body.data, rows[i].body);
    }
    CHECK_EQ(rt_client_get(client, "/bytes").body, RT_STR("a\0b"));
    end(client, app);
}

RT_TEST(json_is_written_as_the_app_wishes)
{
    rt_app *app =
        rt_app_new("json", .json_keep_order = true, .json_unicode = true);
    rt_get(app, "/", json);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(get(client, "/"),
             "{\"b\":[1,2.0,null],\"a\":\"\xc3\xa4\","
             "\"d\":\"Thu, 01 Jan 1970 00:00:00 GMT\",\"ok\":true}\n");
    rt_app_set_debug(app, true);
    CHECK_EQ(get(client, "/"),
             "{\n  \"b\": [\n    1,\n    2.0,\n    null\n  ],\n"
             "  \"a\": \"\xc3\xa4\",\n"
             "  \"d\": \"Thu, 01 Jan 1970 00:00:00 GMT\",\n"
             "  \"ok\": true\n}\n");
    end(client, app);
}

static rt_response *bytes_as_json(rt_request *req)
{
    return rt_json(req, "raw", rt_value_bytes("x", 1));
}

RT_TEST(what_json_cannot_say_is_500)
{
    rt_app *app = rt_app_new("json");
    rt_get(app, "/", bytes_as_json);
    rt_client *client = rt_client_new(app);

    get_status(client, "/", 500);
    CHECK(contains(
        logged, "Exception on / [GET]: cannot write bytes as JSON, at .raw\n"));
    end(client, app);
}

// ---- redirects ---------------------------------------------------------------

static rt_response *redirecting(rt_request *req)
{
    return rt_redirect(req, rt_query(req, "to"),
                       .status = (int)rt_query_int(req, "status", 0));
}

RT_TEST(a_redirect_has_its_location_and_a_page)
{
    static const struct {
        const char *url;
        int status;
        const char *location;
    } rows[] = {
        {"/?to=/next", 303, "/next"},
        {"/?to=/next&status=301", 301, "/next"},
        {"/?to=/next&status=302", 302, "/next"},
        {"/?to=/next&status=307", 307, "/next"},
        {"/?to=/next&status=308", 308, "/next"},
        {"/?to=https%3A%2F%2Fexample.org%2F%3Fa%3Db%26c%23d", 303,
         "https://example.org/?a=b&c#d"},
        {"/?to=relative", 303, "relative"},
        {"/?to=/a%20b/%C3%A4", 303, "/a%20b/%C3%A4"},
        {"/?to=/a%2541", 303, "/a%41"},
        {"/?to=/x%01%7F", 303, "/x%01%7F"},
        {"/?to=/%09/example.org", 303, "/%09/example.org"},
        {"/?to=/x%0D%0ASet-Cookie:%20a=b", 500, NULL},
        {"/?to=http://%E2%98%83.net/%C3%A4", 303, "http://xn--n3h.net/%C3%A4"},
        {"/?to=http://%5Bx/%20", 303, "http://%5Bx/%20"},
        {"/?to=/next&status=200", 500, NULL},
        {"/?to=/next&status=304", 500, NULL},
        {"/?to=/next&status=404", 500, NULL},
    };

    rt_app *app = rt_app_new("redirecting");
    rt_get(app, "/", redirecting);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(rt_reply_header(&reply, "Location"), rows[i].location);
        CHECK(!rt_headers_has(&reply.headers, RT_STR("Set-Cookie")));
        CHECK_EQ(contains(reply.body.data, "Redirecting"),
                 rows[i].location != NULL);
    }
    CHECK(contains(get_status(client, "/?to=/%22%3E%3Cscript%3E", 303),
                   "<a href=\"/%22%3E%3Cscript%3E\">"));
    end(client, app);
}

// ---- formats -----------------------------------------------------------------

static rt_response *few_values(rt_request *req)
{
    return rt_text(req, "{} {}", 1);
}

static rt_response *many_values(rt_request *req)
{
    return rt_html(req, "<p>{}</p>", 1, 2);
}

static rt_response *no_values(rt_request *req)
{
    return rt_text(req, "{}");
}

static rt_response *abort_few(rt_request *req)
{
    rt_abort(req, 404, "no {} by {}", 1);
}

static void write_few(rt_writer *out, void *arg)
{
    (void)arg;
    rt_write(out, RT_STR("before "));
    rt_write_format(out, "{} {}", 1);
}

static rt_response *stream_few(rt_request *req)
{
    return rt_stream(req, "text/plain", write_few, NULL);
}

static rt_response *enough_values(rt_request *req)
{
    return rt_text(req, "{{}} {} {!r} { }", 1, "x");
}

static rt_app *formats_app(void)
{
    rt_app *app = rt_app_new("formats");
    rt_get(app, "/few", few_values);
    rt_get(app, "/many", many_values);
    rt_get(app, "/none", no_values);
    rt_get(app, "/abort", abort_few);
    rt_get(app, "/stream", stream_few);
    rt_get(app, "/enough", enough_values);
    return app;
}

static const struct {
    const char *url;
    int status;
    const char *body, *says;
} format_rows[] = {
    {"/few", 200, "1 {missing}", "format '{} {}' has 2 placeholders for 1 val"},
    {"/many", 200, "<p>1</p>", "'<p>{}</p>' has 1 placeholder for 2 values"},
    {"/none", 200, "{missing}", "'{}' has 1 placeholder for 0 values"},
    {"/abort", 404, NULL, "'no {} by {}' has 2 placeholders for 1 value"},
    {"/stream", 200, "before 1 {missing}", "has 2 placeholders for 1 value"},
    {"/enough", 200, "{} 1 'x' { }", NULL},
};

RT_TEST(a_format_and_values_that_do_not_fit_are_logged_once_with_their_place)
{
    rt_app *app = formats_app();
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(format_rows); i++) {
        RT_CASE(format_rows[i].url);
        for (int time = 0; time < 2; time++) {
            logged[0] = '\0';
            rt_reply reply = rt_client_get(client, format_rows[i].url);
            CHECK_EQ(reply.status, format_rows[i].status);
            if (format_rows[i].body)
                CHECK_EQ(reply.body, format_rows[i].body);
            if (time || !format_rows[i].says) {
                CHECK_EQ(logged, "");
            } else {
                CHECK(contains(logged, "app/test_response.c:"));
                CHECK(contains(logged, format_rows[i].says));
            }
        }
    }
    end(client, app);
}

RT_TEST(a_format_and_values_that_do_not_fit_are_500_in_debug_mode)
{
    rt_app *app = formats_app();
    rt_app_set_debug(app, true);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(format_rows); i++) {
        RT_CASE(format_rows[i].url);
        bool fits = !format_rows[i].says,
             streams = format_rows[i].url[1] == 's';
        rt_reply reply = rt_client_get(client, format_rows[i].url);
        CHECK_EQ(reply.status, fits || streams ? 200 : 500);
        CHECK_EQ(reply.incomplete, streams);
        CHECK_EQ(contains(reply.body.data, "app/test_response.c:"),
                 !fits && !streams);
    }
    end(client, app);
}

// ---- adorning ----------------------------------------------------------------

static rt_response *adorned(rt_request *req)
{
    char name[] = "X-One", value[] = "1";
    rt_response *response = rt_text(req, "adorned");
    rt_set_header(response, name, value);
    rt_set_header(response, "x-one", "2");
    rt_add_header(response, "X-Two", "a");
    rt_add_header(response, "X-Two", "b");
    rt_add_header(response, "X-Gone", "c");
    rt_remove_header(response, "x-gone");
    rt_set_header(response, "X-Empty", "");
    rt_add_header(response, name, value);
    memset(name, 'z', sizeof name - 1); // both were copied
    value[0] = 'z';
    return response;
}

RT_TEST(headers_are_set_added_and_removed)
{
    rt_app *app = rt_app_new("adorned");
    rt_get(app, "/", adorned);
    rt_client *client = rt_client_new(app);
    rt_reply reply = rt_client_get(client, "/");
    rt_arena arena = {0};

    CHECK_EQ(rt_headers_get_joined(&reply.headers, &arena, RT_STR("X-One")),
             "2, 1");
    CHECK_EQ(rt_headers_get_joined(&reply.headers, &arena, RT_STR("X-Two")),
             "a, b");
    CHECK(rt_reply_header(&reply, "X-Gone") == NULL);
    CHECK_EQ(rt_reply_header(&reply, "X-Empty"), "");
    rt_arena_deinit(&arena);
    end(client, app);
}

static rt_response *set_status(rt_request *req)
{
    return rt_set_status(rt_text(req, "x"),
                         (int)rt_query_int(req, "status", 0));
}

static rt_response *empty_status(rt_request *req)
{
    return rt_empty(req, (int)rt_query_int(req, "status", 0));
}

RT_TEST(a_response_has_a_final_status)
{
    static const struct {
        int asked, status;
    } rows[] = {
        {200, 200}, {299, 299}, {404, 404}, {599, 599}, {600, 500},
        {199, 500}, {100, 500}, {101, 500}, {0, 500},   {-200, 500},
    };

    rt_app *app = rt_app_new("status");
    rt_get(app, "/set", set_status);
    rt_get(app, "/empty", empty_status);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        char url[40];
        rt_test_case("status %d", rows[i].asked);
        logged[0] = '\0';
        snprintf(url, sizeof url, "/set?status=%d", rows[i].asked);
        get_status(client, url, rows[i].status);
        snprintf(url, sizeof url, "/empty?status=%d", rows[i].asked);
        get_status(client, url, rows[i].status);
        CHECK_EQ(contains(logged, "is not the status of a response"),
                 rows[i].asked != rows[i].status);
    }
    end(client, app);
}

// ---- what would break the message --------------------------------------------

static rt_response *set_value(rt_request *req)
{
    return rt_set_header(rt_text(req, "x"), "X-User", rt_query(req, "v"));
}

static rt_response *add_value(rt_request *req)
{
    return rt_add_header(rt_text(req, "x"), "X-User", rt_query(req, "v"));
}

static rt_response *set_name(rt_request *req)
{
    return rt_set_header(rt_text(req, "x"), rt_query(req, "v"), "value");
}

static rt_response *set_type(rt_request *req)
{
    return rt_set_type(rt_text(req, "x"), rt_query(req, "v"));
}

static rt_response *bytes_type(rt_request *req)
{
    return rt_bytes(req, RT_STR("x"), rt_query(req, "v"));
}

static rt_response *cookie_name(rt_request *req)
{
    return rt_set_cookie(rt_text(req, "x"), rt_query(req, "v"), "value");
}

static rt_response *cookie_domain(rt_request *req)
{
    return rt_set_cookie(rt_text(req, "x"), "name", "value",
                         .domain = rt_query(req, "v"));
}

static rt_response *after_value(rt_request *req, rt_response *response,
                                void *arg)
{
    (void)arg;
    const char *value = rt_query_get(req, "after", NULL);
    return value ? rt_set_header(response, "X-After", value) : response;
}

RT_TEST(a_control_character_in_a_header_is_500_and_never_a_header)
{
    static const struct {
        const char *url, *says;
    } rows[] = {
        {"/set-value?v=a%0D%0AX-Evil:%201", "header 'X-User'"},
        {"/set-value?v=a%0A", "header 'X-User'"},
        {"/set-value?v=%0D", "header 'X-User'"},
        {"/set-value?v=a%01", "header 'X-User'"},
        {"/set-value?v=a%7F", "header 'X-User'"},
        {"/add-value?v=a%1B[1m", "header 'X-User'"},
        {"/set-type?v=text/html;%20x=%02", "header 'Content-Type'"},
        {"/add-value?v=a%0D%0AX-Evil:%201", "header 'X-User'"},
        {"/set-name?v=X-Evil:%201%0D%0AX", "header "},
        {"/set-name?v=", "header ''"},
        {"/set-type?v=text/html%0D%0AX-Evil:%201", "header 'Content-Type'"},
        {"/bytes-type?v=text/html%0D%0AX-Evil:%201", "header 'Content-Type'"},
        {"/cookie-name?v=a%3Db%0D%0AX-Evil:%201", "cookie "},
        {"/cookie-domain?v=a%0D%0AX-Evil:%201", "cookie 'name'"},
        {"/cookie-domain?v=a;Secure", "cookie 'name'"},
        {"/plain?after=a%0D%0AX-Evil:%201", "header 'X-After'"},
    };

    rt_app *app = rt_app_new("injected");
    rt_get(app, "/set-value", set_value);
    rt_get(app, "/add-value", add_value);
    rt_get(app, "/set-name", set_name);
    rt_get(app, "/set-type", set_type);
    rt_get(app, "/bytes-type", bytes_type);
    rt_get(app, "/cookie-name", cookie_name);
    rt_get(app, "/cookie-domain", cookie_domain);
    rt_get(app, "/plain", plain);
    rt_after_request(app, after_value);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        logged[0] = '\0';
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, 500);
        CHECK(contains(logged, rows[i].says));
        CHECK(!rt_headers_has(&reply.headers, RT_STR("X-Evil")));
        for (size_t h = 0; h < reply.headers.len; h++)
            CHECK(rt_str_find_char(reply.headers.items[h].value, '\n') ==
                  RT_STR_NONE);
    }
    CHECK_EQ(rt_client_get(client, "/set-value?v=fine%09").status, 200);
    end(client, app);
}

// ---- cookies -----------------------------------------------------------------

static rt_response *cookies(rt_request *req)
{
    rt_response *response = rt_text(req, "cookies");
    rt_set_cookie(response, "plain", "1");
    rt_set_cookie(response, "quoted", "a b;\xc3\xa4");
    rt_set_cookie(response, "full", "2", .path = "/x", .domain = ".example.org",
                  .secure = true, .httponly = true, .samesite = RT_SAMESITE_LAX,
                  .expires_us = 1000000);
    return response;
}

static rt_response *deleting(rt_request *req)
{
    return rt_delete_cookie(rt_text(req, "x"), "theme", .path = "/x");
}

static rt_response *aging(rt_request *req)
{
    return rt_set_cookie(rt_text(req, "x"), "theme", "dark", .max_age_s = 3600);
}

RT_TEST(cookies_are_lines_of_their_own)
{
    static const char *const lines[] = {
        "plain=1; Path=/",
        "quoted=\"a b\\073\\303\\244\"; Path=/",
        ("full=2; Domain=example.org; Expires=Thu, 01 Jan 1970 00:00:01 GMT; "
         "Secure; HttpOnly; Path=/x; SameSite=Lax"),
    };
    rt_app *app = rt_app_new("cookies");
    rt_get(app, "/", cookies);
    rt_get(app, "/delete", deleting);
    rt_get(app, "/age", aging);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_get(client, "/");
    size_t at = 0, n = 0;
    rt_header *h;
    while ((h = rt_headers_next(&reply.headers, RT_STR("Set-Cookie"), &at)))
        CHECK_EQ(h->value, n < RT_COUNT(lines) ? lines[n++] : NULL);
    CHECK_EQ(n, RT_COUNT(lines));

    reply = rt_client_get(client, "/delete");
    CHECK_EQ(rt_reply_header(&reply, "Set-Cookie"),
             "theme=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; "
             "Path=/x");
    reply = rt_client_get(client, "/age");
    CHECK(contains(rt_reply_header(&reply, "Set-Cookie"), "theme=dark; Expi"));
    CHECK(contains(rt_reply_header(&reply, "Set-Cookie"), "; Max-Age=3600"));
    end(client, app);
}

static rt_response *with_reason(rt_request *req)
{
    return rt_set_reason(rt_text(req, "x"), rt_query(req, "r"));
}

RT_TEST(a_response_may_have_a_reason_of_its_own)
{
    static const struct {
        const char *url;
        int status;
        const char *reason;
    } rows[] = {
        {"/?r=Fine", 200, "Fine"},
        {"/?r=", 200, "OK"},
        {"/?r=a%09b", 200, "a\tb"},
        {"/?r=a%0d%0aX:1", 500, "Internal Server Error"},
        {"/?r=a%7f", 500, "Internal Server Error"},
    };

    rt_app *app = rt_app_new("reason");
    rt_get(app, "/", with_reason);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].url);
        rt_reply reply = rt_client_get(client, rows[i].url);
        CHECK_EQ(reply.status, rows[i].status);
        CHECK_EQ(reply.reason, rt_str_from(rows[i].reason));
    }
    end(client, app);
}

// ---- other origins -------------------------------------------------------------

static rt_response *shared(rt_request *req)
{
    return rt_allow_access(rt_text(req, "x"),
                           .allow_origin = "https://shop.example",
                           .allow_credentials = true,
                           .expose_headers = "X-Total");
}

static rt_response *preflight(rt_request *req)
{
    return rt_allow_access(rt_text(req, "x"), .allow_origin = "*",
                           .allow_methods = "GET, PUT",
                           .allow_headers = "X-Token",
                           .max_age = RT_SECONDS(0));
}

static rt_response *careless(rt_request *req)
{
    return rt_allow_access(rt_text(req, "x"), .allow_origin = "*",
                           .allow_credentials = true);
}

static rt_response *isolated(rt_request *req)
{
    return rt_isolate(rt_text(req, "x"), .opener = "same-origin",
                      .embedder = "require-corp", .resource = "same-site");
}

RT_TEST(a_response_says_what_other_origins_may_do)
{
    static const struct {
        const char *path, *name, *value;
    } rows[] = {
        {"/shared", "Access-Control-Allow-Origin", "https://shop.example"},
        {"/shared", "Access-Control-Allow-Credentials", "true"},
        {"/shared", "Access-Control-Expose-Headers", "X-Total"},
        {"/shared", "Access-Control-Allow-Methods", NULL},
        {"/shared", "Access-Control-Max-Age", NULL},
        {"/shared", "Vary", "Origin"},
        {"/preflight", "Access-Control-Allow-Origin", "*"},
        {"/preflight", "Access-Control-Allow-Credentials", NULL},
        {"/preflight", "Access-Control-Allow-Methods", "GET, PUT"},
        {"/preflight", "Access-Control-Allow-Headers", "X-Token"},
        {"/preflight", "Access-Control-Max-Age", "0"},
        {"/preflight", "Vary", NULL},
        {"/isolated", "Cross-Origin-Opener-Policy", "same-origin"},
        {"/isolated", "Cross-Origin-Embedder-Policy", "require-corp"},
        {"/isolated", "Cross-Origin-Resource-Policy", "same-site"},
    };

    rt_app *app = rt_app_new("origins");
    rt_get(app, "/shared", shared);
    rt_get(app, "/preflight", preflight);
    rt_get(app, "/careless", careless);
    rt_get(app, "/isolated", isolated);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s %s", rows[i].path, rows[i].name);
        rt_reply reply = rt_client_get(client, rows[i].path);
        const char *value = rt_reply_header(&reply, rows[i].name);
        CHECK_EQ(value ? value : "-", rows[i].value ? rows[i].value : "-");
    }
    get_status(client, "/careless", 500);
    CHECK(contains(logged, "name the origin"));
    end(client, app);
}

// ---- wrong use ---------------------------------------------------------------------

static rt_response *bad_redirect(rt_request *req)
{
    return rt_redirect(req, "/", .status = 304);
}

static rt_response *bad_abort(rt_request *req)
{
    rt_abort(req, 200);
}

static rt_response *bad_file(rt_request *req)
{
    return rt_send_file(req, "nowhere");
}

static rt_response *bad_bytes(rt_request *req)
{
    return rt_send_bytes(req, RT_STR("x"));
}

static rt_response *bad_tag(rt_request *req)
{
    return rt_send_from_directory(req, "/tmp", "x", .etag = "\"");
}

static rt_response *bad_token(rt_request *req)
{
    return rt_text(req, "{}", rt_sign(req, 7, .salt = "reset"));
}

RT_TEST(wrong_use_in_a_view_is_logged_with_its_place)
{
    static const struct {
        const char *path, *message;
    } rows[] = {
        {"/redirect", "rt_redirect: 304 is not the status of a redirect"},
        {"/abort", "rt_abort: 200 is not the status of an error"},
        {"/file", "rt_send_file: cannot open "},
        {"/bytes", "rt_send_bytes: bytes have no name"},
        {"/tag", "a file's tag '\"' has a quote"},
        {"/token", "nothing can be signed"},
    };

    rt_app *app = rt_app_new("wrong");
    rt_get(app, "/redirect", bad_redirect);
    rt_get(app, "/abort", bad_abort);
    rt_get(app, "/file", bad_file);
    rt_get(app, "/bytes", bad_bytes);
    rt_get(app, "/tag", bad_tag);
    rt_get(app, "/token", bad_token);
    rt_client *client = rt_client_new(app);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        get_status(client, rows[i].path, 500);
        REQUIRE(rt_client_failure(client) != NULL);
        const char *place =
            strstr(rt_client_failure(client)->message, "test_response.c:");
        REQUIRE(place != NULL);
        place += strlen("test_response.c:");
        place += strspn(place, "0123456789");
        CHECK(rt_str_starts_with(rt_str_from(place), RT_STR(": ")));
        CHECK(rt_str_starts_with(rt_str_from(place + 2),
                                 rt_str_from(rows[i].message)));
    }
    end(client, app);
}
