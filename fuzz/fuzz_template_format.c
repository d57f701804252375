// Formats and operators. The first line is how to use the rest: `%` and a
// format, `{` and one for str.format, `:` and a specification, or `+` for all
// operators on the first two values. Each further line is a value (read_value
// says how). Whatever they are, there is a result with valid text, or an error;
// and integers keep the laws of arithmetic.
//
// covers: src/template/percent.c
// covers: src/template/format.c
// covers: src/template/format_spec.c
// covers: src/template/format_value.c
// covers: src/template/float_text.c
// covers: src/template/number_read.c
// covers: src/template/ops.c
// covers: src/template/arith.c
// covers: src/template/bigint.c
// covers: src/template/nat.c
// covers: src/template/compare.c
// covers: src/template/slice.c
#include <stdlib.h>

#include <retort/base/utf8.h>

#include "template/runtime.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())
#define STEPS_MAX       20000 // one step is up to 64 bytes of text
#define VALUES_MAX      8
#define DEPTH_MAX       4

static rt_arena arena;
static const rt_template_policies policies;

static rt_render new_render(unsigned variant)
{
    return (rt_render){
        .arena = &arena,
        .policies = &policies,
        .steps_left = STEPS_MAX,
        .undefined = (rt_undefined_mode)(variant & 3),
        .sandbox = variant & 4 ? RT_SANDBOX_ON : RT_SANDBOX_OFF,
        .autoescape = variant & 8,
    };
}

// ---- reading -----------------------------------------------------------------

static rt_value read_value(rt_render *r, rt_str *in, int depth);

static rt_value read_container(rt_render *r, rt_str *in, char kind, int depth)
{
    rt_value list = rt_list_new(&arena);
    rt_value dict = rt_dict_new(&arena);

    while (in->data && in->len && depth < DEPTH_MAX) {
        if (rt_str_skip(in, RT_STR("]\n")))
            break;
        rt_value v = read_value(r, in, depth + 1);
        (void)rt_list_push(list, v);
        (void)rt_dict_set(dict, v, rt_list_get(list, 0)); // or no key
    }
    if (kind == '(')
        return rt_tuple_of(&arena, rt_list_items(list), rt_list_len(list));
    return kind == '{' ? dict : list;
}

static rt_value read_range(rt_render *r, rt_str text)
{
    int64_t bounds[3] = {0, 10, 1};

    for (size_t i = 0; i < 3 && text.data; i++)
        (void)rt_str_parse_int(rt_str_cut(&text, ' '), &bounds[i]);
    return rt__range_new(r, bounds[0], bounds[1], bounds[2] ? bounds[2] : 1);
}

static rt_value read_view(rt_render *r, rt_str *in, char kind, int depth)
{
    rt_value dict = read_container(r, in, '{', depth);

    return rt__dict_view_new(r, dict,
                             kind == 'K'   ? RT__KEYS
                             : kind == 'V' ? RT__VALUES
                                           : RT__ITEMS);
}

// s text, m safe text, b bytes, i and x integers, f a float, r a range, n none,
// t true, u undefined; [ ( { and the views K V I: what follows up to a line `]`.
static rt_value read_value(rt_render *r, rt_str *in, int depth)
{
    rt_str line = rt_str_cut(in, '\n');
    char kind = line.len ? rt_str_take(&line, 1).data[0] : 'n';
    rt_value v = rt_value_none();
    double x = 0;

    switch (kind) {
    case 's': return rt_value_str(rt_utf8_repair(&arena, line));
    case 'm': return rt_value_safe(rt_utf8_repair(&arena, line));
    case 'b': return rt_value_bytes(line.data, line.len);
    case 'i': (void)rt__text_is_int(r, line, 10, &v); return v;
    case 'x': (void)rt__text_is_int(r, line, 16, &v); return v;
    case 'f':
        return rt__text_is_float(r, line, &x) ? rt_value_float(x)
                                              : rt_value_none();
    case 'r': return read_range(r, line);
    case 't': return rt_value_bool(true);
    case 'u': return rt__undefined_name(r, rt_utf8_repair(&arena, line));
    case '[':
    case '(':
    case '{': return read_container(r, in, kind, depth);
    case 'K':
    case 'V':
    case 'I': return read_view(r, in, kind, depth);
    default: return rt_value_none();
    }
}

// ---- checking ----------------------------------------------------------------

static void check_outcome(rt_render *r, rt_status st, rt_value out)
{
    rt_buf buf;

    MUST((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
    if (st) {
        MUST(r->error.message.len > 0);
        MUST(r->error.message.len <= RT__MESSAGE_BYTES_MAX);
        MUST(rt_utf8_valid(r->error.message));
        return;
    }
    rt__buf_init(r, &buf);
    st = rt__put_text(r, &buf, out, true);
    MUST(st != RT_OK || rt_utf8_valid(rt_buf_str(&buf)));
}

// a = (a // b) * b + a % b, and both keep their order.
static void check_division(rt_value a, rt_value b)
{
    rt_render r = new_render(0);
    rt_value q, rest, back;
    bool equal, less;

    r.steps_left = UINT64_MAX;
    if (rt__binary(&r, RT__FLOORDIV, a, b, &q) ||
        rt__binary(&r, RT__MOD, a, b, &rest) ||
        rt__binary(&r, RT__MUL, q, b, &back) ||
        rt__binary(&r, RT__ADD, back, rest, &back))
        return;
    MUST(rt__compare(&r, RT__EQ, a, back, &equal) == RT_OK && equal);
    MUST(rt__binary(&r, RT__SUB, rest, b, &back) == RT_OK);
    MUST(rt__compare(&r, RT__LT, b, RT(0), &less) == RT_OK);
    MUST(rt__compare(&r, less ? RT__GT : RT__LT, rest, b, &equal) == RT_OK);
    MUST(equal);
    MUST(rt__compare(&r, less ? RT__LE : RT__GE, rest, RT(0), &equal) == RT_OK);
    MUST(equal);
}

// An integer's text reads back as the same integer.
static void check_integer_text(rt_value v)
{
    rt_render r = new_render(0);
    rt_value back;
    rt_str text;
    bool equal;

    if (rt__to_text(&r, v, &text))
        return;
    MUST(rt__int_parse(&r, text, 10, &back) == RT_OK);
    MUST(rt__compare(&r, RT__EQ, v, back, &equal) == RT_OK && equal);
    MUST(rt_value_equal(v, back));
}

static void check_operators(rt_value *v, unsigned variant)
{
    rt_value out = rt_value_none();
    bool truth = false;
    int order;

    for (int op = RT__ADD; op <= RT__POW; op++) {
        rt_render r = new_render(variant);
        rt_status st = rt__binary(&r, (rt__op)op, v[0], v[1], &out);
        check_outcome(&r, st, out);
    }
    for (int cmp = RT__EQ; cmp <= RT__NOT_IN; cmp++) {
        rt_render r = new_render(variant);
        rt_status st = rt__compare(&r, (rt__cmp)cmp, v[0], v[1], &truth);
        check_outcome(&r, st, rt_value_bool(truth));
    }
    rt_render r = new_render(variant);
    check_outcome(&r, rt__order(&r, v[0], v[1], &order), rt_value_none());
    r = new_render(variant);
    check_outcome(&r, rt__negate(&r, v[0], &out), out);
    r = new_render(variant);
    check_outcome(&r, rt__positive(&r, v[0], &out), out);
    r = new_render(variant);
    check_outcome(&r, rt__slice(&r, v[0], v[1], v[2], v[3], &out), out);
    r = new_render(variant);
    check_outcome(&r, rt__get_item(&r, v[0], v[1], &out), out);
    r = new_render(variant);
    check_outcome(&r, rt__to_int(&r, v[0], &out), out);
    r = new_render(variant);
    check_outcome(&r, rt__concat(&r, v, 3, &out), out);
    if (rt__is_integer(v[0]) && rt__is_integer(v[1]))
        check_division(v[0], v[1]);
    if (rt__is_integer(v[0]) && v[0].kind != RT_BOOL)
        check_integer_text(v[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    rt_str in = rt_str_of(data, size);
    rt_str format = rt_str_cut(&in, '\n');
    rt_value values[VALUES_MAX];
    rt_value out = rt_value_none();
    rt_status st = RT_OK;
    size_t n = 0;
    rt_buf buf;

    if (format.len < 2)
        return 0;
    char mode = rt_str_take(&format, 1).data[0];
    unsigned variant = (unsigned char)rt_str_take(&format, 1).data[0];
    format = rt_utf8_repair(&arena, format);
    rt_render r = new_render(0);
    for (size_t i = 0; i < VALUES_MAX; i++)
        values[i] = rt_value_none();
    while (in.data && in.len && n < VALUES_MAX)
        values[n++] = read_value(&r, &in, 0);

    rt_value text = variant & 16 ? rt_value_safe(format) : rt_value_str(format);
    r = new_render(variant);
    rt__buf_init(&r, &buf);
    switch (mode) {
    case '%':
        st = rt__percent_format(&r, text, values[0], &out);
        check_outcome(&r, st, out);
        break;
    case '{':
        st = rt__str_format(&r, text, n ? values + 1 : NULL, n ? n - 1 : 0,
                            values[0], &out);
        check_outcome(&r, st, out);
        break;
    case ':':
        st = rt__put_formatted(&r, &buf, values[0], format);
        check_outcome(&r, st, rt_value_str(rt_buf_str(&buf)));
        break;
    default: check_operators(values, variant); break;
    }
    rt_arena_reset(&arena);
    return 0;
}
