// What the tests of routing share: maps from rows, and results as one line of
// text, so that a row is an input beside its output.
#pragma once

#include <retort/routing/build.h>
#include <retort/routing/map.h>
#include <retort/test.h>

// A rule and what it is added with. The endpoint is its text when it has none.
typedef struct rule_row {
    const char *text;
    const char *endpoint;
    const char *methods;
    rt_switch strict_slashes;
    rt_switch merge_slashes;
    bool build_only;
    bool no_options;
    rt_url_defaults defaults;
} rule_row;

static inline rt_status add_rule(rt_url_map *map, const rule_row *row,
                                 rt_error *err)
{
    rt_url_rule_options options = {
        .endpoint = row->endpoint ? row->endpoint : row->text,
        .methods = row->methods,
        .defaults = row->defaults,
        .strict_slashes = row->strict_slashes,
        .merge_slashes = row->merge_slashes,
        .build_only = row->build_only,
        .no_options = row->no_options,
    };
    return rt_url_map_add(map, row->text, &options, NULL, err);
}

static inline void add_rules(rt_url_map *map, const rule_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].text);
        rt_error err = {0};
        CHECK_EQ(add_rule(map, &rows[i], &err), RT_OK);
        CHECK_EQ(err.message, rt_str_from(""));
    }
}

static inline rt_url_map *new_map(rt_arena *arena, const rule_row *rows,
                                  size_t n)
{
    rt_url_map *map = rt_url_map_new(arena, NULL);
    add_rules(map, rows, n);
    rt_url_map_compile(map);
    return map;
}

// "404", "405 GET, HEAD", "308 /x/", "show id=3", "show OPTIONS GET, OPTIONS".
static inline rt_str result_text(rt_arena *arena, const rt_url_result *result)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    switch (result->outcome) {
    case RT_URL_NOT_FOUND: rt_buf_put_cstr(&buf, "404"); break;
    case RT_URL_METHOD_NOT_ALLOWED: rt_buf_put_cstr(&buf, "405 "); break;
    case RT_URL_NO_HANDSHAKE: rt_buf_put_cstr(&buf, "no handshake"); break;
    case RT_URL_REDIRECT:
        rt_buf_put_cstr(&buf, result->moved ? "moved " : "308 ");
        if (result->host.len) {
            rt_buf_put_cstr(&buf, "//");
            rt_buf_put(&buf, result->host);
        }
        break;
    case RT_URL_FOUND:
        rt_buf_put_cstr(&buf, rt_url_rule_endpoint(result->rule));
        break;
    }
    for (size_t i = 0; i < result->args_len; i++) {
        rt_buf_put_char(&buf, ' ');
        rt_buf_put_cstr(&buf, result->args[i].name);
        rt_buf_put_char(&buf, '=');
        rt_value_put_repr(&buf, result->args[i].value);
    }
    if (result->automatic_options)
        rt_buf_put_cstr(&buf, " OPTIONS ");
    rt_buf_put(&buf, rt_method_set_dump(arena, result->allow));
    rt_buf_put(&buf, result->location);
    return rt_buf_str(&buf);
}

static inline rt_str match_bytes(rt_arena *arena, const rt_url_map *map,
                                 const char *method, rt_str path)
{
    rt_url_target target = {
        .method = rt_method_parse(rt_str_from(method)),
        .method_text = rt_str_from(method),
        .path = path,
    };
    rt_url_result result;
    rt_url_outcome outcome = rt_url_match(map, arena, &target, &result);
    CHECK_EQ(outcome, result.outcome);
    return result_text(arena, &result);
}

static inline rt_str match(rt_arena *arena, const rt_url_map *map,
                           const char *method, const char *path)
{
    return match_bytes(arena, map, method, rt_guarded(path));
}
