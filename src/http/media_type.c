#include "retort/http/media_type.h"

#include <retort/http/field.h>
#include <retort/http/header_value.h>

rt_media_type rt_media_type_parse(rt_arena *arena, rt_str text)
{
    rt_header_options options = rt_header_options_parse(arena, text);
    rt_media_type out = {.name = rt_str_lower(arena, options.value),
                         .params = options.params};

    rt_str subtype = out.name;
    rt_str type = rt_str_cut(&subtype, '/');
    if (rt_is_token(type) && rt_is_token(subtype)) {
        out.type = type;
        out.subtype = subtype;
    }
    return out;
}

bool rt_media_type_is_json(rt_str name)
{
    return rt_str_eq(name, RT_STR("application/json")) ||
           (rt_str_starts_with(name, RT_STR("application/")) &&
            rt_str_ends_with(name, RT_STR("+json")));
}

bool rt_media_type_is_text(rt_str name)
{
    static const char *const others[] = {
        "application/ecmascript", "application/javascript",
        "application/sql",        "application/xml",
        "application/xml-dtd",    "application/xml-external-parsed-entity",
    };

    if (rt_str_starts_with(name, RT_STR("text/")) ||
        rt_str_ends_with(name, RT_STR("+xml")))
        return true;
    for (size_t i = 0; i < RT_COUNT(others); i++) {
        if (rt_str_eq(name, rt_str_from(others[i])))
            return true;
    }
    return false;
}

rt_str rt_media_type_with_charset(rt_arena *arena, rt_str name)
{
    if (rt_str_eq(name, RT_STR("text/html"))) // without a copy: the usual one
        return RT_STR("text/html; charset=utf-8");
    if (rt_str_find_char(name, ';') != RT_STR_NONE ||
        !rt_media_type_is_text(name))
        return name;
    return rt_str_concat(arena, name, RT_STR("; charset=utf-8"));
}
