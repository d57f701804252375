#include "http/punycode.h"

#include <retort/base/utf8.h>

// RFC 3492, section 5.
enum {
    BASE = 36,
    T_MIN = 1,
    T_MAX = 26,
    SKEW = 38,
    DAMP = 700,
    FIRST_BIAS = 72,
    FIRST_RUNE = 0x80,
};

// How many digits the next delta is likely to have (section 6.1).
static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
    uint32_t k = 0;

    delta = first ? delta / DAMP : delta / 2;
    delta += delta / count;
    while (delta > (BASE - T_MIN) * T_MAX / 2) {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

// Where the digit of weight `k` is the last one.
static uint32_t threshold(uint32_t k, uint32_t bias)
{
    if (k <= bias)
        return T_MIN;
    return k - bias > T_MAX ? T_MAX : k - bias;
}

static void put_delta(rt_buf *out, uint32_t delta, uint32_t bias)
{
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

    for (uint32_t k = BASE;; k += BASE) {
        uint32_t t = threshold(k, bias);
        if (delta < t)
            break;
        rt_buf_put_char(out, digits[t + (delta - t) % (BASE - t)]);
        delta = (delta - t) / (BASE - t);
    }
    rt_buf_put_char(out, digits[delta]);
}

static uint32_t least_from(const uint32_t *runes, size_t n, uint32_t from)
{
    uint32_t least = UINT32_MAX;

    for (size_t i = 0; i < n; i++) {
        if (runes[i] >= from && runes[i] < least)
            least = runes[i];
    }
    return least;
}

static uint32_t put_basic(rt_buf *out, const uint32_t *runes, size_t n)
{
    uint32_t basic = 0;

    for (size_t i = 0; i < n; i++) {
        if (runes[i] < FIRST_RUNE) {
            rt_buf_put_char(out, (char)runes[i]);
            basic++;
        }
    }
    if (basic > 0)
        rt_buf_put_char(out, '-');
    return basic;
}

// Section 6.3. With at most RT_PUNYCODE_MAX characters nothing overflows.
void rt__punycode_put(rt_buf *out, const uint32_t *runes, size_t n)
{
    uint32_t basic = put_basic(out, runes, n);
    uint32_t bias = FIRST_BIAS;
    uint32_t rune = FIRST_RUNE;
    uint32_t delta = 0;

    for (uint32_t done = basic; done < n; delta++, rune++) {
        uint32_t next = least_from(runes, n, rune);
        delta += (next - rune) * (done + 1);
        rune = next;
        for (size_t i = 0; i < n; i++) {
            delta += runes[i] < rune;
            if (runes[i] != rune)
                continue;
            put_delta(out, delta, bias);
            bias = adapt(delta, done + 1, done == basic);
            delta = 0;
            done++;
        }
    }
}

static int digit_value(char c)
{
    if (rt_is_digit(c))
        return c - '0' + 26;
    return rt_is_alpha(c) ? rt_to_lower(c) - 'a' : -1;
}

static rt_status take_delta(rt_str *cursor, uint32_t bias, uint32_t *delta)
{
    uint64_t sum = 0;
    uint64_t weight = 1;

    for (uint32_t k = BASE;; k += BASE) {
        int digit = cursor->len ? digit_value(cursor->data[0]) : -1;
        if (digit < 0)
            return RT_E_SYNTAX;
        rt_str_take(cursor, 1);
        sum += (uint32_t)digit * weight;
        uint32_t t = threshold(k, bias);
        if (sum > UINT32_MAX)
            return RT_E_SYNTAX;
        if ((uint32_t)digit < t)
            break;
        weight *= BASE - t;
        if (weight > UINT32_MAX)
            return RT_E_SYNTAX;
    }
    *delta = (uint32_t)sum;
    return RT_OK;
}

// Section 6.2.
rt_status rt__punycode_decode(rt_str text, uint32_t runes[RT_PUNYCODE_MAX],
                              size_t *n)
{
    size_t hyphen = rt_str_rfind_char(text, '-');
    rt_str basic = rt_str_take(&text, hyphen == RT_STR_NONE ? 0 : hyphen);
    uint32_t bias = FIRST_BIAS;
    uint64_t rune = FIRST_RUNE;
    uint64_t at = 0;

    if (hyphen != RT_STR_NONE)
        rt_str_take(&text, 1);
    if (basic.len > RT_PUNYCODE_MAX)
        return RT_E_SYNTAX;
    size_t count = 0;
    while (count < basic.len) {
        runes[count] = (unsigned char)basic.data[count];
        if (runes[count++] >= FIRST_RUNE)
            return RT_E_SYNTAX;
    }

    while (text.len > 0) {
        uint32_t delta;
        if (take_delta(&text, bias, &delta) || count == RT_PUNYCODE_MAX)
            return RT_E_SYNTAX;
        at += delta;
        rune += at / (count + 1);
        at %= count + 1;
        if (rune > RT_UTF8_MAX)
            return RT_E_SYNTAX;
        memmove(runes + at + 1, runes + at, (count - at) * sizeof *runes);
        runes[at++] = (uint32_t)rune;
        bias = adapt(delta, (uint32_t)count + 1, count == basic.len);
        count++;
    }
    *n = count;
    return RT_OK;
}
