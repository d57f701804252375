// Slices, items and attributes. The rows were printed by Python 3.11; what is not
// found is what Jinja2 says of it.
#include "ops_rows.h"

RT_TEST(slices_are_as_in_python)
{
    static const struct {
        const char *v, *start, *stop, *step, *answer;
    } rows[] = {
        {"'abcdef'", "1", "4", "None", "'bcd'"},
        {"'abcdef'", "None", "None", "2", "'ace'"},
        {"'abcdef'", "None", "None", "-1", "'fedcba'"},
        {"'abcdef'", "-3", "None", "None", "'def'"},
        {"'abcdef'", "None", "-2", "None", "'abcd'"},
        {"'abcdef'", "4", "1", "-1", "'edc'"},
        {"'abcdef'", "5", "None", "-2", "'fdb'"},
        {"'abcdef'", "10", "None", "None", "''"},
        {"'abcdef'", "-10", "3", "None", "'abc'"},
        {"'abcdef'", "3", "3", "None", "''"},
        {"'abcdef'", "4", "2", "None", "''"},
        {"'abcdef'", "None", "None", "10", "'a'"},
        {"'abcdef'", "-1", "-10", "-1", "'fedcba'"},
        {"'abcdef'", "None", "None", "-10", "'f'"},
        {"''", "None", "None", "-1", "''"},
        {"'a\\u20acb\\U0001f600c'", "1", "3", "None", "'\342\202\254b'"},
        {"'a\\u20acb\\U0001f600c'", "None", "None", "-1",
         "'c\360\237\230\200b\342\202\254a'"},
        {"'a\\u20acb\\U0001f600c'", "None", "None", "2", "'abc'"},
        {"'a\\u20acb\\U0001f600c'", "-2", "None", "-2",
         "'\360\237\230\200\342\202\254'"},
        {"'a\\u20acb\\U0001f600c'", "3", "None", "None", "'\360\237\230\200c'"},
        {"'a\\u20acb\\U0001f600c'", "9", "None", "None", "''"},
        {"'\\u20ac\\u20ac\\u20ac'", "5", "0", "-1",
         "'\342\202\254\342\202\254'"},
        {"Markup('<b>')", "1", "None", "None", "Markup('b>')"},
        {"Markup('<\\u20ac>')", "None", "None", "-1",
         "Markup('>\342\202\254<')"},
        {"b'abc'", "1", "None", "None", "b'bc'"},
        {"b'abc'", "None", "None", "-1", "b'cba'"},
        {"[1, 2, 3, 4]", "1", "3", "None", "[2, 3]"},
        {"[1, 2, 3, 4]", "None", "None", "-1", "[4, 3, 2, 1]"},
        {"[1, 2, 3, 4]", "None", "None", "3", "[1, 4]"},
        {"[1, 2, 3, 4]", "5", "None", "None", "[]"},
        {"[]", "None", "None", "None", "[]"},
        {"(1, 2, 3)", "1", "None", "None", "(2, 3)"},
        {"(1, 2, 3)", "None", "None", "-2", "(3, 1)"},
        {"range(10)", "2", "5", "None", "range(2, 5)"},
        {"range(10)", "None", "None", "-1", "range(9, -1, -1)"},
        {"range(0, 10, 3)", "None", "None", "2", "range(0, 12, 6)"},
        {"range(10)", "-3", "None", "None", "range(7, 10)"},
        {"range(5)", "10", "None", "None", "range(5, 5)"},
        {"range(9, 0, -2)", "1", "None", "2", "range(7, -1, -4)"},
        {"'abc'", "True", "None", "None", "'bc'"},
        {"'abc'", "18446744073709551616", "None", "None", "''"},
        {"'abc'", "None", "None", "18446744073709551616", "'a'"},
        {"'abc'", "-18446744073709551616", "18446744073709551616", "None",
         "'abc'"},
        {"[1, 2, 3]", "None", "None", "-18446744073709551616", "[3]"},
        {"[1, 2, 3]", "None", "None", "-9223372036854775808", "[3]"},
        {"'abc'", "None", "None", "0",
         "!ValueError: slice step cannot be zero"},
        {"'abc'", "1.0", "None", "None",
         "!TypeError: slice indices must be integers or None or have an __index__ method"},
        {"'abc'", "'1'", "None", "None",
         "!TypeError: slice indices must be integers or None or have an __index__ method"},
        {"[1]", "None", "undefined", "None",
         "!TypeError: slice indices must be integers or None or have an __index__ method"},
        {"5", "1", "None", "None",
         "!TypeError: 'int' object is not subscriptable"},
        {"None", "1", "None", "None",
         "!TypeError: 'NoneType' object is not subscriptable"},
        {"{'a': 1}", "1", "None", "None",
         "!TypeError: unhashable type: 'slice'"},
        {"undefined", "1", "None", "None", "!UndefinedError: 'x' is undefined"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out = rt_value_none();
        rt_test_case("%s[%s:%s:%s]", rows[i].v, rows[i].start, rows[i].stop,
                     rows[i].step);
        rt_status st =
            rt__slice(r, literal(r, rows[i].v), literal(r, rows[i].start),
                      literal(r, rows[i].stop), literal(r, rows[i].step), &out);
        CHECK_EQ(answer(r, st, out), rows[i].answer);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

// A step of which there is no multiple within 64 bits is cut, not wrapped.
RT_TEST(slices_of_ranges_stay_within_64_bits)
{
    static const struct {
        int64_t start, stop, step;
        int64_t stride;
        const char *answer;
    } rows[] = {
        {0, INT64_MAX, 2, 1, "range(0, 9223372036854775807, 2)"},
        {0, 10, INT64_C(1) << 32, INT64_C(1) << 32,
         "range(0, 4294967296, 9223372036854775807)"},
        {10, 0, -(INT64_C(1) << 40), INT64_C(1) << 40,
         "range(10, -1099511627766, -9223372036854775807)"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out;
        rt_value range =
            rt__range_new(r, rows[i].start, rows[i].stop, rows[i].step);
        RT_CASE(rows[i].answer);
        CHECK(rt__slice(r, range, rt__absent(), rt__absent(),
                        rt_value_int(rows[i].stride), &out) == RT_OK);
        CHECK_EQ(answer(r, RT_OK, out), rows[i].answer);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(items_are_found_as_in_python)
{
    static const struct {
        const char *v, *key, *answer;
    } rows[] = {
        {"'abc'", "0", "'a'"},
        {"'abc'", "-1", "'c'"},
        {"'abc'", "3", "!IndexError: string index out of range"},
        {"'abc'", "True", "'b'"},
        {"'abc'", "1.0",
         "!TypeError: string indices must be integers, not 'float'"},
        {"'abc'", "'a'",
         "!TypeError: string indices must be integers, not 'str'"},
        {"'a\\u20acb'", "1", "'\342\202\254'"},
        {"'a\\u20acb'", "-2", "'\342\202\254'"},
        {"Markup('<b>')", "0", "Markup('<')"},
        {"b'abc'", "1", "98"},
        {"b'abc'", "-1", "99"},
        {"b'abc'", "3", "!IndexError: index out of range"},
        {"b'abc'", "'a'",
         "!TypeError: byte indices must be integers or slices, not str"},
        {"[1, 2]", "0", "1"},
        {"[1, 2]", "-2", "1"},
        {"[1, 2]", "2", "!IndexError: list index out of range"},
        {"[1, 2]", "True", "2"},
        {"[1, 2]", "'a'",
         "!TypeError: list indices must be integers or slices, not str"},
        {"[1, 2]", "18446744073709551616",
         "!IndexError: list index out of range"},
        {"(1, 2)", "1", "2"},
        {"(1, 2)", "5", "!IndexError: tuple index out of range"},
        {"(1, 2)", "None",
         "!TypeError: tuple indices must be integers or slices, not NoneType"},
        {"{'a': 1}", "'a'", "1"},
        {"{'a': 1}", "'b'", "!KeyError: 'b'"},
        {"{1: 2}", "1.0", "2"},
        {"{1: 2}", "True", "2"},
        {"{1: 2}", "[]", "!TypeError: unhashable type: 'list'"},
        {"{'a': 1}", "Markup('a')", "1"},
        {"range(3)", "0", "0"},
        {"range(3)", "-1", "2"},
        {"range(3)", "3", "!IndexError: range object index out of range"},
        {"range(3)", "-4", "!IndexError: range object index out of range"},
        {"range(9, 0, -2)", "1", "7"},
        {"range(3)", "'a'",
         "!TypeError: range indices must be integers or slices, not str"},
        {"5", "0", "!TypeError: 'int' object is not subscriptable"},
        {"None", "'a'", "!TypeError: 'NoneType' object is not subscriptable"},
        {"1.5", "0", "!TypeError: 'float' object is not subscriptable"},
        {"undefined", "0", "!UndefinedError: 'x' is undefined"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value key = literal(r, rows[i].key);
        rt_value v = literal(r, rows[i].v);
        rt_value out = rt_value_none();
        rt_test_case("%s[%s]", rows[i].v, rows[i].key);
        rt_status st = rt__subscript(r, v, key, &out);
        rt_str text = answer(r, st, out);
        CHECK_EQ(text, rows[i].answer);

        // A template finds the same, and something undefined instead of errors.
        r = render_new();
        rt_status found = rt__get_item(r, v, key, &out);
        if (st == RT_OK) {
            CHECK_EQ(answer(r, found, out), text);
        } else if (v.kind == RT_UNDEFINED) {
            CHECK_EQ(answer(r, found, out), rows[i].answer);
        } else {
            CHECK_EQ(found, RT_OK);
            CHECK_EQ(out.kind, RT_UNDEFINED);
        }
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(attributes_come_before_items_and_items_before_attributes)
{
    static const struct {
        const char *v, *name;
        const char *attr, *item; // v.name and v["name"]
    } rows[] = {
        {"{'a': 1}", "a", "1", "1"},
        {"{'items': 1}", "items", "<method>", "1"},
        {"{}", "items", "<method>", "<method>"},
        {"'x'", "upper", "<method>", "<method>"},
        {"5", "real", "5", "5"},
        {"True", "numerator", "1", "1"},
        {"5", "imag", "0", "0"},
        {"5", "denominator", "1", "1"},
        {"18446744073709551616", "real", "18446744073709551616",
         "18446744073709551616"},
        {"2.5", "real", "2.5", "2.5"},
        {"2.5", "imag", "0.0", "0.0"},
        {"range(1, 9, 2)", "start", "1", "1"},
        {"range(1, 9, 2)", "stop", "9", "9"},
        {"range(1, 9, 2)", "step", "2", "2"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_str name = rt_str_from(rows[i].name);
        rt_value v = literal(r, rows[i].v);
        rt_value out[2];
        const char *const want[2] = {rows[i].attr, rows[i].item};
        rt_test_case("%s.%s", rows[i].v, rows[i].name);
        CHECK(rt__get_attr(r, v, name, &out[0]) == RT_OK);
        CHECK(rt__get_item(r, v, RT(name), &out[1]) == RT_OK);
        for (size_t j = 0; j < 2; j++) {
            if (want[j][0] == '<') {
                CHECK(rt__is_callable(out[j]));
            } else {
                CHECK_EQ(answer(r, RT_OK, out[j]), want[j]);
            }
        }
        uint64_t hash;
        CHECK(rt_value_hash(RT(name), &hash) == RT_OK);
        CHECK(rt__get_attr_hashed(r, v, name, hash, &out[1]) == RT_OK);
        CHECK_EQ(rt__is_callable(out[1]), want[0][0] == '<');
        if (want[0][0] != '<')
            CHECK_EQ(answer(r, RT_OK, out[1]), want[0]);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(every_method_of_a_dict_comes_before_its_entries)
{
    static const char *const names[] = {
        "clear", "copy",    "get",        "items",  "keys",
        "pop",   "popitem", "setdefault", "update", "values",
    };

    for (size_t i = 0; i < RT_COUNT(names); i++) {
        rt_render *r = render_new();
        rt_str name = rt_str_from(names[i]);
        rt_value dict = rt_dict_new(&arena);
        rt_value out;
        uint64_t hash;
        RT_CASE(names[i]);
        CHECK(rt_dict_set(dict, RT(name), RT(1)) == RT_OK);
        CHECK(rt__method_find(dict, name) != NULL);
        CHECK(rt_value_hash(RT(name), &hash) == RT_OK);
        CHECK(rt__get_attr_hashed(r, dict, name, hash, &out) == RT_OK);
        CHECK(rt__is_callable(out));
        CHECK(rt__get_item(r, dict, RT(name), &out) == RT_OK);
        CHECK_EQ(answer(r, RT_OK, out), "1");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(dates_and_uuids_have_attributes)
{
    static const uint8_t uuid[16] = {0x12, 0x34, 0x56, 0x78, 0x90, 0xab,
                                     0xcd, 0xef, 0x01, 0x23, 0x45, 0x67,
                                     0x89, 0xab, 0xcd, 0x0f};
    // 2024-01-31 12:34:56.789000
    const rt_value date = rt_value_date(1706704496789000);

    const struct {
        rt_value v;
        const char *name, *answer;
    } rows[] = {
        {date, "year", "2024"},
        {date, "month", "1"},
        {date, "day", "31"},
        {date, "hour", "12"},
        {date, "minute", "34"},
        {date, "second", "56"},
        {date, "microsecond", "789000"},
        {date, "tzinfo", "'UTC'"},
        {date, "fold", "0"},
        {rt_value_uuid(uuid), "hex", "'1234567890abcdef0123456789abcd0f'"},
        {rt_value_uuid(uuid), "urn",
         "'urn:uuid:12345678-90ab-cdef-0123-456789abcd0f'"},
        {rt_value_uuid(uuid), "int", "24197857200151252727739682491361643791"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value out;
        RT_CASE(rows[i].name);
        CHECK(rt__get_attr(r, rows[i].v, rt_str_from(rows[i].name), &out) ==
              RT_OK);
        CHECK_EQ(answer(r, RT_OK, out), rows[i].answer);
    }
    rt_arena_deinit(&arena);
}

// A host object with an attribute and items.
static rt_value host_attr(void *self, rt_arena *from, rt_str name)
{
    (void)self;
    (void)from;
    return rt_str_eq(name, RT_STR("name")) || name.data[0] == '_'
               ? rt_value_cstr("attribute")
               : rt_value_undefined();
}

static rt_value host_item(void *self, rt_arena *from, rt_value key)
{
    (void)self;
    (void)from;
    return rt_value_is_text(key) ? rt_value_cstr("item") : rt_value_undefined();
}

RT_TEST(host_objects_hide_names_that_begin_with_an_underscore)
{
    static const rt_vtable attrs = {.name = "host", .attr = host_attr};
    static const rt_vtable both = {.name = "host",
                                   .attr = host_attr,
                                   .item = host_item};
    rt_render *r = render_new();
    rt_value only = rt_object_new(&arena, &attrs, NULL);
    rt_value full = rt_object_new(&arena, &both, NULL);
    rt_value out;

    CHECK(rt__get_attr(r, full, RT_STR("name"), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "'attribute'");
    CHECK(rt__get_item(r, full, RT("name"), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "'item'");
    CHECK(rt__get_attr(r, full, RT_STR("other"), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "'item'");
    CHECK(rt__get_item(r, only, RT("name"), &out) == RT_OK);
    CHECK_EQ(answer(r, RT_OK, out), "'attribute'");
    CHECK(rt__get_attr(r, only, RT_STR("_name"), &out) == RT_OK);
    CHECK_EQ(out.kind, RT_UNDEFINED);
    CHECK(rt__undefined_fail(r, out) != RT_OK);
    CHECK_EQ(error_text(r),
             "!UndefinedError: 'host object' has no attribute '_name'");
    rt_arena_deinit(&arena);
}

RT_TEST(chains_of_undefined_values_do_not_hide_private_names)
{
    static const struct {
        const char *name;
        bool unsafe;
    } rows[] = {
        {"a", false},
        {"_a", true},
        {"__class__", true},
        {"__other__", false},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_value v = rt__undefined_name(r, RT_STR("x"));
        rt_value out;
        r->undefined = RT_UNDEFINED_CHAINABLE;
        r->sandbox = RT_SANDBOX_ON;
        RT_CASE(rows[i].name);
        CHECK(rt__get_attr(r, v, rt_str_from(rows[i].name), &out) == RT_OK);
        CHECK(rt__undefined_fail(r, out) != RT_OK);
        CHECK_EQ(r->error.kind == RT_TEMPLATE_SECURITY_ERROR, rows[i].unsafe);
    }
    rt_arena_deinit(&arena);
}

RT_TEST(the_sandbox_hides_what_python_keeps_to_itself)
{
    static const struct {
        rt_sandbox_mode mode;
        const char *v, *name;
        const char *message; // of using what was found; "" when it is allowed
    } rows[] = {
        {RT_SANDBOX_ON, "'x'", "__class__",
         "!SecurityError: access to attribute '__class__' of 'str' object is "
         "unsafe."},
        {RT_SANDBOX_ON, "undefined", "__class__",
         "!SecurityError: access to attribute '__class__' of 'Undefined' object "
         "is unsafe."},
        {RT_SANDBOX_ON, "[1]", "_private",
         "!UndefinedError: 'list object' has no attribute '_private'"},
        {RT_SANDBOX_OFF, "'x'", "__class__",
         "!UndefinedError: 'str object' has no attribute '__class__'"},
        {RT_SANDBOX_ON, "[1]", "append", ""},
        {RT_SANDBOX_IMMUTABLE, "[1]", "append",
         "!SecurityError: access to attribute 'append' of 'list' object is "
         "unsafe."},
        {RT_SANDBOX_IMMUTABLE, "{}", "update",
         "!SecurityError: access to attribute 'update' of 'dict' object is "
         "unsafe."},
        {RT_SANDBOX_IMMUTABLE, "{}", "items", ""},
        {RT_SANDBOX_IMMUTABLE, "'x'", "upper", ""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_render *r = render_new();
        rt_str name = rt_str_from(rows[i].name);
        rt_value v = literal(r, rows[i].v);
        rt_value out;
        r->sandbox = rows[i].mode;
        rt_test_case("%s.%s", rows[i].v, rows[i].name);
        CHECK(rt__get_attr(r, v, name, &out) == RT_OK);
        CHECK_EQ(out.kind == RT_UNDEFINED, rows[i].message[0] != '\0');
        if (out.kind != RT_UNDEFINED)
            continue;
        // It prints as nothing; whatever else is done with it fails.
        rt_str text;
        CHECK(rt__to_text(r, out, &text) == RT_OK);
        CHECK_EQ(text, "");
        CHECK(rt__get_attr(r, out, RT_STR("x"), &out) != RT_OK);
        CHECK_EQ(error_text(r), rows[i].message);
        rt_arena_reset(&arena);
    }
    rt_arena_deinit(&arena);
}
