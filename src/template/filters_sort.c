// Filters that order: sort, dictsort, groupby, unique, min, max.
#include "template/filters.h"
#include "template/methods.h"

// The elements of a sequence and what they are ordered by.
typedef struct elements {
    rt_value *items;
    rt_value *keys;
    size_t len;
} elements;

static rt_status elements_of(rt_render *r, rt_value source, elements *e)
{
    rt_value list;
    rt_status st = rt__to_list(r, source, &list);

    *e = (elements){0};
    if (st)
        return st;
    e->len = rt_list_len(list);
    e->items = rt_new(r->arena, rt_value, e->len);
    e->keys = rt_new(r->arena, rt_value, e->len);
    for (size_t i = 0; i < e->len; i++)
        e->items[i] = rt_list_items(list)[i];
    return RT_OK;
}

static rt_status take_keys(rt_render *r, const rt__getter *g, elements *e)
{
    rt_status st = RT_OK;

    for (size_t i = 0; i < e->len && !st; i++)
        st = rt__getter_get(r, g, e->items[i], &e->keys[i]);
    return st;
}

// ---- sort -------------------------------------------------------------------------

// Whether all keys are text, or all numbers, so that `<` cannot fail.
static bool are_alike(const elements *e)
{
    size_t texts = 0, numbers = 0;

    for (size_t i = 0; i < e->len; i++) {
        texts += rt_value_is_text(e->keys[i]);
        numbers += rt_value_is_number(e->keys[i]);
    }
    return texts == e->len || numbers == e->len;
}

// Jinja's keys are lists, of which only unequal elements are compared by `<`:
// equal dicts and undefined values can be sorted.
static void wrap_keys(rt_render *r, elements *e)
{
    for (size_t i = 0; i < e->len; i++)
        e->keys[i] = rt_list_of(r->arena, &e->keys[i], 1);
}

// Keys of several attributes, "age,name".
static rt_status take_key_lists(rt_render *r, rt_str attributes,
                                bool ignore_case, elements *e)
{
    for (size_t i = 0; i < e->len; i++)
        e->keys[i] = rt_list_new(r->arena);
    while (attributes.data) {
        rt__getter g;
        rt_value key;
        rt_status st =
            rt__getter_init(r, &g, rt_value_str(rt_str_cut(&attributes, ',')),
                            ignore_case, rt__absent());
        for (size_t i = 0; i < e->len && !st; i++) {
            st = rt__getter_get(r, &g, e->items[i], &key);
            if (!st)
                st = rt_list_push(e->keys[i], key);
        }
        if (st)
            return st;
    }
    return RT_OK;
}

static rt_status take_sort_keys(rt_render *r, rt_value attribute,
                                bool ignore_case, elements *e)
{
    rt__getter g;
    rt_str text = rt_value_as_str(attribute);
    rt_status st;

    if (rt_value_is_text(attribute) &&
        rt_str_find_char(text, ',') != RT_STR_NONE)
        return take_key_lists(r, text, ignore_case, e);
    if ((st = rt__getter_init(r, &g, attribute, ignore_case, rt__absent())) ||
        (st = take_keys(r, &g, e)))
        return st;
    if (!are_alike(e))
        wrap_keys(r, e);
    return RT_OK;
}

FILTER(sort)
{
    elements e;
    bool reverse, case_sensitive;
    rt_status st;

    if ((st = rt__arg_bool(r, a[2], false, &case_sensitive)) ||
        (st = elements_of(r, a[0], &e)) ||
        (st = rt__method_flag(r, a[1], &reverse)) ||
        (st = take_sort_keys(r, a[3], !case_sensitive, &e)) ||
        (st = rt__sort(r, e.keys, e.items, e.len, reverse)))
        return st;
    *out = rt_list_of(r->arena, e.items, e.len);
    return RT_OK;
}

// ---- dictsort ---------------------------------------------------------------------

static rt_status pairs_of(rt_render *r, rt_value dict, bool by_value,
                          bool case_sensitive, elements *e)
{
    rt_status st = rt__check_items(r, rt_dict_len(dict));

    *e = (elements){0};
    e->items = rt_new(r->arena, rt_value, rt_dict_len(dict));
    e->keys = rt_new(r->arena, rt_value, rt_dict_len(dict));
    rt_dict_each(entry, dict) {
        rt_value pair[] = {entry->key, entry->value};
        if (st)
            break;
        e->items[e->len] = rt_tuple_of(r->arena, pair, 2);
        e->keys[e->len] = pair[by_value];
        if (!case_sensitive)
            st = rt__ignore_case(r, pair[by_value], &e->keys[e->len]);
        e->len++;
    }
    return st;
}

FILTER(dictsort)
{
    rt_str by = rt__is_absent(a[2]) ? RT_STR("key") : rt_value_as_str(a[2]);
    bool by_value = rt_str_eq(by, RT_STR("value"));
    bool reverse, case_sensitive;
    elements e;
    rt_status st;

    if (!by_value && !rt_str_eq(by, RT_STR("key")))
        return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                         "You can only sort by either \"key\" or \"value\"");
    if (a[0].kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a[0]);
    if (a[0].kind != RT_DICT)
        return rt__raise(r, RT_TEMPLATE_ATTRIBUTE_ERROR,
                         "{!r} object has no attribute 'items'",
                         rt__type_name(a[0]));
    if ((st = rt__arg_bool(r, a[1], false, &case_sensitive)) ||
        (st = rt__method_flag(r, a[3], &reverse)) ||
        (st = pairs_of(r, a[0], by_value, case_sensitive, &e)) ||
        (st = rt__sort(r, e.keys, e.items, e.len, reverse)))
        return st;
    *out = rt_list_of(r->arena, e.items, e.len);
    return RT_OK;
}

// ---- groupby ----------------------------------------------------------------------

rt_value rt__group_new(rt_render *r, rt_value grouper, rt_value list)
{
    rt_value pair[] = {grouper, list};
    rt_value group = rt_tuple_of(r->arena, pair, 2);

    group.flags |= RT__VALUE_GROUP;
    return group;
}

bool rt__group_attr(rt_value group, rt_str name, rt_value *out)
{
    bool grouper = rt_str_eq(name, RT_STR("grouper"));

    if (group.kind != RT_TUPLE || !(group.flags & RT__VALUE_GROUP) ||
        (!grouper && !rt_str_eq(name, RT_STR("list"))))
        return false;
    *out = rt_list_get(group, grouper ? 0 : 1);
    return true;
}

// The end of the group that begins at `from`: elements of equal keys.
static rt_status group_end(rt_render *r, const elements *e, size_t from,
                           size_t *end)
{
    bool equal = true;
    rt_status st = RT_OK;

    *end = from;
    while (!st && equal && ++*end < e->len)
        st = rt__compare(r, RT__EQ, e->keys[from], e->keys[*end], &equal);
    return st;
}

FILTER(groupby)
{
    rt__getter g;
    elements e;
    bool case_sensitive;
    rt_status st;

    if ((st = rt__arg_bool(r, a[3], false, &case_sensitive)) ||
        (st = rt__getter_init(r, &g, a[1], !case_sensitive, a[2])) ||
        (st = elements_of(r, a[0], &e)) || (st = take_keys(r, &g, &e)) ||
        (st = rt__sort(r, e.keys, e.items, e.len, false)))
        return st;
    *out = rt_list_new(r->arena);
    g.ignore_case = false; // a group is shown as its first element has it
    for (size_t i = 0, end; i < e.len; i = end) {
        rt_value grouper;
        if ((st = group_end(r, &e, i, &end)) ||
            (st = rt__getter_get(r, &g, e.items[i], &grouper)))
            return st;
        rt_value list = rt_list_of(r->arena, &e.items[i], end - i);
        if ((st = rt_list_push(*out, rt__group_new(r, grouper, list))))
            return st;
    }
    return RT_OK;
}

// ---- unique -----------------------------------------------------------------------

typedef struct unique {
    rt_value source;
    rt__iter it;
    rt__getter getter;
    rt_value attribute;
    rt_value case_sensitive;
    rt_value seen; // a dict of keys
    bool started;
} unique;

static bool start_unique(rt_render *r, unique *u)
{
    bool case_sensitive;

    u->started = true;
    u->seen = rt_dict_new(r->arena);
    return !rt__arg_bool(r, u->case_sensitive, false, &case_sensitive) &&
           !rt__getter_init(r, &u->getter, u->attribute, !case_sensitive,
                            rt__absent()) &&
           !rt__iter_init(r, u->source, &u->it);
}

static rt_status add_seen(rt_render *r, rt_value seen, rt_value key,
                          bool *is_new)
{
    size_t before = rt_dict_len(seen);
    rt_status st = rt__check_key(r, key);

    if (!st)
        st = rt_dict_set(seen, key, rt_value_bool(true));
    *is_new = rt_dict_len(seen) > before;
    return st;
}

static bool next_unique(rt_render *r, void *self, rt_value *out)
{
    unique *u = self;
    rt_value key;
    bool is_new = false;

    if (!u->started && !start_unique(r, u))
        return false;
    while (rt__iter_next(r, &u->it, out)) {
        if (rt__getter_get(r, &u->getter, *out, &key) ||
            add_seen(r, u->seen, key, &is_new))
            return false;
        if (is_new)
            return true;
    }
    return false;
}

FILTER(unique)
{
    unique *u = rt_new(r->arena, unique, 1);

    u->source = a[0];
    u->case_sensitive = a[1];
    u->attribute = a[2];
    *out = rt__generator_new(r, next_unique, u);
    return RT_OK;
}

// ---- min and max --------------------------------------------------------------------

static rt_status find_extreme(rt_render *r, const rt_value *a, rt__cmp cmp,
                              rt_value *out)
{
    rt__getter g;
    rt__iter it;
    rt_value item, key, best;
    bool case_sensitive, better;
    rt_status st;

    if ((st = rt__arg_bool(r, a[1], false, &case_sensitive)) ||
        (st = rt__iter_init(r, a[0], &it)))
        return st;
    if (!rt__iter_next(r, &it, out)) {
        *out = rt__undefined_hint(
            r, RT_STR("No aggregated item, sequence was empty."));
        return r->error.kind ? RT_E_CANCELLED : RT_OK;
    }
    if ((st = rt__getter_init(r, &g, a[2], !case_sensitive, rt__absent())) ||
        (st = rt__getter_get(r, &g, *out, &best)))
        return st;
    while (rt__iter_next(r, &it, &item)) {
        if ((st = rt__getter_get(r, &g, item, &key)) ||
            (st = rt__compare(r, cmp, key, best, &better)))
            return st;
        if (better) {
            *out = item;
            best = key;
        }
    }
    return r->error.kind ? RT_E_CANCELLED : RT_OK;
}

FILTER(min)
{
    return find_extreme(r, a, RT__LT, out);
}

FILTER(max)
{
    return find_extreme(r, a, RT__GT, out);
}
