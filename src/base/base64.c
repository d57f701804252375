#include "retort/base/base64.h"

#include <assert.h>

static const char standard[64] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[64] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// ---- writing ------------------------------------------------------------

static void put(rt_buf *buf, rt_str bytes, const char digits[64], bool pad)
{
    const unsigned char *in = (const unsigned char *)bytes.data;
    size_t left = bytes.len;

    if (left == 0 || !rt_buf_reserve(buf, (bytes.len + 2) / 3 * 4))
        return;
    char *to = rt_buf_end(buf);
    assert(to);
    for (; left >= 3; left -= 3, in += 3) {
        *to++ = digits[in[0] >> 2];
        *to++ = digits[(in[0] & 3) << 4 | in[1] >> 4];
        *to++ = digits[(in[1] & 15) << 2 | in[2] >> 6];
        *to++ = digits[in[2] & 63];
    }
    if (left) {
        unsigned second = left == 2 ? in[1] : 0;
        *to++ = digits[in[0] >> 2];
        *to++ = digits[(in[0] & 3) << 4 | second >> 4];
        if (left == 2)
            *to++ = digits[(second & 15) << 2];
        for (size_t n = left; pad && n < 3; n++)
            *to++ = '=';
    }
    buf->len = (size_t)(to - buf->data);
}

void rt_base64_put(rt_buf *buf, rt_str bytes)
{
    put(buf, bytes, standard, true);
}

void rt_base64url_put(rt_buf *buf, rt_str bytes)
{
    put(buf, bytes, for_urls, false);
}

rt_str rt_base64_encode(rt_arena *arena, rt_str bytes)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_base64_put(&buf, bytes);
    return rt_buf_str(&buf);
}

rt_str rt_base64url_encode(rt_arena *arena, rt_str bytes)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_base64url_put(&buf, bytes);
    return rt_buf_str(&buf);
}

// ---- reading ------------------------------------------------------------

// The digits a reader knows.
enum {
    STANDARD = 1, // + and /
    FOR_URLS = 2, // - and _
};

// The value of a digit, or -1.
static int digit(char c, unsigned alphabets)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if ((c == '+' && alphabets & STANDARD) ||
        (c == '-' && alphabets & FOR_URLS))
        return 62;
    if ((c == '/' && alphabets & STANDARD) ||
        (c == '_' && alphabets & FOR_URLS))
        return 63;
    return -1;
}

// Bits that have arrived and are no whole byte yet. Every digit has six.
typedef struct reader {
    unsigned char *to;
    unsigned bits;
    unsigned digits; // of the group of four, 0 to 3
} reader;

static void add_digit(reader *r, unsigned value)
{
    r->bits = r->bits << 6 | value;
    if (r->digits > 0)
        *r->to++ = (unsigned char)(r->bits >> (6 - 2 * r->digits));
    r->digits = (r->digits + 1) % 4;
}

static rt_str finish(const reader *r, char *data)
{
    *r->to = '\0';
    return rt_str_of(data, (size_t)(r->to - (unsigned char *)data));
}

// Room for what `len` digits can hold, and a NUL.
static char *room(rt_arena *arena, size_t len)
{
    return rt_arena_alloc(arena, len / 4 * 3 + 4);
}

// Digits and nothing else; in a last group of 2 or 3 of them, the bits beyond
// the last byte are zero.
static rt_status decode(rt_arena *arena, rt_str digits, unsigned alphabet,
                        rt_str *out)
{
    char *data = room(arena, digits.len);
    reader r = {.to = (unsigned char *)data};

    for (size_t i = 0; i < digits.len; i++) {
        int value = digit(digits.data[i], alphabet);
        if (value < 0)
            return RT_E_SYNTAX;
        add_digit(&r, (unsigned)value);
    }
    unsigned rest = r.digits == 2   ? r.bits & 15
                    : r.digits == 3 ? r.bits & 3
                                    : 0;
    if (r.digits == 1 || rest != 0)
        return RT_E_SYNTAX;
    *out = finish(&r, data);
    return RT_OK;
}

rt_status rt_base64_decode(rt_arena *arena, rt_str text, rt_str *out)
{
    if (text.len % 4 != 0)
        return RT_E_SYNTAX;
    for (int i = 0; i < 2 && rt_str_ends_with(text, RT_STR("=")); i++)
        text.len--;
    return decode(arena, text, STANDARD, out);
}

rt_status rt_base64url_decode(rt_arena *arena, rt_str text, rt_str *out)
{
    return decode(arena, text, FOR_URLS, out);
}

// Python's rule for padding: the `=` that completes a group ends the text, one
// that cannot is skipped. `implied` more of them stand behind the text.
static rt_status decode_lax(rt_arena *arena, rt_str text, unsigned alphabets,
                            size_t implied, rt_str *out)
{
    char *data = room(arena, text.len);
    reader r = {.to = (unsigned char *)data};
    unsigned pads = 0;

    for (size_t i = 0; i < text.len + implied; i++) {
        char c = i < text.len ? text.data[i] : '=';
        int value = digit(c, alphabets);
        if (value >= 0) {
            pads = 0;
            add_digit(&r, (unsigned)value);
        } else if (c == '=' && r.digits >= 2 && r.digits + ++pads >= 4) {
            r.digits = 0; // the padding is complete
            break;
        }
    }
    if (r.digits != 0)
        return RT_E_SYNTAX;
    *out = finish(&r, data);
    return RT_OK;
}

rt_status rt_base64_decode_lax(rt_arena *arena, rt_str text, rt_str *out)
{
    return decode_lax(arena, text, STANDARD, 0, out);
}

rt_status rt_base64url_decode_lax(rt_arena *arena, rt_str text, rt_str *out)
{
    return decode_lax(arena, text, STANDARD | FOR_URLS, -text.len % 4, out);
}
