// The filter pprint: values on several lines where one is too short.
//
// Follows Python's pprint.pformat: what fits the width is written as repr does,
// with the keys of dicts in order; what does not is taken apart.
#include "template/filters.h"
#include "template/methods.h"
#include "template/text_unicode.h"

#define WIDTH ((size_t)80)

// What fits a line has no more bytes than this.
#define FLAT_BYTES_MAX (4 * WIDTH)

// What is being written, innermost first.
typedef struct inside {
    rt_value v;
    const struct inside *outer;
    int depth;
} inside;

typedef struct printer {
    rt_render *r;
    rt_buf *out;
    rt_buf scratch; // to measure in
} printer;

// ---- dicts in order ----------------------------------------------------------------

// Whether key a comes before b: by `<` where they have that, else by the names
// of their types.
static rt_status comes_before(rt_render *r, rt_value a, rt_value b, bool *out)
{
    rt_status st = rt__compare(r, RT__LT, a, b, out);

    if (st &&
        rt__caught(r, RT_TEMPLATE_TYPE_ERROR, RT_TEMPLATE_UNDEFINED_ERROR)) {
        *out = strcmp(rt__type_name(a), rt__type_name(b)) < 0;
        return RT_OK;
    }
    return st;
}

// Merge sort: `<` of all sorts of values need not be an order at all.
static rt_status sort_keys(rt_render *r, rt_value *keys, rt_value *spare,
                           size_t n)
{
    size_t half = n / 2;
    size_t left = 0, right = half;
    rt_status st = rt__step(r, n);

    if (n < 2 || st || (st = sort_keys(r, keys, spare, half)) ||
        (st = sort_keys(r, keys + half, spare, n - half)))
        return st;
    memcpy(spare, keys, half * sizeof *keys);
    for (size_t to = 0; left < half; to++) {
        bool take_right = false;
        if (right < n)
            st = comes_before(r, keys[right], spare[left], &take_right);
        if (st)
            return st;
        keys[to] = take_right ? keys[right++] : spare[left++];
    }
    return RT_OK;
}

static rt_status keys_in_order(rt_render *r, rt_value dict, rt_value **out)
{
    rt_value list;
    rt_status st = rt__to_list(r, dict, &list);
    size_t n = rt_list_len(list);

    *out = rt_new(r->arena, rt_value, n);
    for (size_t i = 0; i < n; i++)
        (*out)[i] = rt_list_items(list)[i];
    return st ? st : sort_keys(r, *out, rt_new(r->arena, rt_value, n), n);
}

// ---- on one line --------------------------------------------------------------------

// True for what is written already further out, and for what is too deep.
static bool recurs(const inside *here)
{
    for (const inside *i = here->outer; i; i = i->outer)
        if (rt__is_same(i->v, here->v))
            return true;
    return here->depth > RT_VALUE_DEPTH_MAX;
}

static bool is_container(rt_value v)
{
    return v.kind == RT_DICT || v.kind == RT_LIST ||
           (v.kind == RT_TUPLE && !(v.flags & RT__VALUE_GROUP));
}

// `out` becomes full with RT_E_LIMIT when the value does not fit.
static rt_status put_flat(rt_render *r, rt_buf *out, rt_value v,
                          const inside *outer);

static rt_status put_flat_dict(rt_render *r, rt_buf *out, rt_value dict,
                               const inside *here)
{
    rt_value *keys;
    size_t len = rt_dict_len(dict);
    rt_status st;

    if (out->limit == FLAT_BYTES_MAX && len > WIDTH / 4) {
        out->status = RT_E_LIMIT; // an entry takes four columns at least
        return RT_OK;
    }
    st = keys_in_order(r, dict, &keys);
    rt_buf_put_char(out, '{');
    for (size_t i = 0; i < len && !st && !out->status; i++) {
        if (i)
            rt_buf_put_cstr(out, ", ");
        st = put_flat(r, out, keys[i], here);
        rt_buf_put_cstr(out, ": ");
        st = st ? st : put_flat(r, out, rt_dict_get(dict, keys[i]), here);
    }
    rt_buf_put_char(out, '}');
    return st;
}

static rt_status put_flat_list(rt_render *r, rt_buf *out, rt_value list,
                               const inside *here)
{
    bool tuple = list.kind == RT_TUPLE;
    size_t len = rt_list_len(list);
    rt_status st = RT_OK;

    rt_buf_put_char(out, tuple ? '(' : '[');
    for (size_t i = 0; i < len && !st && !out->status; i++) {
        if (i)
            rt_buf_put_cstr(out, ", ");
        st = put_flat(r, out, rt_list_get(list, (int64_t)i), here);
    }
    if (tuple && len == 1)
        rt_buf_put_char(out, ',');
    rt_buf_put_char(out, tuple ? ')' : ']');
    return st;
}

static rt_status put_flat(rt_render *r, rt_buf *out, rt_value v,
                          const inside *outer)
{
    inside here = {v, outer, outer ? outer->depth + 1 : 1};
    rt_status st = rt__step(r, 1);

    if (st)
        return st;
    if (!is_container(v)) {
        rt_value_put_repr(out, v);
        return RT_OK;
    }
    if (recurs(&here)) {
        rt_buf_format(out, "<Recursion on {}>", rt__type_name(v));
        return RT_OK;
    }
    return v.kind == RT_DICT ? put_flat_dict(r, out, v, &here)
                             : put_flat_list(r, out, v, &here);
}

// ---- on several lines ------------------------------------------------------------------

// `indent` is the column where a value begins, `allowance` what must fit behind
// it on its last line.
static rt_status put_value(printer *p, rt_value v, size_t indent,
                           size_t allowance, const inside *outer);

static void put_line_break(const printer *p, size_t indent)
{
    rt_buf_put_char(p->out, '\n');
    rt_buf_put_repeat(p->out, ' ', indent);
}

static rt_status put_list(printer *p, rt_value list, size_t indent,
                          size_t allowance, const inside *here)
{
    bool tuple = list.kind == RT_TUPLE;
    size_t len = rt_list_len(list);
    const char *end = !tuple ? "]" : len == 1 ? ",)" : ")";
    rt_status st = RT_OK;

    rt_buf_put_char(p->out, tuple ? '(' : '[');
    for (size_t i = 0; i < len && !st; i++) {
        bool last = i + 1 == len;
        st = put_value(p, rt_list_get(list, (int64_t)i), indent + 1,
                       last ? allowance + strlen(end) : 1, here);
        if (!last) {
            rt_buf_put_char(p->out, ',');
            put_line_break(p, indent + 1);
        }
    }
    rt_buf_put_cstr(p->out, end);
    return st;
}

static rt_status put_dict(printer *p, rt_value dict, size_t indent,
                          size_t allowance, const inside *here)
{
    rt_value *keys;
    size_t len = rt_dict_len(dict);
    rt_status st = keys_in_order(p->r, dict, &keys);

    rt_buf_put_char(p->out, '{');
    for (size_t i = 0; i < len && !st; i++) {
        bool last = i + 1 == len;
        size_t start = p->out->len;
        if ((st = put_flat(p->r, p->out, keys[i], here)) || p->out->status)
            break;
        size_t width =
            rt__text_len(rt_str_of(p->out->data + start, p->out->len - start));
        rt_buf_put_cstr(p->out, ": ");
        st = put_value(p, rt_dict_get(dict, keys[i]), indent + 1 + width + 2,
                       last ? allowance + 1 : 1, here);
        if (!last) {
            rt_buf_put_char(p->out, ',');
            put_line_break(p, indent + 1);
        }
    }
    rt_buf_put_char(p->out, '}');
    return st ? st : rt__buf_status(p->r, p->out);
}

// ---- long text and bytes ------------------------------------------------------------

// They are written as several literals, each on a line of its own.
typedef struct literals {
    printer *p;
    size_t indent;
    size_t n; // written so far
} literals;

static void put_literal(literals *l, rt_value v)
{
    if (l->n++)
        put_line_break(l->p, l->indent);
    rt_value_put_repr(l->p->out, v);
}

static size_t repr_len(printer *p, rt_value v)
{
    p->scratch.len = 0;
    rt_value_put_repr(&p->scratch, v);
    return rt__text_len(rt_buf_str(&p->scratch));
}

static size_t less(size_t n, size_t by)
{
    return n > by ? n - by : 0;
}

// Take a word with the white space behind it: \S*\s*
static rt_str take_word(rt_str *rest)
{
    rt_str s = *rest;
    bool space = false;

    while (rest->len) {
        rt_str next = *rest;
        bool is_space = rt__rune_is_space(rt__rune_next(&next));
        if (space && !is_space)
            break;
        space = is_space;
        *rest = next;
    }
    s.len -= rest->len;
    return s;
}

// Break a line that is too long between its words. `last` is how much less room
// there is for the last one.
static rt_status put_words(literals *l, rt_str line, size_t room, size_t last)
{
    rt_str current = {line.data, 0};
    rt_status st = RT_OK;

    while (line.len && !st) {
        rt_str part = take_word(&line);
        rt_str candidate = {current.data, current.len + part.len};
        room = line.len ? room : less(room, last);
        if (repr_len(l->p, rt_value_str(candidate)) > room) {
            if (current.len)
                put_literal(l, rt_value_str(current));
            candidate = part;
        }
        current = candidate;
        st = rt__step(l->p->r, 1 + candidate.len / 64);
    }
    if (current.len)
        put_literal(l, rt_value_str(current));
    return st;
}

// Text is broken at the ends of its lines first.
static rt_status put_lines(literals *l, rt_str text, size_t allowance)
{
    size_t width = less(WIDTH, l->indent);
    rt_str line, end;
    rt_status st = RT_OK;

    while (!st && rt__text_next_line(&text, &line, &end)) {
        size_t last = text.len ? 0 : allowance;
        line.len += end.len;
        if (repr_len(l->p, rt_value_str(line)) <= less(width, last)) {
            put_literal(l, rt_value_str(line));
        } else {
            st = put_words(l, line, width, last);
        }
        st = st ? st : rt__step(l->p->r, 1 + line.len / 64);
    }
    return st;
}

// Bytes are written in fours.
static rt_status put_fours(literals *l, rt_str bytes, size_t allowance)
{
    size_t width = less(WIDTH, l->indent);
    rt_str current = {bytes.data, 0};
    rt_status st = RT_OK;

    while (bytes.len && !st) {
        rt_str part = rt_str_take(&bytes, 4);
        rt_str candidate = {current.data, current.len + part.len};
        // Less room for the last part only when it is a short one, as in
        // Python.
        if (part.len < 4)
            width = less(width, allowance);
        if (repr_len(l->p, rt_value_bytes(candidate.data, candidate.len)) >
            width) {
            if (current.len)
                put_literal(l, rt_value_bytes(current.data, current.len));
            candidate = part;
        }
        current = candidate;
        st = rt__step(l->p->r, 1);
    }
    if (current.len)
        put_literal(l, rt_value_bytes(current.data, current.len));
    return st;
}

// Only the outermost value has parentheses around its literals: elsewhere there
// are brackets already.
static rt_status put_literals(printer *p, rt_value v, size_t indent,
                              size_t allowance, bool outermost)
{
    size_t start = p->out->len;
    literals l = {.p = p, .indent = indent + outermost};
    rt_str s = rt_value_as_str(v);
    rt_status st;

    if (outermost)
        rt_buf_put_char(p->out, '(');
    st = v.kind == RT_BYTES ? put_fours(&l, s, allowance + outermost)
                            : put_lines(&l, s, allowance + outermost);
    if (outermost && l.n == 1 && v.kind != RT_BYTES) {
        p->out->len = start;
        rt_value_put_repr(p->out, v);
    } else if (outermost) {
        rt_buf_put_char(p->out, ')');
    }
    return st ? st : rt__buf_status(p->r, p->out);
}

// ---- the filter ------------------------------------------------------------------------

static rt_status put_value(printer *p, rt_value v, size_t indent,
                           size_t allowance, const inside *outer)
{
    inside here = {v, outer, outer ? outer->depth + 1 : 1};
    rt_buf flat;
    rt_status st = rt__check_memory(p->r, 0);

    if (st)
        return st;
    rt_buf_init(&flat, p->r->arena);
    flat.limit = FLAT_BYTES_MAX;
    if ((st = put_flat(p->r, &flat, v, outer)))
        return st;
    if (flat.status != RT_E_LIMIT && rt__buf_status(p->r, &flat))
        return flat.status;
    if (recurs(&here) ||
        (!flat.status &&
         rt__text_len(rt_buf_str(&flat)) <= less(WIDTH, indent + allowance))) {
        rt_buf_put(p->out, rt_buf_str(&flat));
        return rt__buf_status(p->r, p->out);
    }
    if (is_container(v))
        return v.kind == RT_DICT ? put_dict(p, v, indent, allowance, &here)
                                 : put_list(p, v, indent, allowance, &here);
    if ((v.kind == RT_STRING && v.len) || (v.kind == RT_BYTES && v.len > 4))
        return put_literals(p, v, indent, allowance, here.depth == 1);
    return rt__put_repr(p->r, p->out, v);
}

FILTER(pprint)
{
    rt_buf buf;
    printer p = {.r = r, .out = &buf};

    rt__buf_init(r, &buf);
    rt__buf_init(r, &p.scratch);
    rt_status st = put_value(&p, a[0], 0, 0, NULL);
    return st ? st : rt__give_text(r, &buf, rt_value_none(), out);
}
