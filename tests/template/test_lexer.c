// The lexer outside of tags: delimiters, white space, comments, raw blocks and
// line statements.
#include "syntax_text.h"

static const rt_template_syntax defaults;

struct row {
    const char *text;
    const char *tokens;
};

static void check_rows(const rt_template_syntax *syntax, const struct row *rows,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        RT_CASE(rows[i].text);
        CHECK_EQ(syntax_tokens(syntax, rt_guarded(rows[i].text)),
                 rows[i].tokens);
    }
}

RT_TEST(data_is_cut_at_tags)
{
    static const struct row rows[] = {
        {"", ""},
        {"a", "\"a\""},
        {"a { b } %} c", "\"a { b } %} c\""},
        {"a{{ b }}c", "\"a\" <v b v> \"c\""},
        {"{{b}}{% c %}", "<v b v> <b c b>"},
        {"{{ b }}\n{% c %}\nd", "<v b v> \"\\n\" @2 <b c b> \"\\nd\""},
        {"{ { b } }", "\"{ { b } }\""},
        {"{{{ b }}}", "<v { b } v>"},
        {"a{{", "\"a\" <v"},
        {"{%", "<b"},
        {"{# a #}", ""},
        {"a{# b {{ c }} {% d #}e", "\"a\" \"e\""},
        {"{# a\nb #}\n{{ c }}", "@2 \"\\n\" @3 <v c v>"},
        {"{#a#}{#b#}", ""},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(minus_strips_white_space_over_lines)
{
    static const struct row rows[] = {
        {"a \n {{- b -}} \n c", "\"a\" @2 <v b v> @3 \"c\""},
        {"a {%- b -%} c", "\"a\" <b b b> \"c\""},
        {"a {#- b -#} c", "\"a\" \"c\""},
        {" {{-b}}", "<v b v>"},
        {"{{ - b }}", "<v - b v>"},
        {"{{ b - }}c", "<v b - v> \"c\""},
        {"a\t\v\f\r\n{{- b }}", "\"a\" @2 <v b v>"},
        {"{{ b -}}\t\v\f\r\nc", "<v b v> @2 \"c\""},
        {"a\302\240\342\200\203\343\200\200{{- b "
         "-}}\342\200\250\302\205\341\232\200c",
         "\"a\" <v b v> \"c\""},
        {"a\342\200\213{{- b -}}\357\273\277c",
         "\"a\342\200\213\" <v b v> \"\357\273\277c\""},
        {"{{- b -}}", "<v b v>"},
        {"\n\n{{- b -}}\n\n{{ c }}", "@3 <v b v> @5 <v c v>"},
        {"{{--1}}", "<v - 1 v>"},
        {"{%- b %}{%- c -%}  {%- d -%}", "<b b b> <b c b> <b d b>"},
        {"a {#--#} b", "\"a\" \"b\""},
        {"a {#- -#}\n", "\"a\""},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(plus_changes_nothing_by_default)
{
    static const struct row rows[] = {
        {"a {%+ b +%} c", "\"a \" <b b b> \" c\""},
        {"a {#+ b +#} c", "\"a \" \" c\""},
        {"a {{+ b }} c", "\"a \" <v b v> \" c\""},
        {"{{ b +}}c", "<v b + v> \"c\""},
        {"{%+b%}", "<b b b>"},
        {"{% b+%}", "<b b b>"},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(trim_blocks_drops_one_line_break_after_a_block)
{
    static const rt_template_syntax syntax = {.trim_blocks = true};
    static const struct row rows[] = {
        {"{% a %}\nb", "<b a b> @2 \"b\""},
        {"{% a %}\n\nb", "<b a b> @2 \"\\nb\""},
        {"{% a %} \nb", "<b a b> \" \\nb\""},
        {"{% a %}\r\n\r\nb", "<b a b> @2 \"\\nb\""},
        {"{% a %}\rb", "<b a b> @2 \"b\""},
        {"{% a +%}\nb", "<b a b> \"\\nb\""},
        {"{% a -%}\n\nb", "<b a b> @3 \"b\""},
        {"{{ a }}\nb", "<v a v> \"\\nb\""},
        {"{# a #}\nb", "@2 \"b\""},
        {"{# a +#}\nb", "\"\\nb\""},
        {"{# a -#}\n\nb", "@3 \"b\""},
        {"{% raw %}\na{% endraw %}\nb", "\"\\na\" @3 \"b\""},
        {"{% raw %}a{% endraw +%}\nb", "\"a\" \"\\nb\""},
        {"a\n{% b %}\n{% c %}\n", "\"a\\n\" @2 <b b b> @3 <b c b>"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(lstrip_blocks_drops_white_space_before_a_block)
{
    static const rt_template_syntax syntax = {.lstrip_blocks = true};
    static const struct row rows[] = {
        {"  {% a %}", "<b a b>"},
        {"b  {% a %}", "\"b  \" <b a b>"},
        {"b\n  {% a %}", "\"b\\n\" @2 <b a b>"},
        {"b\n\t \302\240{% a %}", "\"b\\n\" @2 <b a b>"},
        {"b\n  {%+ a %}", "\"b\\n  \" @2 <b a b>"},
        {"b\n  {%- a %}", "\"b\" @2 <b a b>"},
        {"b\n  {{ a }}", "\"b\\n  \" @2 <v a v>"},
        {"b\n  {# a #}", "\"b\\n\""},
        {"b\n  {% raw %} c\n  {% endraw %}", "\"b\\n\" @2 \" c\\n\""},
        {"b\n  {% raw %}  {% endraw %}", "\"b\\n\" @2 \"  \""},
        {"b\n  {%+ raw %}  {%+ endraw %}", "\"b\\n  \" @2 \"  \""},
        {"{% a %}  {% b %}", "<b a b> \"  \" <b b b>"},
        {"{% a -%}\n  {% b %}", "<b a b> @2 <b b b>"},
        {"{{ a }}\n  {% b %}", "<v a v> \"\\n\" @2 <b b b>"},
        {"{{ a -}}\n  {% b %}", "<v a v> @2 <b b b>"},
        {"{# a #}  {% b %}", "\"  \" <b b b>"},
        {"  c {% b %}", "\"  c \" <b b b>"},
        {"b\r  {% a %}", "\"b\\n\" @2 <b a b>"},
        {"b\r\n  {% a %}", "\"b\\n\" @2 <b a b>"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(both_options_remove_the_lines_of_blocks)
{
    static const rt_template_syntax syntax = {.trim_blocks = true,
                                              .lstrip_blocks = true};
    static const struct row rows[] = {
        {"<ul>\n  {% for a in b %}\n  <li>{{ a }}</li>\n  {% endfor %}\n"
         "</ul>\n",
         "\"<ul>\\n\" @2 <b for a in b b> @3 \"  <li>\" <v a v> "
         "\"</li>\\n\" @4 <b endfor b> @5 \"</ul>\""},
        {"  {% a %}\n  {% b %}\n", "<b a b> @2 <b b b>"},
        {"  {% a +%}\n  {% b %}\n", "<b a b> \"\\n\" @2 <b b b>"},
        {"  {# a #}\n  b", "@2 \"  b\""},
        {"  {% raw %}\n  a\n  {% endraw %}\n  b", "\"\\n  a\\n\" @4 \"  b\""},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(raw_blocks_are_data)
{
    static const struct row rows[] = {
        {"{% raw %}{{ a }}{% endraw %}", "\"{{ a }}\""},
        {"a{% raw %}b{% endraw %}c", "\"a\" \"b\" \"c\""},
        {"{% raw %}{% endraw %}", ""},
        {"{%raw%}a{%endraw%}", "\"a\""},
        {"{%- raw -%} a {%- endraw -%} ", "\"a\""},
        {"a {%+ raw %} b {%+ endraw +%} c", "\"a \" \" b \" \" c\""},
        {"{%\nraw\n%}a{% \n endraw\n%}\n{{ b }}",
         "@3 \"a\" @5 \"\\n\" @6 <v b v>"},
        {"{% raw %}{% raw %}{% endraw %}{% b %}", "\"{% raw %}\" <b b b>"},
        {"{% raw %}{% endrawx %}{% endraw x %}{% endraw %}",
         "\"{% endrawx %}{% endraw x %}\""},
        {"{% raw %}{# a {% endraw %}", "\"{# a \""},
        {"{% raw -%}\n\n a{% endraw %}", "@3 \"a\""},
        {"{% rawx %}", "<b rawx b>"},
        {"{% raw x %}", "<b raw x b>"},
        {"{% raw +%}{% endraw %}", "<b raw b> <b endraw b>"},
        {"{{ raw }}", "<v raw v>"},
        {"a{% raw %}", "\"a\""},
        {"a\n{% raw %}b\nc", "2:10 missing end of raw block"},
        {"{% raw %}{% endraw", "1:10 missing end of raw block"},
        {"{% raw -%}\n\nb", "3:1 missing end of raw block"},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(an_end_right_behind_a_comment_is_forgiven)
{
    static const struct row rows[] = {
        {"a{#", "\"a\""},
        {"a\n{# b", "2:3 missing end of comment"},
        {"{# b -#", "1:3 missing end of comment"},
        {"a{#-", "\"a\""},
        {"{#\n", ""},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(one_trailing_line_break_is_dropped)
{
    static const struct row rows[] = {
        {"a\n", "\"a\""},
        {"a\n\n", "\"a\\n\""},
        {"a\r\n", "\"a\""},
        {"a\r", "\"a\""},
        {"a\n\r", "\"a\\n\""},
        {"\n", ""},
        {"\r\n", ""},
        {"a\n ", "\"a\\n \""},
        {"{{ a }}\n", "<v a v>"},
        {"{% raw %}\n{% endraw %}\n", "\"\\n\""},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(a_trailing_line_break_may_be_kept)
{
    static const rt_template_syntax syntax = {.keep_trailing_newline = true};
    static const struct row rows[] = {
        {"a\n", "\"a\\n\""},
        {"\n", "\"\\n\""},
        {"{{ a }}\r\n", "<v a v> \"\\n\""},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(all_line_breaks_become_one_and_count_as_one)
{
    static const struct row rows[] = {
        {"a\nb\r\nc\rd{{ e }}", "\"a\\nb\\nc\\nd\" @4 <v e v>"},
        {"{{ \"a\r\nb\" }}", "<v s\"a\\nb\" @2 v>"},
        {"\r\n\r\n{{ a }}", "\"\\n\\n\" @3 <v a v>"},
        {"\n\r{{ a }}", "\"\\n\\n\" @3 <v a v>"},
        {"\v\f\342\200\250\302\205{{ a }}",
         "\"\\x0b\\x0c\342\200\250\302\205\" <v a v>"},
        {"{{ a\r\n.b\r.c\n.d }}", "<v a @2 . b @3 . c @4 . d v>"},
    };

    check_rows(&defaults, rows, RT_COUNT(rows));
}

RT_TEST(line_breaks_become_what_is_asked_for)
{
    static const rt_template_syntax syntax = {.newline_sequence = "\r\n"};
    static const struct row rows[] = {
        {"a\nb\r\nc\rd{{ e }}", "\"a\\r\\nb\\r\\nc\\r\\nd\" @4 <v e v>"},
        {"{{ \"a\nb\rc\" }}", "<v s\"a\\r\\nb\\r\\nc\" @3 v>"},
        {"{{ \"a\\nb\\\nc\" }}", "<v s\"a\\nb\\\\\\r\\nc\" @2 v>"},
        {"{{ a }}\n{{ b }}", "<v a v> \"\\r\\n\" @2 <v b v>"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(other_delimiters_may_begin_alike)
{
    static const rt_template_syntax syntax = {.block_start = "<%",
                                              .block_end = "%>",
                                              .variable_start = "<%=",
                                              .variable_end = "%>",
                                              .comment_start = "<%#",
                                              .comment_end = "%>"};
    static const struct row rows[] = {
        {"<% a %>b<%= c %>d<%# e %>f", "<b a b> \"b\" <v c v> \"d\" \"f\""},
        {"<%=a%>", "<v a v>"},
        {"<%- a -%>", "<b a b>"},
        {"<%- raw %><%= a %><% endraw %>", "\"<%= a %>\""},
        {"<%#= a %>", ""},
        {"{{ a }}", "\"{{ a }}\""},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(a_tag_ends_where_its_brackets_are_closed)
{
    static const rt_template_syntax syntax = {.variable_start = "${",
                                              .variable_end = "}"};
    static const struct row rows[] = {
        {"${ {\"a\": {1: 2}}.a }b", "<v { s\"a\" : { 1 : 2 } } . a v> \"b\""},
        {"${a[{1: 2}]}}", "<v a [ { 1 : 2 } ] v> \"}\""},
        {"${ \"}\" }", "<v s\"}\" v>"},
        {"${ ( } ) }", "1:6 unexpected '}', expected ')'"},
        {"${ [}", "1:5 unexpected '}', expected ']'"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(the_longer_of_two_delimiters_wins)
{
    static const rt_template_syntax syntax = {.block_start = "{{{",
                                              .block_end = "}}}"};
    static const struct row rows[] = {
        {"{{{ a }}}{{ b }}", "<b a b> <v b v>"},
        {"{{{{ a }}", "1:9 unexpected '}'"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(braces_may_be_all_there_is)
{
    static const rt_template_syntax syntax = {.block_start = "{",
                                              .block_end = "}"};
    static const struct row rows[] = {
        {"{a}{{b}}{#c#}", "<b a b> <v b v>"},
        {"{{ {1: 2} }}", "<v { 1 : 2 } v>"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(lines_may_be_statements)
{
    static const rt_template_syntax syntax = {.line_statement_prefix = "#",
                                              .line_comment_prefix = "##"};
    static const struct row rows[] = {
        {"# a\nb", "<b a b> @2 \"b\""},
        {"  # a\nb", "<b a b> @2 \"b\""},
        {"\t\v# a\nb", "<b a b> @2 \"b\""},
        {"b # a", "\"b # a\""},
        {"b\n# a b\nc", "\"b\\n\" @2 <b a b b> @3 \"c\""},
        {"# a", "<b a b>"},
        {"# a\n\n\n b", "<b a b> @4 \" b\""},
        {"# a  ", "<b a b>"},
        {"#a\n#b", "<b a b> @2 <b b b>"},
        {"# a(\n1,\n2)\nb", "<b a ( @2 1 , @3 2 ) b> @4 \"b\""},
        {"# a [\n", "<b a ["},
        {"# a\n  # b\n", "<b a b> @2 <b b b>"},
        {"x\n#- a\ny", "\"x\" @2 <b a b> @3 \"y\""},
        {"x\n\n#- a\n\ny", "\"x\" @3 <b a b> @5 \"y\""},
        {"#+ a\nb", "<b a b> @2 \"b\""},
        {"a\r\n# b\rc\n", "\"a\\n\" @2 <b b b> @3 \"c\""},
        {"{{ a }}# b", "<v a v> \"# b\""},
        {"{{ a }}\n# b", "<v a v> \"\\n\" @2 <b b b>"},
        {"{% a %}\n# b\nc", "<b a b> \"\\n\" @2 <b b b> @3 \"c\""},
        {"# {{", "<b { {"},
        {"# \"a\nb\"\nc", "<b s\"a\\nb\" @2 b> @3 \"c\""},
        {"#\n", "<b b>"},
        {"# a #", "1:5 unexpected character '#'"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(the_rest_of_a_line_may_be_a_comment)
{
    static const rt_template_syntax syntax = {.line_statement_prefix = "#",
                                              .line_comment_prefix = "##"};
    static const struct row rows[] = {
        {"## a\nb", "\"\\nb\""},
        {"  ## a\nb", "\"\\nb\""},
        {"a ## b\nc", "\"a\" \"\\nc\""},
        {"a##b\nc", "\"a\" \"\\nc\""},
        {"a ## b", "\"a\""},
        {"a\n ## b\nc", "\"a\\n\" @2 \"\\nc\""},
        {"{{ a }} ## b\nc", "<v a v> \"\\nc\""},
        {"{{ a -}} ## b\nc", "<v a v> \"## b\\nc\""},
        {"{% a %}## b", "<b a b>"},
        {"# a ## b\n", "1:5 unexpected character '#'"},
        {"#### a\nb", "\"\\nb\""},
        {"## a {{ b }}\n{{ c }}", "\"\\n\" @2 <v c v>"},
        {"a ##- b\nc", "\"a\" \"\\nc\""},
        {"\342\200\203## a", ""},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(line_prefixes_go_with_options)
{
    static const rt_template_syntax syntax = {.line_statement_prefix = "%",
                                              .line_comment_prefix = "##",
                                              .trim_blocks = true,
                                              .lstrip_blocks = true};
    static const struct row rows[] = {
        {"a\n  % b\n  c ## d\n% e",
         "\"a\\n\" @2 <b b b> @3 \"  c\" \"\\n\" @4 <b e b>"},
        {"  ## a\n  % b\n", "\"\\n\" @2 <b b b>"},
        {"{{ a }}\n%- b -\n", "<v a v> @2 <b b - b>"},
        {"%% a\n%b", "<b % a b> @2 <b b b>"},
    };

    check_rows(&syntax, rows, RT_COUNT(rows));
}

RT_TEST(a_useless_syntax_is_told)
{
    static const struct {
        rt_template_syntax syntax;
        const char *problem;
    } rows[] = {
        {{0}, NULL},
        {{.block_start = "", .newline_sequence = ""}, NULL},
        {{.block_start = "<%", .block_end = "%>"}, NULL},
        {{.newline_sequence = "\r"}, NULL},
        {{.newline_sequence = "\r\n"}, NULL},
        {{.newline_sequence = "\n\n"}, "the newline sequence is no line break"},
        {{.newline_sequence = " "}, "the newline sequence is no line break"},
        {{.block_start = "{{"}, "two start delimiters are the same"},
        {{.comment_start = "{%"}, "two start delimiters are the same"},
        {{.line_statement_prefix = "#", .line_comment_prefix = "#"},
         "two start delimiters are the same"},
        {{.line_statement_prefix = "{#"}, "two start delimiters are the same"},
        {{.block_end = "}}"}, NULL},
        {{.comment_end =
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
              "xxxxxxxxxxx"},
         "a delimiter is too long"},
        {{.comment_start =
              "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
              "xxxxxxxxxxx"},
         "a delimiter is too long"},
    };

    for (size_t i = 0; i < RT_COUNT(rows); i++) {
        rt_test_case("row %zu", i);
        CHECK_EQ(rt_template_syntax_problem(&rows[i].syntax), rows[i].problem);
    }
}
