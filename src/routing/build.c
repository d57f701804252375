#include "retort/routing/build.h"

#include <assert.h>

#include <retort/base/vec.h>
#include <retort/http/percent.h>
#include <retort/http/query.h>

#include "routing/map.h"

// A build in progress.
typedef struct job {
    const rt_url_map *map;
    const char *endpoint;
    const rt_pair *args; // none of them none or undefined
    size_t args_len;
    const rt_url_build_options *options;
    rt_arena *arena;
} job;

static bool is_absent(rt_value value)
{
    return value.kind == RT_NONE || value.kind == RT_UNDEFINED;
}

static void drop_absent(rt_arena *arena, job *j)
{
    rt_pair *kept = rt_arena_alloc(arena, j->args_len * sizeof *kept);
    size_t len = 0;
    for (size_t i = 0; i < j->args_len; i++) {
        if (!is_absent(j->args[i].value))
            kept[len++] = j->args[i];
    }
    j->args = kept;
    j->args_len = len;
}

// True when the URL of a rule is on the host of the request.
static bool is_on_host(const job *j, const rt_url_rule *rule)
{
    rt_buf host;
    rt_buf_init(&host, j->arena);
    return !rt__rule_put_host(rule, j->args, j->args_len, &host, NULL) &&
           rt_str_eq(rt_buf_str(&host), j->options->host);
}

static const rt_url_rule *find_rule(const job *j, rt_str method)
{
    const rt__endpoint *endpoint =
        rt_map_get(&j->map->endpoints, rt_str_from(j->endpoint));
    if (!endpoint)
        return NULL;

    rt_method number = rt_method_parse(method);
    const rt_url_rule *first = NULL;
    rt_vec_each(rt_url_rule *, rule, &endpoint->rules) {
        if (method.len && !rt__rule_allows(*rule, number, method))
            continue;
        if (!rt__rule_suits(*rule, j->args, j->args_len))
            continue;
        if (!j->map->host_matching || is_on_host(j, *rule))
            return *rule;
        if (!first)
            first = *rule;
    }
    return first;
}

static const rt_url_rule *choose_rule(const job *j)
{
    if (j->options->method.len)
        return find_rule(j, j->options->method);

    const rt_url_rule *rule = NULL;
    if (j->options->try_method.len)
        rule = find_rule(j, j->options->try_method);
    return rule ? rule : find_rule(j, (rt_str){0});
}

// ---- the query ----------------------------------------------------------

static void put_field(rt_buf *out, char *separator, const char *name,
                      rt_value value)
{
    if (is_absent(value))
        return;
    rt_buf_put_char(out, *separator);
    *separator = '&';
    rt_query_put_field(out, rt_str_from(name),
                       rt_value_text(out->arena, value));
}

static void put_query(const job *j, const rt_url_rule *rule, rt_buf *out)
{
    char separator = '?';
    for (size_t i = 0; i < j->args_len; i++) {
        const rt_pair *arg = &j->args[i];
        if (rt__rule_has_name(rule, arg->name))
            continue;
        if (!rt_value_is_list(arg->value)) {
            put_field(out, &separator, arg->name, arg->value);
            continue;
        }
        rt_list_each(item, arg->value) {
            put_field(out, &separator, arg->name, *item);
        }
    }
}

// ---- errors -------------------------------------------------------------

static void put_names(rt_buf *out, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        rt_buf_printf(out, "%s\"%s\"", i ? ", " : "", names[i]);
}

// Which of the rule's values are not there.
static void put_missing(const job *j, const rt_url_rule *rule, rt_arena *arena,
                        rt_buf *out)
{
    const char **names = rt_new(arena, const char *, rule->names_len);
    size_t n = 0;
    for (size_t i = 0; i < rule->names_len; i++) {
        if (!rt__args_get(j->args, j->args_len, rule->names[i]))
            names[n++] = rule->names[i];
    }
    if (!n)
        return;
    rt_buf_put_cstr(out, n == 1 ? "; the value " : "; the values ");
    put_names(out, names, n);
    rt_buf_put_cstr(out, n == 1 ? " is missing" : " are missing");
}

static void put_hint(const job *j, rt_arena *arena, rt_buf *out)
{
    rt_str method = j->options->method;
    const rt_url_rule *nearest =
        rt_url_nearest(j->map, j->endpoint, j->args, j->args_len, method);
    if (!nearest)
        return;
    if (strcmp(nearest->endpoint, j->endpoint) != 0) {
        if (rt__names_alike(nearest->endpoint, j->endpoint))
            rt_buf_printf(out, "; did you mean \"%s\"?", nearest->endpoint);
        return;
    }
    if (method.len &&
        !rt__rule_allows(nearest, rt_method_parse(method), method)) {
        rt_buf_put_cstr(out, "; its methods are ");
        rt_buf_put(out, rt_method_set_dump(arena, nearest->methods));
    }
    put_missing(j, nearest, arena, out);
}

static rt_status explain(const job *j, rt_arena *arena, rt_error *err)
{
    if (!err)
        return RT_E_NOT_FOUND;

    rt_buf message;
    rt_buf_init(&message, arena);
    rt_buf_printf(&message, "cannot build a URL for endpoint \"%s\"",
                  j->endpoint);
    if (j->options->method.len) {
        rt_buf_printf(&message, " and method %.*s",
                      RT_STR_ARG(j->options->method));
    }
    const char **names = rt_new(arena, const char *, j->args_len);
    for (size_t i = 0; i < j->args_len; i++)
        names[i] = j->args[i].name;
    rt_buf_put_cstr(&message, j->args_len ? " with " : "");
    put_names(&message, names, j->args_len);
    put_hint(j, arena, &message);

    *err = (rt_error){
        .status = RT_E_NOT_FOUND,
        .message = rt_buf_str(&message),
    };
    return RT_E_NOT_FOUND;
}

// ---- the whole ----------------------------------------------------------

static void put_root(rt_buf *out, rt_str root)
{
    while (root.len && root.data[root.len - 1] == '/')
        root.len--;
    rt_percent_put(out, root, RT_PERCENT_PATH);
}

rt_status rt_url_build(const rt_url_map *map, rt_arena *arena,
                       const char *endpoint, const rt_pair *args,
                       size_t args_len, const rt_url_build_options *options,
                       rt_str *out, rt_error *err)
{
    rt_url_built built;
    rt_status status = rt_url_build_parts(map, arena, endpoint, args, args_len,
                                          options, &built, err);
    if (!status)
        *out = built.path;
    return status;
}

rt_status rt_url_build_parts(const rt_url_map *map, rt_arena *arena,
                             const char *endpoint, const rt_pair *args,
                             size_t args_len,
                             const rt_url_build_options *options,
                             rt_url_built *out, rt_error *err)
{
    assert(map->compiled);
    static const rt_url_build_options none;
    job j = {
        .map = map,
        .endpoint = endpoint,
        .args = args,
        .args_len = args_len,
        .options = options ? options : &none,
        .arena = arena,
    };
    drop_absent(arena, &j);
    const rt_url_rule *rule = choose_rule(&j);
    if (!rule)
        return explain(&j, arena, err);

    rt_buf url, host;
    rt_buf_init(&url, arena);
    rt_buf_init(&host, arena);
    put_root(&url, j.options->root);
    rt_status status = rt__rule_put_host(rule, j.args, j.args_len, &host, err);
    if (!status)
        status = rt__rule_put_path(rule, j.args, j.args_len, &url, err);
    if (status)
        return status;
    if (!j.options->drop_unknown)
        put_query(&j, rule, &url);
    if (j.options->anchor.data) {
        rt_buf_put_char(&url, '#');
        rt_percent_put(&url, j.options->anchor, RT_PERCENT_FRAGMENT);
    }
    *out = (rt_url_built){rt_buf_str(&url), rt_buf_str(&host), rule};
    return RT_OK;
}
