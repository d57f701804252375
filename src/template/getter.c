// Ways to attributes of elements, as the filters' `attribute=` names them.
#include "template/filters.h"
#include "template/text_unicode.h"

// A part of digits alone is an index.
static rt_status part_of(rt_render *r, rt_str text, rt_value *out)
{
    bool digits = text.len > 0;

    for (rt_str rest = text; rest.len && digits;)
        digits = rt__rune_is_digit(rt__rune_next(&rest));
    *out = rt_value_str(text);
    return digits ? rt__int_parse(r, text, 10, out) : RT_OK;
}

rt_status rt__getter_init(rt_render *r, rt__getter *g, rt_value attribute,
                          bool ignore_case, rt_value otherwise)
{
    *g = (rt__getter){.ignore_case = ignore_case, .otherwise = otherwise};
    if (rt__is_none(attribute))
        return RT_OK;
    if (!rt_value_is_text(attribute)) {
        g->parts = rt_new(r->arena, rt_value, 1);
        g->parts[g->len++] = attribute;
        return RT_OK;
    }
    rt_str rest = rt_value_as_str(attribute);
    size_t dots = 0;
    for (size_t i = 0; i < rest.len; i++)
        dots += rest.data[i] == '.';
    g->parts = rt_new(r->arena, rt_value, dots + 1);
    while (g->len <= dots) {
        rt_status st = part_of(r, rt_str_cut(&rest, '.'), &g->parts[g->len++]);
        if (st)
            return st;
    }
    return rt__step(r, dots + 1);
}

rt_status rt__getter_get(rt_render *r, const rt__getter *g, rt_value item,
                         rt_value *out)
{
    for (size_t i = 0; i < g->len; i++) {
        rt_status st = rt__get_item(r, item, g->parts[i], &item);
        if (st)
            return st;
        if (item.kind == RT_UNDEFINED && !rt__is_none(g->otherwise))
            item = g->otherwise;
    }
    *out = item;
    return g->ignore_case ? rt__ignore_case(r, item, out) : RT_OK;
}
