// str() and repr() of values. The rows were printed by Python 3.11.
#include <math.h>

#include <retort/base/pairs.h>
#include <retort/base/value.h>
#include <retort/test.h>

#define LIST(...)  rt_list_of(&arena, RT_VALUES_FROM2(0, __VA_ARGS__))
#define TUPLE(...) rt_tuple_of(&arena, RT_VALUES_FROM2(0, __VA_ARGS__))

static rt_arena arena;

static void check(const char *name, rt_value v, const char *text,
                  const char *repr)
{
    RT_CASE(name);
    CHECK_EQ(rt_value_text(&arena, v), text);
    CHECK_EQ(rt_value_repr(&arena, v), repr);

    // Appended, both stand behind what was there.
    rt_buf buf;
    rt_buf_init(&buf, &arena);
    rt_buf_put_char(&buf, '>');
    rt_value_put_text(&buf, v);
    rt_buf_put_char(&buf, '|');
    rt_value_put_repr(&buf, v);
    rt_str both = rt_buf_str(&buf);
    rt_str_skip(&both, RT_STR(">"));
    CHECK(rt_str_skip(&both, rt_str_from(text)));
    CHECK(rt_str_skip(&both, RT_STR("|")));
    CHECK_EQ(both, repr);
}

RT_TEST(numbers_are_written_as_python_writes_them)
{
    const struct {
        rt_value v;
        const char *text;
    } rows[] = {
        {rt_value_none(), "None"},
        {RT(true), "True"},
        {RT(false), "False"},
        {RT(0), "0"},
        {RT(-1), "-1"},
        {RT(INT64_MIN), "-9223372036854775808"},
        {RT(1.0), "1.0"},
        {RT(-0.0), "-0.0"},
        {RT(0.1), "0.1"},
        {RT(3.14), "3.14"},
        {RT(1e15), "1000000000000000.0"},
        {RT(1e16), "1e+16"},
        {RT(123456789012345680.0), "1.2345678901234568e+17"},
        {RT(9007199254740992.0), "9007199254740992.0"},
        {RT(0.0001), "0.0001"},
        {RT(1e-5), "1e-05"},
        {RT(1e22), "1e+22"},
        {RT(1e300), "1e+300"},
        {RT(5e-324), "5e-324"},
        {RT((double)INFINITY), "inf"},
        {RT(-(double)INFINITY), "-inf"},
        {RT((double)NAN), "nan"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        check(rows[i].text, rows[i].v, rows[i].text, rows[i].text);
    rt_arena_deinit(&arena);
}

RT_TEST(the_repr_of_text_is_quoted_and_escaped)
{
    static const struct {
        const char *text, *repr;
    } rows[] = {
        {"", "''"},
        {"a", "'a'"},
        {"it's", "\"it's\""},
        {"\"", "'\"'"},
        {"'\"", "'\\'\"'"},
        {"a\\b", "'a\\\\b'"},
        {"\n\r\t", "'\\n\\r\\t'"},
        {"\x01\x1f\x7f", "'\\x01\\x1f\\x7f'"},
        {"\b\v\f\x1b", "'\\x08\\x0b\\x0c\\x1b'"},
        {"\xc2\x80\xc2\xa0\xc2\xad\xc3\xa4", "'\\x80\\xa0\\xad\xc3\xa4'"},
        {"\xe2\x82\xac", "'\xe2\x82\xac'"},
        {"\xf0\x9f\x98\x80", "'\xf0\x9f\x98\x80'"},
        {"\xe2\x80\xa8\xe2\x80\x8b", "'\\u2028\\u200b'"},
        {"\xef\xbb\xbf", "'\\ufeff'"},
        {"\xee\x80\x80", "'\\ue000'"}, // for private use
        {"\xcd\xb8", "'\\u0378'"},     // not assigned
        {"\xf4\x8f\xbf\xbf", "'\\U0010ffff'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        check(rows[i].repr, RT(rt_guarded(rows[i].text)), rows[i].text,
              rows[i].repr);
    CHECK_EQ(rt_value_repr(&arena, RT(RT_STR("a\0b"))), "'a\\x00b'");
    CHECK_EQ(rt_value_text(&arena, RT(RT_STR("a\0b"))), RT_STR("a\0b"));
    rt_arena_deinit(&arena);
}

// Text is valid by the time it is a value; what is not must still not break
// the line it is printed on.
RT_TEST(bytes_that_are_no_utf8_are_escaped_in_a_repr)
{
    static const char *const rows[][2] = {
        {"a\xff", "'a\\xff'"},
        {"\xc3", "'\\xc3'"},
        {"\xe2\x82", "'\\xe2\\x82'"},
        {"\xed\xa0\x80", "'\\xed\\xa0\\x80'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        CHECK_EQ(rt_value_repr(&arena, RT(rt_guarded(rows[i][0]))), rows[i][1]);
    rt_arena_deinit(&arena);
}

RT_TEST(bytes_have_a_repr_in_both_places)
{
    static const struct {
        rt_str bytes;
        const char *repr;
    } rows[] = {
        {{"", 0}, "b''"},
        {{"a", 1}, "b'a'"},
        {{"it's", 4}, "b\"it's\""},
        {{"'\"", 2}, "b'\\'\"'"},
        {{"\\\n\x00\xff\x7f", 5}, "b'\\\\\\n\\x00\\xff\\x7f'"},
        {{"\xc3\xa4", 2}, "b'\\xc3\\xa4'"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_str b = rt_guarded_bytes(rows[i].bytes.data, rows[i].bytes.len);
        check(rows[i].repr, rt_value_bytes(b.data, b.len), rows[i].repr,
              rows[i].repr);
    }
    rt_arena_deinit(&arena);
}

static rt_value sample_dict(void)
{
    rt_value dict = rt_dict_new(&arena);
    CHECK(rt_dict_set(dict, RT(1), LIST(2)) == RT_OK);
    CHECK(rt_dict_set(dict, TUPLE(1, 2), rt_dict_new(&arena)) == RT_OK);
    CHECK(rt_dict_set(dict, rt_value_none(), RT("x")) == RT_OK);
    return dict;
}

RT_TEST(containers_show_the_repr_of_what_is_in_them)
{
    const struct {
        rt_value v;
        const char *text;
    } rows[] = {
        {rt_list_new(&arena), "[]"},
        {LIST(1, "a", NULL), "[1, 'a', None]"},
        {LIST(1.0, true), "[1.0, True]"},
        {LIST(rt_value_bytes("x", 1)), "[b'x']"},
        {rt_tuple_of(&arena, NULL, 0), "()"},
        {TUPLE(1), "(1,)"},
        {TUPLE(1, 2), "(1, 2)"},
        {LIST(rt_list_new(&arena), LIST(TUPLE("a"))), "[[], [('a',)]]"},
        {rt_dict_new(&arena), "{}"},
        {sample_dict(), "{1: [2], (1, 2): {}, None: 'x'}"},
        {LIST(rt_value_safe(RT_STR("<b>"))), "[Markup('<b>')]"},
        {LIST(rt_value_undefined()), "[Undefined]"},
        {LIST(rt_value_date(0)),
         "[datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)]"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        check(rows[i].text, rows[i].v, rows[i].text, rows[i].text);
    rt_arena_deinit(&arena);
}

RT_TEST(undefined_is_empty_and_markup_is_its_text)
{
    check("undefined", rt_value_undefined(), "", "Undefined");
    check("markup", rt_value_safe(RT_STR("<b>'")), "<b>'", "Markup(\"<b>'\")");
    rt_arena_deinit(&arena);
}

RT_TEST(dates_are_written_in_utc)
{
#define REPR(inside) \
    "datetime.datetime(" inside ", tzinfo=datetime.timezone.utc)"

    static const struct {
        int64_t us;
        const char *text, *repr;
    } rows[] = {
        {0, "1970-01-01 00:00:00+00:00", REPR("1970, 1, 1, 0, 0")},
        {1, "1970-01-01 00:00:00.000001+00:00", REPR("1970, 1, 1, 0, 0, 0, 1")},
        {-1, "1969-12-31 23:59:59.999999+00:00",
         REPR("1969, 12, 31, 23, 59, 59, 999999")},
        {1706702400250000, "2024-01-31 12:00:00.250000+00:00",
         REPR("2024, 1, 31, 12, 0, 0, 250000")},
        {1706702405000000, "2024-01-31 12:00:05+00:00",
         REPR("2024, 1, 31, 12, 0, 5")},
        {-62135596800000000, "0001-01-01 00:00:00+00:00",
         REPR("1, 1, 1, 0, 0")},
        {253402300799999999, "9999-12-31 23:59:59.999999+00:00",
         REPR("9999, 12, 31, 23, 59, 59, 999999")},
        // Beyond what Python can hold.
        {253402300800000000, "10000-01-01 00:00:00+00:00",
         REPR("10000, 1, 1, 0, 0")},
        {INT64_MAX, "294247-01-10 04:00:54.775807+00:00",
         REPR("294247, 1, 10, 4, 0, 54, 775807")},
        {INT64_MIN, "-290308-12-21 19:59:05.224192+00:00",
         REPR("-290308, 12, 21, 19, 59, 5, 224192")},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++)
        check(rows[i].text, rt_value_date(rows[i].us), rows[i].text,
              rows[i].repr);
    rt_arena_deinit(&arena);
}

RT_TEST(a_uuid_has_its_canonical_form)
{
    static const uint8_t uuid[16] = {0x12, 0x34, 0x56, 0x78, 0x90, 0xab,
                                     0xcd, 0xef, 0x01, 0x23, 0x45, 0x67,
                                     0x89, 0xab, 0xcd, 0x0f};

    check("uuid", rt_value_uuid(uuid), "12345678-90ab-cdef-0123-456789abcd0f",
          "UUID('12345678-90ab-cdef-0123-456789abcd0f')");
    rt_arena_deinit(&arena);
}

static void say_hello(void *self, rt_buf *out)
{
    rt_buf_put_cstr(out, "hello ");
    rt_buf_put_cstr(out, self);
}

RT_TEST(an_object_says_its_text_or_its_type)
{
    static const rt_vtable speaks = {.name = "speaks", .text = say_hello};
    static const rt_vtable silent = {.name = "silent"};
    static const rt_vtable nameless = {0};
    char name[] = "ada";

    check("speaks", rt_object_new(&arena, &speaks, name), "hello ada",
          "hello ada");
    check("silent", rt_object_new(&arena, &silent, name), "<silent>",
          "<silent>");
    check("nameless", rt_object_new(&arena, &nameless, NULL), "<object>",
          "<object>");
    rt_arena_deinit(&arena);
}

// An object that shows the value it holds.
static void box_repr(void *self, rt_repr *to)
{
    rt_buf_put_cstr(to->buf, "box(");
    rt_repr_put(to, *(const rt_value *)self);
    rt_buf_put_char(to->buf, ')');
}

RT_TEST(what_holds_itself_is_written_once)
{
    static const rt_vtable box = {.repr = box_repr};
    rt_value list = rt_list_new(&arena);
    rt_value dict = rt_dict_new(&arena);
    rt_value tuple = TUPLE(list);
    rt_value inside = list;
    rt_value boxed = rt_object_new(&arena, &box, &inside);

    CHECK(rt_list_push(list, tuple) == RT_OK);
    CHECK(rt_list_push(list, dict) == RT_OK);
    CHECK(rt_list_push(list, RT(1)) == RT_OK);
    CHECK(rt_dict_set_str(dict, RT_STR("list"), list) == RT_OK);
    CHECK(rt_dict_set_str(dict, RT_STR("self"), dict) == RT_OK);
    CHECK(rt_dict_set_str(dict, RT_STR("box"), boxed) == RT_OK);
    CHECK_EQ(
        rt_value_repr(&arena, tuple),
        "([(...), {'list': [...], 'self': {...}, 'box': box([...])}, 1],)");
    CHECK_EQ(rt_value_text(&arena, boxed),
             "box([([...],), {'list': [...], 'self': {...}, 'box': ...}, 1])");
    // The same list twice is no cycle.
    rt_value shared = LIST(1);
    CHECK_EQ(rt_value_repr(&arena, LIST(shared, shared)), "[[1], [1]]");
    rt_arena_deinit(&arena);
}

RT_TEST(a_full_buffer_ends_a_repr)
{
    rt_value v = LIST(1);
    rt_buf buf;

    for (int i = 0; i < 150; i++)
        v = LIST(v, v); // 2^150 elements
    rt_buf_init(&buf, &arena);
    buf.limit = 1000;
    rt_value_put_repr(&buf, v);
    CHECK_EQ(buf.status, RT_E_LIMIT);
    CHECK(buf.len <= 1000);
    rt_arena_deinit(&arena);
}

RT_TEST(the_text_of_text_is_not_copied)
{
    const char *text = "text";

    CHECK(rt_value_text(&arena, RT(text)).data == text);
    CHECK_EQ(rt_arena_bytes(&arena), 0u);
}
