// Text, escaping and repr of values, undefined values, iteration.
#include <math.h>

#include "ops_rows.h"

RT_TEST(values_print_as_str_shows_them_and_escape)
{
    static const struct {
        const char *v, *text, *escaped; // NULL: as text
    } rows[] = {
        {"'a<b'", "a<b", "a&lt;b"},
        {"Markup('a<b')", "a<b", NULL},
        {"12", "12", NULL},
        {"-12", "-12", NULL},
        {"18446744073709551616", "18446744073709551616", NULL},
        {"1.0", "1.0", NULL},
        {"1e16", "1e+16", NULL},
        {"True", "True", NULL},
        {"None", "None", NULL},
        {"undefined", "", NULL},
        {"[1, 'a', None]", "[1, 'a', None]", "[1, &#39;a&#39;, None]"},
        {"[]", "[]", NULL},
        {"(1,)", "(1,)", NULL},
        {"{'a': '<'}", "{'a': '<'}", "{&#39;a&#39;: &#39;&lt;&#39;}"},
        {"[Markup('<')]", "[Markup('<')]", "[Markup(&#39;&lt;&#39;)]"},
        {"b'<'", "b'<'", "b&#39;&lt;&#39;"},
        {"range(3)", "range(0, 3)", NULL},
        {"range(1, 9, 2)", "range(1, 9, 2)", NULL},
        {"[undefined]", "[Undefined]", NULL},
        {"'\\u20ac<'", "\xe2\x82\xac<", "\xe2\x82\xac&lt;"},
        {"[[1, 2], ('a',), {'b': {}}]", "[[1, 2], ('a',), {'b': {}}]",
         "[[1, 2], (&#39;a&#39;,), {&#39;b&#39;: {}}]"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value v = literal(r, rows[i].v);
        const char *escaped = rows[i].escaped ? rows[i].escaped : rows[i].text;
        rt_str text;
        rt_value safe;
        rt_buf out;
        RT_CASE(rows[i].v);
        CHECK(rt__to_text(r, v, &text) == RT_OK);
        CHECK_EQ(text, rows[i].text);
        CHECK(rt__escape(r, v, &safe) == RT_OK);
        CHECK_EQ(safe.kind, RT_SAFE);
        CHECK_EQ(rt_value_as_str(safe), escaped);
        // Behind other output, which stays as it is.
        rt_buf_init(&out, &arena);
        rt_buf_put_cstr(&out, "<'");
        CHECK(rt__put_text(r, &out, v, true) == RT_OK);
        CHECK_EQ(rt_str_slice(rt_buf_str(&out), 2, SIZE_MAX), escaped);
        CHECK(rt_str_starts_with(rt_buf_str(&out), RT_STR("<'")));
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

static void host_text(void *self, rt_buf *out)
{
    rt_buf_put_cstr(out, self);
}

RT_TEST(the_text_of_host_objects_is_not_safe)
{
    static const rt_vtable host = {.name = "host", .text = host_text};
    char text[] = "<host>";
    rt_render *r = render_new();
    rt_value out;

    CHECK(rt__escape(r, rt_object_new(&arena, &host, text), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "Markup('&lt;host&gt;')");
    rt_arena_deinit(&arena);
}

RT_TEST(a_full_output_is_an_error)
{
    rt_render *r = render_new();
    rt_buf out;

    rt_buf_init(&out, &arena);
    out.limit = 10;
    CHECK(rt__put_text(r, &out, RT("123456789"), false) == RT_OK);
    CHECK(rt__put_text(r, &out, RT(12), false) != RT_OK);
    CHECK_EQ(error_text(r), "!LimitError: text longer than 10 bytes");

    // A list of lists of lists, all the same: 2^60 elements.
    rt_value v = RT(1);
    for (int i = 0; i < 60; i++)
        v = rt_list_of(&arena, (const rt_value[]){v, v}, 2);
    r = render_new();
    rt_buf_init(&out, &arena);
    out.limit = 5000;
    CHECK(rt__put_repr(r, &out, v) != RT_OK);
    CHECK_EQ(error_text(r), "!LimitError: text longer than 5000 bytes");
    rt_arena_deinit(&arena);
}

RT_TEST(ascii_shows_the_rest_as_escapes)
{
    rt_render *r = render_new();
    rt_buf out;

    rt_buf_init(&out, &arena);
    CHECK(rt__put_ascii_repr(
              r, &out, RT("a\n\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")) == RT_OK);
    CHECK_EQ(rt_buf_str(&out), "'a\\n\\xe9\\u20ac\\U0001f600'");
    rt_arena_deinit(&arena);
}

// markup_join and str_join of Jinja2.
RT_TEST(concatenation_is_safe_from_the_first_safe_operand_on)
{
    static const struct {
        const char *parts;
        bool escape;
        const char *answer;
    } rows[] = {
        {"['a', 1, None]", true, "'a1None'"},
        {"['<', '>']", true, "'<>'"},
        {"['<', Markup('<'), '>', 5]", true, "Markup('&lt;<&gt;5')"},
        {"[Markup('<')]", true, "Markup('<')"},
        {"['<', Markup('<')]", false, "'<<'"},
        {"[]", true, "''"},
        {"['a', undefined]", true, "'a'"},
        {"[[1], Markup('')]", true, "Markup('[1]')"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value parts = literal(r, rows[i].parts);
        rt_value out;
        r->autoescape = rows[i].escape;
        RT_CASE(rows[i].parts);
        CHECK(rt__concat(r, rt_list_items(parts), rt_list_len(parts), &out) ==
              RT_OK);
        CHECK_EQ(answer(r, RT_OK, out), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(types_have_pythons_names_lengths_and_truth)
{
    static const struct {
        const char *v, *type;
        int length; // -1: has none
        bool truth;
    } rows[] = {
        {"undefined", "Undefined", 0, false},
        {"None", "NoneType", -1, false},
        {"True", "bool", -1, true},
        {"0", "int", -1, false},
        {"18446744073709551616", "int", -1, true},
        {"0.5", "float", -1, true},
        {"'a\\u20ac'", "str", 2, true},
        {"''", "str", 0, false},
        {"Markup('ab')", "Markup", 2, true},
        {"b'abc'", "bytes", 3, true},
        {"[1]", "list", 1, true},
        {"()", "tuple", 0, false},
        {"{'a': 1}", "dict", 1, true},
        {"range(3)", "range", 3, true},
        {"range(0)", "range", 0, false},
        {"range(10, 0, -3)", "range", 4, true},
        {"range(0, 10, 3)", "range", 4, true},
        {"range(5, 0)", "range", 0, false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value v = literal(r, rows[i].v);
        bool truth;
        size_t len;
        RT_CASE(rows[i].v);
        CHECK_EQ(rt__type_name(v), rows[i].type);
        CHECK(rt__truth(r, v, &truth) == RT_OK);
        CHECK_EQ(truth, rows[i].truth);
        CHECK_EQ(rt__has_length(v), rows[i].length >= 0);
        if (rows[i].length >= 0) {
            CHECK(rt__length(r, v, &len) == RT_OK);
            CHECK_EQ(len, rows[i].length);
        } else {
            CHECK(rt__length(r, v, &len) != RT_OK);
            CHECK_EQ(error_text(r),
                     rt_format(&arena,
                               "!TypeError: object of type {!r} has no "
                               "len()",
                               rows[i].type));
        }
        rt_arena_reset(&arena);
    }
    CHECK_EQ(rt__type_name(rt_value_date(0)), "datetime");
    rt_arena_deinit(&arena);
}

// ---- undefined ----------------------------------------------------------------

typedef struct undefined_row {
    const char *name;
    rt_value v;
    const char *message; // of a failure
    const char *debug;   // what the debug mode prints
} undefined_row;

RT_TEST(undefined_values_say_why)
{
    rt_render *r = render_new();
    rt_value dict = rt_dict_new(&arena);

    const undefined_row rows[] = {
        {"name", rt__undefined_name(r, RT_STR("x")), "'x' is undefined",
         "{{ x }}"},
        {"attribute", rt__undefined_attr(r, dict, RT("y")),
         "'dict object' has no attribute 'y'",
         "{{ no such element: dict object['y'] }}"},
        {"element", rt__undefined_attr(r, rt_list_new(&arena), RT(9)),
         "list object has no element 9",
         "{{ no such element: list object[9] }}"},
        {"of none", rt__undefined_attr(r, rt_value_none(), RT("y")),
         "'None' has no attribute 'y'", "{{ no such element: None['y'] }}"},
        {"of markup", rt__undefined_attr(r, rt_value_safe(RT_STR("")), RT("y")),
         "'markupsafe.Markup object' has no attribute 'y'",
         "{{ no such element: markupsafe.Markup object['y'] }}"},
        {"of a namespace", rt__undefined_attr(r, rt__namespace_new(r), RT("y")),
         "'jinja2.utils.Namespace object' has no attribute 'y'",
         "{{ no such element: jinja2.utils.Namespace object['y'] }}"},
        {"hint",
         rt__undefined_hint(r, RT_STR("parameter 'z' was not provided")),
         "parameter 'z' was not provided",
         "{{ undefined value printed: parameter 'z' was not provided }}"},
        {"no reason", rt_value_undefined(), "a value is undefined",
         "{{ undefined }}"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str text;
        bool truth;
        rt__iter it;
        size_t len;
        rt_render *fresh = render_new();
        RT_CASE(rows[i].name);
        CHECK(rt__undefined_fail(fresh, rows[i].v) != RT_OK);
        CHECK_EQ(fresh->error.kind, RT_TEMPLATE_UNDEFINED_ERROR);
        CHECK_EQ(fresh->error.message, rows[i].message);

        fresh = render_new();
        fresh->undefined = RT_UNDEFINED_DEBUG;
        CHECK(rt__to_text(fresh, rows[i].v, &text) == RT_OK);
        CHECK_EQ(text, rows[i].debug);

        for (int mode = RT_UNDEFINED_DEFAULT; mode <= RT_UNDEFINED_DEBUG;
             mode++) {
            bool strict = mode == RT_UNDEFINED_STRICT;
            fresh = render_new();
            fresh->undefined = (rt_undefined_mode)mode;
            CHECK_EQ(rt__truth(fresh, rows[i].v, &truth) != RT_OK, strict);
            CHECK_EQ(rt__to_text(fresh, rows[i].v, &text) != RT_OK, strict);
            CHECK_EQ(rt__iter_init(fresh, rows[i].v, &it) != RT_OK, strict);
            CHECK_EQ(rt__length(fresh, rows[i].v, &len) != RT_OK, strict);
            CHECK_EQ(rt__undefined_touch(fresh, rows[i].v) != RT_OK, strict);
            CHECK_EQ(fresh->error.kind != RT_TEMPLATE_OK, strict);
        }
    }
    rt_arena_deinit(&arena);
}

RT_TEST(attributes_of_undefined_values_depend_on_the_mode)
{
    for (int mode = RT_UNDEFINED_DEFAULT; mode <= RT_UNDEFINED_DEBUG; mode++) {
        bool chains = mode == RT_UNDEFINED_CHAINABLE;
        rt_render *r = render_new();
        rt_value v = rt__undefined_name(r, RT_STR("x"));
        rt_value out;
        r->undefined = (rt_undefined_mode)mode;
        rt_test_case("mode %d", mode);
        CHECK_EQ(rt__get_attr(r, v, RT_STR("a"), &out) == RT_OK, chains);
        CHECK_EQ(rt__get_item(r, v, RT(1), &out) == RT_OK, chains);
        CHECK_EQ(rt__slice(r, v, RT(1), rt__absent(), rt__absent(), &out) ==
                     RT_OK,
                 chains);
        CHECK_EQ(error_text(r),
                 chains ? "!: " : "!UndefinedError: 'x' is undefined");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_strict_undefined_value_is_no_key)
{
    rt_render *r = render_new();
    rt_value v = rt__undefined_name(r, RT_STR("x"));
    rt_value out;

    CHECK(rt__get_item(r, rt_dict_new(&arena), v, &out) == RT_OK);
    r->undefined = RT_UNDEFINED_STRICT;
    CHECK(rt__get_item(r, rt_list_new(&arena), v, &out) == RT_OK);
    CHECK(rt__get_item(r, rt_dict_new(&arena), v, &out) != RT_OK);
    CHECK_EQ(error_text(r), "!UndefinedError: 'x' is undefined");
    rt_arena_deinit(&arena);
}

RT_TEST(the_undefined_of_an_inline_if_is_alike_in_every_mode)
{
    for (int mode = RT_UNDEFINED_DEFAULT; mode <= RT_UNDEFINED_DEBUG; mode++) {
        rt_render *r = render_new();
        rt_value v = rt__undefined_hint(r, RT_STR("no else"));
        rt_value out;
        rt_str text;
        v.flags |= RT__VALUE_LENIENT;
        r->undefined = (rt_undefined_mode)mode;
        rt_test_case("mode %d", mode);
        CHECK(rt__to_text(r, v, &text) == RT_OK);
        CHECK_EQ(text, "");
        CHECK(rt__get_attr(r, v, RT_STR("a"), &out) != RT_OK);
        CHECK_EQ(error_text(r), "!UndefinedError: no else");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(only_the_first_error_counts)
{
    rt_render *r = render_new();

    CHECK(rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "{} and {!r}", 1, "a") != RT_OK);
    CHECK(rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "later") != RT_OK);
    CHECK_EQ(error_text(r), "!TypeError: 1 and 'a'");

    // Messages are cut: the value in one may be endless.
    rt_value v = RT("0123456789");
    for (int i = 0; i < 60; i++)
        v = rt_list_of(&arena, (const rt_value[]){v, v}, 2);
    r = render_new();
    CHECK(rt__raise(r, RT_TEMPLATE_KEY_ERROR, "{!r}", v) != RT_OK);
    CHECK(r->error.message.len <= RT__MESSAGE_BYTES_MAX);
    rt_arena_deinit(&arena);
}

// ---- iteration ----------------------------------------------------------------

RT_TEST(iteration_yields_what_python_yields)
{
    static const struct {
        const char *v, *answer;
    } rows[] = {
        {"[1, 'a']", "[1, 'a']"},
        {"(1, 2)", "[1, 2]"},
        {"{'a': 1, 'b': 2}", "['a', 'b']"},
        {"'a\\u20acb'", "['a', '\xe2\x82\xac', 'b']"},
        {"Markup('<b')", "['<', 'b']"}, // plain text, as in Python
        {"b'ab'", "[97, 98]"},
        {"''", "[]"},
        {"range(3)", "[0, 1, 2]"},
        {"range(5, 0, -2)", "[5, 3, 1]"},
        {"undefined", "[]"},
        {"5", "!TypeError: 'int' object is not iterable"},
        {"None", "!TypeError: 'NoneType' object is not iterable"},
        {"2.5", "!TypeError: 'float' object is not iterable"},
        {"18446744073709551616", "!TypeError: 'int' object is not iterable"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out = rt_value_none();
        RT_CASE(rows[i].v);
        rt_status st = rt__to_list(r, literal(r, rows[i].v), &out);
        CHECK_EQ(answer(r, st, out), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(a_list_may_grow_while_it_is_walked_and_a_dict_may_not)
{
    rt_render *r = render_new();
    rt_value list = literal(r, "[1, 2]");
    rt_value item;
    rt__iter it;
    int64_t sum = 0;

    CHECK(rt__iter_init(r, list, &it) == RT_OK);
    while (rt__iter_next(r, &it, &item)) {
        sum += rt_value_as_int(item, 0);
        if (rt_list_len(list) < 4)
            CHECK(rt_list_push(list, RT(10)) == RT_OK);
    }
    CHECK_EQ(sum, 23);

    for (int kind = -1; kind <= RT__ITEMS; kind++) {
        rt_value dict = literal(r, "{'a': 1, 'b': 2}");
        rt_value v =
            kind < 0 ? dict : rt__dict_view_new(r, dict, (rt__view_kind)kind);
        rt_render *fresh = render_new();
        rt_test_case("view %d", kind);
        CHECK(rt__iter_init(fresh, v, &it) == RT_OK);
        CHECK(rt__iter_next(fresh, &it, &item));
        CHECK(rt_dict_set(dict, RT("c"), RT(3)) == RT_OK);
        CHECK(!rt__iter_next(fresh, &it, &item));
        CHECK_EQ(error_text(fresh), "!RuntimeError: dictionary changed size "
                                    "during iteration");
    }
    rt_arena_deinit(&arena);
}

// A generator that counts down, and one that walks itself.
static bool count_down(rt_render *r, void *self, rt_value *out)
{
    int *n = self;

    if (*n == 0)
        return false;
    if (*n == 3 && r->range_max) {
        (void)rt__raise(r, RT_TEMPLATE_VALUE_ERROR, "stuck");
        return false;
    }
    *out = rt_value_int((*n)--);
    return true;
}

static bool walk_oneself(rt_render *r, void *self, rt_value *out)
{
    return rt__to_list(r, *(rt_value *)self, out) == RT_OK;
}

RT_TEST(generators_are_walked_once)
{
    rt_render *r = render_new();
    rt_value out;
    int n = 3;
    rt_value generator = rt__generator_new(r, count_down, &n);

    CHECK_EQ(rt__type_name(generator), "generator");
    CHECK(!rt__has_length(generator));
    CHECK(rt__to_list(r, generator, &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "[3, 2, 1]");
    n = 2;
    CHECK(rt__to_list(r, generator, &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "[]");

    // Containment walks it as far as needed.
    bool in;
    n = 4;
    generator = rt__generator_new(r, count_down, &n);
    CHECK(rt__compare(r, RT__IN, RT(3), generator, &in) == RT_OK);
    CHECK(in);
    CHECK(rt__to_list(r, generator, &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "[2, 1]");

    // An error inside ends the walk.
    n = 4;
    r->range_max = 1;
    CHECK(rt__to_list(r, rt__generator_new(r, count_down, &n), &out) != RT_OK);
    CHECK_EQ(error_text(r), "!ValueError: stuck");

    r = render_new();
    rt_value self;
    self = rt__generator_new(r, walk_oneself, &self);
    CHECK(rt__to_list(r, self, &out) != RT_OK);
    CHECK_EQ(error_text(r), "!ValueError: generator already executing");
    rt_arena_deinit(&arena);
}

RT_TEST(iteration_counts_steps)
{
    rt_render *r = render_new();
    rt_value out;

    r->steps_left = 100;
    CHECK(rt__to_list(r, rt__range_new(r, 0, INT64_MAX, 1), &out) != RT_OK);
    CHECK_EQ(error_text(r), "!LimitError: too many steps");
    r = render_new();
    CHECK(rt__to_list(r, rt__range_new(r, 0, INT64_MAX, 1), &out) != RT_OK);
    CHECK_EQ(error_text(r),
             "!LimitError: a list of more than 4194304 elements");
    rt_arena_deinit(&arena);
}

// ---- objects of the runtime -------------------------------------------------------

RT_TEST(ranges_know_their_members)
{
    static const struct {
        int64_t start, stop, step;
        size_t len;
        int64_t last;
    } rows[] = {
        {0, 10, 1, 10, 9},
        {0, 10, 3, 4, 9},
        {10, 0, -3, 4, 1},
        {INT64_MIN, INT64_MAX, INT64_MAX, 3, INT64_MAX - 1},
        {INT64_MAX, INT64_MIN, -INT64_MAX, 3, -INT64_MAX},
        {0, INT64_MAX, 1, INT64_MAX, INT64_MAX - 1},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value range =
            rt__range_new(r, rows[i].start, rows[i].stop, rows[i].step);
        rt_value out;
        bool in;
        size_t len;
        rt_test_case("row %zu", i);
        CHECK(rt__length(r, range, &len) == RT_OK);
        CHECK_EQ(len, rows[i].len);
        CHECK(rt__get_item(r, range, RT(-1), &out) == RT_OK);
        CHECK_EQ(out.as.integer, rows[i].last);
        CHECK(rt__get_item(r, range, RT(0), &out) == RT_OK);
        CHECK_EQ(out.as.integer, rows[i].start);
        CHECK(rt__compare(r, RT__IN, RT(rows[i].last), range, &in) == RT_OK);
        CHECK(in);
        CHECK(rt__compare(r, RT__IN, RT(rows[i].stop), range, &in) == RT_OK);
        CHECK(!in);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(namespaces_and_views_show_what_they_hold)
{
    rt_render *r = render_new();
    rt_value ns = rt__namespace_new(r);
    rt_value dict, out;

    CHECK(rt__is_namespace(ns, &dict));
    CHECK(!rt__is_namespace(RT(1), NULL));
    CHECK(rt_dict_set_str(dict, RT_STR("a"), RT("x")) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, ns), "<Namespace {'a': 'x'}>");
    CHECK(rt__get_attr(r, ns, RT_STR("a"), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "'x'");
    CHECK(rt__get_item(r, ns, RT("a"), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "'x'");

    static const char *const reprs[] = {
        [RT__KEYS] = "dict_keys(['a'])",
        [RT__VALUES] = "dict_values(['x'])",
        [RT__ITEMS] = "dict_items([('a', 'x')])",
    };
    for (size_t i = 0; i < RT_COUNT(reprs); i++) {
        rt_value view = rt__dict_view_new(r, dict, (rt__view_kind)i);
        size_t len;
        RT_CASE(reprs[i]);
        CHECK_EQ(answer(r, RT_OK, view), reprs[i]);
        CHECK(rt__length(r, view, &len) == RT_OK && len == 1);
        CHECK_EQ(rt__type_name(view), i == RT__KEYS     ? "dict_keys"
                                      : i == RT__VALUES ? "dict_values"
                                                        : "dict_items");
    }
    // Views are live, and a dict that holds its own view ends.
    rt_value view = rt__dict_view_new(r, dict, RT__VALUES);
    CHECK(rt_dict_set_str(dict, RT_STR("a"), view) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, view), "dict_values([...])");
    CHECK_EQ(answer(r, RT_OK, dict), "{'a': dict_values([...])}");
    rt_arena_deinit(&arena);
}
