// Operators on values: which of numbers, text and lists it concerns, and what
// is said when none does.
#include "template/arith.h"
#include "template/runtime.h"

static const char *const symbols[] = {
    [RT__ADD] = "+",           [RT__SUB] = "-",       [RT__MUL] = "*",
    [RT__DIV] = "/",           [RT__FLOORDIV] = "//", [RT__MOD] = "%",
    [RT__POW] = "** or pow()",
};

static rt_status unsupported(rt_render *r, rt__op op, rt_value a, rt_value b)
{
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "unsupported operand type(s) for {}: {!r} and {!r}",
                     symbols[op], rt__type_name(a), rt__type_name(b));
}

// ---- + ---------------------------------------------------------------------------

static rt_status join_text(rt_render *r, rt_str a, rt_str b, rt_str *out)
{
    rt_status st = rt__check_text(r, a.len + b.len);

    if (!st)
        *out = rt_str_concat(r->arena, a, b);
    return st;
}

// One of them safe: the other one is escaped.
static rt_status add_safe(rt_render *r, rt_value a, rt_value b, rt_value *out)
{
    rt_str text;
    rt_status st = rt__escape(r, a, &a);

    if (!st)
        st = rt__escape(r, b, &b);
    if (!st)
        st = join_text(r, rt_value_as_str(a), rt_value_as_str(b), &text);
    if (!st)
        *out = rt_value_safe(text);
    return st;
}

static rt_status cannot_concat(rt_render *r, rt_value a, rt_value b)
{
    if (a.kind == RT_BYTES) {
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "can't concat {} to bytes",
                         rt__type_name(b));
    }
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "can only concatenate {} (not \"{}\") to {}",
                     rt__type_name(a), rt__type_name(b), rt__type_name(a));
}

static rt_status add_text(rt_render *r, rt_value a, rt_value b, rt_value *out)
{
    rt_str text;

    if ((a.kind == RT_SAFE || b.kind == RT_SAFE) && rt_value_is_text(a) &&
        rt_value_is_text(b))
        return add_safe(r, a, b, out);
    if (a.kind == RT_SAFE)
        return unsupported(r, RT__ADD, a, b);
    if (a.kind != b.kind)
        return cannot_concat(r, a, b);
    rt_status st = join_text(r, rt_value_as_str(a), rt_value_as_str(b), &text);
    if (!st) {
        *out = a.kind == RT_BYTES ? rt_value_bytes(text.data, text.len)
                                  : rt_value_str(text);
    }
    return st;
}

// `times` copies of the items of `a`, and then those of `b`.
static rt_status build_list(rt_render *r, rt_value a, size_t times, rt_value b,
                            rt_value *out)
{
    size_t n = rt_list_len(a);
    size_t more = rt_list_len(b);
    size_t len;

    if (__builtin_mul_overflow(n, times, &len) || len > RT__LIST_ITEMS_MAX)
        len = RT__LIST_ITEMS_MAX + 1;
    rt_status st = rt__check_items(r, len + more);
    if (st)
        return st;
    rt_value *items = rt_new(r->arena, rt_value, len + more);
    for (size_t i = 0; i < len; i += n)
        memcpy(items + i, rt_list_items(a), n * sizeof *items);
    if (more)
        memcpy(items + len, rt_list_items(b), more * sizeof *items);
    *out = a.kind == RT_LIST ? rt_list_of(r->arena, items, len + more)
                             : rt_tuple_of(r->arena, items, len + more);
    return RT_OK;
}

static rt_status add(rt_render *r, rt_value a, rt_value b, rt_value *out)
{
    if ((a.kind == RT_SAFE && rt_value_is_markup(b)) ||
        (b.kind == RT_SAFE && rt_value_is_markup(a)))
        return add_safe(r, a, b, out);
    if (rt_value_is_text(a) || a.kind == RT_BYTES)
        return add_text(r, a, b, out);
    if (rt_value_is_list(a)) {
        return a.kind == b.kind ? build_list(r, a, 1, b, out)
                                : cannot_concat(r, a, b);
    }
    return unsupported(r, RT__ADD, a, b);
}

// ---- * ---------------------------------------------------------------------------

static rt_status repeat_text(rt_render *r, rt_value v, size_t times,
                             rt_value *out)
{
    size_t len;

    if (__builtin_mul_overflow((size_t)v.len, times, &len))
        len = SIZE_MAX;
    rt_status st = rt__check_text(r, len);
    if (st)
        return st;
    char *text = rt_arena_alloc(r->arena, len);
    if (v.len == 1)
        memset(text, v.as.text[0], len);
    for (size_t i = 0; v.len > 1 && i < len; i += v.len)
        memcpy(text + i, v.as.text, v.len);
    *out = v.kind == RT_BYTES ? rt_value_bytes(text, len)
                              : rt__text_like(v, rt_str_of(text, len));
    return RT_OK;
}

static rt_status repeat(rt_render *r, rt_value v, rt_value count, rt_value *out)
{
    int64_t times;

    if (!rt__is_integer(count)) {
        if (v.kind == RT_SAFE)
            return rt__index(r, count, &times);
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "can't multiply sequence by non-int of type {!r}",
                         rt__type_name(count));
    }
    if (rt__is_bigint(count)) {
        return rt__raise(r, RT_TEMPLATE_OVERFLOW_ERROR,
                         "cannot fit 'int' into an index-sized integer");
    }
    times = rt_value_as_int(count, 0);
    if (times < 0)
        times = 0;
    if (rt_value_is_list(v))
        return build_list(r, v, (size_t)times, rt_value_none(), out);
    return repeat_text(r, v, (size_t)times, out);
}

// ---- all of them --------------------------------------------------------------------

static rt_status binary_other(rt_render *r, rt__op op, rt_value a, rt_value b,
                              rt_value *out)
{
    // Text asks what is on its right for text first, undefined or not.
    if (op == RT__MOD && rt_value_is_text(a))
        return rt__percent_format(r, a, b, out);
    if (op == RT__ADD && a.kind == RT_SAFE && b.kind == RT_UNDEFINED &&
        rt__undefined_mode_of(r, b) == RT_UNDEFINED_CHAINABLE) {
        *out = a; // such a value is markup, and empty
        return RT_OK;
    }
    if (a.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, a);
    if (b.kind == RT_UNDEFINED && !(op == RT__MUL && a.kind == RT_SAFE))
        return rt__undefined_fail(r, b);
    if (op == RT__ADD)
        return add(r, a, b, out);
    // Safe text on the right is asked first, as it is a type of its own.
    if (op == RT__MUL && rt__is_sequence(a) &&
        (b.kind != RT_SAFE || a.kind == RT_SAFE))
        return repeat(r, a, b, out);
    if (op == RT__MUL && rt__is_sequence(b))
        return repeat(r, b, a, out);
    return unsupported(r, op, a, b);
}

rt_status rt__binary(rt_render *r, rt__op op, rt_value a, rt_value b,
                     rt_value *out)
{
    if (rt__is_numeric(a) && rt__is_numeric(b))
        return rt__arith(r, op, a, b, out);
    return binary_other(r, op, a, b, out);
}

static rt_status bad_operand(rt_render *r, const char *op, rt_value v)
{
    if (v.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, v);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "bad operand type for unary {}: {!r}", op,
                     rt__type_name(v));
}

rt_status rt__negate(rt_render *r, rt_value v, rt_value *out)
{
    if (!rt__is_numeric(v))
        return bad_operand(r, "-", v);
    return rt__arith_negate(r, v, out);
}

rt_status rt__positive(rt_render *r, rt_value v, rt_value *out)
{
    if (!rt__is_numeric(v))
        return bad_operand(r, "+", v);
    *out = v.kind == RT_BOOL ? rt_value_int(v.as.boolean) : v;
    return RT_OK;
}
