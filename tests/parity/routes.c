// /r: matching and building.
#include <string.h>

#include <retort/routing/build.h>

#include "parity.h"

// ---- converters ------------------------------------------------------------------

// <list:x>: items joined by a plus sign, none of them empty.
static bool is_list(void *self, rt_str text)
{
    (void)self;
    rt_str rest = text;
    do {
        bool last = rt_str_find_char(rest, '+') == RT_STR_NONE;
        if (rt_str_cut(&rest, '+').len == 0)
            return false;
        if (last)
            return true;
    } while (true);
}

static rt_status parse_list(void *self, rt_arena *arena, rt_str text,
                            rt_value *out)
{
    (void)self;
    rt_str rest = text;
    *out = rt_list_new(arena);
    while (rest.len > 0)
        (void)rt_list_push(*out, RT(rt_str_cut(&rest, '+')));
    return RT_OK;
}

static rt_status format_list(void *self, rt_value value, rt_buf *out)
{
    (void)self;
    if (!rt_value_is_list(value))
        return RT_E_TYPE;
    for (size_t i = 0; i < rt_list_len(value); i++) {
        if (i > 0)
            rt_buf_put_char(out, '+');
        rt_value_put_text(out, rt_list_get(value, (int64_t)i));
    }
    return RT_OK;
}

static const rt_url_converter list_converter = {
    .name = "list",
    .match = is_list,
    .parse = parse_list,
    .format = format_list,
};

// <hex:n>: a number in lower case hexadecimal.
static bool is_hex(void *self, rt_str text)
{
    (void)self;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!rt_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
    }
    return true;
}

static rt_status parse_hex(void *self, rt_arena *arena, rt_str text,
                           rt_value *out)
{
    (void)self, (void)arena;
    uint64_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (n >> 59)
            return RT_E_RANGE;
        n = 16 * n + (uint64_t)rt_hex_value(text.data[i]);
    }
    *out = RT((int64_t)n);
    return RT_OK;
}

static rt_status format_hex(void *self, rt_value value, rt_buf *out)
{
    (void)self;
    if (rt_value_kind(value) != RT_INT)
        return RT_E_TYPE;
    rt_buf_put_hex(out, (uint64_t)rt_value_as_int(value, 0), 1);
    return RT_OK;
}

static const rt_url_converter hex_converter = {
    .name = "hex",
    .weight = 60,
    .match = is_hex,
    .parse = parse_hex,
    .format = format_hex,
};

// ---- matching --------------------------------------------------------------------

static const char *kind_name(rt_value value)
{
    switch (rt_value_kind(value)) {
    case RT_STRING: return "string";
    case RT_INT: return "int";
    case RT_FLOAT: return "float";
    case RT_LIST: return "list";
    default: return "other";
    }
}

static rt_response *show(rt_request *req, rt_value args)
{
    return rt_json(req, "args", args, "endpoint", rt_endpoint(req), "method",
                   rt_method_of(req));
}

// Report the variables that the route's `.arg` names, with their kinds.
static rt_response *show_args(rt_request *req)
{
    const char *arg = rt_route_arg(req);
    rt_str names = arg ? rt_str_from(arg) : RT_STR("");
    rt_value args = rt_dict(req);

    while (names.len > 0) {
        rt_str name = rt_str_cut(&names, ' ');
        rt_value value = rt_arg(req, rt_str_cstr(rt_arena_of(req), name));
        (void)rt_dict_set_str(args, name,
                              rt_list(req, kind_name(value), value));
    }
    return show(req, args);
}

// A UUID is text here.
static rt_response *show_uuid(rt_request *req, rt_value uuid)
{
    return show(req, rt_dict(req, "u", rt_list(req, "uuid", uuid)));
}

static rt_response *unreachable(rt_request *req)
{
    return rt_html(req, "unreachable");
}

static void add_converter_rules(rt_blueprint *bp)
{
#define RULE(rule, name, args) \
    rt_route(bp, rule, show_args, .endpoint = name, .arg = ARG(args))
    RULE("/string/<s>", "string", "s");
    RULE("/string-len/<string(length=3):s>", "string_len", "s");
    RULE("/string-range/<string(minlength=2,maxlength=4):s>", "string_range",
         "s");
    RULE("/int/<int:n>", "int", "n");
    RULE("/int-signed/<int(signed=True):n>", "int_signed", "n");
    RULE("/int-bounds/<int(min=5,max=10):n>", "int_bounds", "n");
    RULE("/int-fixed/<int(fixed_digits=4):n>", "int_fixed", "n");
    RULE("/float/<float:x>", "float", "x");
    RULE("/float-signed/<float(signed=True):x>", "float_signed", "x");
    RULE("/float-bounds/<float(min=0.5,max=2.5):x>", "float_bounds", "x");
    RULE("/path/<path:p>", "path", "p");
    RULE("/path/<path:p>/edit", "path_edit", "p");
    RULE("/path-slash/<path:p>/", "path_slash", "p");
    RULE("/any/<any(red, green, \"light blue\", \"a.b\"):c>", "any", "c");
    rt_route(bp, "/uuid/<uuid:u>", show_uuid, .endpoint = "uuid");
    RULE("/list/<list:items>", "list", "items");
    RULE("/hex/<hex:n>", "hex", "n");
    RULE("/multi/<int:a>-<b>.<string(length=3):ext>", "multi", "a b ext");
    RULE("/w/static", "w_static", "");
    RULE("/w/<path:p>", "w_path", "p");
    RULE("/w/<s>", "w_string", "s");
    RULE("/w/<int:n>", "w_int", "n");
    RULE("/w/<hex:n>/x", "w_hex_x", "n");
    RULE("/w/<s>/x", "w_string_x", "s");
    RULE("/p\u00e4ge/<name>", "unicode", "name");
    RULE("/file.<ext>", "file_ext", "ext");
    RULE("/file.txt", "file_txt", "");
#undef RULE
}

static void add_option_rules(rt_blueprint *bp)
{
#define RULE(rule, name, ...) \
    rt_route(bp, rule, show_args, .endpoint = name, __VA_ARGS__)
    RULE("/pages", "pages", .arg = ARG("page"),
         .defaults = RT_DEFAULTS("page", 1));
    RULE("/pages/<int:page>", "pages", .arg = ARG("page"));
    RULE("/canonical/<int:n>", "canonical", .arg = ARG("n"));
    RULE("/alias/<int:n>", "canonical", .arg = ARG("n"), .alias = true);
    rt_route(bp, "/old/<int:n>", unreachable, .endpoint = "old",
             .redirect_to = "r/int/<n>");
    RULE("/leaf", "leaf", .methods = "GET");
    RULE("/branch/", "branch", .methods = "GET POST");
    RULE("/loose", "loose", .strict_slashes = RT_OFF);
    RULE("/loose-branch/", "loose_branch", .strict_slashes = RT_OFF);
    RULE("/a/b/c", "abc", .methods = "GET");
    RULE("/nomerge/x", "nomerge", .merge_slashes = RT_OFF);
    RULE("/nomerge-path/<path:p>", "nomerge_path", .arg = ARG("p"),
         .merge_slashes = RT_OFF);
    RULE("/ws", "ws", .websocket = true);
    RULE("/verbs", "verbs_get", .methods = "GET");
    RULE("/verbs", "verbs_post", .methods = "POST");
    RULE("/post-only", "post_only", .methods = "POST");
    RULE("/no-options", "no_options", .no_options = true);
    RULE("/own-options", "own_options", .methods = "GET OPTIONS");
    RULE("/head-only-post", "head_post", .methods = "POST HEAD");
#undef RULE
}

// ---- views by method -----------------------------------------------------------------

static rt_value item_of(rt_request *req)
{
    rt_value item = rt_arg(req, "item");
    return rt_value_is_undefined(item) ? rt_value_none() : item;
}

static rt_response *get_items(rt_request *req)
{
    rt_value item = item_of(req);
    return rt_json(req, "action", rt_value_is_none(item) ? "list" : "get",
                   "item", item);
}

static rt_response *create_item(rt_request *req)
{
    return rt_set_status(
        rt_json(req, "action", "create", "json", rt_json_body(req)), 201);
}

static rt_response *replace_item(rt_request *req)
{
    return rt_json(req, "action", "replace", "item", item_of(req));
}

static rt_response *delete_item(rt_request *req)
{
    return rt_empty(req, 204);
}

static const rt_method_views items = {
    .get = RT_METHOD(get_items),
    .post = RT_METHOD(create_item),
    .put = RT_METHOD(replace_item),
    .delete_ = RT_METHOD(delete_item),
};

static rt_response *greet(rt_request *req, rt_value name)
{
    const char *word = rt_route_arg(req);
    return rt_html_as_is(req, rt_format(rt_arena_of(req), "{} {} by {}", word,
                                        name, rt_method_of(req)));
}

// ---- building --------------------------------------------------------------------

static rt_status build_values(rt_request *req, rt_str name, const char **url,
                              rt_error *err)
{
#define CASE(case_, ...)                \
    if (rt_str_eq(name, RT_STR(case_))) \
        return rt_url_try(req, url, err, __VA_ARGS__);
    CASE("plain", "r.leaf")
    CASE("relative", ".leaf")
    CASE("int", "r.int", "n", 42)
    CASE("int-negative", "r.int_signed", "n", -7)
    CASE("int-fixed", "r.int_fixed", "n", 7)
    CASE("float", "r.float", "x", 1.5)
    CASE("float-small", "r.float", "x", 0.000001)
    CASE("float-large", "r.float", "x", 1e20)
    CASE("string-quoted", "r.string", "s", "a b/c?d#e%f")
    CASE("string-unicode", "r.string", "s", "caf\u00e9 \u2603")
    CASE("string-safe", "r.string", "s", "!$&'()*+,/:;=@-._~")
    CASE("path", "r.path", "p", "a/b c/d")
    CASE("any", "r.any", "c", "light blue")
    CASE("any-bad", "r.any", "c", "black")
    CASE("uuid", "r.uuid", "u", "12345678-1234-5678-1234-567812345678")
    CASE("list", "r.list", "items", rt_list(req, "a", "b c"))
    CASE("hex", "r.hex", "n", 255)
    CASE("multi", "r.multi", "a", 3, "b", "x-y", "ext", "txt")
    CASE("wrong-type", "r.int", "n", "abc")
    CASE("missing-value", "r.int")
    return RT_E_UNSUPPORTED;
}

static rt_status build_options(rt_request *req, rt_str name, const char **url,
                               rt_error *err)
{
    CASE("defaults", "r.pages", "page", 1)
    CASE("defaults-other", "r.pages", "page", 2)
    CASE("alias", "r.canonical", "n", 5)
    CASE("unicode-rule", "r.unicode", "name", "x")
    CASE("query", "r.leaf", "b", "2", "a", "1 2", "c", "\u00e9&=")
    CASE("query-list", "r.leaf", "k", rt_list(req, "x", "y"))
    CASE("query-none", "r.leaf", "k", rt_value_none(), "j", "v")
    CASE("query-bool", "r.leaf", "k", true)
    CASE("query-number", "r.leaf", "k", 1.5, "j", 3)
    CASE("anchor", "r.leaf", "_anchor", "top of page\u00e9")
    CASE("anchor-query", "r.leaf", "q", "1", "_anchor", "x?y#z")
    CASE("external", "r.leaf", "_external", true)
    CASE("scheme", "r.leaf", "_external", true, "_scheme", "https")
    CASE("scheme-implies-external", "r.leaf", "_scheme", "https")
    CASE("method-get", "r.items", "_method", "GET")
    CASE("method-put", "r.items", "item", 9, "_method", "PUT")
    CASE("items-list", "r.items")
    CASE("items-one", "r.items", "item", 4)
    CASE("websocket", "r.ws")
    CASE("static", "static", "filename", "css/site.css")
    CASE("static-space", "static", "filename", "a b.txt")
    CASE("bp-static", "t.static", "filename", "bp.txt")
    CASE("unknown", "r.nothing")
    CASE("nested", "n.c.leaf")
    CASE("i18n", "i.about", "lang", "fr")
    CASE("build-error-handler", "external-docs", "page", "intro")
#undef CASE
    return RT_E_UNSUPPORTED;
}

static rt_response *build_error(rt_request *req, const char *endpoint)
{
    const rt_url_rule *best = rt_url_nearest(rt_app_urls(rt_app_of(req)),
                                             endpoint, NULL, 0, RT_STR(""));
    return rt_set_status(rt_html(req, "BuildError {} {}", endpoint,
                                 best ? rt_url_rule_endpoint(best) : "-"),
                         422);
}

static rt_response *build(rt_request *req, rt_value name)
{
    rt_str which = rt_value_as_str(name);
    const char *url = NULL;
    rt_error err = {0};

    rt_status st = build_values(req, which, &url, &err);
    if (st == RT_E_UNSUPPORTED)
        st = build_options(req, which, &url, &err);
    if (st == RT_E_UNSUPPORTED)
        rt_abort(req, 404);
    if (st == RT_OK)
        return rt_html_as_is(req, rt_str_from(url));
    if (st != RT_E_NOT_FOUND)
        return rt_set_status(rt_html(req, "ValueError"), 422);
    return build_error(req, rt_str_eq(which, RT_STR("unknown")) ? "r.nothing"
                                                                : "r.int");
}

rt_blueprint *routes_blueprint(rt_app *app)
{
    rt_blueprint *bp = rt_blueprint_new("r", .url_prefix = "/r");

    rt_url_converter_add(app, &list_converter);
    rt_url_converter_add(app, &hex_converter);
    add_converter_rules(bp);
    add_option_rules(bp);
    rt_route_methods(bp, "/items/", &items, .endpoint = "items",
                     .methods = "GET POST");
    rt_route_methods(bp, "/items/<int:item>", &items, .endpoint = "items",
                     .methods = "GET PUT DELETE");
    rt_route(bp, "/hello/<name>", greet, .endpoint = "hello",
             .methods = "GET POST", .arg = ARG("Hello"));
    rt_route(bp, "/bye/<name>", greet, .endpoint = "bye", .methods = "GET POST",
             .arg = ARG("Bye"));
    rt_get(bp, "/build/<case>", build);
    return bp;
}
