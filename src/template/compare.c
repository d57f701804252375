// Comparison and containment, by Python's rules: numbers of all types exactly,
// text by code points, lists and tuples element by element.
#include <math.h>

#include "template/bigint.h"
#include "template/objects.h"

static rt_status too_deep(rt_render *r)
{
    return rt__raise(r, RT_TEMPLATE_RUNTIME_FAILURE,
                     "maximum recursion depth exceeded in comparison");
}

// ---- numbers ------------------------------------------------------------------

static bool is_number(rt_value v)
{
    return rt_value_is_number(v) || rt__is_bigint(v);
}

// Negative, zero, positive; UNORDERED where NaN is one of them.
#define UNORDERED 2

static int order_doubles(double x, double y)
{
    if (isnan(x) || isnan(y))
        return UNORDERED;
    return (x > y) - (x < y);
}

static int order_numbers(rt_value a, rt_value b)
{
    rt__int x, y;

    if (a.kind == RT_INT && b.kind == RT_INT)
        return (a.as.integer > b.as.integer) - (a.as.integer < b.as.integer);
    if (a.kind == RT_FLOAT && b.kind == RT_FLOAT)
        return order_doubles(a.as.number, b.as.number);
    if (a.kind == RT_FLOAT && rt__int_view(b, &y)) {
        return isnan(a.as.number) ? UNORDERED
                                  : -rt__int_compare_double(&y, a.as.number);
    }
    if (b.kind == RT_FLOAT && rt__int_view(a, &x)) {
        return isnan(b.as.number) ? UNORDERED
                                  : rt__int_compare_double(&x, b.as.number);
    }
    if (rt__int_view(a, &x) && rt__int_view(b, &y))
        return rt__int_compare(&x, &y);
    return UNORDERED;
}

// Of integers beyond 64 bits.
static rt_status step_numbers(rt_render *r, rt_value a, rt_value b)
{
    rt__int x;

    if (a.kind != RT_OBJECT || b.kind != RT_OBJECT || !rt__int_view(a, &x))
        return RT_OK;
    return rt__int_step(r, &x);
}

// ---- equality -------------------------------------------------------------------

static rt_status equal_at(rt_render *r, rt_value a, rt_value b, int depth,
                          bool *out);

static rt_status lists_equal(rt_render *r, rt_value a, rt_value b, int depth,
                             bool *out)
{
    rt_status st = RT_OK;

    *out = a.as.list == b.as.list;
    if (*out || rt_list_len(a) != rt_list_len(b))
        return RT_OK;
    *out = true;
    for (size_t i = 0; i < rt_list_len(a) && *out && !st; i++) {
        st = equal_at(r, rt_list_items(a)[i], rt_list_items(b)[i], depth + 1,
                      out);
    }
    return st;
}

static rt_status dicts_equal(rt_render *r, rt_value a, rt_value b, int depth,
                             bool *out)
{
    rt_status st = RT_OK;

    *out = a.as.dict == b.as.dict;
    if (*out || rt_dict_len(a) != rt_dict_len(b))
        return RT_OK;
    *out = true;
    rt_dict_each(e, a) {
        if (!*out || (st = rt__step_key(r, e->key)))
            break;
        *out = rt_dict_has(b, e->key);
        if (*out)
            st = equal_at(r, e->value, rt_dict_get(b, e->key), depth + 1, out);
        if (st)
            break;
    }
    return st;
}

static rt_status has_entry(rt_render *r, rt_value dict, rt_value item,
                           bool *out)
{
    *out = false;
    if (item.kind != RT_TUPLE || rt_list_len(item) != 2)
        return RT_OK;
    rt_value key = rt_list_get(item, 0);
    rt_status st = rt__check_key(r, key);
    if (st || !rt_dict_has(dict, key))
        return st;
    return equal_at(r, rt_list_get(item, 1), rt_dict_get(dict, key), 1, out);
}

// Keys and items compare like sets: whether all of a's are in b.
static rt_status view_within(rt_render *r, rt_value a, rt_value b,
                             rt__view_kind kind, int depth, bool *out)
{
    rt_status st = RT_OK;

    *out = true;
    rt_dict_each(e, a) {
        if (!*out || st || (st = rt__step_key(r, e->key)))
            break;
        *out = rt_dict_has(b, e->key);
        if (*out && kind == RT__ITEMS)
            st = equal_at(r, e->value, rt_dict_get(b, e->key), depth + 1, out);
    }
    return st;
}

// The dicts of two views that are like sets of the same kind.
static bool are_set_views(rt_value a, rt_value b, rt_value *x, rt_value *y,
                          rt__view_kind *kind)
{
    rt__view_kind other;

    return rt__is_dict_view(a, x, kind) && rt__is_dict_view(b, y, &other) &&
           *kind == other && *kind != RT__VALUES;
}

static rt_status objects_equal(rt_render *r, rt_value a, rt_value b, int depth,
                               bool *out)
{
    rt_value x, y;
    rt__view_kind kind;

    if (are_set_views(a, b, &x, &y, &kind)) {
        *out = rt_dict_len(x) == rt_dict_len(y);
        return *out ? view_within(r, x, y, kind, depth, out) : RT_OK;
    }
    *out = rt_value_equal(a, b);
    return RT_OK;
}

static rt_status equal_at(rt_render *r, rt_value a, rt_value b, int depth,
                          bool *out)
{
    rt_status st = rt__step(r, 1);

    *out = false;
    if (st)
        return st;
    if (depth > RT_VALUE_DEPTH_MAX)
        return too_deep(r);
    if (rt_value_is_text(a) && rt_value_is_text(b)) {
        *out = rt_str_eq(rt_value_as_str(a), rt_value_as_str(b));
        return a.len == b.len ? rt__step_bytes(r, a.len) : RT_OK;
    }
    if (is_number(a) && is_number(b)) {
        *out = order_numbers(a, b) == 0;
        return step_numbers(r, a, b);
    }
    if (a.kind == RT_UNDEFINED || b.kind == RT_UNDEFINED) {
        // Those of an inline if are of another class in modes that have one.
        *out = a.kind == b.kind &&
               rt__undefined_mode_of(r, a) == rt__undefined_mode_of(r, b);
        st = rt__undefined_touch(r, a);
        return st ? st : rt__undefined_touch(r, b);
    }
    if (a.kind == RT_OBJECT || b.kind == RT_OBJECT)
        return objects_equal(r, a, b, depth, out);
    if (a.kind != b.kind)
        return RT_OK;
    switch (rt_value_kind(a)) {
    case RT_LIST:
    case RT_TUPLE: return lists_equal(r, a, b, depth, out);
    case RT_DICT: return dicts_equal(r, a, b, depth, out);
    case RT_BYTES: st = rt__step_bytes(r, a.len); break;
    default: break;
    }
    *out = rt_value_equal(a, b);
    return st;
}

// ---- order --------------------------------------------------------------------------

static rt_status unorderable(rt_render *r, const char *op, rt_value a,
                             rt_value b)
{
    if (a.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a);
    if (b.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, b);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{!r} not supported between instances of {!r} and {!r}",
                     op, rt__type_name(a), rt__type_name(b));
}

static rt_status step_shorter(rt_render *r, rt_value a, rt_value b)
{
    return rt__step_bytes(r, a.len < b.len ? a.len : b.len);
}

static int order_bytes(rt_value a, rt_value b)
{
    int order = rt_str_compare(rt_value_as_str(a), rt_value_as_str(b));

    return (order > 0) - (order < 0);
}

static rt_status order_at(rt_render *r, const char *op, rt_value a, rt_value b,
                          int depth, int *out);

// The first elements that differ decide; without any the shorter one is less.
static rt_status order_lists(rt_render *r, const char *op, rt_value a,
                             rt_value b, int depth, int *out)
{
    bool same = true;

    for (size_t i = 0; i < rt_list_len(a) && i < rt_list_len(b); i++) {
        rt_value x = rt_list_items(a)[i];
        rt_value y = rt_list_items(b)[i];
        rt_status st = equal_at(r, x, y, depth + 1, &same);
        if (st)
            return st;
        if (!same)
            return order_at(r, op, x, y, depth + 1, out);
    }
    *out =
        (rt_list_len(a) > rt_list_len(b)) - (rt_list_len(a) < rt_list_len(b));
    return RT_OK;
}

static rt_status order_at(rt_render *r, const char *op, rt_value a, rt_value b,
                          int depth, int *out)
{
    if (depth > RT_VALUE_DEPTH_MAX)
        return too_deep(r);
    if (rt_value_is_text(a) && rt_value_is_text(b)) {
        // UTF-8 orders by bytes as its code points do.
        rt_status st = rt__step(r, 1);
        *out = order_bytes(a, b);
        return st ? st : step_shorter(r, a, b);
    }
    if (is_number(a) && is_number(b)) {
        rt_status st = rt__step(r, 1);
        *out = order_numbers(a, b);
        return st ? st : step_numbers(r, a, b);
    }
    if (a.kind != b.kind)
        return unorderable(r, op, a, b);
    switch (rt_value_kind(a)) {
    case RT_BYTES: *out = order_bytes(a, b); return step_shorter(r, a, b);
    case RT_LIST:
    case RT_TUPLE: return order_lists(r, op, a, b, depth, out);
    case RT_DATE:
        *out = (a.as.date_us > b.as.date_us) - (a.as.date_us < b.as.date_us);
        return RT_OK;
    case RT_UUID:
        *out = memcmp(a.as.uuid, b.as.uuid, 16);
        *out = (*out > 0) - (*out < 0);
        return RT_OK;
    default: return unorderable(r, op, a, b);
    }
}

rt_status rt__order(rt_render *r, rt_value a, rt_value b, int *out)
{
    rt_status st = order_at(r, "<", a, b, 0, out);

    if (*out == UNORDERED)
        *out = 0;
    return st;
}

static bool holds(rt__cmp cmp, int order)
{
    if (order == UNORDERED)
        return false;
    switch (cmp) {
    case RT__LT: return order < 0;
    case RT__LE: return order <= 0;
    case RT__GT: return order > 0;
    case RT__GE: return order >= 0;
    default: return false;
    }
}

// Subsets of keys and items.
static rt_status compare_views(rt_render *r, rt__cmp cmp, rt_value a,
                               rt_value b, rt__view_kind kind, bool *out)
{
    bool less = cmp == RT__LT || cmp == RT__LE;
    rt_value small = less ? a : b;
    rt_value large = less ? b : a;

    *out = cmp == RT__LT || cmp == RT__GT
               ? rt_dict_len(small) < rt_dict_len(large)
               : rt_dict_len(small) <= rt_dict_len(large);
    return *out ? view_within(r, small, large, kind, 0, out) : RT_OK;
}

static rt_status compare_order(rt_render *r, rt__cmp cmp, rt_value a,
                               rt_value b, bool *out)
{
    static const char *const ops[] = {
        [RT__LT] = "<", [RT__LE] = "<=", [RT__GT] = ">", [RT__GE] = ">="};
    int order = UNORDERED;
    rt_value x, y;
    rt__view_kind kind;

    if (are_set_views(a, b, &x, &y, &kind))
        return compare_views(r, cmp, x, y, kind, out);
    rt_status st = order_at(r, ops[cmp], a, b, 0, &order);
    *out = holds(cmp, order);
    return st;
}

// ---- containment ----------------------------------------------------------------------

// The innermost value that keeps a key from being one.
static rt_value unhashable_part(rt_value key)
{
    uint64_t hash;

    if (key.kind == RT_TUPLE) {
        rt_list_each(item, key)
            if (rt_value_hash(*item, &hash) == RT_E_TYPE)
                return unhashable_part(*item);
    }
    return key;
}

static rt_status step_key_at(rt_render *r, rt_value key, int depth)
{
    rt__int n;
    rt_status st = RT_OK;

    if (rt_value_is_text(key) || key.kind == RT_BYTES)
        return rt__step_bytes(r, key.len);
    if (rt__is_bigint(key) && rt__int_view(key, &n))
        return rt__int_step(r, &n);
    if (key.kind != RT_TUPLE || depth > RT_VALUE_DEPTH_MAX)
        return RT_OK;
    st = rt__step(r, rt_list_len(key));
    for (size_t i = 0; i < rt_list_len(key) && !st; i++)
        st = step_key_at(r, rt_list_items(key)[i], depth + 1);
    return st;
}

rt_status rt__step_key(rt_render *r, rt_value key)
{
    return step_key_at(r, key, 0);
}

rt_status rt__check_key(rt_render *r, rt_value key)
{
    uint64_t hash;
    rt_status st = rt__undefined_touch(r, key);

    if (!st)
        st = rt__step_key(r, key);
    if (st)
        return st;
    st = rt_value_hash(key, &hash);
    if (st == RT_E_LIMIT)
        return rt__raise(r, RT_TEMPLATE_LIMIT_ERROR, "a key that is too large");
    if (st) {
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "unhashable type: {!r}",
                         rt__type_name(unhashable_part(key)));
    }
    return RT_OK;
}

static rt_status text_has(rt_render *r, rt_value text, rt_value item, bool *out)
{
    if (!rt_value_is_text(item)) {
        return rt__raise(
            r, RT_TEMPLATE_TYPE_ERROR,
            "'in <string>' requires string as left operand, not {}",
            rt__type_name(item));
    }
    *out = rt_str_find(rt_value_as_str(text), rt_value_as_str(item)) !=
           RT_STR_NONE;
    return rt__step(r, text.len / 64);
}

static rt_status bytes_have(rt_render *r, rt_value bytes, rt_value item,
                            bool *out)
{
    rt_str all = rt_value_as_str(bytes);
    int64_t n = rt_value_as_int(item, 0);

    if (item.kind == RT_BYTES) {
        *out = rt_str_find(all, rt_value_as_str(item)) != RT_STR_NONE;
        return rt__step(r, all.len / 64);
    }
    if (!rt__is_integer(item)) {
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "a bytes-like object is required, not {!r}",
                         rt__type_name(item));
    }
    if (rt__is_bigint(item) || n < 0 || n > 255) {
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR,
                         "byte must be in range(0, 256)");
    }
    *out = rt_str_find_char(all, (char)n) != RT_STR_NONE;
    return RT_OK;
}

static rt_status any_equal(rt_render *r, rt_value container, rt_value item,
                           bool *out)
{
    rt__iter it;
    rt_value element;
    rt_status st = rt__iter_init(r, container, &it);

    while (!st && !*out && rt__iter_next(r, &it, &element))
        st = equal_at(r, element, item, 0, out);
    if (!st && r->error.kind != RT_TEMPLATE_OK)
        st = RT_E_CANCELLED; // while iterating
    return st;
}

static rt_status object_has(rt_render *r, rt_value object, rt_value item,
                            bool *out)
{
    rt_value dict;
    rt__view_kind kind;

    if (rt__is_range(object, NULL, NULL, NULL)) {
        *out = rt__range_has(object, item);
        return rt__undefined_touch(r, item);
    }
    if (rt__is_dict_view(object, &dict, &kind)) {
        if (kind == RT__KEYS) {
            rt_status st = rt__check_key(r, item);
            *out = !st && rt_dict_has(dict, item);
            return st;
        }
        if (kind == RT__ITEMS)
            return has_entry(r, dict, item, out);
    }
    if (object.as.object->vtable->next)
        return any_equal(r, object, item, out);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "argument of type {!r} is not iterable",
                     rt__type_name(object));
}

static rt_status contains(rt_render *r, rt_value container, rt_value item,
                          bool *out)
{
    rt_status st;

    *out = false;
    switch (rt_value_kind(container)) {
    case RT_STRING:
    case RT_SAFE: return text_has(r, container, item, out);
    case RT_BYTES: return bytes_have(r, container, item, out);
    case RT_LIST:
    case RT_TUPLE: return any_equal(r, container, item, out);
    case RT_DICT:
        st = rt__check_key(r, item);
        *out = !st && rt_dict_has(container, item);
        return st;
    case RT_UNDEFINED: return rt__undefined_touch(r, container);
    case RT_OBJECT: return object_has(r, container, item, out);
    default: break;
    }
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "argument of type {!r} is not iterable",
                     rt__type_name(container));
}

// What loops compare most: it needs no more than a subtraction.
static bool compare_ints(rt__cmp cmp, int64_t a, int64_t b)
{
    switch (cmp) {
    case RT__EQ: return a == b;
    case RT__NE: return a != b;
    case RT__LT: return a < b;
    case RT__LE: return a <= b;
    case RT__GT: return a > b;
    default: return a >= b;
    }
}

rt_status rt__compare(rt_render *r, rt__cmp cmp, rt_value a, rt_value b,
                      bool *out)
{
    rt_status st;

    if (a.kind == RT_INT && b.kind == RT_INT && cmp <= RT__GE) {
        *out = compare_ints(cmp, a.as.integer, b.as.integer);
        return RT_OK;
    }
    switch (cmp) {
    case RT__EQ: return equal_at(r, a, b, 0, out);
    case RT__NE:
        st = equal_at(r, a, b, 0, out);
        *out = !*out;
        return st;
    case RT__IN: return contains(r, b, a, out);
    case RT__NOT_IN:
        st = contains(r, b, a, out);
        *out = !*out;
        return st;
    default: return compare_order(r, cmp, a, b, out);
    }
}
