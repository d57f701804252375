// Filters of sequences: their ends, their elements in other shapes and orders.
#include <retort/base/escape.h>

#include "template/filters.h"
#include "template/objects.h"
#include "template/text_unicode.h"

// ---- elements ---------------------------------------------------------------------

FILTER(list)
{
    return rt__to_list(r, a[0], out);
}

FILTER(first)
{
    rt__iter it;
    rt_status st = rt__iter_init(r, a[0], &it);

    if (st)
        return st;
    if (rt__iter_next(r, &it, out))
        return RT_OK;
    *out = rt__undefined_hint(r, RT_STR("No first item, sequence was empty."));
    return r->error.kind ? RT_E_CANCELLED : RT_OK;
}

// Whether Python's reversed() takes a value: sequences, dicts and their views.
static bool is_reversible(rt_value v)
{
    rt_value dict;
    rt__view_kind kind;

    if (v.kind != RT_OBJECT)
        return rt__has_length(v);
    return rt__is_dict_view(v, &dict, &kind) ||
           (v.as.object->vtable->len && v.as.object->vtable->item);
}

static rt_value last_of_text(rt_value text)
{
    rt_str rest = rt_value_as_str(text);
    rt_str all = rest;

    (void)rt__rune_last(&rest);
    return rt__text_like(text,
                         rt_str_of(all.data + rest.len, all.len - rest.len));
}

FILTER(last)
{
    size_t len;
    rt__iter it;
    rt_status st;

    if (!is_reversible(a[0]))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{!r} object is not reversible", rt__type_name(a[0]));
    if ((st = rt__length(r, a[0], &len)))
        return st;
    if (len == 0) {
        *out =
            rt__undefined_hint(r, RT_STR("No last item, sequence was empty."));
        return RT_OK;
    }
    if (rt_value_is_text(a[0])) {
        *out = last_of_text(a[0]);
        return RT_OK;
    }
    if (a[0].kind != RT_DICT &&
        (a[0].kind != RT_OBJECT || a[0].as.object->vtable->item))
        return rt__get_item(r, a[0], rt_value_int((int64_t)len - 1), out);
    if ((st = rt__iter_init(r, a[0], &it)))
        return st;
    while (rt__iter_next(r, &it, out))
        continue;
    return r->error.kind ? RT_E_CANCELLED : RT_OK;
}

FILTER(random)
{
    size_t len;
    rt_status st = rt__length(r, a[0], &len);

    if (st)
        return st;
    if (len == 0) {
        *out =
            rt__undefined_hint(r,
                               RT_STR("No random item, sequence was empty."));
        return RT_OK;
    }
    rt_value index = rt_value_int((int64_t)rt__random(len));
    if (a[0].kind == RT_DICT && !rt_dict_has(a[0], index))
        return rt__raise(r, RT_TEMPLATE_KEY_ERROR, "{}", index);
    if (a[0].kind == RT_OBJECT && !a[0].as.object->vtable->item)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{!r} object is not subscriptable",
                         rt__type_name(a[0]));
    return rt__get_item(r, a[0], index, out);
}

// ---- reverse ----------------------------------------------------------------------

// Elements by index, from the end.
typedef struct backwards {
    rt_value list;
    int64_t at;
} backwards;

static bool next_backwards(rt_render *r, void *self, rt_value *out)
{
    backwards *b = self;

    if (b->at < 0 || rt__step(r, 1))
        return false;
    // The list may have become shorter.
    if (b->list.kind == RT_LIST && (size_t)b->at >= rt_list_len(b->list))
        return false;
    return !rt__get_item(r, b->list, rt_value_int(b->at--), out);
}

static rt_status reverse_text(rt_render *r, rt_value v, rt_value *out)
{
    rt_str rest = rt_value_as_str(v);
    rt_buf buf;
    rt_status st = rt__check_text(r, rest.len);

    if (st)
        return st;
    rt__buf_init(r, &buf);
    while (rest.len && !buf.status) {
        size_t end = rest.len;
        (void)rt__rune_last(&rest);
        rt_buf_put_bytes(&buf, rest.data + rest.len, end - rest.len);
    }
    return rt__give_text(r, &buf, v, out);
}

static rt_status reverse_list(rt_render *r, rt_value list, rt_value *out)
{
    size_t len = rt_list_len(list);
    rt_value *items = rt_new(r->arena, rt_value, len);

    for (size_t i = 0; i < len; i++)
        items[i] = rt_list_items(list)[len - 1 - i];
    *out = rt_list_of(r->arena, items, len);
    return RT_OK;
}

FILTER(reverse)
{
    rt_value list = a[0];
    rt_status st;

    if (rt_value_is_text(a[0]))
        return reverse_text(r, a[0], out);
    // What has no positions is put into a list first.
    bool lazy = is_reversible(a[0]);
    if (!rt_value_is_list(a[0]) && !rt__is_range(a[0], NULL, NULL, NULL)) {
        st = rt__to_list(r, a[0], &list);
        if (st && rt__caught(r, RT_TEMPLATE_TYPE_ERROR, RT_TEMPLATE_TYPE_ERROR))
            return rt__raise(r, RT_TEMPLATE_FILTER_ARGUMENT_ERROR,
                             "argument must be iterable");
        if (st || !lazy)
            return st ? st : reverse_list(r, list, out);
    }
    size_t len;
    if ((st = rt__length(r, list, &len)))
        return st;
    backwards *b = rt_new(r->arena, backwards, 1);
    *b = (backwards){list, (int64_t)len - 1};
    *out = rt__generator_new(r, next_backwards, b);
    return RT_OK;
}

// ---- batch ------------------------------------------------------------------------

typedef struct batch {
    rt_value source;
    rt_value size; // any value: a batch is full when its length equals it
    rt_value fill; // none: nothing
    rt__iter it;
    rt_value row; // that is being filled
    bool started;
    bool ended;
} batch;

static rt_status fill_up(rt_render *r, batch *b)
{
    rt_value len = rt_value_int((int64_t)rt_list_len(b->row));
    bool is_short;
    int64_t size;
    rt_status st = rt__compare(r, RT__LT, len, b->size, &is_short);

    if (st || !is_short || (st = rt__index(r, b->size, &size)) ||
        (st = rt__check_items(r, (size_t)size)))
        return st;
    while (rt_list_len(b->row) < (size_t)size && !st)
        st = rt_list_push(b->row, b->fill);
    return st;
}

static bool next_batch(rt_render *r, void *self, rt_value *out)
{
    batch *b = self;
    rt_value item;

    if (!b->started) {
        b->started = true;
        b->row = rt_list_new(r->arena);
        if (rt__iter_init(r, b->source, &b->it))
            return false;
    }
    while (!b->ended && rt__iter_next(r, &b->it, &item)) {
        *out = b->row;
        rt_value len = rt_value_int((int64_t)rt_list_len(b->row));
        bool full = rt_value_equal(len, b->size);
        if (full)
            b->row = rt_list_new(r->arena);
        if (rt_list_push(b->row, item))
            return false;
        if (full)
            return true;
    }
    if (b->ended || r->error.kind || !rt_list_len(b->row))
        return false;
    b->ended = true;
    *out = b->row;
    return rt__is_none(b->fill) || !fill_up(r, b);
}

FILTER(batch)
{
    batch *b = rt_new(r->arena, batch, 1);

    b->source = a[0];
    b->size = a[1];
    b->fill = a[2];
    *out = rt__generator_new(r, next_batch, b);
    return RT_OK;
}

// ---- slice ------------------------------------------------------------------------

typedef struct slices {
    rt_value source; // and then the list of it
    rt_value slices;
    rt_value fill; // none: nothing
    int64_t n;
    int64_t number; // of the next one
    size_t at;
    bool started;
} slices;

static rt_status start_slices(rt_render *r, slices *s)
{
    rt_status st = rt__to_list(r, s->source, &s->source);

    s->started = true;
    if (!st && s->slices.kind == RT_UNDEFINED)
        return rt__undefined_fail(r, s->slices);
    if (st || (st = rt__index(r, s->slices, &s->n)))
        return st;
    if (s->n == 0)
        return rt__raise(r, RT_TEMPLATE_ZERO_DIVISION_ERROR,
                         "integer division or modulo by zero");
    return RT_OK;
}

static bool next_slice(rt_render *r, void *self, rt_value *out)
{
    slices *s = self;

    if (!s->started && start_slices(r, s))
        return false;
    if (s->number >= s->n || rt__step(r, 1))
        return false;
    size_t len = rt_list_len(s->source);
    bool longer = (uint64_t)s->number < len % (uint64_t)s->n;
    size_t size = len / (uint64_t)s->n + longer;
    *out = rt_list_of(r->arena, size ? &rt_list_items(s->source)[s->at] : NULL,
                      size);
    s->at += size;
    s->number++;
    // Shorter slices are filled, also when all are equally long, as in Jinja.
    return rt__is_none(s->fill) || longer || !rt_list_push(*out, s->fill);
}

FILTER(slice)
{
    slices *s = rt_new(r->arena, slices, 1);

    s->source = a[0];
    s->slices = a[1];
    s->fill = a[2];
    *out = rt__generator_new(r, next_slice, s);
    return RT_OK;
}

// ---- items ------------------------------------------------------------------------

typedef struct items {
    rt_value dict;
    rt__iter it; // over the keys
    bool started;
} items;

static bool next_item(rt_render *r, void *self, rt_value *out)
{
    items *s = self;
    rt_value key;

    if (s->dict.kind == RT_UNDEFINED)
        return false;
    if (s->dict.kind != RT_DICT) {
        (void)!rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "Can only get item pairs from a mapping.");
        return false;
    }
    if (!s->started && rt__iter_init(r, s->dict, &s->it))
        return false;
    s->started = true;
    if (!rt__iter_next(r, &s->it, &key))
        return false;
    rt_value pair[] = {key, rt_dict_get(s->dict, key)};
    *out = rt_tuple_of(r->arena, pair, 2);
    return true;
}

FILTER(items)
{
    items *s = rt_new(r->arena, items, 1);

    s->dict = a[0];
    *out = rt__generator_new(r, next_item, s);
    return RT_OK;
}

// ---- join -------------------------------------------------------------------------

typedef struct joining {
    rt_value *items;
    size_t len;
    bool any_safe;
} joining;

// The elements must be seen before the first is written: one that is safe makes
// the others be escaped.
static rt_status collect(rt_render *r, rt_value source, rt_value attribute,
                         joining *j)
{
    rt__getter g;
    rt_value list, item;
    rt_status st;

    if ((st = rt__getter_init(r, &g, attribute, false, rt__absent())))
        return st;
    *j = (joining){0};
    if (rt_value_is_list(source)) {
        list = source;
    } else if ((st = rt__to_list(r, source, &list))) {
        return st;
    }
    // Attributes of host objects may change the list.
    size_t len = rt_list_len(list);
    j->items = rt_new(r->arena, rt_value, len);
    for (; j->len < len && j->len < rt_list_len(list); j->len++) {
        st = rt__getter_get(r, &g, rt_list_items(list)[j->len], &item);
        if (st)
            return st;
        j->items[j->len] = item;
        j->any_safe |= rt_value_is_markup(item);
    }
    return rt__step(r, j->len);
}

FILTER(join)
{
    joining j;
    rt_str d;
    rt_buf buf;
    rt_value separator = rt__or(a[1], rt_value_str(RT_STR("")));
    rt_status st = rt__to_text(r, separator, &d);

    if (st || (st = collect(r, a[0], a[2], &j)))
        return st;
    // An object as separator becomes plain text, though it may be markup.
    bool safe =
        r->autoescape && (separator.kind == RT_SAFE ||
                          (j.any_safe && !rt_value_is_markup(separator)));
    if (safe && separator.kind != RT_SAFE)
        d = rt_html_escape(r->arena, d);
    rt__buf_init(r, &buf);
    for (size_t i = 0; i < j.len && !st; i++) {
        if (i)
            rt_buf_put(&buf, d);
        st = rt__put_text(r, &buf, j.items[i], safe);
    }
    if (st)
        return st;
    return rt__give_text(r, &buf, safe ? rt_value_safe(d) : rt_value_none(),
                         out);
}
