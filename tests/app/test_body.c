// Bodies: read whole, as JSON, and piece by piece, under their limits.
#include "app_test.h"

static rt_response *echo(rt_request *req)
{
    return rt_bytes(req, rt_body(req), "text/plain");
}

static rt_response *twice(rt_request *req)
{
    rt_str first = rt_body(req);
    rt_str second = rt_body(req);
    CHECK(first.data == second.data);
    CHECK_EQ(first.data[first.len], '\0');
    CHECK_EQ(rt_body_read(req).len, 0u);
    return rt_text(req, "{} bytes", second.len);
}

static rt_response *unread(rt_request *req)
{
    return rt_text(req, "unread");
}

RT_TEST(a_body_is_read_whole_and_kept)
{
    rt_app *app = rt_app_new("bodies");
    rt_post(app, "/echo", echo);
    rt_post(app, "/twice", twice);
    rt_post(app, "/unread", unread);
    rt_get(app, "/none", twice);
    rt_client *client = rt_client_new(app);

    CHECK_EQ(rt_client_post(client, "/echo", .body = RT_STR("a\0b")).body,
             RT_STR("a\0b"));
    CHECK_EQ(rt_client_post(client, "/echo").body, "");
    CHECK_EQ(rt_client_post(client, "/twice", .body = RT_STR("12345")).body,
             "5 bytes");
    CHECK_EQ(rt_client_post(client, "/unread", .body = RT_STR("1")).body,
             "unread");
    CHECK_EQ(get(client, "/none"), "0 bytes");
    end(client, app);
}

// ---- limits ------------------------------------------------------------------

static rt_response *raise_limit(rt_request *req, void *arg)
{
    (void)arg;
    rt_set_max_body(req, 100);
    return NULL;
}

static rt_response *streamed(rt_request *req)
{
    size_t bytes = 0;
    for (rt_str piece; (piece = rt_body_read(req)).len;)
        bytes += piece.len;
    return rt_text(req, "{}", bytes);
}

static rt_response *read_json(rt_request *req)
{
    return rt_text(req, "{}", rt_json_body(req));
}

RT_TEST(a_body_beyond_the_limit_is_413)
{
    static const struct {
        const char *path;
        size_t limit;
    } rows[] = {
        {"/app", 10},     {"/smaller", 4},   {"/larger", 20},
        {"/raised", 100}, {"/streamed", 10},
    };

    static const char bytes[] =
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789";
    rt_app *app = rt_app_new("limits", .max_body = 10);
    rt_post(app, "/app", echo);
    rt_post(app, "/smaller", echo, .max_body = 4);
    rt_post(app, "/larger", echo, .max_body = 20);
    rt_post(app, "/raised", echo, .before = RT_HOOKS(raise_limit));
    rt_post(app, "/streamed", streamed);
    rt_post(app, "/unread", unread);
    rt_post(app, "/json", read_json);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].path);
        rt_reply reply =
            rt_client_post(client, rows[i].path,
                           .body = rt_str_of(bytes, rows[i].limit));
        CHECK_EQ(reply.status, 200);
        reply = rt_client_post(client, rows[i].path,
                               .body = rt_str_of(bytes, rows[i].limit + 1));
        CHECK_EQ(reply.status, 413);
    }
    CHECK_EQ(rt_client_post(client, "/json",
                            .json = RT_JSON("longer than ten bytes"))
                 .status,
             413);
    // What nobody reads has no limit here; the server drains or closes.
    CHECK_EQ(
        rt_client_post(client, "/unread", .body = rt_str_of(bytes, 100)).status,
        200);
    CHECK_EQ(logged, "");
    end(client, app);
}

RT_TEST(without_a_limit_of_its_own_an_app_takes_16_mib)
{
    rt_app *app = rt_app_new("default");
    rt_post(app, "/", streamed);
    rt_client *client = rt_client_new(app);
    rt_arena arena = {0};
    size_t most = (size_t)16 << 20;
    char *bytes = rt_arena_zalloc(&arena, most + 1);

    CHECK_EQ(rt_client_post(client, "/", .body = rt_str_of(bytes, most)).body,
             "16777216");
    CHECK_EQ(
        rt_client_post(client, "/", .body = rt_str_of(bytes, most + 1)).status,
        413);
    rt_arena_deinit(&arena);
    end(client, app);
}

// ---- what the source says ----------------------------------------------------

// A source that gives three pieces and then what `server` points at.
static const char *const pieces[] = {"one ", "two ", "three"};
static size_t next_piece;

static rt_status read_piece(rt_request *req, rt_str *piece)
{
    if (next_piece < RT_COUNT(pieces)) {
        *piece = rt_str_from(pieces[next_piece++]);
        return RT_OK;
    }
    return *(const rt_status *)req->server;
}

static const rt_body_source source = {.read = read_piece};

static rt_response *with_pieces(rt_request *req, const rt_gateway *next,
                                void *arg)
{
    next_piece = 0;
    req->body = &source;
    req->content_length = -1;
    req->server = arg;
    return rt_gateway_call(next, req);
}

static rt_response *joined(rt_request *req)
{
    rt_buf all;
    rt_buf_init(&all, req->arena);
    for (rt_str piece; (piece = rt_body_read(req)).len;)
        rt_buf_format(&all, "[{}]", piece);
    return rt_bytes(req, rt_buf_str(&all), NULL);
}

static rt_response *half(rt_request *req)
{
    rt_str first = rt_str_copy(req->arena, rt_body_read(req));
    return rt_text(req, "{}/{}", first, rt_body(req));
}

RT_TEST(a_body_comes_in_pieces_and_ends_or_fails)
{
    static const struct {
        rt_status end;
        int status;
    } rows[] = {
        {RT_OK, 200},       {RT_E_LIMIT, 413},  {RT_E_TIMEOUT, 408},
        {RT_E_SYNTAX, 400}, {RT_E_CLOSED, 400},
    };

    static const struct {
        const char *path, *body;
    } views[] = {
        {"/echo", "one two three"},
        {"/joined", "[one ][two ][three]"},
        {"/half", "one /two three"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_status last = rows[i].end;
        rt_app *app = rt_app_new("pieces");
        rt_get(app, "/echo", echo);
        rt_get(app, "/joined", joined);
        rt_get(app, "/half", half);
        rt_use(app, with_pieces, .arg = &last);
        rt_client *client = rt_client_new(app);
        for (size_t j = 0; j < RT_COUNT(views); j++) {
            rt_test_case("%s, %s", views[j].path, rt_status_name(last));
            const char *body =
                get_status(client, views[j].path, rows[i].status);
            if (rows[i].status == 200)
                CHECK_EQ(body, views[j].body);
        }
        end(client, app);
    }
}

// ---- JSON --------------------------------------------------------------------

static rt_response *json_twice(rt_request *req)
{
    rt_value first = rt_json_body(req);
    CHECK(rt_value_is_list(first));
    CHECK(rt_list_push(first, RT(3)) == RT_OK);
    return rt_text(req, "{}", rt_json_body(req)); // the same list
}

RT_TEST(json_is_read_where_the_type_says_so)
{
    static const struct {
        const char *type, *body;
        int status;
        const char *answer;
    } rows[] = {
        {"application/json", "{\"a\": [1, 2.5, null, true, \"x\"]}", 200,
         "{'a': [1, 2.5, None, True, 'x']}"},
        {"application/json; charset=utf-8", "7", 200, "7"},
        {"Application/JSON", "7", 200, "7"},
        {"application/vnd.api+json", "\"\xc3\xa4\"", 200, "\xc3\xa4"},
        {"application/json", " null ", 200, "None"},
        {"application/json", "", 400, NULL},
        {"application/json", "{", 400, NULL},
        {"application/json", "{'a': 1}", 400, NULL},
        {"application/json", "[1,]", 400, NULL},
        {"application/json", "NaN", 400, NULL},
        {"application/json", "\"\xff\"", 400, NULL},
        {"application/json", "99999999999999999999", 400, NULL},
        {"application/json", "7 8", 400, NULL},
        {"text/json", "7", 415, NULL},
        {"text/plain", "7", 415, NULL},
        {"application/jsonx", "7", 415, NULL},
        {NULL, "7", 415, NULL},
    };

    rt_app *app = rt_app_new("json");
    rt_post(app, "/", read_json);
    rt_post(app, "/twice", json_twice);
    rt_client *client = rt_client_new(app);

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%s: %s", rows[i].type ? rows[i].type : "no type",
                     rows[i].body);
        rt_reply reply =
            rt_client_post(client, "/", .body = rt_guarded(rows[i].body),
                           .type = rows[i].type);
        CHECK_EQ(reply.status, rows[i].status);
        if (rows[i].answer)
            CHECK_EQ(reply.body, rows[i].answer);
    }
    CHECK_EQ(rt_client_post(client, "/", .json = RT_JSON(2.5)).body, "2.5");
    CHECK_EQ(rt_client_post(client, "/twice", .body = RT_STR("[1,2]"),
                            .type = "application/json")
                 .body,
             "[1, 2, 3]");
    CHECK_EQ(logged, "");
    end(client, app);
}

RT_TEST(only_debug_mode_tells_what_is_wrong_with_the_json)
{
    rt_app *app = rt_app_new("json");
    rt_post(app, "/", read_json);
    rt_client *client = rt_client_new(app);

    rt_reply reply = rt_client_post(client, "/", .body = RT_STR("[1,\n ?]"),
                                    .type = "application/json");
    CHECK(!contains(reply.body.data, "line 2"));
    rt_app_set_debug(app, true);
    reply = rt_client_post(client, "/", .body = RT_STR("[1,\n ?]"),
                           .type = "application/json");
    CHECK_EQ(reply.status, 400);
    CHECK(contains(reply.body.data, "line 2:2"));
    CHECK(contains(reply.body.data, "</p>\n<pre>     ?]\n     ^</pre>\n"));
    end(client, app);
}
