// Values through filters: the input is a value, then filters with their
// arguments, each applied to what the one before gave; then a test. Whatever
// they are, the outcome is a value whose text is valid, or an error.
//
// covers: src/template/filters_html.c
// covers: src/template/filters_json.c
// covers: src/template/filters_number.c
// covers: src/template/filters_select.c
// covers: src/template/filters_sequence.c
// covers: src/template/filters_sort.c
// covers: src/template/filters_text.c
// covers: src/template/filters_wrap.c
// covers: src/template/html.c
// covers: src/template/link.c
// covers: src/template/pprint.c
// covers: src/template/urlize.c
#include <assert.h>

#include <retort/base/time.h>
#include <retort/base/utf8.h>

#include "template/filters.h"
#include "template/vm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static rt_arena arena;

#define CALLS_MAX  4
#define STEPS_MAX  20000 // one step is up to 64 bytes of text
#define DEPTH_MAX  3
#define MEMORY_MAX ((size_t)256 << 20)

// ---- values -----------------------------------------------------------------------

static unsigned take_byte(rt_str *in)
{
    rt_str byte = rt_str_take(in, 1);
    return byte.len ? (unsigned char)byte.data[0] : 0;
}

static rt_str take_text(rt_str *in)
{
    return rt_utf8_repair(&arena, rt_str_take(in, take_byte(in)));
}

static rt_str take_long_text(rt_str *in)
{
    rt_str text = take_text(in);
    rt_buf buf;

    rt_buf_init(&buf, &arena);
    for (int i = 0; i < 16; i++)
        rt_buf_put(&buf, text);
    return rt_buf_str(&buf);
}

static int64_t take_int(rt_str *in)
{
    int64_t n = (int64_t)take_byte(in) - 128; // -128 to 127
    return n == 127 ? INT64_MAX : n == -128 ? INT64_MIN : n;
}

static rt_value take_value(rt_str *in, rt_render *r, int depth);

static rt_value take_list(rt_str *in, rt_render *r, int depth)
{
    rt_value list = rt_list_new(&arena);
    for (unsigned n = take_byte(in) & 15; n && in->len; n--)
        (void)!rt_list_push(list, take_value(in, r, depth));
    return list;
}

static rt_value take_dict(rt_str *in, rt_render *r, int depth)
{
    rt_value dict = rt_dict_new(&arena);
    for (unsigned n = take_byte(in) & 15; n && in->len; n--) {
        rt_value key = take_value(in, r, depth);
        (void)!rt_dict_set(dict, key, take_value(in, r, depth)); // or no key
    }
    return dict;
}

static rt_value take_bigint(rt_str *in, rt_render *r)
{
    rt_value out = rt_value_none();
    (void)!rt__binary(r, RT__POW, rt_value_int(10),
                      rt_value_int(19 + take_byte(in) % 64), &out);
    if (take_byte(in) & 1)
        (void)!rt__negate(r, out, &out);
    return out;
}

// A list that holds itself.
static rt_value take_cycle(rt_str *in, rt_render *r, int depth)
{
    rt_value list = take_list(in, r, depth);
    (void)!rt_list_push(list, list);
    return list;
}

static rt_value take_value(rt_str *in, rt_render *r, int depth)
{
    rt_str text;
    rt_value list;

    switch (take_byte(in) % (depth < DEPTH_MAX ? 20 : 12)) {
    default: return rt_value_str(take_text(in));
    case 1: return rt_value_safe(take_text(in));
    case 2: return rt_value_int(take_int(in));
    case 3: return rt_value_none();
    case 4: return rt_value_bool(take_byte(in) & 1);
    case 5: return rt_value_float((double)take_int(in) / 8);
    case 6: text = take_text(in); return rt_value_bytes(text.data, text.len);
    case 7: return rt__undefined_name(r, RT_STR("x"));
    case 8: return rt_value_date((int64_t)take_byte(in) * RT_TIME_DAY);
    case 9: return take_bigint(in, r);
    case 10: return rt_value_str(take_long_text(in));
    case 11: return rt_value_float((double)take_int(in) * 1e300);
    case 12:
    case 13: return take_list(in, r, depth + 1);
    case 14:
        list = take_list(in, r, depth + 1);
        return rt_tuple_of(&arena, rt_list_items(list), rt_list_len(list));
    case 15: return take_dict(in, r, depth + 1);
    case 16:
        return rt__range_new(r, take_int(in), take_int(in), take_int(in) | 1);
    case 17: return take_cycle(in, r, depth + 1);
    }
}

// ---- calls --------------------------------------------------------------------------

#define NAME(name, ...) name,

static const char *const filters[] = {RT__FILTERS(NAME)};

static const char *const tests[] = {
    "odd",     "even",     "divisibleby", "lower",    "upper",  "string",
    "number",  "sequence", "iterable",    "callable", "sameas", "in",
    "escaped", "eq",       "lt",          "filter",   "test",   "nosuch"};

static const char *const params[] = {"attribute",
                                     "default",
                                     "case_sensitive",
                                     "reverse",
                                     "width",
                                     "first",
                                     "blank",
                                     "killwords",
                                     "end",
                                     "leeway",
                                     "method",
                                     "precision",
                                     "indent",
                                     "rel",
                                     "target",
                                     "nofollow",
                                     "extra_schemes",
                                     "trim_url_limit",
                                     "break_long_words",
                                     "wrapstring",
                                     "break_on_hyphens",
                                     "fill_with",
                                     "by",
                                     "base",
                                     "binary",
                                     "count",
                                     "chars",
                                     "start",
                                     "autospace",
                                     "default_value",
                                     "boolean",
                                     "d"};

typedef struct arguments {
    rt_value args[7];
    size_t n;
    rt_value named[4];
    size_t n_named;
} arguments;

// Names of filters and tests are worth giving, and so are those of parameters.
static rt_value take_arg(rt_str *in, rt_render *r)
{
    unsigned choice = in->len ? (unsigned char)*in->data : 0;

    if (choice < 224)
        return take_value(in, r, 0);
    choice = take_byte(in);
    return choice < 240
               ? rt_value_cstr(filters[take_byte(in) % RT_COUNT(filters)])
               : rt_value_cstr(tests[take_byte(in) % RT_COUNT(tests)]);
}

static void take_arguments(rt_str *in, rt_render *r, rt_value self,
                           arguments *a)
{
    unsigned shape = take_byte(in);

    *a = (arguments){.args = {self}, .n = 1};
    while (a->n <= (shape & 7) % 6)
        a->args[a->n++] = take_arg(in, r);
    for (; a->n_named < (shape >> 3) % 3; a->n_named++) {
        const char *name = params[take_byte(in) % RT_COUNT(params)];
        a->named[2 * a->n_named] = rt_value_cstr(name);
        a->named[2 * a->n_named + 1] = take_arg(in, r);
    }
    r->error = (rt_template_error){.kind = RT_TEMPLATE_OK}; // of making them
}

static void check_text(rt_render *r, rt_value v)
{
    rt_buf text;

    rt_buf_init(&text, &arena);
    text.limit = RT__TEXT_BYTES_MAX;
    rt_status st = rt__put_text(r, &text, v, r->autoescape);
    assert(!st || r->error.kind != RT_TEMPLATE_OK);
    assert(v.kind == RT_BYTES || rt_utf8_valid(rt_buf_str(&text)));
}

// Apply one filter; `*v` becomes what it gives.
static void apply(rt_render *r, rt_str *in, rt_value *v)
{
    arguments a;
    const rt__builtin *b = rt__filter_find(
        rt_str_from(filters[take_byte(in) % RT_COUNT(filters)]));
    bool walks = take_byte(in) & 1;

    take_arguments(in, r, *v, &a);
    rt_status st = rt__builtin_call(r, b, a.args, a.n, a.named, a.n_named, v);
    assert((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
    if (st)
        return;
    if (walks && v->kind == RT_OBJECT) // most often a generator
        st = rt__to_list(r, *v, v);
    if (!st)
        check_text(r, *v);
}

static void test(rt_render *r, rt_str *in, rt_value v)
{
    arguments a;
    rt_value out;
    const rt__builtin *b =
        rt__test_find(rt_str_from(tests[take_byte(in) % RT_COUNT(tests)]));

    take_arguments(in, r, v, &a);
    if (!b)
        return;
    rt_status st =
        rt__builtin_call(r, b, a.args, a.n, a.named, a.n_named, &out);
    assert((st != RT_OK) == (r->error.kind != RT_TEMPLATE_OK));
    assert(st || out.kind == RT_BOOL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static rt_template_env *env;
    rt_str in = rt_str_of(data, size);
    unsigned modes = take_byte(&in);
    rt__vm vm = {0};

    if (!env)
        env = rt_template_env_new(.autoescape = RT_AUTOESCAPE_OFF);
    vm.env = env;
    vm.head = (rt_render){.arena = &arena,
                          .env = env,
                          .policies = &env->options.policies,
                          .autoescape = modes & 1,
                          .undefined = (rt_undefined_mode)(modes >> 1 & 3),
                          .sandbox = (rt_sandbox_mode)(modes >> 3 & 3) % 3,
                          .steps_left = STEPS_MAX};
    rt_value v = take_value(&in, &vm.head, 0);
    for (int i = 0; i < CALLS_MAX && in.len; i++) {
        apply(&vm.head, &in, &v);
        if (vm.head.error.kind != RT_TEMPLATE_OK)
            assert(rt_utf8_valid(vm.head.error.message));
    }
    test(&vm.head, &in, v);
    assert(vm.head.depth == 0);
    assert(rt_arena_bytes(&arena) < MEMORY_MAX);
    rt_arena_reset(&arena);
    return 0;
}
