// Escapes in string literals.
//
// They are those of Python's unicode-escape codec, which sees ASCII only: other
// characters are escapes to it, and come out as themselves. A backslash before
// one therefore escapes the backslash of that escape, so that "\é" is `\xe9`.
//
// Python's text may hold surrogates. Ours may not: two that are a pair are the
// character they stand for, and half a pair is an error.
#include <retort/base/utf8.h>

#include "template/lexer.h"

typedef struct decoder {
    const char *at;
    const char *end;
    rt_buf out;
    const char *message; // NULL as long as all is well
} decoder;

static char plain_escape(char c)
{
    switch (c) {
    case '\\': return '\\';
    case '\'': return '\'';
    case '"': return '"';
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return '\0';
    }
}

// Up to three octal digits.
static void decode_octal(decoder *d)
{
    uint32_t rune = 0;

    for (int i = 0; i < 3 && d->at < d->end && *d->at >= '0' && *d->at <= '7';
         i++)
        rune = rune * 8 + (uint32_t)(*d->at++ - '0');
    rt_buf_put_rune(&d->out, rune);
}

// Exactly `digits` hexadecimal digits.
static bool read_hex(decoder *d, int digits, uint32_t *out)
{
    uint32_t rune = 0;

    for (int i = 0; i < digits; i++, d->at++) {
        int digit = d->at < d->end ? rt_hex_value(*d->at) : -1;
        if (digit < 0)
            return false;
        rune = rune << 4 | (uint32_t)digit;
    }
    *out = rune;
    return true;
}

// The second half of a pair, as another escape.
static bool read_low_surrogate(decoder *d, uint32_t *out)
{
    if (d->end - d->at < 2 || d->at[0] != '\\' ||
        (d->at[1] != 'u' && d->at[1] != 'U'))
        return false;
    d->at += 2;
    return read_hex(d, d->at[-1] == 'u' ? 4 : 8, out) && *out >= 0xdc00 &&
           *out <= 0xdfff;
}

static void decode_hex(decoder *d, int digits, const char *truncated)
{
    uint32_t rune;
    uint32_t low;

    if (!read_hex(d, digits, &rune)) {
        d->message = truncated;
        return;
    }
    if (rune >= 0xd800 && rune <= 0xdfff) {
        if (rune > 0xdbff || !read_low_surrogate(d, &low)) {
            d->message = "half a surrogate pair in a string";
            return;
        }
        rune = 0x10000 + ((rune - 0xd800) << 10) + (low - 0xdc00);
    }
    if (rune > RT_UTF8_MAX) {
        d->message = "illegal Unicode character in a string";
        return;
    }
    rt_buf_put_rune(&d->out, rune);
}

// The escape of a character that is not ASCII, its backslash being spent.
static void decode_wide(decoder *d)
{
    rt_str rest = rt_str_of(d->at, (size_t)(d->end - d->at));
    uint32_t rune;

    if (rt_utf8_next(&rest, &rune) != RT_OK)
        rune = RT_UTF8_REPLACEMENT;
    d->at = rest.data;
    rt_buf_put_char(&d->out, '\\');
    if (rune < 0x100) {
        rt_buf_put_char(&d->out, 'x');
        rt_buf_put_hex(&d->out, rune, 2);
    } else if (rune < 0x10000) {
        rt_buf_put_char(&d->out, 'u');
        rt_buf_put_hex(&d->out, rune, 4);
    } else {
        rt_buf_put_char(&d->out, 'U');
        rt_buf_put_hex(&d->out, rune, 8);
    }
}

// `d->at` is behind a backslash, and something follows.
static void decode_escape(decoder *d)
{
    char c = *d->at;
    char plain = plain_escape(c);

    if (plain) {
        d->at++;
        rt_buf_put_char(&d->out, plain);
    } else if (c == '\n') {
        d->at++; // the line goes on
    } else if (c >= '0' && c <= '7') {
        decode_octal(d);
    } else if (c == 'x') {
        d->at++;
        decode_hex(d, 2, "truncated \\xXX escape");
    } else if (c == 'u') {
        d->at++;
        decode_hex(d, 4, "truncated \\uXXXX escape");
    } else if (c == 'U') {
        d->at++;
        decode_hex(d, 8, "truncated \\UXXXXXXXX escape");
    } else if (c == 'N') {
        d->message = "characters by name (\\N{...}) are not supported";
    } else if ((unsigned char)c >= 0x80) {
        decode_wide(d);
    } else {
        rt_buf_put_char(&d->out, '\\');
    }
}

rt_status rt__decode_string(rt__lexer *lexer, rt_str text, rt_str *out,
                            const char **message)
{
    decoder d = {.at = text.data, .end = text.data + text.len};

    rt_buf_init(&d.out, lexer->arena);
    while (d.at < d.end && !d.message) {
        const char *from = d.at;

        while (d.at < d.end && *d.at != '\\')
            d.at++;
        rt_buf_put_bytes(&d.out, from, (size_t)(d.at - from));
        if (d.at < d.end) {
            d.at++;
            decode_escape(&d);
        }
    }
    if (d.message) {
        *message = d.message;
        return RT_E_SYNTAX;
    }
    *out = rt_buf_str(&d.out);
    return RT_OK;
}
