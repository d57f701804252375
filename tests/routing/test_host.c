// Rules with a host or subdomain, and the rules that lead elsewhere: aliases,
// redirects and WebSocket handshakes. The answers are Werkzeug's.
#include "retort/routing/build.h"
#include "routing.h"

static void add(rt_url_map *map, const char *host, const char *text,
                rt_url_rule_options options)
{
    rt_error err = {0};
    options.host = host;
    CHECK_EQ(rt_url_map_add(map, text, &options, NULL, &err), RT_OK);
    CHECK_EQ(err.message, rt_str_from(""));
}

#define ADD(host, text, ...) \
    add(map, host, text, (rt_url_rule_options){.endpoint = __VA_ARGS__})

static rt_str match_on(rt_arena *arena, const rt_url_map *map,
                       const char *method, const char *host, const char *path,
                       bool websocket)
{
    rt_url_target target = {
        .method = rt_method_parse(rt_str_from(method)),
        .method_text = rt_str_from(method),
        .path = rt_guarded(path),
        .host = rt_guarded(host),
        .websocket = websocket,
    };
    rt_url_result result;
    rt_url_match(map, arena, &target, &result);
    return result_text(arena, &result);
}

static rt_url_map *subdomains(rt_arena *arena)
{
    rt_url_map *map = rt_url_map_new(arena, NULL);
    ADD(NULL, "/", "main");
    ADD("api", "/", "api");
    ADD("<name>.users", "/who", "user");
    ADD("<int:n>", "/x/", "n");
    ADD("<s>", "/x/", "s");
    ADD("a-<s>", "/", "as");
    ADD("api", "/only", "only", .methods = "POST");
    ADD("api", "/ws", "ws", .websocket = true);
    ADD(NULL, "/both", "both_ws", .websocket = true);
    ADD(NULL, "/both", "both");
    ADD(NULL, "/canonical/<int:n>", "c");
    ADD(NULL, "/alias/<int:n>", "c", .alias = true);
    ADD(NULL, "/old/<int:n>", "old", .redirect_to = "r/int/<n>");
    ADD("<s>", "/pages", "pages", .defaults = RT_DEFAULTS("page", 1));
    ADD("<s>", "/pages/<int:page>", "pages");
    ADD(NULL, "/away/", "away", .redirect_to = "http://else.where/x");
    rt_url_map_compile(map);
    return map;
}

RT_TEST(a_host_is_matched_before_the_path)
{
    static const struct {
        const char *host, *path;
        bool websocket;
        const char *expected;
    } rows[] = {
        {"", "/", false, "main"},
        {"api", "/", false, "api"},
        {"ann.users", "/who", false, "user name='ann'"},
        {"x.y.users", "/who", false, "user name='x.y'"},
        {"ann", "/who", false, "404"},
        {"", "/who", false, "404"},
        {"7", "/x/", false, "n n=7"},
        {"seven", "/x/", false, "s s='seven'"},
        {"7", "/x", false, "308 /x/"},
        {"api", "/x", false, "308 /x/"},
        {"api", "//x//", false, "308 /x/"},
        {"a-b", "/", false, "as s='b'"},
        {"a-", "/", false, "404"},
        {"nope", "/", false, "404"},
        {"api", "/only", false, "405 POST, OPTIONS"},
        // handshakes
        {"api", "/ws", false, "no handshake"},
        {"api", "/ws", true, "ws"},
        {"", "/ws", true, "404"},
        {"", "/both", false, "both"},
        {"", "/both", true, "both_ws"},
        {"", "/", true, "no handshake"},
        // elsewhere
        {"", "/alias/5", false, "308 /canonical/5"},
        {"", "/alias/x", false, "404"},
        {"", "/old/007", false, "moved r/int/7"},
        {"", "/away/", false, "moved http://else.where/x"},
        {"", "/away", false, "308 /away/"},
        {"bob", "/pages/1", false, "308 //bob/pages"},
        {"bob", "/pages/2", false, "pages s='bob' page=2"},
    };

    rt_arena arena = {0};
    rt_url_map *map = subdomains(&arena);
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("%zu: %s %s", i, rows[i].host, rows[i].path);
        CHECK_EQ(match_on(&arena, map, "GET", rows[i].host, rows[i].path,
                          rows[i].websocket),
                 rt_str_from(rows[i].expected));
    }
    CHECK_EQ(match_on(&arena, map, "OPTIONS", "api", "/only", false),
             RT_STR("only OPTIONS POST, OPTIONS"));
    rt_arena_deinit(&arena);
}

RT_TEST(many_hosts_are_found_without_looking_at_all)
{
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    for (int i = 0; i < 50; i++) {
        char host[32], endpoint[32];
        snprintf(host, sizeof host, "<name>.h%d", i);
        snprintf(endpoint, sizeof endpoint, "e%d", i);
        ADD(host, "/", endpoint);
    }
    rt_url_map_compile(map);
    CHECK_EQ(match_on(&arena, map, "GET", "x.h0", "/", false),
             RT_STR("e0 name='x'"));
    CHECK_EQ(match_on(&arena, map, "GET", "x.h49", "/", false),
             RT_STR("e49 name='x'"));
    CHECK_EQ(match_on(&arena, map, "GET", "x.h50", "/", false), RT_STR("404"));
    rt_arena_deinit(&arena);
}

static rt_status twice(void *arg, rt_arena *arena, const rt_pair *args,
                       size_t args_len, rt_str *out)
{
    CHECK_EQ(args_len, (size_t)1);
    if (rt_value_as_int(args[0].value, 0) > 9)
        return RT_E_NOT_FOUND;
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_printf(&buf, "%s/%d", (const char *)arg,
                  2 * (int)rt_value_as_int(args[0].value, 0));
    *out = rt_buf_str(&buf);
    return RT_OK;
}

RT_TEST(a_function_says_where_a_path_has_moved)
{
    char base[] = "y";
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    ADD(NULL, "/x/<int:n>", "x", .redirect_fn = twice, .redirect_arg = base);
    rt_url_map_compile(map);
    CHECK_EQ(match_on(&arena, map, "GET", "", "/x/4", false),
             RT_STR("moved y/8"));
    CHECK_EQ(match_on(&arena, map, "GET", "", "/x/10", false), RT_STR("404"));
    rt_arena_deinit(&arena);
}

static rt_url_map *hosts(rt_arena *arena)
{
    rt_url_map *map =
        rt_url_map_new(arena, &(rt_url_map_options){.host_matching = true});
    ADD("a.test", "/", "x");
    ADD("b.test", "/", "y");
    ADD("<t>.tenants.test", "/shop/", "shop");
    ADD("a.test", "/m", "m");
    ADD("b.test", "/m", "m");
    ADD("b.test", "/ws", "ws", .websocket = true);
    rt_url_map_compile(map);
    return map;
}

RT_TEST(the_url_of_an_endpoint_has_its_host)
{
    static const struct {
        const char *current, *endpoint, *host, *path;
    } rows[] = {
        {"a.test", "m", "a.test", "/m"},
        {"b.test", "m", "b.test", "/m"},
        {"c.test", "m", "a.test", "/m"},
        {"a.test", "shop", "x%20y.tenants.test", "/shop/"},
        {"a.test", "ws", "b.test", "/ws"},
    };

    rt_arena arena = {0};
    rt_url_map *map = hosts(&arena);
    const rt_pair args[] = {{"t", RT("x y")}};
    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].endpoint);
        bool shop = strcmp(rows[i].endpoint, "shop") == 0;
        rt_url_build_options options = {.host = rt_str_from(rows[i].current)};
        rt_url_built built = {0};
        rt_error err = {0};
        CHECK_EQ(rt_url_build_parts(map, &arena, rows[i].endpoint, args, shop,
                                    &options, &built, &err),
                 RT_OK);
        CHECK_EQ(built.host, rt_str_from(rows[i].host));
        CHECK_EQ(built.path, rt_str_from(rows[i].path));
        CHECK_EQ(rt_url_rule_is_websocket(built.rule),
                 strcmp(rows[i].endpoint, "ws") == 0);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(rules_show_their_host)
{
    rt_arena arena = {0};
    rt_url_map *map = hosts(&arena);
    CHECK_EQ(rt_url_map_dump(&arena, map),
             RT_STR("a.test/ (GET, HEAD, OPTIONS) -> x\n"
                    "a.test/m (GET, HEAD, OPTIONS) -> m\n"
                    "b.test/ (GET, HEAD, OPTIONS) -> y\n"
                    "b.test/m (GET, HEAD, OPTIONS) -> m\n"
                    "b.test/ws (WebSocket GET, HEAD, OPTIONS) -> ws\n"
                    "<t>.tenants.test/shop/ (GET, HEAD, OPTIONS) -> shop\n"));
    rt_arena_deinit(&arena);
}

RT_TEST(hosts_and_redirects_that_cannot_work_are_refused)
{
    static const struct {
        rt_url_rule_options options;
        rt_status status;
        const char *message;
    } rows[] = {
        {{.host = "a/b"}, RT_E_SYNTAX, "a host has no slash"},
        {{.host = "<path:p>"},
         RT_E_SYNTAX,
         "a host has no converter that takes slashes"},
        {{.host = "<n>"}, RT_E_EXISTS, "variable \"n\" comes twice"},
        {{.host = "<x"}, RT_E_SYNTAX, "the bracket is never closed"},
        {{.host = "\xff"}, RT_E_UTF8, "this is not UTF-8"},
        {{.websocket = true, .methods = "POST"},
         RT_E_SYNTAX,
         "a WebSocket handshake is a GET, and no other method"},
        {{.redirect_to = "x/<m>"},
         RT_E_NOT_FOUND,
         "redirect_to has \"<m>\", which is no variable of the rule"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_arena arena = {0};
        RT_CASE(rows[i].message);
        rt_url_map *map = rt_url_map_new(&arena, NULL);
        rt_url_rule_options options = rows[i].options;
        options.endpoint = "e";
        rt_error err = {0};
        CHECK_EQ(rt_url_map_add(map, "/x/<int:n>", &options, NULL, &err),
                 rows[i].status);
        CHECK_EQ(err.message, rt_str_from(rows[i].message));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(the_same_path_on_another_host_is_another_rule)
{
    rt_arena arena = {0};
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    ADD("a", "/x", "one");
    ADD("b", "/x", "two");
    ADD(NULL, "/x", "three");
    ADD(NULL, "/x", "four", .websocket = true);
    rt_error err = {0};
    rt_url_rule_options options = {.endpoint = "five", .host = "b"};
    CHECK_EQ(rt_url_map_add(map, "/x", &options, NULL, &err), RT_E_EXISTS);
    rt_arena_deinit(&arena);
}
