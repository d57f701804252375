// Builtin filters: finding them, helpers of their files, and the filters that
// take any value.
#include "template/filters.h"

#include <stdatomic.h>
#include <time.h>

#include <retort/base/hash.h>

#include "template/text_unicode.h"

const rt__builtin *rt__filter_find(rt_str name)
{
#define ROW(name, fn, ...) {name, rt__filter_##fn, __VA_ARGS__},
    static const rt__builtin filters[] = {RT__FILTERS(ROW)};
#undef ROW
    return rt__builtin_find(filters, RT_COUNT(filters), name);
}

// ---- arguments -------------------------------------------------------------------

rt_status rt__arg_int(rt_render *r, rt_value v, int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    return rt__is_absent(v) ? RT_OK : rt__index(r, v, out);
}

rt_status rt__arg_bool(rt_render *r, rt_value v, bool otherwise, bool *out)
{
    *out = otherwise;
    return rt__is_absent(v) ? RT_OK : rt__truth(r, v, out);
}

rt_status rt__soft_text(rt_render *r, rt_value v, rt_value *out)
{
    rt_str text;
    rt_status st = RT_OK;

    *out = v;
    if (!rt_value_is_text(v)) {
        st = rt__to_text(r, v, &text);
        *out = rt_value_str(text);
    }
    return st;
}

rt_status rt__ignore_case(rt_render *r, rt_value v, rt_value *out)
{
    rt_buf buf;
    bool changes = false;

    *out = v;
    if (!rt_value_is_text(v))
        return RT_OK;
    for (size_t i = 0; i < v.len && !changes; i++)
        changes = (v.as.text[i] >= 'A' && v.as.text[i] <= 'Z') ||
                  (unsigned char)v.as.text[i] >= 0x80;
    if (!changes)
        return RT_OK;
    rt__buf_init(r, &buf);
    rt__put_case(&buf, rt_value_as_str(v), RT__LOWER);
    return rt__give_text(r, &buf, v, out);
}

bool rt__caught(rt_render *r, rt_template_error_kind a,
                rt_template_error_kind b)
{
    if (r->error.kind == RT_TEMPLATE_OK ||
        (r->error.kind != a && r->error.kind != b))
        return false;
    r->error = (rt_template_error){0};
    return true;
}

rt_status rt__give_text(rt_render *r, rt_buf *buf, rt_value model,
                        rt_value *out)
{
    *out = rt__text_like(model, rt_buf_str(buf));
    return rt__buf_status(r, buf);
}

uint64_t rt__random(uint64_t bound)
{
    // A counter hashed with the seed of the process; where it starts differs
    // between processes that share the seed.
    static atomic_uint_fast64_t counter;
    uint64_t n = atomic_fetch_add(&counter, 1);

    if (n == 0) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        n = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
        atomic_store(&counter, n + 1);
    }
    return rt_hash_int(n) % bound;
}

// ---- filters of any value ---------------------------------------------------------

FILTER(default)
{
    bool boolean;
    bool truth = true;
    rt_status st = rt__arg_bool(r, a[2], false, &boolean);

    if (!st && boolean && a[0].kind != RT_UNDEFINED)
        st = rt__truth(r, a[0], &truth);
    *out = a[0].kind == RT_UNDEFINED || !truth
               ? rt__or(a[1], rt_value_str(RT_STR("")))
               : a[0];
    return st;
}

// Names of Python's own attributes, which no value here has.
static bool is_internal(rt_str name)
{
    return name.len > 4 && rt_str_starts_with(name, RT_STR("__")) &&
           rt_str_ends_with(name, RT_STR("__"));
}

FILTER(attr)
{
    rt_str name = rt_value_as_str(a[1]);
    rt_status st = rt__undefined_touch(r, a[1]);

    if (st)
        return st;
    if (!rt_value_is_text(a[1]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "attribute name must be string, not {!r}",
                         rt__type_name(a[1]));
    if (a[0].kind == RT_UNDEFINED)
        return rt__get_attr(r, a[0], name, out);
    // Once it is there, get_attr finds nothing else, and keeps to the rules of
    // the sandbox.
    if (rt__find_attr(r, a[0], name, out))
        return rt__get_attr(r, a[0], name, out);
    *out = r->sandbox != RT_SANDBOX_OFF && is_internal(name)
               ? rt__undefined_unsafe(r, a[0], name)
               : rt__undefined_attr(r, a[0], a[1]);
    return RT_OK;
}

FILTER(length)
{
    size_t len;
    rt_status st = rt__length(r, a[0], &len);

    *out = rt_value_int((int64_t)len);
    return st;
}

FILTER(string)
{
    return rt__soft_text(r, a[0], out);
}

FILTER(escape)
{
    return rt__escape(r, a[0], out);
}

FILTER(forceescape)
{
    rt_str text;
    rt_status st = rt__to_text(r, a[0], &text);

    return st ? st : rt__escape(r, rt_value_str(text), out);
}

FILTER(safe)
{
    rt_str text;
    rt_status st = rt__to_text(r, a[0], &text);

    *out = rt_value_safe(text);
    return st;
}
