#include <retort/test.h>

#include "retort/http/query.h"

// The pairs as text: "name=value;name=value;"
static rt_str spell(rt_arena *arena, const rt_params *params)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < params->len; i++) {
        rt_buf_put(&buf, params->items[i].name);
        rt_buf_put_char(&buf, '=');
        rt_buf_put(&buf, params->items[i].value);
        rt_buf_put_char(&buf, ';');
    }
    return rt_buf_str(&buf);
}

RT_TEST(fields_are_read_as_flask_reads_them)
{
    static const struct {
        const char *text;
        const char *pairs;
    } rows[] = {
        {"", ""},
        {"&&", ""},
        {"a=1&b=2", "a=1;b=2;"},
        {"a=1&a=2&A=3", "a=1;a=2;A=3;"},
        {"a", "a=;"},
        {"a=", "a=;"},
        {"=a", "=a;"},
        {"=", "=;"},
        {"&a=1&&b&", "a=1;b=;"},
        {"a=b=c", "a=b=c;"},
        {"a;b=1", "a;b=1;"},
        {"a+b=c+d%2Be%20f", "a b=c d+e f;"},
        {"%61%3d=%26", "a==&;"},
        {"a=%", "a=%;"},
        {"a=%4&b=%zz", "a=%4;b=%zz;"},
        {"a=%4&41", "a=%4;41=;"},
        {"a=%e2%98%83&%C3%A9=1", "a=\xe2\x98\x83;\xc3\xa9=1;"},
        {"a=%F0%9F%98%80", "a=\xf0\x9f\x98\x80;"},
        {"a=\xe2\x98\x83", "a=\xe2\x98\x83;"},

        // Escapes that are not UTF-8 stay, in upper case.
        {"a=%ff", "a=%FF;"},
        {"a=x%ffy%C3%A9", "a=x%FFy\xc3\xa9;"},
        {"a=%e2%98", "a=%E2%98;"},
        {"a=%e2%98x", "a=%E2%98x;"},
        {"a=%e2x%98", "a=%E2x%98;"},
        {"a=%e2%98%e2%98%83", "a=%E2%98\xe2\x98\x83;"},
        {"a=%ed%a0%80", "a=%ED%A0%80;"},
        {"a=%c0%80", "a=%C0%80;"},
        {"a=%f4%90%80%80", "a=%F4%90%80%80;"},
        {"a=\xc3\xa9%a9", "a=\xc3\xa9%A9;"},
        {"%ff=1", "%FF=1;"},

        // The same for bytes that should have been escapes.
        {"a=\xff", "a=%FF;"},
        {"\xff\xfe=\x80", "%FF%FE=%80;"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_params params = {0};
        CHECK(rt_query_parse(&params, &arena, rt_guarded(rows[i].text)) ==
              RT_OK);
        CHECK_EQ(spell(&arena, &params), rt_str_from(rows[i].pairs));
        for (size_t n = 0; n < params.len; n++) {
            const rt_param *p = &params.items[n];
            CHECK_EQ(p->name.data[p->name.len], '\0');
            CHECK_EQ(p->value.data[p->value.len], '\0');
        }
        rt_arena_deinit(&arena);
    }
}

RT_TEST(a_nul_is_part_of_a_value)
{
    rt_arena arena = {0};
    rt_params params = {0};

    CHECK(rt_query_parse(&params, &arena, rt_guarded("a=x%00y")) == RT_OK);
    CHECK_EQ(rt_params_get(&params, RT_STR("a")), rt_str_of("x\0y", 3));
    rt_arena_deinit(&arena);
}

RT_TEST(names_are_looked_up_in_order)
{
    rt_arena arena = {0};
    rt_params params = {0};

    REQUIRE(rt_query_parse(&params, &arena, rt_guarded("a=1&b=2&a=&c")) ==
            RT_OK);
    CHECK_EQ(rt_params_get(&params, RT_STR("a")), "1");
    CHECK(rt_params_has(&params, RT_STR("c")));
    CHECK_EQ(rt_params_get(&params, RT_STR("c")), "");
    CHECK(!rt_params_has(&params, RT_STR("A")));
    CHECK(!rt_params_get(&params, RT_STR("d")).data);
    CHECK_EQ(rt_params_count(&params, RT_STR("a")), 2u);
    CHECK_EQ(rt_params_count(&params, RT_STR("d")), 0u);

    size_t at = 0;
    const rt_param *first = rt_params_next(&params, RT_STR("a"), &at);
    const rt_param *second = rt_params_next(&params, RT_STR("a"), &at);
    REQUIRE(first && second);
    CHECK_EQ(first->value, "1");
    CHECK_EQ(second->value, "");
    CHECK(!rt_params_next(&params, RT_STR("a"), &at));
    CHECK(!rt_params_next(&params, RT_STR("a"), &at));
    rt_arena_deinit(&arena);
}

RT_TEST(parsing_adds_to_what_is_there)
{
    rt_arena arena = {0};
    rt_params params = {0};
    rt_str none = {0};

    rt_params_add(&params, &arena, RT_STR("z"), none);
    CHECK(rt_query_parse(&params, &arena, rt_guarded("a=1")) == RT_OK);
    CHECK(rt_query_parse(&params, &arena, none) == RT_OK);
    CHECK_EQ(spell(&arena, &params), "z=;a=1;");
    CHECK(rt_params_has(&params, RT_STR("z")));
    rt_arena_deinit(&arena);
}

RT_TEST(too_many_fields_are_refused_before_any_is_read)
{
    rt_arena arena = {0};
    rt_params params = {0};
    rt_buf text;

    rt_buf_init(&text, &arena);
    for (int i = 0; i < RT_PARAMS_MAX; i++)
        rt_buf_put_cstr(&text, "&a");
    rt_str most = rt_buf_str(&text);

    CHECK(rt_query_parse(&params, &arena, most) == RT_OK);
    CHECK_EQ(params.len, (size_t)RT_PARAMS_MAX);
    CHECK(rt_query_parse(&params, &arena, RT_STR("b")) == RT_E_LIMIT);
    CHECK(rt_query_parse(&params, &arena, RT_STR("&&")) == RT_OK);
    CHECK_EQ(params.len, (size_t)RT_PARAMS_MAX);

    rt_params fresh = {0};
    rt_buf_put_cstr(&text, "&a");
    CHECK(rt_query_parse(&fresh, &arena, rt_buf_str(&text)) == RT_E_LIMIT);
    CHECK_EQ(fresh.len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(pairs_are_written_as_flask_writes_them)
{
    static const struct {
        const char *text;
        const char *dumped;
    } rows[] = {
        {"", ""},
        {"a=1&b", "a=1&b="},
        {"a+b=c%20d", "a+b=c+d"},
        {"a=%26%3D%2B%25%23", "a=%26%3D%2B%25%23"},
        {"a=!$'()*,/:;?@", "a=!$'()*,/:;?@"},
        {"%C3%A9=\xe2\x98\x83", "%C3%A9=%E2%98%83"},
        {"a=%22%3C%3E[]^`{|}~", "a=%22%3C%3E%5B%5D%5E%60%7B%7C%7D~"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].text);
        rt_arena arena = {0};
        rt_params params = {0};
        REQUIRE(rt_query_parse(&params, &arena, rt_guarded(rows[i].text)) ==
                RT_OK);
        CHECK_EQ(rt_query_dump(&arena, &params), rt_str_from(rows[i].dumped));
        rt_arena_deinit(&arena);
    }
}
