// The grammar of a converter's arguments:
//
//     arguments = [ argument *( "," argument ) [ "," ] ] ")"
//     argument  = [ name "=" ] ( quoted | word )
//     quoted    = '"' *( any but '"' ) '"'  |  "'" *( any but "'" ) "'"
//     word      = 1*( letter | digit | "_" | "." | "-" | non-ASCII )
//
// Spaces may stand around each of them.
#include "routing/rule_text.h"

#include <stdarg.h>
#include <stdio.h>

#include <retort/base/number.h>
#include <retort/base/utf8.h>

// A message longer than this is cut.
#define MESSAGE_MAX 256

rt_status rt__rule_fail(const rt__rule_text *t, size_t at, rt_status status,
                        const char *format, ...)
{
    if (!t->err)
        return status;

    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);

    rt_str before = rt_str_slice(t->text, 0, at);
    *t->err = (rt_error){
        .status = status,
        .message = rt_str_copy(t->arena, rt_str_from(message)),
        .column = rt_utf8_len(before) + 1,
        .excerpt = rt_str_copy(t->arena, t->text),
    };
    return status;
}

static bool is_name_start(char c)
{
    return rt_is_alpha(c) || c == '_';
}

static bool is_word(char c)
{
    return is_name_start(c) || rt_is_digit(c) || c == '.' || c == '-' ||
           (unsigned char)c >= 0x80;
}

rt_str rt__rule_name(rt__rule_text *t)
{
    size_t start = t->at;
    if (is_name_start(rt__rule_peek(t))) {
        while (is_name_start(rt__rule_peek(t)) || rt_is_digit(rt__rule_peek(t)))
            t->at++;
    }
    return rt_str_slice(t->text, start, t->at - start);
}

static void skip_spaces(rt__rule_text *t)
{
    while (rt_is_space(rt__rule_peek(t)))
        t->at++;
}

// Both spellings of the constants, Python's and C's.
static rt_value value_of_word(rt_str word)
{
    int64_t integer;
    double number;
    if (rt_str_parse_int(word, &integer))
        return rt_value_int(integer);
    if (rt_str_parse_double(word, &number))
        return rt_value_float(number);
    if (rt_str_eq(word, RT_STR("True")) || rt_str_eq(word, RT_STR("true")))
        return rt_value_bool(true);
    if (rt_str_eq(word, RT_STR("False")) || rt_str_eq(word, RT_STR("false")))
        return rt_value_bool(false);
    if (rt_str_eq(word, RT_STR("None")) || rt_str_eq(word, RT_STR("none")))
        return rt_value_none();
    return rt_value_str(word);
}

static rt_status read_quoted(rt__rule_text *t, char quote, rt__argument *out)
{
    size_t start = t->at;
    while (t->at < t->text.len && t->text.data[t->at] != quote)
        t->at++;
    out->word = rt_str_slice(t->text, start, t->at - start);
    out->value = rt_value_str(out->word);
    if (!rt__rule_skip(t, quote)) {
        return rt__rule_fail(t, start - 1, RT_E_SYNTAX,
                             "the quote is never closed");
    }
    return RT_OK;
}

static rt_status read_value(rt__rule_text *t, rt__argument *out)
{
    char c = rt__rule_peek(t);
    if (c == '"' || c == '\'') {
        t->at++;
        return read_quoted(t, c, out);
    }

    size_t start = t->at;
    while (is_word(rt__rule_peek(t)))
        t->at++;
    if (t->at == start) {
        return rt__rule_fail(t, start, RT_E_SYNTAX,
                             start == t->text.len
                                 ? "the parenthesis is never closed"
                                 : "an argument is expected here");
    }
    out->word = rt_str_slice(t->text, start, t->at - start);
    out->value = value_of_word(out->word);
    return RT_OK;
}

static rt_status read_argument(rt__rule_text *t, rt__argument *out)
{
    out->at = t->at;
    rt_str name = rt__rule_name(t);
    skip_spaces(t);
    if (name.len && rt__rule_skip(t, '=')) {
        out->name = name;
        skip_spaces(t);
    } else {
        t->at = out->at; // a word may start like a name
    }
    return read_value(t, out);
}

rt_status rt__rule_arguments(rt__rule_text *t, rt__arguments *out)
{
    for (;;) {
        skip_spaces(t);
        if (rt__rule_skip(t, ')'))
            return RT_OK;

        rt_status status = read_argument(t, rt_vec_push(t->scratch, out));
        if (status)
            return status;

        skip_spaces(t);
        if (!rt__rule_skip(t, ',') && rt__rule_peek(t) != ')') {
            return rt__rule_fail(t, t->at, RT_E_SYNTAX,
                                 "a comma or a closing parenthesis is "
                                 "expected here");
        }
    }
}
