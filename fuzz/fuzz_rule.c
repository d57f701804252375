// Rules and paths: lines up to an empty one are rules, the others are paths to
// be matched on them. An error must point into its rule; what is found must be
// built again, and no redirect may lead to another host or to itself.
//
// covers: src/routing/rule_text.c
// covers: src/routing/pattern.c
// covers: src/routing/conv_setup.c
// covers: src/routing/part.c
// covers: src/routing/match.c
#include <assert.h>
#include <stdint.h>

#include <retort/base/utf8.h>
#include <retort/http/percent.h>
#include <retort/routing/build.h>

#define RULES_MAX 64
#define PATHS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

// A converter with arguments, which crosses slashes and refuses some texts.
static rt_status setup_odd(void *arg, rt_arena *memory, rt_value args,
                           rt_value named, void **self, rt_error *err)
{
    (void)memory;
    (void)named;
    if (rt_list_len(args) > 1) {
        err->message = RT_STR("too many");
        return RT_E_LIMIT;
    }
    *self = arg;
    return rt_dict_len(named) > 1 ? RT_E_SYNTAX : RT_OK;
}

static bool match_odd(void *self, rt_str text)
{
    (void)self;
    return text.len % 2 == 1;
}

static void add(rt_url_map *map, rt_str line, int number)
{
    const rt_pair one = {"a", RT(1)};
    // The first byte of a line chooses options, when it is none of a rule's.
    rt_url_rule_options options = {0};
    if (line.len && line.data[0] >= '0' && line.data[0] <= '7') {
        int bits = line.data[0] - '0';
        options.methods = bits & 1 ? "POST, FROB" : NULL;
        options.strict_slashes = bits & 2 ? RT_OFF : RT_INHERIT;
        if (bits & 4)
            options.defaults = (rt_url_defaults){&one, 1};
        rt_str_take(&line, 1);
    }
    // What stands before the first slash is a host, behind "@" a redirect.
    size_t slash = rt_str_find(line, RT_STR("/"));
    if (slash != RT_STR_NONE && slash > 0)
        options.host = rt_str_cstr(&arena, rt_str_take(&line, slash));
    size_t away = rt_str_find(line, RT_STR("@"));
    if (away != RT_STR_NONE) {
        options.redirect_to =
            rt_str_cstr(&arena, rt_str_slice(line, away + 1, line.len));
        options.alias = line.len % 2;
        line.len = away;
    }
    rt_buf endpoint;
    rt_buf_init(&endpoint, &arena);
    rt_buf_put_cstr(&endpoint, "e");
    // Some rules share an endpoint, so that defaults can redirect.
    rt_buf_put_int(&endpoint, options.defaults.len ? number - 1 : number);
    options.endpoint = rt_buf_str(&endpoint).data;

    rt_error err = {0};
    const char *text = rt_str_cstr(&arena, line);
    if (rt_url_map_add(map, text, &options, NULL, &err)) {
        assert(err.status != RT_OK && err.message.len);
        assert(err.column >= 1 && err.column <= rt_utf8_len(err.excerpt) + 1);
        assert(rt_error_text(&arena, &err).len);
    }
}

static void follow(rt_str path, rt_str location)
{
    assert(location.len && location.data[0] == '/');
    assert(location.len == 1 || location.data[1] != '/');
    while (path.len > 1 && path.data[0] == '/' && path.data[1] == '/')
        rt_str_take(&path, 1);
    assert(!rt_str_eq(rt_percent_decode_path(&arena, location), path));
}

static void rebuild(const rt_url_map *map, const rt_url_result *result)
{
    rt_str url = {0};
    rt_status status =
        rt_url_build(map, &arena, rt_url_rule_endpoint(result->rule),
                     result->args, result->args_len, NULL, &url, NULL);
    assert(status == RT_OK);
    assert(url.data[0] == '/' && url.data[1] != '/');
}

static void match(const rt_url_map *map, rt_str line)
{
    static const char *const methods[] = {"GET", "POST", "FROB", "OPTIONS"};
    size_t slash = rt_str_find(line, RT_STR("/"));
    rt_str host = rt_str_take(&line, slash == RT_STR_NONE ? 0 : slash);
    rt_str path = rt_utf8_repair(&arena, line);
    for (size_t i = 0; i < RT_COUNT(methods); i++) {
        rt_url_target target = {
            .method = rt_method_parse(rt_str_from(methods[i])),
            .method_text = rt_str_from(methods[i]),
            .path = path,
            .host = host,
        };
        rt_url_result result;
        rt_url_match(map, &arena, &target, &result);
        if (result.outcome == RT_URL_REDIRECT && !result.moved &&
            (!result.host.data || rt_str_eq(result.host, host)))
            follow(path, result.location);
        if (result.outcome == RT_URL_FOUND)
            rebuild(map, &result);
        assert(
            (result.outcome != RT_URL_METHOD_NOT_ALLOWED) ==
            (rt_method_set_is_empty(result.allow) || result.automatic_options));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const rt_url_converter odd = {
        .name = "odd",
        .crosses_slash = true,
        .setup = setup_odd,
        .match = match_odd,
    };
    rt_url_map *map = rt_url_map_new(&arena, NULL);
    rt_status status = rt_url_map_add_converter(map, &odd);
    assert(status == RT_OK);

    rt_str rest = rt_str_of(data, size);
    for (int i = 0; i < RULES_MAX && rest.data; i++) {
        rt_str line = rt_str_cut(&rest, '\n');
        if (!line.len)
            break;
        add(map, line, i);
    }
    rt_url_map_compile(map);
    for (int i = 0; i < PATHS_MAX && rest.data; i++)
        match(map, rt_str_cut(&rest, '\n'));
    rt_arena_deinit(&arena);
    return 0;
}
