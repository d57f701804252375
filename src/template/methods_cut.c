// Methods of str that search and cut: find, replace, split, join and theirs.
//
// Matches are found as bytes, which in UTF-8 are matches of code points, and
// counted as code points where a position goes in or out.
#include <retort/base/attributes.h>

#include "template/methods.h"

// ---- searching ------------------------------------------------------------------

// The part of a text that `start` and `end` leave.
typedef struct region {
    rt_str text;
    size_t first; // the number of its first code point
    bool nothing; // it begins behind its end: not even "" is found
} region;

static rt_status region_of(rt_render *r, rt_value self, rt_value start,
                           rt_value stop, region *out)
{
    rt_str s = rt_value_as_str(self);
    *out = (region){.text = s};
    rt_status st = rt__check_text(r, s.len);
    if (st || (rt__is_absent(start) && rt__is_absent(stop)))
        return st;

    size_t last;
    st = rt__method_bounds(r, rt__text_len(s), start, stop, &out->first, &last);
    if (st)
        return st;
    out->nothing = out->first > last;
    if (out->nothing)
        return RT_OK;
    size_t from = rt__text_offset(s, out->first);
    out->text = rt_str_of(s.data + from, s.len - from);
    out->text.len = rt__text_offset(out->text, last - out->first);
    return RT_OK;
}

static rt_status text_of(rt_render *r, rt_value v, rt_str *out)
{
    *out = (rt_str){0};
    if (!rt_value_is_text(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "must be str, not {}",
                         rt__type_name(v));
    *out = rt_value_as_str(v);
    return RT_OK;
}

// The position of a[1] in a[0] from a[2] to a[3], or -1.
static rt_status found(rt_render *r, const rt_value *a,
                       size_t (*find)(rt_str s, rt_str needle), int64_t *out)
{
    region in;
    rt_str needle;
    rt_status st = text_of(r, a[1], &needle);
    if (!st)
        st = region_of(r, a[0], a[2], a[3], &in);
    if (st)
        return st;

    *out = -1;
    size_t at = in.nothing ? RT_STR_NONE : find(in.text, needle);
    if (at == RT_STR_NONE)
        return RT_OK;
    *out = (int64_t)(in.first + rt__text_len(rt_str_of(in.text.data, at)));
    return RT_OK;
}

static rt_status find_value(rt_render *r, const rt_value *a,
                            size_t (*find)(rt_str s, rt_str needle),
                            rt_value *out)
{
    int64_t at;
    rt_status st = found(r, a, find, &at);
    if (!st)
        *out = rt_value_int(at);
    return st;
}

static rt_status index_value(rt_render *r, const rt_value *a,
                             size_t (*find)(rt_str s, rt_str needle),
                             rt_value *out)
{
    int64_t at;
    rt_status st = found(r, a, find, &at);
    if (!st && at < 0)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "substring not found");
    if (!st)
        *out = rt_value_int(at);
    return st;
}

rt_status rt__str_find(RT__METHOD_ARGS)
{
    return find_value(r, a, rt_str_find, out);
}

rt_status rt__str_rfind(RT__METHOD_ARGS)
{
    return find_value(r, a, rt__text_rfind, out);
}

rt_status rt__str_index(RT__METHOD_ARGS)
{
    return index_value(r, a, rt_str_find, out);
}

rt_status rt__str_rindex(RT__METHOD_ARGS)
{
    return index_value(r, a, rt__text_rfind, out);
}

rt_status rt__str_count(RT__METHOD_ARGS)
{
    region in;
    rt_str needle;
    rt_status st = text_of(r, a[1], &needle);
    if (!st)
        st = region_of(r, a[0], a[2], a[3], &in);
    if (st)
        return st;

    size_t count = 0;
    if (!in.nothing && needle.len == 0)
        count = rt__text_len(in.text) + 1;
    while (!in.nothing && needle.len) {
        size_t at = rt_str_find(in.text, needle);
        if (at == RT_STR_NONE)
            break;
        (void)rt_str_take(&in.text, at + needle.len);
        count++;
    }
    *out = rt_value_int((int64_t)count);
    return RT_OK;
}

// ---- beginnings and ends ----------------------------------------------------------

static rt_status affixed(rt_render *r, const rt_value *a, const char *name,
                         bool (*has)(rt_str s, rt_str affix), rt_value *out)
{
    region in;
    bool yes = false;
    rt_status st = region_of(r, a[0], a[2], a[3], &in);
    if (st)
        return st;
    if (rt_value_is_text(a[1])) {
        yes = !in.nothing && has(in.text, rt_value_as_str(a[1]));
        *out = rt_value_bool(yes);
        return RT_OK;
    }
    if (a[1].kind != RT_TUPLE)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{} first arg must be str or a tuple of str, not {}",
                         name, rt__type_name(a[1]));

    rt_list_each(affix, a[1]) {
        if (!rt_value_is_text(*affix))
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "tuple for {} must only contain str, not {}", name,
                             rt__type_name(*affix));
        st = rt__step(r, 1);
        if (st)
            return st;
        yes = !in.nothing && has(in.text, rt_value_as_str(*affix));
        if (yes)
            break;
    }
    *out = rt_value_bool(yes);
    return RT_OK;
}

rt_status rt__str_startswith(RT__METHOD_ARGS)
{
    return affixed(r, a, "startswith", rt_str_starts_with, out);
}

rt_status rt__str_endswith(RT__METHOD_ARGS)
{
    return affixed(r, a, "endswith", rt_str_ends_with, out);
}

// ---- replace ------------------------------------------------------------------------

// Put `new` before each of the first `most` code points, and at the end.
static void put_between(rt_buf *out, rt_str s, rt_str new, uint64_t most)
{
    for (; most; most--) {
        rt_buf_put(out, new);
        if (!s.len || out->status)
            return;
        const char *at = s.data;
        rt__rune_next(&s);
        rt_buf_put_bytes(out, at, (size_t)(s.data - at));
    }
    rt_buf_put(out, s);
}

static void put_replaced(rt_buf *out, rt_str s, rt_str old, rt_str new,
                         uint64_t most)
{
    while (most && !out->status) {
        size_t at = rt_str_find(s, old);
        if (at == RT_STR_NONE)
            break;
        rt_buf_put_bytes(out, s.data, at);
        rt_buf_put(out, new);
        (void)rt_str_take(&s, at + old.len);
        most--;
    }
    rt_buf_put(out, s);
}

static rt_status replace_arg(rt_render *r, rt_value v, int number, rt_str *out)
{
    *out = (rt_str){0};
    if (!rt_value_is_text(v))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "replace() argument {} must be str, not {}", number,
                         rt__method_type(v));
    *out = rt_value_as_str(v);
    return RT_OK;
}

rt_status rt__str_replace(RT__METHOD_ARGS)
{
    rt_str s = rt_value_as_str(a[0]);
    rt_str old;
    rt_str new;
    rt_value put = a[2];
    int64_t most;
    rt_status st = RT_OK;

    if (a[0].kind == RT_SAFE)
        st = rt__escape(r, a[2], &put);
    if (!st)
        st = replace_arg(r, a[1], 1, &old);
    if (!st)
        st = replace_arg(r, put, 2, &new);
    if (!st)
        st = rt__method_count(r, a[3], -1, &most);
    if (!st)
        st = rt__check_text(r, s.len);
    if (st)
        return st;

    rt_buf buf;
    rt__buf_init(r, &buf);
    (void)rt_buf_reserve(&buf, s.len);
    if (old.len == 0) {
        put_between(&buf, s, new, (uint64_t)most);
    } else {
        put_replaced(&buf, s, old, new, (uint64_t)most);
    }
    *out = rt__text_like(a[0], rt_buf_str(&buf));
    st = rt__buf_status(r, &buf);
    return st ? st : rt__check_text(r, buf.len);
}

// ---- partition ------------------------------------------------------------------------

static rt_status partitioned(rt_render *r, const rt_value *a, bool last,
                             rt_value *out)
{
    rt_str s = rt_value_as_str(a[0]);
    rt_str sep;
    rt_status st = text_of(r, a[1], &sep);
    if (!st && sep.len == 0)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "empty separator");
    if (!st)
        st = rt__check_text(r, s.len);
    if (st)
        return st;

    size_t at = last ? rt__text_rfind(s, sep) : rt_str_find(s, sep);
    rt_str parts[3] = {{0}, {0}, {0}};
    if (at != RT_STR_NONE) {
        parts[0] = rt_str_of(s.data, at);
        parts[1] = rt_str_of(s.data + at, sep.len);
        parts[2] = rt_str_of(s.data + at + sep.len, s.len - at - sep.len);
    } else {
        parts[last ? 2 : 0] = s;
    }
    rt_value values[3];
    for (int i = 0; i < 3; i++)
        values[i] = rt__text_like(a[0], parts[i]);
    *out = rt_tuple_of(r->arena, values, 3);
    return RT_OK;
}

rt_status rt__str_partition(RT__METHOD_ARGS)
{
    return partitioned(r, a, false, out);
}

rt_status rt__str_rpartition(RT__METHOD_ARGS)
{
    return partitioned(r, a, true, out);
}

// ---- split --------------------------------------------------------------------------

// What is being split: parts go into `list`, `most` cuts are left.
typedef struct split {
    rt_render *r;
    rt_value self;
    rt_value list;
    rt_str sep; // data NULL: white space
    uint64_t most;
} split;

static rt_status split_begin(rt_render *r, const rt_value *a, split *out)
{
    rt_str s = rt_value_as_str(a[0]);
    int64_t most;
    *out = (split){.r = r, .self = a[0], .list = rt_list_new(r->arena)};
    rt_status st = rt__method_count(r, a[2], -1, &most);
    if (!st)
        st = rt__check_text(r, s.len);
    if (st)
        return st;
    out->most = (uint64_t)most; // negative: all
    if (rt__is_absent(a[1]) || a[1].kind == RT_NONE)
        return RT_OK;
    if (!rt_value_is_text(a[1]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "must be str or None, not {}", rt__type_name(a[1]));
    out->sep = rt_value_as_str(a[1]);
    if (out->sep.len == 0)
        return rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "empty separator");
    return RT_OK;
}

static rt_status add_part(split *sp, rt_str part)
{
    return rt__method_push(sp->r, sp->list, rt__text_like(sp->self, part));
}

static rt_status split_words(split *sp)
{
    rt_str rest = rt_value_as_str(sp->self);
    rt_str word;
    rt_status st = RT_OK;

    while (!st && sp->most && rt__text_next_word(&rest, &word)) {
        st = add_part(sp, word);
        sp->most--;
    }
    rest = rt__text_strip(rest, NULL, RT__STRIP_LEFT);
    return st || !rest.len ? st : add_part(sp, rest);
}

static rt_status split_at(split *sp)
{
    rt_str rest = rt_value_as_str(sp->self);
    rt_status st = RT_OK;

    while (!st && sp->most) {
        size_t at = rt_str_find(rest, sp->sep);
        if (at == RT_STR_NONE)
            break;
        st = add_part(sp, rt_str_take(&rest, at));
        (void)rt_str_take(&rest, sp->sep.len);
        sp->most--;
    }
    return st ? st : add_part(sp, rest);
}

rt_status rt__str_split(RT__METHOD_ARGS)
{
    split sp;
    rt_status st = split_begin(r, a, &sp);
    if (!st)
        st = sp.sep.data ? split_at(&sp) : split_words(&sp);
    *out = sp.list;
    return st;
}

static rt_status rsplit_words(split *sp)
{
    rt_str rest = rt_value_as_str(sp->self);
    rt_str word;
    rt_status st = RT_OK;

    while (!st && sp->most && rt__text_last_word(&rest, &word)) {
        st = add_part(sp, word);
        sp->most--;
    }
    rest = rt__text_strip(rest, NULL, RT__STRIP_RIGHT);
    return st || !rest.len ? st : add_part(sp, rest);
}

static rt_status rsplit_at(split *sp)
{
    rt_str rest = rt_value_as_str(sp->self);
    rt_status st = RT_OK;

    while (!st && sp->most) {
        size_t at = rt__text_rfind(rest, sp->sep);
        if (at == RT_STR_NONE)
            break;
        size_t end = at + sp->sep.len;
        st = add_part(sp, rt_str_of(rest.data + end, rest.len - end));
        rest.len = at;
        sp->most--;
    }
    return st ? st : add_part(sp, rest);
}

rt_status rt__str_rsplit(RT__METHOD_ARGS)
{
    split sp;
    rt_status st = split_begin(r, a, &sp);
    if (!st)
        st = sp.sep.data ? rsplit_at(&sp) : rsplit_words(&sp);
    if (st)
        return st;

    // The parts came from the end.
    size_t len = rt_list_len(sp.list);
    const rt_value *parts = rt_list_items(sp.list);
    rt_value *turned = rt_new(r->arena, rt_value, len);
    for (size_t i = 0; i < len; i++)
        turned[i] = parts[len - 1 - i];
    *out = rt_list_of(r->arena, turned, len);
    return RT_OK;
}

rt_status rt__str_splitlines(RT__METHOD_ARGS)
{
    rt_str rest = rt_value_as_str(a[0]);
    rt_str line;
    rt_str end;
    bool keep;
    rt_value list = rt_list_new(r->arena);
    rt_status st = rt__method_flag(r, a[1], &keep);
    if (!st)
        st = rt__check_text(r, rest.len);

    while (!st && rt__text_next_line(&rest, &line, &end)) {
        if (keep)
            line.len += end.len;
        st = rt__method_push(r, list, rt__text_like(a[0], line));
    }
    *out = list;
    return st;
}

// ---- join ------------------------------------------------------------------------------

static rt_status put_item(rt_render *r, rt_buf *out, rt_value self,
                          rt_value item, size_t index)
{
    if (self.kind == RT_SAFE)
        return rt__put_text(r, out, item, true);
    if (!rt_value_is_text(item))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "sequence item {}: expected str instance, {} found",
                         index, rt__type_name(item));
    rt_buf_put(out, rt_value_as_str(item));
    return RT_OK;
}

rt_status rt__str_join(RT__METHOD_ARGS)
{
    rt__iter it;
    rt_value item;
    rt_buf buf;
    size_t index = 0;
    rt_status st = rt__iter_init(r, a[1], &it);
    if (st == RT_E_TYPE && a[0].kind != RT_SAFE) {
        r->error.kind = RT_TEMPLATE_OK; // Python says something else here
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "can only join an iterable");
    }

    rt__buf_init(r, &buf);
    while (!st && !buf.status && rt__iter_next(r, &it, &item)) {
        if (index)
            rt_buf_put(&buf, rt_value_as_str(a[0]));
        st = put_item(r, &buf, a[0], item, index++);
    }
    if (!st && r->error.kind != RT_TEMPLATE_OK)
        return RT_E_CANCELLED; // the iterable failed, and has said why
    *out = rt__text_like(a[0], rt_buf_str(&buf));
    if (!st)
        st = rt__buf_status(r, &buf);
    return st ? st : rt__check_text(r, buf.len);
}
