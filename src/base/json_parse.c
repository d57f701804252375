// Reading JSON: recursive descent over text that is known to be UTF-8.
//
// The elements of an open array or object wait on a stack of values; when the
// bracket closes they are copied into a list or dict of exactly their number.
// So nothing grows in the caller's arena, and a hostile text cannot make it
// keep arrays that were outgrown.
//
//     [1, {"a": 2, "b"       stack:  1 | "a" 2 "b"
//                                    ^base of [  ^base of {
//
// The first error is kept and everything returns at once.
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/base/number.h>
#include <retort/base/utf8.h>

#include "base/container.h"
#include "base/json_scan.h"
// Values the stack holds before it takes memory.
#define FIRST_VALUES 32

// Code points of a long line that an error report shows.
#define EXCERPT_RUNES 60

typedef struct parser {
    const char *begin;
    const char *at;
    const char *end;
    rt_arena *arena;
    rt_json_limits limits; // no field is zero
    size_t depth;
    size_t count; // of values and keys so far

    rt_value *stack;
    size_t stack_len;
    size_t stack_cap;
    rt_arena scratch; // the stack, when it has outgrown `first`
    rt_value first[FIRST_VALUES];

    rt_status status;
    const char *error_at;
    const char *message; // may hold one {}, for `detail`
    rt_value detail;
    bool found; // the message goes on with what is at error_at
} parser;

static bool parse_value(parser *p, rt_value *out);

static bool fail(parser *p, rt_status status, const char *at,
                 const char *message)
{
    p->status = status;
    p->error_at = at;
    p->message = message;
    return false;
}

static bool fail_limit(parser *p, const char *message, size_t limit)
{
    p->detail = rt_value_int((int64_t)limit);
    return fail(p, RT_E_LIMIT, p->at, message);
}

// "expected ..., found ..."
static bool fail_expected(parser *p, const char *message)
{
    p->found = true;
    return fail(p, RT_E_SYNTAX, p->at, message);
}

static bool push(parser *p, rt_value v)
{
    if (p->count == p->limits.values)
        return fail_limit(p, "more than {} values", p->limits.values);
    p->count++;
    if (p->stack_len == p->stack_cap) {
        size_t bytes = p->stack_cap * sizeof(rt_value);
        if (p->stack == p->first) {
            p->stack = rt_arena_alloc(&p->scratch, 4 * bytes);
            memcpy(p->stack, p->first, bytes);
            p->stack_cap *= 4;
        } else {
            p->stack = rt_arena_grow(&p->scratch, p->stack, bytes, 2 * bytes);
            p->stack_cap *= 2;
        }
    }
    p->stack[p->stack_len++] = v;
    return true;
}

static void skip_space(parser *p)
{
    while (p->at < p->end && (*p->at == ' ' || *p->at == '\n' ||
                              *p->at == '\r' || *p->at == '\t'))
        p->at++;
}

// Step over `c` and the white space around it.
static bool accept(parser *p, char c)
{
    skip_space(p);
    if (p->at == p->end || *p->at != c)
        return false;
    p->at++;
    skip_space(p);
    return true;
}

// ---- strings ------------------------------------------------------------

// Four hexadecimal digits behind "\u"; `p->at` is at the first of them.
static bool parse_hex4(parser *p, uint32_t *out)
{
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++, p->at++) {
        int digit = p->at < p->end ? rt_hex_value(*p->at) : -1;
        if (digit < 0)
            return fail_expected(p, "expected a hexadecimal digit");
        unit = unit << 4 | (uint32_t)digit;
    }
    *out = unit;
    return true;
}

// A code point of one escape or, beyond U+FFFF, of two that are a surrogate
// pair. `p->at` is behind the first "\u".
static bool parse_unicode_escape(parser *p, uint32_t *out)
{
    const char *start = p->at - 2;
    uint32_t low;

    if (!parse_hex4(p, out))
        return false;
    if (*out < 0xd800 || *out > 0xdfff)
        return true;
    if (*out <= 0xdbff && p->end - p->at >= 2 && memcmp(p->at, "\\u", 2) == 0) {
        p->at += 2;
        if (!parse_hex4(p, &low))
            return false;
        if (low >= 0xdc00 && low <= 0xdfff) {
            *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
            return true;
        }
    }
    return fail(p, RT_E_SYNTAX, start, "half a surrogate pair");
}

static char escaped_char(char c)
{
    switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '/': return '/';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
    }
}

// Decode the escape at `p->at` to `*to`, which steps on. No escape is shorter
// than what it stands for.
static bool parse_escape(parser *p, char **to)
{
    char c = p->end - p->at >= 2 ? p->at[1] : '\0';
    char plain = escaped_char(c);
    uint32_t rune;

    if (plain) {
        *(*to)++ = plain;
        p->at += 2;
        return true;
    }
    if (c != 'u')
        return fail(p, RT_E_SYNTAX, p->at, "unknown escape in a string");
    p->at += 2;
    if (!parse_unicode_escape(p, &rune))
        return false;
    *to += rt_utf8_encode(rune, *to);
    return true;
}

// Where the string that begins at `from` ends: at its closing quote, or where
// it cannot go on.
static const char *string_end(const char *from, const char *end)
{
    for (;;) {
        from += rt__json_plain_run(from, (size_t)(end - from), false);
        if (end - from < 2 || *from != '\\')
            return from;
        from += 2;
    }
}

// The rest of a string with escapes, whose first `plain` bytes have none.
static bool parse_escaped_string(parser *p, const char *start, size_t plain,
                                 rt_value *out)
{
    const char *last = string_end(start + plain, p->end);
    char *text = rt_arena_alloc(p->arena, (size_t)(last - start) + 1);
    char *to = text + plain;

    memcpy(text, start, plain);
    p->at = start + plain;
    while (p->at < p->end && *p->at == '\\') {
        if (!parse_escape(p, &to))
            return false;
        size_t run = rt__json_plain_run(p->at, (size_t)(p->end - p->at), false);
        memcpy(to, p->at, run);
        to += run;
        p->at += run;
    }
    *to = '\0';
    *out = (rt_value){.kind = RT_STRING,
                      .flags = RT__VALUE_CSTR,
                      .len = (uint32_t)(to - text),
                      .as.text = text};
    return true;
}

// string = '"' ( plain | escape )* '"'
static bool parse_string(parser *p, rt_value *out)
{
    const char *start = ++p->at;
    size_t run = rt__json_plain_run(start, (size_t)(p->end - start), false);

    p->at = start + run;
    if (p->at < p->end && *p->at == '\\') {
        if (!parse_escaped_string(p, start, run, out))
            return false;
    } else {
        char *text = rt_arena_alloc(p->arena, run + 1);
        memcpy(text, start, run);
        text[run] = '\0';
        *out = (rt_value){.kind = RT_STRING,
                          .flags = RT__VALUE_CSTR,
                          .len = (uint32_t)run,
                          .as.text = text};
    }
    if (p->at == p->end)
        return fail(p, RT_E_SYNTAX, start - 1, "string without closing quote");
    if (*p->at != '"')
        return fail(p, RT_E_SYNTAX, p->at, "control character in a string");
    p->at++;
    return true;
}

// ---- numbers ------------------------------------------------------------

static bool at_digit(const parser *p)
{
    return p->at < p->end && rt_is_digit(*p->at);
}

static bool skip_digits(parser *p)
{
    if (!at_digit(p))
        return fail_expected(p, "expected a digit");
    while (at_digit(p))
        p->at++;
    return true;
}

// The digits from `first` to `p->at` as an int.
static bool convert_int(parser *p, const char *start, const char *first,
                        rt_value *out)
{
    bool negative = first != start;
    uint64_t limit = (uint64_t)INT64_MAX + negative;
    uint64_t n = 0;

    // Nineteen digits cannot overflow 64 bits without sign.
    for (const char *c = first; c < p->at && c - first < 19; c++)
        n = n * 10 + (uint64_t)(*c - '0');
    if (p->at - first > 19 || n > limit)
        return fail(p, RT_E_RANGE, start, "integer beyond 64 bits");
    *out = rt_value_int(negative ? (int64_t)(0 - n) : (int64_t)n);
    return true;
}

// number = [ "-" ] ( "0" | digit1-9 digit* ) [ "." digit+ ]
//          [ ( "e" | "E" ) [ "+" | "-" ] digit+ ]
static bool parse_number(parser *p, rt_value *out)
{
    const char *start = p->at;
    double x = 0;

    if (*p->at == '-')
        p->at++;
    const char *first = p->at;
    if (!skip_digits(p))
        return false;
    if (*first == '0' && p->at - first > 1)
        return fail(p, RT_E_SYNTAX, first, "number with a leading zero");
    if (p->at == p->end || (*p->at != '.' && (*p->at | 0x20) != 'e'))
        return convert_int(p, start, first, out);

    if (*p->at == '.') {
        p->at++;
        if (!skip_digits(p))
            return false;
    }
    if (p->at < p->end && (*p->at | 0x20) == 'e') {
        p->at++;
        if (p->at < p->end && (*p->at == '+' || *p->at == '-'))
            p->at++;
        if (!skip_digits(p))
            return false;
    }
    bool valid =
        rt_str_parse_double(rt_str_of(start, (size_t)(p->at - start)), &x);
    assert(valid); // JSON's grammar is the narrower one
    if (isinf(x))
        return fail(p, RT_E_RANGE, start, "number beyond 1.8e308");
    *out = rt_value_float(x);
    return true;
}

// ---- arrays, objects, the rest --------------------------------------------

static bool enter(parser *p)
{
    if (p->depth == p->limits.depth)
        return fail_limit(p, "nested deeper than {} levels", p->limits.depth);
    p->depth++;
    p->at++;
    skip_space(p);
    return true;
}

// array = "[" [ value ( "," value )* ] "]"
static bool parse_array(parser *p, rt_value *out)
{
    size_t base = p->stack_len;
    rt_value item;

    if (!enter(p))
        return false;
    if (!accept(p, ']')) {
        do {
            if (!parse_value(p, &item) || !push(p, item))
                return false;
        } while (accept(p, ','));
        if (!accept(p, ']'))
            return fail_expected(p, "expected \",\" or \"]\"");
    }
    *out = rt_list_of(p->arena, p->stack + base, p->stack_len - base);
    p->stack_len = base;
    p->depth--;
    return true;
}

// member = string ":" value
static bool parse_member(parser *p)
{
    rt_value v;

    if (p->at == p->end || *p->at != '"')
        return fail_expected(p, "expected a key in double quotes");
    if (!parse_string(p, &v) || !push(p, v))
        return false;
    if (!accept(p, ':'))
        return fail_expected(p, "expected \":\"");
    return parse_value(p, &v) && push(p, v);
}

// object = "{" [ member ( "," member )* ] "}"
static bool parse_object(parser *p, rt_value *out)
{
    size_t base = p->stack_len;

    if (!enter(p))
        return false;
    if (!accept(p, '}')) {
        do {
            if (!parse_member(p))
                return false;
        } while (accept(p, ','));
        if (!accept(p, '}'))
            return fail_expected(p, "expected \",\" or \"}\"");
    }
    *out = rt__dict_sized(p->arena, (p->stack_len - base) / 2);
    for (size_t i = base; i < p->stack_len; i += 2) {
        rt_status st = rt_dict_set(*out, p->stack[i], p->stack[i + 1]);
        assert(st == RT_OK); // a new dict, and strings can be hashed
    }
    p->stack_len = base;
    p->depth--;
    return true;
}

static bool parse_word(parser *p, rt_str word, rt_value v, rt_value *out)
{
    if ((size_t)(p->end - p->at) < word.len ||
        memcmp(p->at, word.data, word.len) != 0)
        return fail_expected(p, "expected a value");
    p->at += word.len;
    *out = v;
    return true;
}

// value = object | array | string | number | "true" | "false" | "null"
static bool parse_value(parser *p, rt_value *out)
{
    switch (p->at < p->end ? *p->at : '\0') {
    case '{': return parse_object(p, out);
    case '[': return parse_array(p, out);
    case '"': return parse_string(p, out);
    case 't': return parse_word(p, RT_STR("true"), rt_value_bool(true), out);
    case 'f': return parse_word(p, RT_STR("false"), rt_value_bool(false), out);
    case 'n': return parse_word(p, RT_STR("null"), rt_value_none(), out);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return parse_number(p, out);
    default: return fail_expected(p, "expected a value");
    }
}

// ---- errors -------------------------------------------------------------

// Line and column of a place; a byte that is not UTF-8 counts as one column.
static void locate(const parser *p, rt_error *err, const char **line)
{
    const char *start = p->begin;

    err->line = 1;
    for (const char *c = p->begin; c < p->error_at; c++) {
        if (*c == '\n') {
            err->line++;
            start = c + 1;
        }
    }
    *line = start;
    err->column =
        rt_utf8_len(rt_str_of(start, (size_t)(p->error_at - start))) + 1;
}

// The line with control characters replaced. A long one is shown up to the
// error only, so that the caret comes to stand behind it.
static rt_str excerpt(const parser *p, const char *line, size_t column)
{
    const char *end = p->error_at;
    rt_buf buf;

    rt_buf_init(&buf, p->arena);
    if (column > EXCERPT_RUNES) {
        size_t runes = 0;
        const char *c = p->error_at;
        while (c > line && runes < EXCERPT_RUNES)
            runes += (*--c & 0xc0) != 0x80;
        line = c;
        rt_buf_put(&buf, RT_STR("..."));
    } else {
        while (end < p->end && *end != '\n' &&
               end - p->error_at < EXCERPT_RUNES)
            end++;
    }
    for (rt_str rest = rt_str_of(line, (size_t)(end - line)); rest.len;) {
        uint32_t rune;
        if (rt_utf8_next(&rest, &rune) != RT_OK ||
            (rune != '\t' && !rt_utf8_is_printable(rune)))
            rune = RT_UTF8_REPLACEMENT;
        rt_buf_put_rune(&buf, rune);
    }
    return rt_buf_str(&buf);
}

// The letters and digits at the front, not more than a message wants to show.
static size_t word_length(rt_str s)
{
    size_t len = 0;

    while (len < s.len && len < 20 &&
           (rt_is_alpha(s.data[len]) || rt_is_digit(s.data[len])))
        len++;
    return len;
}

static void put_found(const parser *p, rt_buf *buf)
{
    rt_str rest = rt_str_of(p->error_at, (size_t)(p->end - p->error_at));
    uint32_t rune;

    if (rest.len == 0) {
        rt_buf_put(buf, RT_STR(", found the end"));
        return;
    }
    size_t word = word_length(rest);
    if (word > 0) {
        rt_buf_put(buf, RT_STR(", found \""));
        rt_buf_put_bytes(buf, rest.data, word);
        rt_buf_put_char(buf, '"');
        return;
    }
    rt_status st = rt_utf8_next(&rest, &rune);
    assert(st == RT_OK); // checked before all else
    if (rune == '"') {
        rt_buf_put(buf, RT_STR(", found a quote"));
    } else if (rt_utf8_is_printable(rune)) {
        rt_buf_put(buf, RT_STR(", found \""));
        rt_buf_put_rune(buf, rune);
        rt_buf_put_char(buf, '"');
    } else {
        rt_buf_put(buf, RT_STR(", found U+"));
        rt_buf_put_hex(buf, rune, 4);
    }
}

static void report(const parser *p, rt_error *err)
{
    const char *line;
    rt_buf buf;

    *err = (rt_error){.status = p->status};
    rt_buf_init(&buf, p->arena);
    rt_buf_format_values(&buf, p->message, &p->detail, 1);
    if (p->found)
        put_found(p, &buf);
    err->message = rt_buf_str(&buf);
    locate(p, err, &line);
    err->excerpt = excerpt(p, line, err->column);
}

// ---- the whole text -------------------------------------------------------

// text = space value space
static bool parse_text(parser *p, rt_value *out)
{
    rt_str text = rt_str_of(p->begin, (size_t)(p->end - p->begin));

    if (text.len > p->limits.bytes)
        return fail_limit(p, "more than {} bytes", p->limits.bytes);
    size_t valid = rt_utf8_valid_prefix(text);
    if (valid < text.len)
        return fail(p, RT_E_UTF8, p->begin + valid, "invalid UTF-8");
    if (rt_str_starts_with(text, RT_STR("\xef\xbb\xbf")))
        return fail(p, RT_E_SYNTAX, p->begin, "byte order mark");
    skip_space(p);
    if (!parse_value(p, out))
        return false;
    skip_space(p);
    if (p->at < p->end)
        return fail_expected(p, "expected the end");
    return true;
}

static size_t limit_or(size_t limit, size_t otherwise, size_t most)
{
    if (limit == 0)
        limit = otherwise;
    return limit < most ? limit : most;
}

rt_status rt_json_parse(rt_arena *arena, rt_str text,
                        const rt_json_limits *limits, rt_value *out,
                        rt_error *err)
{
    rt_json_limits given = limits ? *limits : (rt_json_limits){0};
    rt_arena_mark mark = rt_arena_save(arena);
    rt_value v;
    parser p;

    // NULL would make every comparison of pointers below undefined.
    p.begin = p.at = text.data ? text.data : "";
    p.end = p.begin + text.len;
    p.arena = arena;
    p.limits.bytes = limit_or(given.bytes, RT_JSON_BYTES, RT_VALUE_TEXT_MAX);
    p.limits.depth =
        limit_or(given.depth, RT_VALUE_DEPTH_MAX, RT_VALUE_DEPTH_MAX);
    p.limits.values = limit_or(given.values, RT_JSON_VALUES, UINT32_MAX / 4);
    p.depth = p.count = p.stack_len = 0;
    p.stack = p.first;
    p.stack_cap = FIRST_VALUES;
    rt_arena_init(&p.scratch, 0);
    p.status = RT_OK;
    p.detail = rt_value_undefined();
    p.found = false;

    if (parse_text(&p, &v)) {
        *out = v;
    } else {
        rt_arena_rewind(arena, mark);
        if (err)
            report(&p, err);
    }
    rt_arena_deinit(&p.scratch);
    return p.status;
}
