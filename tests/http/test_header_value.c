#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/header_value.h"

// Write params as <name=value>; <name> when there is no value.
static void put_params(rt_buf *out, const rt_params *params)
{
    for (size_t i = 0; i < params->len; i++) {
        rt_buf_put_char(out, '<');
        rt_buf_put(out, params->items[i].name);
        if (params->items[i].value.data) {
            rt_buf_put_char(out, '=');
            rt_buf_put(out, params->items[i].value);
        }
        rt_buf_put_char(out, '>');
    }
}

static rt_str show_options(rt_arena *arena, rt_str text)
{
    rt_header_options options = rt_header_options_parse(arena, text);
    rt_buf out;

    rt_buf_init(&out, arena);
    rt_buf_put(&out, options.value);
    put_params(&out, &options.params);
    return rt_buf_str(&out);
}

static rt_str show_list(rt_arena *arena, rt_str text)
{
    rt_header_list list = rt_header_list_parse(arena, text);
    rt_buf out;

    rt_buf_init(&out, arena);
    rt_vec_each(rt_str, member, &list)
        rt_buf_printf(&out, "<%.*s>", RT_STR_ARG(*member));
    return rt_buf_str(&out);
}

static rt_str show_dict(rt_arena *arena, rt_str text)
{
    rt_params dict = rt_header_dict_parse(arena, text);
    rt_buf out;

    rt_buf_init(&out, arena);
    put_params(&out, &dict);
    return rt_buf_str(&out);
}

// A text and what is read in it.
typedef struct row {
    const char *text;
    const char *shown;
} row;

static void check_rows(rt_str (*show)(rt_arena *arena, rt_str text),
                       const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        CHECK_EQ(show(&arena, rt_guarded(rows[i].text)),
                 rt_str_from(rows[i].shown));
        rt_arena_deinit(&arena);
    }
}

RT_TEST(options_follow_a_value)
{
    static const row rows[] = {
        {"", ""},
        {"text/html", "text/html"},
        {" Text/HTML ; ", "Text/HTML"},
        {"; a=b", ""},
        {"\xc2\xa0v\xe2\x80\x83; a=b", "v<a=b>"},
        {"v; a=b; C=D;e=f", "v<a=b><c=D><e=f>"},
        {"v;a=1;b=2;a=3", "v<a=3><b=2>"},
        {"v; a = b; c=d", "v<c=d>"},
        {"v; a; =b; c=", "v"},
        {"v; a=b c; d=e", "v<a=b><d=e>"},
        {"v; a=b/c", "v<a=b>"},
        {"v; \"a\"=b; c=\"d\" junk; e=f", "v<c=d><e=f>"},
        {"v;a=\"b;c=d\";e=f", "v<a=b;c=d><e=f>"},
        {"v;a=\"open;c=d", "v<c=d>"},
        {"v;a=\"\"", "v<a=>"},
        {"v;a=\"", "v"},
    };

    check_rows(show_options, rows, RT_COUNT(rows));
}

RT_TEST(quotes_in_options_come_in_two_spellings)
{
    static const row rows[] = {
        {"v;f=\"a\\\"b\"", "v<f=a\"b>"},
        {"v;f=\"a%22b%20\"", "v<f=a\"b%20>"},
        {"v;f=\"a\\\\b\"", "v<f=a\\b>"},
        {"v;f=\"C:\\dir\\n.txt\"", "v<f=C:\\dir\\n.txt>"},
        {"v;f=\"\\\\host\\x\"", "v<f=\\host\\x>"},
        {"v;f=\"a\\\\\";g=h", "v<f=a\\><g=h>"},
        {"v;f=%22a%22", "v<f=%22a%22>"},
    };

    check_rows(show_options, rows, RT_COUNT(rows));
}

RT_TEST(options_have_charsets_and_come_in_pieces)
{
    static const row rows[] = {
        {"v;f*=utf-8''caf%C3%A9", "v<f=caf\xc3\xa9>"},
        {"v;f*=UTF-8'en'caf%C3%A9", "v<f=caf\xc3\xa9>"},
        {"v;f*=iso-8859-1''%E9", "v<f=\xc3\xa9>"},
        {"v;f*=us-ascii''%E9", "v<f=\xef\xbf\xbd>"},
        {"v;f*=utf-8''%E9", "v<f=\xef\xbf\xbd>"},
        {"v;f*=koi8-r''%E9", "v<f=%E9>"},
        {"v;f*=plain%20", "v<f=plain%20>"},
        {"v;f*=utf-8''", "v<f=utf-8''>"},
        {"v;f*=''a%20", "v<f=a%20>"},
        {"v;f*=utf-8''%22", "v<f=>"},
        {"v;f*=utf-8''%22a%5C%22%22", "v<f=a\">"},
        {"v;f*0=a;f*1=b;f*9=c", "v<f=abc>"},
        {"v;f*1=a;f*0=b", "v<f=ab>"},
        {"v;f*0=\"a b\";f*1=\"c\"", "v<f=a bc>"},
        {"v;f*0*=utf-8''%C3%A9;f*1*=%C3%A9;f*2=%C3",
         "v<f=\xc3\xa9\xc3\xa9%C3>"},
        {"v;f*0*=utf-8''a;g*=%20b", "v<f=a><g= b>"},
        {"v;f*0*=utf-8''a;g*=koi8-r''%20b;h*=%20", "v<f=a><g=%20b><h=%20>"},
        {"v;f=a;f*0=b;f=c", "v<f=c>"},
        {"v;f*0=a;f=b;f*1=c", "v<f=bc>"},
        {"v;*=a;*0=b", "v<=ab>"},
        {"v;f*x=a", "v<f*x=a>"},
    };

    check_rows(show_options, rows, RT_COUNT(rows));
}

RT_TEST(more_options_than_the_limit_are_not_read)
{
    rt_arena arena = {0};
    rt_buf text;
    rt_buf_init(&text, &arena);
    rt_buf_put_cstr(&text, "v");
    for (int i = 0; i < RT_HEADER_OPTIONS_MAX + 5; i++)
        rt_buf_printf(&text, ";a%d=b", i);
    rt_buf_put_cstr(&text, ";a0=c");

    rt_header_options options =
        rt_header_options_parse(&arena, rt_buf_str(&text));
    CHECK_EQ(options.params.len, (size_t)RT_HEADER_OPTIONS_MAX);
    CHECK_EQ(rt_header_option(&options, RT_STR("a0")), RT_STR("c"));
    CHECK(!rt_header_option(&options, RT_STR("a32")).data);
    rt_arena_deinit(&arena);
}

RT_TEST(list_members_lose_quotes_around_all_of_them)
{
    static const row rows[] = {
        {"", ""},
        {"a, b ,c", "<a><b><c>"},
        {"a,, ,b,", "<a><b>"},
        {"\"a, b\", c", "<a, b><c>"},
        {"\"a\\\"b\\c\"", "<a\"bc>"},
        {"x=\"a, b\"", "<x=\"a, b\">"},
        {"a, \"b", ""},
        {"a, \"b\\\"", ""},
        {"\"", ""},
        {"\"\"", "<>"},
        {"\"a\" \"b\"", "<a\" \"b>"},
    };

    check_rows(show_list, rows, RT_COUNT(rows));
}

RT_TEST(dicts_have_keys_with_and_without_values)
{
    static const row rows[] = {
        {"", ""},
        {"a=b, c=\"d, e\", f", "<a=b><c=d, e><f>"},
        {"a = b , c= \"d\"", "<a=b><c=d>"},
        {"=b, a=, ,c", "<a=><c>"},
        {"a=1, b, a=2, b=3", "<a=2><b=3>"},
        {"a=1, a", "<a>"},
        {"A=1, a=2", "<A=1><a=2>"},
        {"f*=utf-8''caf%C3%A9", "<f=caf\xc3\xa9>"},
        {"f*=utf-8''a%20 b", "<f=a >"},
        {"f*=koi8-r''%E9", "<f=%E9>"},
        {"f*=x%20", "<f=x%20>"},
        {"*=x", "<=x>"},
        {"a=\"b\\\"c\"", "<a=b\"c>"},
        {"a=\"b", ""},
        {"a=b=c", "<a=b=c>"},
    };

    check_rows(show_dict, rows, RT_COUNT(rows));
}

RT_TEST(values_are_quoted_where_they_must_be)
{
    rt_arena arena = {0};
    rt_str list[] = {RT_STR("a"), RT_STR("b c"), RT_STR(""), RT_STR("\"\\")};
    rt_params params = {0};
    rt_params_add(&params, &arena, RT_STR("q"), RT_STR("a"));
    rt_params_add(&params, &arena, RT_STR("r"), RT_STR("a b"));
    rt_params_add(&params, &arena, RT_STR("s*"), RT_STR("utf-8''%20 "));
    rt_params_add(&params, &arena, RT_STR("t"), RT_STR(""));
    params.items[3].value = (rt_str){0};

    rt_buf out;
    rt_buf_init(&out, &arena);
    rt_header_put_list(&out, list, RT_COUNT(list));
    CHECK_EQ(rt_buf_str(&out), "a, \"b c\", \"\", \"\\\"\\\\\"");

    rt_buf_init(&out, &arena);
    rt_header_put_dict(&out, &params);
    CHECK_EQ(rt_buf_str(&out), "q=a, r=\"a b\", s*=utf-8''%20 , t");

    rt_buf_init(&out, &arena);
    rt_header_put_options(&out, RT_STR("v"), &params);
    CHECK_EQ(rt_buf_str(&out), "v; q=a; r=\"a b\"; s*=utf-8''%20 ");

    rt_buf_init(&out, &arena);
    rt_header_put_options(&out, (rt_str){0}, &params);
    CHECK_EQ(rt_buf_str(&out), "q=a; r=\"a b\"; s*=utf-8''%20 ");

    rt_buf_init(&out, &arena);
    rt_header_put_string(&out, RT_STR("a"));
    CHECK_EQ(rt_buf_str(&out), "\"a\"");
    rt_arena_deinit(&arena);
}
