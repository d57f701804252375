// Builtin tests: what may stand behind `is`.
//
// Follows jinja2.tests.
#include "template/env.h"
#include "template/filters.h"
#include "template/text_unicode.h"

#define TEST(name) static RT__BUILTIN(name)

static rt_status give(bool b, rt_value *out)
{
    *out = rt_value_bool(b);
    return RT_OK;
}

// ---- what a value is ----------------------------------------------------------------

TEST(is_defined)
{
    return give(a[0].kind != RT_UNDEFINED, out);
}

TEST(is_undefined)
{
    return give(a[0].kind == RT_UNDEFINED, out);
}

TEST(is_none)
{
    return give(a[0].kind == RT_NONE, out);
}

TEST(is_boolean)
{
    return give(a[0].kind == RT_BOOL, out);
}

TEST(is_true)
{
    return give(a[0].kind == RT_BOOL && a[0].as.boolean, out);
}

TEST(is_false)
{
    return give(a[0].kind == RT_BOOL && !a[0].as.boolean, out);
}

TEST(is_integer)
{
    return give(a[0].kind != RT_BOOL && rt__is_integer(a[0]), out);
}

TEST(is_float)
{
    return give(a[0].kind == RT_FLOAT, out);
}

TEST(is_number)
{
    return give(a[0].kind == RT_FLOAT || rt__is_integer(a[0]), out);
}

TEST(is_string)
{
    return give(rt_value_is_text(a[0]), out);
}

TEST(is_mapping)
{
    return give(a[0].kind == RT_DICT, out);
}

// What has a length and elements by index or key. Asking a strict undefined
// value for its length fails, so it has none.
TEST(is_sequence)
{
    if (a[0].kind == RT_UNDEFINED)
        return give(r->undefined != RT_UNDEFINED_STRICT, out);
    if (a[0].kind == RT_OBJECT)
        return give(a[0].as.object->vtable->len && a[0].as.object->vtable->item,
                    out);
    return give(rt__has_length(a[0]), out);
}

TEST(is_iterable)
{
    rt__iter it;
    rt_status st = rt__iter_init(r, a[0], &it);

    *out = rt_value_bool(!st);
    if (st && rt__caught(r, RT_TEMPLATE_TYPE_ERROR, RT_TEMPLATE_TYPE_ERROR))
        return RT_OK;
    return st;
}

// An undefined value can be called; it only fails then.
TEST(is_callable)
{
    return give(a[0].kind == RT_UNDEFINED || rt__is_callable(a[0]), out);
}

TEST(is_escaped)
{
    return give(rt_value_is_markup(a[0]), out);
}

// ---- numbers and text ---------------------------------------------------------------

// Whether a[0] % divisor is `rest`, by Python's `%`.
static rt_status has_rest(rt_render *r, rt_value v, rt_value divisor,
                          int64_t rest, rt_value *out)
{
    rt_value found;
    bool equal;
    rt_status st = rt__binary(r, RT__MOD, v, divisor, &found);

    if (st || (st = rt__compare(r, RT__EQ, found, rt_value_int(rest), &equal)))
        return st;
    return give(equal, out);
}

TEST(is_odd)
{
    if (a[0].kind == RT_INT)
        return give(a[0].as.integer & 1, out);
    return has_rest(r, a[0], rt_value_int(2), 1, out);
}

TEST(is_even)
{
    if (a[0].kind == RT_INT)
        return give(!(a[0].as.integer & 1), out);
    return has_rest(r, a[0], rt_value_int(2), 0, out);
}

TEST(is_divisibleby)
{
    return has_rest(r, a[0], a[1], 0, out);
}

TEST(is_lower)
{
    rt_str text;
    rt_status st = rt__to_text(r, a[0], &text);

    if (st || (st = rt__check_text(r, text.len)))
        return st;
    return give(rt__text_is_lower(text), out);
}

TEST(is_upper)
{
    rt_str text;
    rt_status st = rt__to_text(r, a[0], &text);

    if (st || (st = rt__check_text(r, text.len)))
        return st;
    return give(rt__text_is_upper(text), out);
}

// ---- comparison ---------------------------------------------------------------------

static rt_status compare(rt_render *r, rt__cmp cmp, const rt_value *a,
                         rt_value *out)
{
    bool yes;
    rt_status st = rt__compare(r, cmp, a[0], a[1], &yes);

    return st ? st : give(yes, out);
}

TEST(is_eq)
{
    return compare(r, RT__EQ, a, out);
}

TEST(is_ne)
{
    return compare(r, RT__NE, a, out);
}

TEST(is_lt)
{
    return compare(r, RT__LT, a, out);
}

TEST(is_le)
{
    return compare(r, RT__LE, a, out);
}

TEST(is_gt)
{
    return compare(r, RT__GT, a, out);
}

TEST(is_ge)
{
    return compare(r, RT__GE, a, out);
}

TEST(is_in)
{
    return compare(r, RT__IN, a, out);
}

TEST(is_sameas)
{
    return give(rt__is_same(a[0], a[1]), out);
}

// ---- names of filters and tests -----------------------------------------------------

// Jinja looks names up in a dict, whose keys not all values can be.

TEST(is_filter)
{
    rt__use use = {0};
    rt_str name = rt_value_as_str(a[0]);
    rt_status st = rt__check_key(r, a[0]);

    if (st)
        return st;
    if (r->env) {
        rt__env_filter(r->env, name, &use);
    } else {
        use.builtin = rt__filter_find(name);
    }
    return give(rt_value_is_text(a[0]) && (use.builtin || use.host), out);
}

TEST(is_test)
{
    rt__use use = {0};
    rt_str name = rt_value_as_str(a[0]);
    rt_status st = rt__check_key(r, a[0]);

    if (st)
        return st;
    if (r->env) {
        rt__env_test(r->env, name, &use);
    } else {
        use.builtin = rt__test_find(name);
    }
    return give(rt_value_is_text(a[0]) && (use.builtin || use.host), out);
}

// ---- the table ----------------------------------------------------------------------

#define COMPARISON RT__PURE | RT__POSITIONAL

// Ordered by name.
static const rt__builtin tests[] = {
    {"!=", is_ne, "a b", 2, COMPARISON},
    {"<", is_lt, "a b", 2, COMPARISON},
    {"<=", is_le, "a b", 2, COMPARISON},
    {"==", is_eq, "a b", 2, COMPARISON},
    {">", is_gt, "a b", 2, COMPARISON},
    {">=", is_ge, "a b", 2, COMPARISON},
    {"boolean", is_boolean, "value", 1, RT__PURE},
    {"callable", is_callable, "obj", 1, RT__CONTEXT | RT__POSITIONAL},
    {"defined", is_defined, "value", 1, RT__PURE},
    {"divisibleby", is_divisibleby, "value num", 2, RT__PURE},
    {"eq", is_eq, "a b", 2, COMPARISON},
    {"equalto", is_eq, "a b", 2, COMPARISON},
    {"escaped", is_escaped, "value", 1, RT__PURE},
    {"even", is_even, "value", 1, RT__PURE},
    {"false", is_false, "value", 1, RT__PURE},
    {"filter", is_filter, "value", 1, RT__CONTEXT},
    {"float", is_float, "value", 1, RT__PURE},
    {"ge", is_ge, "a b", 2, COMPARISON},
    {"greaterthan", is_gt, "a b", 2, COMPARISON},
    {"gt", is_gt, "a b", 2, COMPARISON},
    {"in", is_in, "value seq", 2, RT__PURE},
    {"integer", is_integer, "value", 1, RT__PURE},
    {"iterable", is_iterable, "value", 1, RT__PURE},
    {"le", is_le, "a b", 2, COMPARISON},
    {"lessthan", is_lt, "a b", 2, COMPARISON},
    {"lower", is_lower, "value", 1, RT__PURE},
    {"lt", is_lt, "a b", 2, COMPARISON},
    {"mapping", is_mapping, "value", 1, RT__PURE},
    {"ne", is_ne, "a b", 2, COMPARISON},
    {"none", is_none, "value", 1, RT__PURE},
    {"number", is_number, "value", 1, RT__PURE},
    {"odd", is_odd, "value", 1, RT__PURE},
    {"sameas", is_sameas, "value other", 2, 0},
    {"sequence", is_sequence, "value", 1, RT__PURE},
    {"string", is_string, "value", 1, RT__PURE},
    {"test", is_test, "value", 1, RT__CONTEXT},
    {"true", is_true, "value", 1, RT__PURE},
    {"undefined", is_undefined, "value", 1, RT__PURE},
    {"upper", is_upper, "value", 1, RT__PURE},
};

const rt__builtin *rt__test_find(rt_str name)
{
    return rt__builtin_find(tests, RT_COUNT(tests), name);
}

const rt__builtin *rt__tests(size_t *n)
{
    *n = RT_COUNT(tests);
    return tests;
}
