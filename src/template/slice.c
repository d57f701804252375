// Slices: v[start:stop:step] of text, bytes, lists, tuples and ranges.
#include "template/bigint.h"
#include "template/text_unicode.h"

// Positions of a slice: `count` of them from `start` on, `step` apart.
typedef struct positions {
    int64_t start;
    int64_t stop; // beyond the last one, as Python counts it
    int64_t step;
    size_t count;
} positions;

static rt_status bound(rt_render *r, rt_value v, int64_t otherwise,
                       int64_t *out)
{
    *out = otherwise;
    if (v.kind == RT_NONE || rt__is_absent(v))
        return RT_OK;
    if (!rt__is_integer(v)) {
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "slice indices must be integers or None or have an "
                         "__index__ method");
    }
    return rt__index(r, v, out);
}

// Count a negative bound from the end, and cut it to the ends.
static int64_t clamp(int64_t at, int64_t len, bool backwards)
{
    if (at < 0) {
        at += len;
        if (at < 0)
            at = backwards ? -1 : 0;
    } else if (at >= len) {
        at = backwards ? len - 1 : len;
    }
    return at;
}

static rt_status resolve(rt_render *r, const rt_value bounds[3], size_t size,
                         positions *out)
{
    int64_t len = size > INT64_MAX ? INT64_MAX : (int64_t)size;
    rt_status st = bound(r, bounds[2], 1, &out->step);

    if (!st && out->step == 0)
        st = rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "slice step cannot be zero");
    if (st)
        return st;
    if (out->step < -INT64_MAX)
        out->step = -INT64_MAX; // its negative is needed below
    bool backwards = out->step < 0;
    st = bound(r, bounds[0], backwards ? INT64_MAX : 0, &out->start);
    if (!st)
        st = bound(r, bounds[1], backwards ? INT64_MIN : INT64_MAX, &out->stop);
    if (st)
        return st;
    out->start = clamp(out->start, len, backwards);
    out->stop = clamp(out->stop, len, backwards);

    int64_t distance =
        backwards ? out->start - out->stop : out->stop - out->start;
    int64_t step = backwards ? -out->step : out->step;
    out->count = distance > 0 ? (size_t)((distance - 1) / step + 1) : 0;
    return RT_OK;
}

static rt_status slice_list(rt_render *r, rt_value v, const positions *p,
                            rt_value *out)
{
    rt_status st = rt__check_items(r, p->count);

    if (st)
        return st;
    rt_value *items = rt_new(r->arena, rt_value, p->count);
    const rt_value *from = rt_list_items(v);
    for (size_t i = 0; i < p->count; i++)
        items[i] = from[p->start + (int64_t)i * p->step];
    *out = v.kind == RT_LIST ? rt_list_of(r->arena, items, p->count)
                             : rt_tuple_of(r->arena, items, p->count);
    return RT_OK;
}

static rt_str slice_bytes(rt_render *r, rt_str s, const positions *p)
{
    if (p->step == 1)
        return rt_str_slice(s, (size_t)p->start, p->count);
    char *bytes = rt_arena_alloc(r->arena, p->count);
    for (size_t i = 0; i < p->count; i++)
        bytes[i] = s.data[p->start + (int64_t)i * p->step];
    return rt_str_of(bytes, p->count);
}

// Walk from the first position in the text to the last; backwards the result is
// filled from its end.
static rt_str slice_runes(rt_render *r, rt_str s, const positions *p)
{
    bool backwards = p->step < 0;
    size_t step = (size_t)(backwards ? -p->step : p->step);
    size_t first = (size_t)p->start;

    if (p->count == 0)
        return RT_STR("");
    if (backwards)
        first -= (p->count - 1) * step;
    size_t begin = rt__text_offset(s, first);
    rt_str rest = rt_str_slice(s, begin, SIZE_MAX);
    if (step == 1 && !backwards)
        return rt_str_slice(rest, 0, rt__text_offset(rest, p->count));

    size_t cap = rest.len;
    char *text = rt_arena_alloc(r->arena, cap);
    size_t from = backwards ? cap : 0;
    size_t to = from;
    for (size_t i = 0; i < p->count; i++) {
        const char *rune = rest.data;
        (void)rt__rune_next(&rest);
        size_t bytes = (size_t)(rest.data - rune);
        if (backwards) {
            from -= bytes;
            memcpy(text + from, rune, bytes);
        } else {
            memcpy(text + to, rune, bytes);
            to += bytes;
        }
        if (i + 1 < p->count && step > 1) {
            rest =
                rt_str_slice(rest, rt__text_offset(rest, step - 1), SIZE_MAX);
        }
    }
    return rt_str_of(text + from, to - from);
}

static rt_status slice_text(rt_render *r, rt_value v, const rt_value bounds[3],
                            rt_value *out)
{
    rt_str s = rt_value_as_str(v);
    bool bytes = v.kind == RT_BYTES || rt__text_is_ascii(s);
    positions p;
    rt_status st = rt__step_bytes(r, s.len);

    if (!st)
        st = resolve(r, bounds, bytes ? s.len : rt__text_len(s), &p);
    if (st)
        return st;
    rt_str part = bytes ? slice_bytes(r, s, &p) : slice_runes(r, s, &p);
    *out = v.kind == RT_BYTES ? rt_value_bytes(part.data, part.len)
                              : rt__text_like(v, part);
    return RT_OK;
}

// start + step * at, cut to the ends of int64_t: the stop of a range may lie a
// step beyond them.
static int64_t range_position(int64_t start, int64_t step, int64_t at)
{
    int64_t position;

    if (__builtin_mul_overflow(step, at, &position) ||
        __builtin_add_overflow(start, position, &position))
        return (step < 0) == (at < 0) ? INT64_MAX : INT64_MIN;
    return position;
}

static rt_status slice_range(rt_render *r, rt_value v, const rt_value bounds[3],
                             rt_value *out)
{
    int64_t start, step, stride;
    positions p;
    size_t len = v.as.object->vtable->len(v.as.object->self);
    rt_status st = resolve(r, bounds, len, &p);

    if (st || !rt__is_range(v, &start, NULL, &step))
        return st;
    if (__builtin_mul_overflow(step, p.step, &stride))
        stride = (step < 0) == (p.step < 0) ? INT64_MAX : -INT64_MAX;
    *out = rt__range_new(r, range_position(start, step, p.start),
                         range_position(start, step, p.stop), stride);
    return RT_OK;
}

rt_status rt__slice(rt_render *r, rt_value v, rt_value start, rt_value stop,
                    rt_value step, rt_value *out)
{
    const rt_value bounds[3] = {start, stop, step};
    positions p;
    rt_status st;

    switch (rt_value_kind(v)) {
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES: return slice_text(r, v, bounds, out);
    case RT_LIST:
    case RT_TUPLE:
        st = resolve(r, bounds, rt_list_len(v), &p);
        return st ? st : slice_list(r, v, &p, out);
    case RT_UNDEFINED:
        *out = v;
        return rt__undefined_mode_of(r, v) == RT_UNDEFINED_CHAINABLE
                   ? RT_OK
                   : rt__undefined_fail(r, v);
    case RT_DICT:
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "unhashable type: 'slice'");
    case RT_OBJECT:
        if (rt__is_range(v, NULL, NULL, NULL))
            return slice_range(r, v, bounds, out);
        break;
    default: break;
    }
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{!r} object is not subscriptable", rt__type_name(v));
}
