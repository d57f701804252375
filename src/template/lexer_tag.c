// The lexer inside of tags: names, literals, operators, and where a tag ends.
//
// A tag ends at its end delimiter, unless a bracket is open: so `}` can end
// `${ {'a': 1}.a }`, and a line statement may go on over lines.
#include <string.h>

#include <retort/base/format.h>
#include <retort/base/utf8.h>

#include "template/chars.h"
#include "template/lexer.h"

static const char *digits_end(const char *at, const char *end, int base)
{
    // Digits, with single underscores between them.
    for (;;) {
        const char *digit = at < end && *at == '_' ? at + 1 : at;
        int value = digit < end ? rt_hex_value(*digit) : -1;

        if (value < 0 || value >= base)
            return at;
        at = digit + 1;
    }
}

// ---- numbers ---------------------------------------------------------------

// fraction = "." digits; exponent = "e" [ "+" | "-" ] digits
static const char *fraction_end(const char *at, const char *end)
{
    if (end - at < 2 || *at != '.' || !rt_is_digit(at[1]))
        return at;
    return digits_end(at + 1, end, 10);
}

static const char *exponent_end(const char *at, const char *end)
{
    const char *digits = at + 1;

    if (at == end || (*at != 'e' && *at != 'E'))
        return at;
    if (digits < end && (*digits == '+' || *digits == '-'))
        digits++;
    if (digits == end || !rt_is_digit(*digits))
        return at;
    return digits_end(digits, end, 10);
}

// integer = "0b" digits | "0o" digits | "0x" digits | "0" *( "0" )
//         | a digit from 1 to 9, digits
static const char *integer_end(const char *at, const char *end)
{
    static const struct {
        char letter;
        int base;
    } prefixes[] = {{'b', 2}, {'o', 8}, {'x', 16}};

    if (*at != '0')
        return digits_end(at, end, 10);
    for (size_t i = 0; i < RT_COUNT(prefixes) && end - at > 2; i++) {
        const char *digits = at + 2;
        if (rt_to_lower(at[1]) == prefixes[i].letter &&
            digits_end(digits, end, prefixes[i].base) > digits)
            return digits_end(digits, end, prefixes[i].base);
    }
    return digits_end(at, end, 1);
}

static rt_str without_underscores(rt_arena *arena, rt_str text)
{
    if (rt_str_find_char(text, '_') == RT_STR_NONE)
        return text;

    char *digits = rt_arena_alloc(arena, text.len);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] != '_')
            digits[len++] = text.data[i];
    }
    return rt_str_of(digits, len);
}

// A float has a fraction or an exponent, and no dot before it: `a.0.1` is an
// element of an element.
static void lex_number(rt__lexer *lexer, rt__token *out)
{
    const char *at = lexer->at;
    const char *end = digits_end(at, lexer->end, 10);
    const char *float_end =
        exponent_end(fraction_end(end, lexer->end), lexer->end);

    if (float_end > end && !(at > lexer->begin && at[-1] == '.')) {
        out->kind = RT__TOK_FLOAT;
        end = float_end;
    } else {
        out->kind = RT__TOK_INTEGER;
        end = integer_end(at, lexer->end);
    }
    out->text =
        without_underscores(lexer->arena, rt_str_of(at, (size_t)(end - at)));
    lexer->at = end;
}

// ---- names and strings -----------------------------------------------------

static void lex_name(rt__lexer *lexer, rt__token *out, const char *end,
                     bool ascii)
{
    out->text = rt_str_of(lexer->at, (size_t)(end - lexer->at));
    if (!ascii && !rt__is_identifier(out->text)) {
        out->kind =
            rt__lexer_fail(lexer, lexer->at,
                           rt_format(lexer->arena,
                                     "invalid character in identifier '{}'",
                                     out->text));
        return;
    }
    out->kind = RT__TOK_NAME;
    out->word = rt__word_find(out->text);
    lexer->at = end;
}

// Where the string at `at` ends: at its closing quote, or NULL. `*plain` is
// cleared when it has to be decoded.
static const char *string_end(const char *at, const char *end, bool *plain)
{
    char quote = *at++;

    for (; at < end && *at != quote; at++) {
        if (*at == '\\') {
            *plain = false;
            if (++at == end)
                return NULL;
        }
    }
    return at < end ? at : NULL;
}

static void lex_string(rt__lexer *lexer, rt__token *out)
{
    const char *from = lexer->at + 1;
    const char *message = NULL;
    bool plain = true;
    const char *end = string_end(lexer->at, lexer->end, &plain);

    if (!end) {
        out->kind =
            rt__lexer_fail(lexer, lexer->at, RT_STR("unterminated string"));
        return;
    }
    rt_str text =
        rt__lexer_newlines(lexer, rt_str_of(from, (size_t)(end - from)));
    if (plain) {
        out->text = text;
    } else if (rt__decode_string(lexer, text, &out->text, &message)) {
        out->kind = rt__lexer_fail(lexer, lexer->at, rt_str_from(message));
        return;
    }
    out->kind = RT__TOK_STRING;
    rt__lexer_step(lexer, end + 1);
}

// ---- operators and brackets ------------------------------------------------

static rt__token_kind pair_kind(char first, char second)
{
    switch (first) {
    case '/': return second == '/' ? RT__TOK_FLOORDIV : RT__TOK_END;
    case '*': return second == '*' ? RT__TOK_POW : RT__TOK_END;
    case '=': return second == '=' ? RT__TOK_EQ : RT__TOK_END;
    case '!': return second == '=' ? RT__TOK_NE : RT__TOK_END;
    case '<': return second == '=' ? RT__TOK_LE : RT__TOK_END;
    case '>': return second == '=' ? RT__TOK_GE : RT__TOK_END;
    default: return RT__TOK_END;
    }
}

static rt__token_kind single_kind(char c)
{
    switch (c) {
    case '+': return RT__TOK_ADD;
    case '-': return RT__TOK_SUB;
    case '*': return RT__TOK_MUL;
    case '/': return RT__TOK_DIV;
    case '%': return RT__TOK_MOD;
    case '~': return RT__TOK_TILDE;
    case '<': return RT__TOK_LT;
    case '>': return RT__TOK_GT;
    case '=': return RT__TOK_ASSIGN;
    case '.': return RT__TOK_DOT;
    case ',': return RT__TOK_COMMA;
    case ':': return RT__TOK_COLON;
    case ';': return RT__TOK_SEMICOLON;
    case '|': return RT__TOK_PIPE;
    case '(': return RT__TOK_LPAREN;
    case ')': return RT__TOK_RPAREN;
    case '[': return RT__TOK_LBRACKET;
    case ']': return RT__TOK_RBRACKET;
    case '{': return RT__TOK_LBRACE;
    case '}': return RT__TOK_RBRACE;
    default: return RT__TOK_END;
    }
}

static rt__token_kind open_bracket(rt__lexer *lexer, rt__token_kind kind,
                                   char closing)
{
    if (lexer->brackets_len == RT__BRACKETS_MAX) {
        rt__lexer_fail(lexer, lexer->at,
                       rt_format(lexer->arena, "more than {} open brackets",
                                 RT__BRACKETS_MAX));
        lexer->error->kind = RT_TEMPLATE_LIMIT_ERROR;
        return RT__TOK_ERROR;
    }
    lexer->brackets[lexer->brackets_len++] = closing;
    return kind;
}

static rt__token_kind close_bracket(rt__lexer *lexer, rt__token_kind kind,
                                    rt_str bracket)
{
    if (!lexer->brackets_len) {
        return rt__lexer_fail(lexer, lexer->at,
                              rt_format(lexer->arena, "unexpected '{}'",
                                        bracket));
    }

    char awaited = lexer->brackets[--lexer->brackets_len];
    if (awaited == *bracket.data)
        return kind;
    return rt__lexer_fail(lexer, lexer->at,
                          rt_format(lexer->arena,
                                    "unexpected '{}', expected '{}'", bracket,
                                    rt_str_of(&awaited, 1)));
}

static rt__token_kind unexpected_char(rt__lexer *lexer)
{
    rt_str rest = rt__lexer_rest(lexer, lexer->at);
    uint32_t rune;
    rt_buf message;

    rt_buf_init(&message, lexer->arena);
    if (rt_utf8_next(&rest, &rune) == RT_OK && rt_utf8_is_printable(rune)) {
        rt_buf_put_cstr(&message, "unexpected character '");
        rt_buf_put_rune(&message, rune);
        rt_buf_put_char(&message, '\'');
    } else {
        rt_buf_put_cstr(&message, "unexpected character U+");
        rt_buf_put_hex(&message, rune, 4);
    }
    return rt__lexer_fail(lexer, lexer->at, rt_buf_str(&message));
}

static void lex_operator(rt__lexer *lexer, rt__token *out)
{
    rt_str rest = rt__lexer_rest(lexer, lexer->at);
    size_t len = 2;
    rt__token_kind kind =
        rest.len > 1 ? pair_kind(rest.data[0], rest.data[1]) : RT__TOK_END;

    if (kind == RT__TOK_END) {
        len = 1;
        kind = single_kind(*rest.data);
    }
    switch (kind) {
    case RT__TOK_END: kind = unexpected_char(lexer); break;
    case RT__TOK_LPAREN: kind = open_bracket(lexer, kind, ')'); break;
    case RT__TOK_LBRACKET: kind = open_bracket(lexer, kind, ']'); break;
    case RT__TOK_LBRACE: kind = open_bracket(lexer, kind, '}'); break;
    case RT__TOK_RPAREN:
    case RT__TOK_RBRACKET:
    case RT__TOK_RBRACE:
        kind = close_bracket(lexer, kind, rt_str_of(lexer->at, 1));
        break;
    default: break;
    }
    out->kind = kind;
    if (kind != RT__TOK_ERROR)
        lexer->at += len;
}

// ---- where tags end --------------------------------------------------------

// A block ends with "+%}", "-%}" and the white space behind it, or "%}" and the
// line break that trim_blocks drops; a variable with "-}}" or "}}" ("+}}" is a
// plus). NULL when it does not end here.
static const char *delimited_end(const rt__lexer *lexer, bool block)
{
    rt_str end = block ? lexer->block_end : lexer->variable_end;
    rt_str rest = rt__lexer_rest(lexer, lexer->at);
    rt_str behind = rest;

    if (rt_str_skip(&behind, RT_STR("-")) && rt_str_skip(&behind, end))
        return rt__skip_space(behind.data, lexer->end);
    behind = rest;
    if (block && rt_str_skip(&behind, RT_STR("+")) && rt_str_skip(&behind, end))
        return behind.data;
    if (!rt_str_skip(&rest, end))
        return NULL;
    if (block && lexer->trim_blocks)
        return rest.data + rt__break_len(rest.data, lexer->end);
    return rest.data;
}

// A line statement ends with its line; empty lines that follow belong to it.
static const char *line_end(const rt__lexer *lexer)
{
    const char *at = lexer->at;
    const char *last = NULL;

    for (size_t len; (len = rt__space_len(at, lexer->end)) != 0; at += len) {
        if (rt__is_break(*at))
            last = at + 1;
    }
    return at == lexer->end ? at : last;
}

static const char *tag_end(const rt__lexer *lexer)
{
    if (lexer->brackets_len)
        return NULL;
    switch (lexer->state) {
    case RT__LEX_LINE_STATEMENT: return line_end(lexer);
    case RT__LEX_BLOCK: return delimited_end(lexer, true);
    default: return delimited_end(lexer, false);
    }
}

static void leave(rt__lexer *lexer, rt__token *out, const char *end)
{
    out->kind = lexer->state == RT__LEX_VARIABLE ? RT__TOK_VARIABLE_END
                                                 : RT__TOK_BLOCK_END;
    rt__lexer_step(lexer, end);
    lexer->state = RT__LEX_ROOT;
}

void rt__lex_tag(rt__lexer *lexer, rt__token *out)
{
    const char *end = tag_end(lexer);
    bool ascii = true;

    if (!end) {
        const char *next = rt__skip_space(lexer->at, lexer->end);
        if (next > lexer->at) {
            rt__lexer_step(lexer, next);
            end = tag_end(lexer);
        }
    }
    rt__token_begin(lexer, out);
    if (end) {
        leave(lexer, out, end);
    } else if (lexer->at == lexer->end) {
        out->kind = RT__TOK_END;
    } else if (rt_is_digit(*lexer->at)) {
        lex_number(lexer, out);
    } else if ((end = rt__word_end(lexer->at, lexer->end, &ascii)) >
               lexer->at) {
        lex_name(lexer, out, end, ascii);
    } else if (*lexer->at == '"' || *lexer->at == '\'') {
        lex_string(lexer, out);
    } else {
        lex_operator(lexer, out);
    }
}
