// How templates are written: delimiters, white space and extensions.
//
// The defaults are Jinja's:
//
//     {{ expression }}   {% statement %}   {# comment #}
//
// Other delimiters are for files in which those mean something already:
//
//     .syntax = {.block_start = "<%", .block_end = "%>",
//                .variable_start = "<%=", .variable_end = "%>",
//                .line_statement_prefix = "#"}
//
// Where two delimiters can begin at the same place, the longer one does.
//
// Follows jinja2.Environment, whose options have the same names.
#pragma once

#include <stdbool.h>

#include <retort/base/attributes.h>
#include <retort/base/str.h>

RT_C_BEGIN

// The syntax of templates. Zero-initialised it is Jinja's default. Texts are
// viewed: they live as long as what uses them.
typedef struct rt_template_syntax {
    // NULL or empty: the default.
    const char *block_start;    // "{%"
    const char *block_end;      // "%}"
    const char *variable_start; // "{{"
    const char *variable_end;   // "}}"
    const char *comment_start;  // "{#"
    const char *comment_end;    // "#}"

    // NULL or empty: there are none. A line that begins with the first one,
    // white space before it aside, is a statement; with the second one the rest
    // of a line is a comment.
    const char *line_statement_prefix;
    const char *line_comment_prefix;

    // What "\n", "\r\n" and "\r" become in text and in string literals: one of
    // these three. NULL or empty: "\n".
    const char *newline_sequence;

    bool trim_blocks;           // drop one line break after a block
    bool lstrip_blocks;         // drop white space from line start to a block
    bool keep_trailing_newline; // keep the one at the end of the template

    // Extensions, by Jinja's names. Their tags are unknown without them.
    bool ext_do;           // do
    bool ext_loopcontrols; // break, continue
    bool ext_i18n;         // trans, pluralize
    bool ext_debug;        // debug
} rt_template_syntax;

// The longest delimiter or prefix, in bytes.
#define RT_TEMPLATE_DELIMITER_MAX 64

// Say what makes a syntax useless, or NULL when nothing does: two start
// delimiters that are equal, one that is too long, an unknown newline_sequence.
const char *rt_template_syntax_problem(const rt_template_syntax *syntax);

RT_C_END
