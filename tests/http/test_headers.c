#include <retort/base/buf.h>
#include <retort/test.h>

#include "retort/http/headers.h"

static void add(rt_headers *headers, rt_arena *arena, const char *name,
                const char *value)
{
    CHECK(rt_headers_add(headers, arena, rt_str_from(name),
                         rt_str_from(value)) == RT_OK);
}

// The list as text: "Name=value;Name=value;"
static rt_str spell(rt_arena *arena, const rt_headers *headers)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < headers->len; i++) {
        rt_buf_put(&buf, headers->items[i].name);
        rt_buf_put_char(&buf, '=');
        rt_buf_put(&buf, headers->items[i].value);
        rt_buf_put_char(&buf, ';');
    }
    return rt_buf_str(&buf);
}

RT_TEST(names_compare_in_either_case_and_keep_their_spelling)
{
    rt_arena arena = {0};
    rt_headers headers = {0};

    add(&headers, &arena, "Content-Type", "text/html");
    add(&headers, &arena, "X-A", "1");

    CHECK_EQ(rt_headers_get(&headers, RT_STR("content-TYPE")), "text/html");
    CHECK_EQ(rt_headers_get(&headers, RT_STR("x-a")), "1");
    CHECK(rt_headers_has(&headers, RT_STR("X-a")));
    CHECK(!rt_headers_has(&headers, RT_STR("X-B")));
    CHECK(!rt_headers_has(&headers, RT_STR("X-AA")));
    CHECK_EQ(spell(&arena, &headers), "Content-Type=text/html;X-A=1;");
    rt_arena_deinit(&arena);
}

RT_TEST(bytes_that_differ_by_the_case_bit_alone_are_not_equal)
{
    rt_arena arena = {0};
    rt_headers headers = {0};

    // '^' and '~' differ by 0x20 as 'A' and 'a' do.
    add(&headers, &arena, "^x", "1");
    CHECK(!rt_headers_has(&headers, RT_STR("~x")));
    CHECK(rt_headers_has(&headers, RT_STR("^X")));
    rt_arena_deinit(&arena);
}

RT_TEST(an_empty_value_is_not_an_absent_one)
{
    rt_arena arena = {0};
    rt_headers headers = {0};
    rt_str none = {0};

    CHECK(rt_headers_get(&headers, RT_STR("A")).data == NULL);
    CHECK(rt_headers_add(&headers, &arena, RT_STR("A"), none) == RT_OK);
    CHECK(rt_headers_get(&headers, RT_STR("A")).data != NULL);
    CHECK(rt_headers_set(&headers, &arena, RT_STR("A"), none) == RT_OK);
    CHECK(rt_headers_get(&headers, RT_STR("A")).data != NULL);
    CHECK_EQ(rt_headers_get(&headers, RT_STR("A")).len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(what_would_break_the_message_is_refused)
{
    static const struct {
        const char *name;
        const char *value;
    } rows[] = {
        {"", "x"},       {"A B", "x"},       {"A:", "x"}, {"A\r\nB", "x"},
        {"A", "x\r\nB"}, {"A", "x\n"},       {"A", "\r"}, {"\xc3\xa9", "x"},
        {"(A)", "x"},    {"A", "x\r\n\r\n"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        RT_CASE(rows[i].name);
        rt_arena arena = {0};
        rt_headers headers = {0};
        rt_str name = rt_guarded(rows[i].name);
        rt_str value = rt_guarded(rows[i].value);

        CHECK(rt_headers_add(&headers, &arena, name, value) == RT_E_SYNTAX);
        CHECK(rt_headers_set(&headers, &arena, name, value) == RT_E_SYNTAX);
        CHECK_EQ(headers.len, 0u);
        add(&headers, &arena, "A", "kept");
        CHECK(rt_headers_set(&headers, &arena, name, value) == RT_E_SYNTAX);
        CHECK_EQ(spell(&arena, &headers), "A=kept;");
        rt_arena_deinit(&arena);
    }
}

RT_TEST(set_keeps_the_first_place_and_drops_the_other_lines)
{
    rt_arena arena = {0};
    rt_headers headers = {0};

    add(&headers, &arena, "A", "1");
    add(&headers, &arena, "B", "2");
    add(&headers, &arena, "a", "3");
    add(&headers, &arena, "C", "4");
    add(&headers, &arena, "A", "5");

    CHECK(rt_headers_set(&headers, &arena, RT_STR("a"), RT_STR("x")) == RT_OK);
    CHECK_EQ(spell(&arena, &headers), "a=x;B=2;C=4;");
    CHECK(rt_headers_set(&headers, &arena, RT_STR("D"), RT_STR("y")) == RT_OK);
    CHECK_EQ(spell(&arena, &headers), "a=x;B=2;C=4;D=y;");
    CHECK(rt_headers_set_default(&headers, &arena, RT_STR("d"), RT_STR("z")) ==
          RT_OK);
    CHECK(rt_headers_set_default(&headers, &arena, RT_STR("E"), RT_STR("z")) ==
          RT_OK);
    CHECK_EQ(spell(&arena, &headers), "a=x;B=2;C=4;D=y;E=z;");
    rt_arena_deinit(&arena);
}

RT_TEST(del_removes_every_line_of_the_name)
{
    rt_arena arena = {0};
    rt_headers headers = {0};

    add(&headers, &arena, "A", "1");
    add(&headers, &arena, "B", "2");
    add(&headers, &arena, "a", "3");

    CHECK(rt_headers_del(&headers, RT_STR("A")));
    CHECK_EQ(spell(&arena, &headers), "B=2;");
    CHECK(!rt_headers_del(&headers, RT_STR("A")));
    CHECK(rt_headers_del(&headers, RT_STR("b")));
    CHECK_EQ(headers.len, 0u);
    rt_arena_deinit(&arena);
}

RT_TEST(lines_of_one_name_are_visited_in_order)
{
    rt_arena arena = {0};
    rt_headers headers = {0};

    add(&headers, &arena, "Vary", "Cookie");
    add(&headers, &arena, "X", "-");
    add(&headers, &arena, "vary", "Accept");

    size_t at = 0;
    const rt_header *first = rt_headers_next(&headers, RT_STR("Vary"), &at);
    const rt_header *second = rt_headers_next(&headers, RT_STR("Vary"), &at);
    REQUIRE(first && second);
    CHECK_EQ(first->value, "Cookie");
    CHECK_EQ(second->value, "Accept");
    CHECK(!rt_headers_next(&headers, RT_STR("Vary"), &at));
    CHECK(!rt_headers_next(&headers, RT_STR("Vary"), &at));
    CHECK_EQ(rt_headers_count(&headers, RT_STR("VARY")), 2u);
    CHECK_EQ(rt_headers_count(&headers, RT_STR("no")), 0u);
    CHECK_EQ(rt_headers_get_joined(&headers, &arena, RT_STR("vary")),
             "Cookie, Accept");
    CHECK_EQ(rt_headers_get_joined(&headers, &arena, RT_STR("x")), "-");
    CHECK(!rt_headers_get_joined(&headers, &arena, RT_STR("no")).data);
    rt_arena_deinit(&arena);
}

RT_TEST(a_token_is_found_in_any_of_the_lines)
{
    rt_arena arena = {0};
    rt_headers headers = {0};
    rt_str connection = RT_STR("Connection");

    add(&headers, &arena, "connection", "keep-alive");
    add(&headers, &arena, "Connection", "TE, Close");

    CHECK(rt_headers_has_token(&headers, connection, RT_STR("close")));
    CHECK(rt_headers_has_token(&headers, connection, RT_STR("Keep-Alive")));
    CHECK(!rt_headers_has_token(&headers, connection, RT_STR("alive")));
    CHECK(!rt_headers_has_token(&headers, RT_STR("X"), RT_STR("close")));
    rt_arena_deinit(&arena);
}

RT_TEST(a_copy_outlives_what_it_was_made_of)
{
    rt_arena arena = {0};
    rt_arena shorter = {0};
    rt_headers headers = {0};

    for (int i = 0; i < 40; i++) {
        rt_str name = rt_str_copy(&shorter, RT_STR("X-Name"));
        CHECK(rt_headers_add(&headers, &shorter, name,
                             rt_str_copy(&shorter, RT_STR("value"))) == RT_OK);
    }
    rt_headers copy = rt_headers_copy(&arena, &headers);
    rt_arena_deinit(&shorter);

    CHECK_EQ(copy.len, 40u);
    for (size_t i = 0; i < copy.len; i++) {
        CHECK_EQ(copy.items[i].name, "X-Name");
        CHECK_EQ(copy.items[i].value, "value");
    }
    rt_arena_deinit(&arena);
}

RT_TEST(reserved_lines_take_no_further_memory)
{
    rt_arena arena = {0};
    rt_headers headers = {0};

    rt_headers_reserve(&headers, &arena, 100);
    const rt_header *items = headers.items;
    for (int i = 0; i < 100; i++)
        add(&headers, &arena, "A", "b");
    CHECK(headers.items == items);
    CHECK_EQ(headers.cap, 100u);
    rt_arena_deinit(&arena);
}
