// The lexer inside of tags: names, numbers, strings, operators; and places.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syntax_text.h"

static const rt_template_syntax defaults;

struct row {
    const char *text; // what follows "{{ "
    const char *tokens;
};

static void check_rows(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        rt_str source =
            rt_format(&syntax_arena, "{{{{ {}", rt_str_from(rows[i].text));

        RT_CASE(rows[i].text);
        rt_str guarded = rt_guarded_bytes(source.data, source.len);
        CHECK_EQ(syntax_tokens(&defaults, guarded), rows[i].tokens);
    }
}

RT_TEST(names_are_identifiers_of_unicode)
{
    static const struct row rows[] = {
        {"a", "<v a"},
        {"_a1", "<v _a1"},
        {"A_B", "<v A_B"},
        {"é", "<v é"},
        {"naïve", "<v naïve"},
        {"名前", "<v 名前"},
        {"ª", "<v ª"},
        {"a·b", "<v a·b"},
        {"℘", "<v ℘"},
        {"a²", "1:4 invalid character in identifier 'a²'"},
        {"²", "1:4 invalid character in identifier '²'"},
        {"a٣", "<v a٣"},
        {"a٣b", "<v a٣b"},
        {"٣", "1:4 invalid character in identifier '٣'"},
        {"a🎉", "1:5 unexpected character '🎉'"},
        {"🎉", "1:4 unexpected character '🎉'"},
        {"a\342\200\213", "1:5 unexpected character U+200b"},
        {"x\314\201", "<v x\314\201"},
        {"\314\201x", "1:4 invalid character in identifier '\314\201x'"},
        {"a\357\271\274",
         "1:4 invalid character in identifier 'a\357\271\274'"},
        {"\357\271\274", "1:4 invalid character in identifier '\357\271\274'"},
        {"ゝ", "<v ゝ"},
        {"a\343\202\233", "1:5 unexpected character '\343\202\233'"},
        {"\177", "1:4 unexpected character U+007f"},
        {"\001", "1:4 unexpected character U+0001"},
        {"a\302\240b", "<v a b"},
        {"a$", "1:5 unexpected character '$'"},
        {"$", "1:4 unexpected character '$'"},
        {"?", "1:4 unexpected character '?'"},
        {"!", "1:4 unexpected character '!'"},
        {"!a", "1:4 unexpected character '!'"},
        {"&", "1:4 unexpected character '&'"},
        {"@", "1:4 unexpected character '@'"},
        {"`", "1:4 unexpected character '`'"},
        {"^", "1:4 unexpected character '^'"},
        {"a\\b", "1:5 unexpected character '\\'"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(numbers_are_python_literals)
{
    static const struct row rows[] = {
        {"0", "<v 0"},
        {"1", "<v 1"},
        {"12", "<v 12"},
        {"1_000", "<v 1000"},
        {"1__0", "<v 1 __0"},
        {"1_", "<v 1 _"},
        {"_1", "<v _1"},
        {"00", "<v 00"},
        {"0_0", "<v 00"},
        {"01", "<v 0 1"},
        {"012", "<v 0 12"},
        {"0b101", "<v 0b101"},
        {"0B1", "<v 0B1"},
        {"0b_1", "<v 0b1"},
        {"0b2", "<v 0 b2"},
        {"0b", "<v 0 b"},
        {"0o17", "<v 0o17"},
        {"0O7", "<v 0O7"},
        {"0o8", "<v 0 o8"},
        {"0x1f", "<v 0x1f"},
        {"0XFF", "<v 0XFF"},
        {"0x_f_f", "<v 0xff"},
        {"0xg", "<v 0 xg"},
        {"1.5", "<v f1.5"},
        {"1.", "<v 1 ."},
        {".5", "<v . 5"},
        {"1.5.6", "<v f1.5 . 6"},
        {"a.1.5", "<v a . 1 . 5"},
        {"1e5", "<v f1e5"},
        {"1E+5", "<v f1E+5"},
        {"1e-5", "<v f1e-5"},
        {"1e", "<v 1 e"},
        {"1e+", "<v 1 e +"},
        {"1.5e3", "<v f1.5e3"},
        {"1.e5", "<v 1 . e5"},
        {"1_0.0_1e1_0", "<v f10.01e10"},
        {"1._5", "<v 1 . _5"},
        {"012.5", "<v f012.5"},
        {"1.5x", "<v f1.5 x"},
        {"1 .5", "<v 1 . 5"},
        {"a.1", "<v a . 1"},
        {"a.1_0", "<v a . 10"},
        {"1.real", "<v 1 . real"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(strings_hold_anything_but_their_quote)
{
    static const struct row rows[] = {
        {"''", "<v s\"\""},
        {"\"\"", "<v s\"\""},
        {"'a\"b'", "<v s\"a\\\"b\""},
        {"\"a'b\"", "<v s\"a'b\""},
        {"'a\nb'", "<v s\"a\\nb\""},
        {"'é名🎉'", "<v s\"é名🎉\""},
        {"'{{ }}'", "<v s\"{{ }}\""},
        {"\"a\" \"b\"", "<v s\"a\" s\"b\""},
        {"'a", "1:4 unterminated string"},
        {"\"a", "1:4 unterminated string"},
        {"\"a\\\"", "1:4 unterminated string"},
        {"\"\\", "1:4 unterminated string"},
        {"\"a\\\\\"", "<v s\"a\\\\\""},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(escapes_are_those_of_python)
{
    static const struct row rows[] = {
        {"\"\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"\"",
         "<v s\"\\x07\\x08\\x0c\\n\\r\\t\\x0b\\\\'\\\"\""},
        {"\"\\0\"", "<v s\"\\x00\""},
        {"\"\\101\\60\\7\"", "<v s\"A0\\x07\""},
        {"\"\\400\\777\"", "<v s\"Āǿ\""},
        {"\"\\08\"", "<v s\"\\x008\""},
        {"\"\\x41\\xe9\\x00\"", "<v s\"Aé\\x00\""},
        {"\"\\u00e9\\u540D\"", "<v s\"é名\""},
        {"\"\\U0001f389\"", "<v s\"🎉\""},
        {"\"\\ud83c\\udf89\"", "<v s\"🎉\""},
        {"\"\\U0000d83c\\udf89\"", "<v s\"🎉\""},
        {"\"\\q\\%\\{\"", "<v s\"\\\\q\\\\%\\\\{\""},
        {"\"\\\né\"", "<v s\"é\""},
        {"\"\\é\\名\\🎉\"", "<v s\"\\\\xe9\\\\u540d\\\\U0001f389\""},
        {"\"\\\\n\"", "<v s\"\\\\n\""},
        {"\"\\x4\"", "1:4 truncated \\xXX escape"},
        {"\"\\xzz\"", "1:4 truncated \\xXX escape"},
        {"\"\\u12\"", "1:4 truncated \\uXXXX escape"},
        {"\"\\U0001f38\"", "1:4 truncated \\UXXXXXXXX escape"},
        {"\"\\U00110000\"", "1:4 illegal Unicode character in a string"},
        {"\"\\ud83c\"", "1:4 half a surrogate pair in a string"},
        {"\"\\ud83cx\"", "1:4 half a surrogate pair in a string"},
        {"\"\\ud83c\\n\"", "1:4 half a surrogate pair in a string"},
        {"\"\\ud83c\\u0041\"", "1:4 half a surrogate pair in a string"},
        {"\"\\udf89\"", "1:4 half a surrogate pair in a string"},
        {"\"\\N{BULLET}\"",
         "1:4 characters by name (\\N{...}) are not supported"},
        {"\"\\N\"", "1:4 characters by name (\\N{...}) are not supported"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(operators_are_as_long_as_they_can_be)
{
    static const struct row rows[] = {
        {"+-*/~", "<v + - * / ~"},
        {"//", "<v //"},
        {"///", "<v // /"},
        {"**", "<v **"},
        {"***", "<v ** *"},
        {"%", "<v %"},
        {"==", "<v =="},
        {"===", "<v == ="},
        {"!=", "<v !="},
        {"<", "<v <"},
        {"<=", "<v <="},
        {"<>", "<v < >"},
        {">>=", "<v > >="},
        {"=", "<v ="},
        {". , : ; |", "<v . , : ; |"},
        {"||", "<v | |"},
        {"->", "<v - >"},
        {"=>", "<v = >"},
        {"a<b", "<v a < b"},
        {"a==-b", "<v a == - b"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(brackets_have_to_match)
{
    static const struct row rows[] = {
        {"()[]{}", "<v ( ) [ ] { }"},
        {"([{}])", "<v ( [ { } ] )"},
        {")", "1:4 unexpected ')'"},
        {"(]", "1:5 unexpected ']', expected ')'"},
        {"[}", "1:5 unexpected '}', expected ']'"},
        {"{)", "1:5 unexpected ')', expected '}'"},
        {"(a", "<v ( a"},
        {"[(])", "1:6 unexpected ']', expected ')'"},
        {"a}", "1:5 unexpected '}'"},
        {"{}}", "1:6 unexpected '}'"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(white_space_is_that_of_unicode)
{
    static const struct row rows[] = {
        {" \t\v\f\r\n a", "<v @2 a"},
        {"\302\240\342\200\203\342\200\250\343\200\200a", "<v a"},
        {"\034a\037b", "<v a b"},
        {"a\302\205b", "<v a b"},
    };

    check_rows(rows, RT_COUNT(rows));
}

RT_TEST(a_nul_is_a_character_like_others)
{
    static const struct {
        const char *text;
        size_t len;
        const char *tokens;
    } rows[] = {
        {"a\0b", 3, "\"a\\x00b\""},
        {"{{ '\0' }}", 9, "<v s\"\\x00\" v>"},
        {"{{ \0 }}", 7, "1:4 unexpected character U+0000"},
        {"{# \0 #}", 7, ""},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        CHECK_EQ(syntax_tokens(&defaults,
                               rt_guarded_bytes(rows[i].text, rows[i].len)),
                 rows[i].tokens);
    }
}

// ---- the lexer's behaviour -------------------------------------------------

RT_TEST(the_end_and_an_error_last_for_ever)
{
    static const char *const rows[] = {"a",    "",     "{{ a",
                                       "{{ ?", "{# a", "{{ (]"};

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template_error error = {0};
        rt__lexer lexer;
        rt__token token;

        RT_CASE(rows[i]);
        REQUIRE(rt__lexer_init(&lexer, &syntax_arena, &defaults,
                               rt_guarded(rows[i]), false, &error) == RT_OK);
        do {
            rt__lexer_next(&lexer, &token);
        } while (token.kind != RT__TOK_END && token.kind != RT__TOK_ERROR);
        CHECK_EQ(token.kind == RT__TOK_ERROR, error.kind != RT_TEMPLATE_OK);
        rt__token_kind last = token.kind;
        for (int k = 0; k < 3; k++) {
            rt__lexer_next(&lexer, &token);
            CHECK_EQ(token.kind, last);
        }
    }
}

RT_TEST(the_end_has_the_line_of_the_last_token)
{
    static const struct {
        const char *text;
        uint32_t line;
        uint32_t offset;
    } rows[] = {
        {"", 1, 0},
        {"a", 1, 1},
        {"a\nb\nc", 1, 1},
        {"\n\n", 1, 0},
        {"a\n{{ b", 2, 6},
        {"{{ b\n\n", 1, 4},
        {"a{# b\n #}", 1, 5},
        {"{{ a }}\r\n\r\n", 1, 7},
        {"{% raw %}\n\na{% endraw %}", 1, 9},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template_error error = {0};
        rt__lexer lexer;
        rt__token token;

        RT_CASE(rows[i].text);
        REQUIRE(rt__lexer_init(&lexer, &syntax_arena, &defaults,
                               rt_guarded(rows[i].text), false,
                               &error) == RT_OK);
        do {
            rt__lexer_next(&lexer, &token);
        } while (token.kind != RT__TOK_END);
        CHECK_EQ(token.line, rows[i].line);
        CHECK_EQ(token.offset, rows[i].offset);
    }
}

RT_TEST(a_source_must_be_valid_and_not_too_long)
{
    rt_template_error error = {0};
    rt__lexer lexer;

    CHECK_EQ(rt__lexer_init(&lexer, &syntax_arena, &defaults,
                            rt_guarded("a\nb\xff"), false, &error),
             RT_E_UTF8);
    CHECK_EQ(error.kind, RT_TEMPLATE_SYNTAX_ERROR);
    CHECK_EQ(error.line, 2);
    CHECK_EQ(error.column, 2);

    // The length is looked at before the bytes, but for the excerpt.
    char *text = calloc(RT__SOURCE_BYTES_MAX + 1, 1);
    REQUIRE(text != NULL);
    CHECK_EQ(rt__lexer_init(&lexer, &syntax_arena, &defaults,
                            rt_str_of(text, RT__SOURCE_BYTES_MAX + 1), false,
                            &error),
             RT_E_LIMIT);
    CHECK_EQ(error.kind, RT_TEMPLATE_LIMIT_ERROR);
    free(text);
}

RT_TEST(so_many_brackets_may_be_open)
{
    char text[2 + RT__BRACKETS_MAX + 1];
    rt_template_error error = {0};
    rt_buf out;

    memset(text, '(', sizeof text);
    memcpy(text, "{{", 2);
    rt_buf_init(&out, &syntax_arena);
    CHECK_EQ(rt__tokens_dump(&defaults, rt_guarded_bytes(text, sizeof text - 1),
                             &syntax_arena, &out, &error),
             RT_OK);
    CHECK_EQ(rt__tokens_dump(&defaults, rt_guarded_bytes(text, sizeof text),
                             &syntax_arena, &out, &error),
             RT_E_LIMIT);
    CHECK_EQ(error.kind, RT_TEMPLATE_LIMIT_ERROR);
    CHECK_EQ(error.column, sizeof text);
}

// ---- words -----------------------------------------------------------------

RT_TEST(every_word_is_found_and_nothing_else)
{
    static const char *const others[] = {
        "",       "a",    "a_very_long_name", "endelse", "If",
        "endif_", "_for", "autoescapes"};

#define CHECK_WORD(constant, text)                                  \
    RT_CASE(text);                                                  \
    CHECK_EQ(rt__word_find(rt_guarded(text)), RT__WORD_##constant); \
    CHECK_EQ(rt__word_text(RT__WORD_##constant), text);
    RT__WORDS(CHECK_WORD)
#undef CHECK_WORD

    for (size_t i = 0; i < RT_COUNT(others); i++) {
        RT_CASE(others[i]);
        CHECK_EQ(rt__word_find(rt_guarded(others[i])), RT__WORD_OTHER);
    }
}

// ---- places ----------------------------------------------------------------

RT_TEST(a_place_has_line_column_and_excerpt)
{
    static const struct {
        const char *text;
        size_t offset;
        size_t line;
        size_t column;
        const char *excerpt;
    } rows[] = {
        {"", 0, 1, 1, ""},
        {"abc", 1, 1, 2, "abc"},
        {"abc", 3, 1, 4, "abc"},
        {"abc", 9, 1, 4, "abc"},
        {"a\nbc\nd", 2, 2, 1, "bc"},
        {"a\nbc\nd", 4, 2, 3, "bc"},
        {"a\nbc\nd", 5, 3, 1, "d"},
        {"a\r\nb\rc", 3, 2, 1, "b"},
        {"a\r\nb\rc", 5, 3, 1, "c"},
        {"\xc3\xa9\xc3\xa9x", 4, 1, 3, "\xc3\xa9\xc3\xa9x"},
        {"a\x1b[31m\tb", 1, 1, 2, "a\xef\xbf\xbd[31m\tb"},
        {"a\xff", 1, 1, 2, "a\xef\xbf\xbd"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_template_error error = {0};

        RT_CASE(rows[i].text);
        rt__source_place(&syntax_arena, rt_guarded(rows[i].text),
                         rows[i].offset, &error);
        CHECK_EQ(error.line, rows[i].line);
        CHECK_EQ(error.column, rows[i].column);
        CHECK_EQ(error.excerpt, rt_str_from(rows[i].excerpt));
    }
}

RT_TEST(a_long_line_is_shown_up_to_its_place_or_not_at_all)
{
    static char line[1000];
    rt_template_error error = {0};

    memset(line, 'a', sizeof line);
    rt__source_place(&syntax_arena, rt_guarded_bytes(line, sizeof line), 10,
                     &error);
    CHECK_EQ(error.column, 11);
    CHECK_EQ(error.excerpt.len, 71);
    rt__source_place(&syntax_arena, rt_guarded_bytes(line, sizeof line), 500,
                     &error);
    CHECK_EQ(error.column, 501);
    CHECK_EQ(error.excerpt.len, 0);
}
