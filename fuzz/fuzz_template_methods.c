// Methods of values: the first byte of the input chooses a value, then each
// call is a method and its arguments. Whatever they are, a call gives a value
// whose text is valid, or an error.
//
// covers: src/template/methods_str.c
// covers: src/template/methods_cut.c
// covers: src/template/methods_list.c
// covers: src/template/methods_dict.c
// covers: src/template/strftime.c
// covers: src/template/text_cut.c
// covers: src/template/text_unicode.c
#include <assert.h>

#include <retort/base/time.h>
#include <retort/base/utf8.h>

#include "template/methods.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

#define CALLS_MAX 4
#define STEPS_MAX 20000 // one step is up to 64 bytes of text
#define DEPTH_MAX 3

static unsigned take_byte(rt_str *in)
{
    rt_str byte = rt_str_take(in, 1);
    return byte.len ? (unsigned char)byte.data[0] : 0;
}

// Text of up to 63 bytes, or eight times that.
static rt_str take_text(rt_str *in)
{
    unsigned head = take_byte(in);
    rt_str text = rt_str_take(in, head & 63);
    rt_buf buf;

    text = rt_utf8_repair(&arena, text);
    if (head < 192)
        return text;
    rt_buf_init(&buf, &arena);
    for (int i = 0; i < 8; i++)
        rt_buf_put(&buf, text);
    return rt_buf_str(&buf);
}

static int64_t take_int(rt_str *in)
{
    int64_t n = (int64_t)(take_byte(in) ^ 128) - 128; // two's complement
    return n == 127 ? INT64_MAX : n == -128 ? INT64_MIN : n;
}

static rt_value take_value(rt_str *in, rt_render *r, int depth);

static rt_value take_list(rt_str *in, rt_render *r, int depth)
{
    rt_value list = rt_list_new(&arena);
    for (unsigned n = take_byte(in) & 15; n && in->len; n--)
        (void)rt_list_push(list, take_value(in, r, depth));
    return list;
}

static rt_value take_dict(rt_str *in, rt_render *r, int depth)
{
    rt_value dict = rt_dict_new(&arena);
    for (unsigned n = take_byte(in) & 7; n && in->len; n--) {
        rt_value key = take_value(in, r, depth);
        (void)rt_dict_set(dict, key, take_value(in, r, depth)); // or no key
    }
    return dict;
}

static rt_value take_value(rt_str *in, rt_render *r, int depth)
{
    rt_str text;
    rt_value list;

    switch (take_byte(in) % (depth < DEPTH_MAX ? 16 : 10)) {
    default: return rt_value_str(take_text(in));
    case 1: return rt_value_safe(take_text(in));
    case 2: return rt_value_int(take_int(in));
    case 3: return rt_value_none();
    case 4: return rt_value_bool(take_byte(in) & 1);
    case 5: return rt_value_float((double)take_int(in) / 4);
    case 6: text = take_text(in); return rt_value_bytes(text.data, text.len);
    case 7: return rt__undefined_name(r, RT_STR("x"));
    case 8:
        return rt_value_date(((int64_t)take_byte(in) - 100) * 97 * RT_TIME_DAY);
    case 10:
    case 11: return take_list(in, r, depth + 1);
    case 12:
        list = take_list(in, r, depth + 1);
        return rt_tuple_of(&arena, rt_list_items(list), rt_list_len(list));
    case 13: return take_dict(in, r, depth + 1);
    case 14:
        return rt__range_new(r, take_int(in), take_int(in), take_int(in) | 1);
    }
}

static const rt__methods *methods_of(rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_STRING: return &rt__str_methods;
    case RT_SAFE: return &rt__safe_methods;
    case RT_LIST: return &rt__list_methods;
    case RT_TUPLE: return &rt__tuple_methods;
    case RT_DICT: return &rt__dict_methods;
    case RT_DATE: return &rt__datetime_methods;
    case RT_BYTES: return &rt__bytes_methods;
    case RT_FLOAT: return &rt__float_methods;
    case RT_OBJECT: return &rt__range_methods;
    default: return &rt__int_methods;
    }
}

static const rt__builtin *take_method(rt_str *in, rt_value self)
{
    unsigned choice = take_byte(in);
    const rt__methods *methods = methods_of(self);

    if (self.kind == RT_SAFE && choice % 8) // most are those of str
        methods = &rt__str_methods;
    const rt__builtin *b = &methods->rows[choice % methods->n].builtin;
    const rt__builtin *found = rt__method_find(self, rt_str_from(b->name));
    assert(!found || found == b); // none and undefined have none
    return found;
}

static void call(rt_render *r, rt_value self, rt_str *in, rt_value *out)
{
    static const char *const names[] = {"sep",     "maxsplit", "keepends",
                                        "reverse", "x",        "timespec",
                                        "day",     "tabsize"};
    const rt__builtin *method = take_method(in, self);
    rt_value args[5] = {self};
    rt_value named[2];
    unsigned shape = take_byte(in);
    size_t n = 1;
    size_t n_named = shape >= 192;

    if (!method)
        return;
    while (n <= (shape & 3))
        args[n++] = take_value(in, r, 0);
    named[0] = rt_value_cstr(names[shape / 4 % RT_COUNT(names)]);
    named[1] = take_value(in, r, 0);
    rt_status st = rt__builtin_call(r, method, args, n, named, n_named, out);
    assert((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const rt_template_policies policies;
    rt_str in = rt_str_of(data, size);
    rt_render r = {.arena = &arena,
                   .policies = &policies,
                   .steps_left = STEPS_MAX};
    rt_value self = take_value(&in, &r, 0);

    for (int i = 0; i < CALLS_MAX && in.len; i++) {
        rt_value out = rt_value_undefined();
        rt_buf text;

        r.error = (rt_template_error){.kind = RT_TEMPLATE_OK};
        call(&r, self, &in, &out);
        if (r.error.kind != RT_TEMPLATE_OK) {
            assert(rt_utf8_valid(r.error.message));
            continue;
        }
        rt_buf_init(&text, &arena);
        text.limit = RT__TEXT_BYTES_MAX;
        rt_status st = rt__put_text(&r, &text, out, true);
        assert(!st || r.error.kind == RT_TEMPLATE_LIMIT_ERROR);
        assert(out.kind == RT_BYTES || rt_utf8_valid(rt_buf_str(&text)));
    }
    rt_arena_reset(&arena);
    return 0;
}
