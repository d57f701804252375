#include "retort/http/cookie.h"

#include <retort/base/buf.h>
#include <retort/base/time.h>
#include <retort/base/utf8.h>
#include <retort/http/date.h>
#include <retort/http/field.h>
#include <retort/http/percent.h>

// ---- reading ------------------------------------------------------------

// One pair within the copy of the header, which is changed in place: NULs take
// the place of separators, and escapes are undone where they stand.
typedef struct cookie_pair {
    char *name;
    size_t name_len;
    char *value;
    size_t value_len;
} cookie_pair;

// The end of a quoted value that starts at `at` and is all there is up to the
// next semicolon; 0 when it is not that.
static size_t quoted_end(rt_str s, size_t at)
{
    size_t i = at + 1;

    while (i < s.len && s.data[i] != '"')
        i += s.data[i] == '\\' ? 2 : 1;
    if (i >= s.len)
        return 0;
    for (i++; i < s.len && rt_is_space(s.data[i]); i++) {
    }
    return i == s.len || s.data[i] == ';' ? i : 0;
}

// Where the pair that starts at `at` ends: at a semicolon that is not inside of
// a quoted value, or at the end.
static size_t pair_end(rt_str s, size_t at, size_t *equals)
{
    size_t i = at;

    while (i < s.len && s.data[i] != '=' && s.data[i] != ';')
        i++;
    *equals = i;
    if (i == s.len || s.data[i] == ';')
        return i;

    for (i++; i < s.len && rt_is_space(s.data[i]); i++) {
    }
    if (i < s.len && s.data[i] == '"') {
        size_t end = quoted_end(s, i);
        if (end > 0)
            return end;
    }
    while (i < s.len && s.data[i] != ';')
        i++;
    return i;
}

static bool is_octal(const char *s)
{
    return s[0] >= '0' && s[0] <= '3' && s[1] >= '0' && s[1] <= '7' &&
           s[2] >= '0' && s[2] <= '7';
}

// Undo `\ooo` and `\x` in place; returns the new length.
static size_t unescape(char *text, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\\' || i + 1 == len) {
            text[n++] = text[i];
        } else if (len - i > 3 && is_octal(text + i + 1)) {
            text[n++] = (char)((text[i + 1] - '0') << 6 |
                               (text[i + 2] - '0') << 3 | (text[i + 3] - '0'));
            i += 3;
        } else {
            text[n++] = text[++i];
        }
    }
    return n;
}

static void trim(char **text, size_t *len)
{
    while (*len > 0 && rt_is_space((*text)[0])) {
        ++*text;
        --*len;
    }
    while (*len > 0 && rt_is_space((*text)[*len - 1]))
        --*len;
}

static void add_pair(rt_params *params, rt_arena *arena, cookie_pair pair)
{
    trim(&pair.name, &pair.name_len);
    trim(&pair.value, &pair.value_len);
    if (pair.name_len == 0)
        return;
    if (pair.value_len >= 2 && pair.value[0] == '"' &&
        pair.value[pair.value_len - 1] == '"') {
        pair.value++;
        pair.value_len = unescape(pair.value, pair.value_len - 2);
    }

    // The pair has been read, so nobody needs what stands behind its parts.
    pair.name[pair.name_len] = '\0';
    pair.value[pair.value_len] = '\0';
    rt_str name = rt_str_of(pair.name, pair.name_len);
    rt_str value = rt_str_of(pair.value, pair.value_len);
    rt_params_add(params, arena, rt_utf8_repair(arena, name),
                  rt_utf8_repair(arena, value));
}

rt_status rt_cookie_parse(rt_params *params, rt_arena *arena, rt_str header)
{
    size_t before = params->len;
    char *text = rt_str_cstr(arena, header);
    rt_str s = rt_str_of(text, header.len);

    for (size_t at = 0; at < s.len;) {
        size_t equals;
        size_t end = pair_end(s, at, &equals);
        if (params->len >= RT_PARAMS_MAX) {
            params->len = before;
            return RT_E_LIMIT;
        }
        size_t value = equals < end ? equals + 1 : end;
        add_pair(params, arena,
                 (cookie_pair){text + at, equals - at, text + value,
                               end - value});
        at = end + 1;
    }
    return RT_OK;
}

// ---- writing ------------------------------------------------------------

static const char *const samesite_names[] = {
    [RT_SAMESITE_UNSET] = "",
    [RT_SAMESITE_STRICT] = "Strict",
    [RT_SAMESITE_LAX] = "Lax",
    [RT_SAMESITE_NONE] = "None",
};

rt_status rt_samesite_parse(rt_str text, rt_samesite *out)
{
    for (unsigned i = RT_SAMESITE_STRICT; i < RT_COUNT(samesite_names); i++) {
        if (rt_str_eq_nocase(text, rt_str_from(samesite_names[i]))) {
            *out = (rt_samesite)i;
            return RT_OK;
        }
    }
    return RT_E_SYNTAX;
}

// What has to be escaped within quotes. Werkzeug leaves 0x1a to 0x1f bare, which
// no header may contain; every reader takes the escape as well.
static bool needs_escape(char c)
{
    return (unsigned char)c < ' ' || (unsigned char)c >= 0x7f || c == '"' ||
           c == '\\' || c == ',' || c == ';';
}

static bool needs_quotes(rt_str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == ' ' || needs_escape(value.data[i]))
            return true;
    }
    return false;
}

static void put_value(rt_buf *buf, rt_str value)
{
    if (!needs_quotes(value)) {
        rt_buf_put(buf, value);
        return;
    }
    rt_buf_put_char(buf, '"');
    for (size_t i = 0; i < value.len; i++) {
        char c = value.data[i];
        unsigned byte = (unsigned char)c;
        if (!needs_escape(c)) {
            rt_buf_put_char(buf, c);
            continue;
        }
        rt_buf_put_char(buf, '\\');
        if (c == '"' || c == '\\') {
            rt_buf_put_char(buf, c);
            continue;
        }
        char octal[3] = {(char)('0' + (byte >> 6)),
                         (char)('0' + (byte >> 3 & 7)),
                         (char)('0' + (byte & 7))};
        rt_buf_put_bytes(buf, octal, sizeof octal);
    }
    rt_buf_put_char(buf, '"');
}

// The domain without leading dots and without a port; false when it has bytes
// that end an attribute or that no host has.
static bool clean_domain(const char *text, rt_str *out)
{
    rt_str rest = rt_str_from(text);
    rt_str domain = rt_str_cut(&rest, ':');

    while (rt_str_skip(&domain, RT_STR("."))) {
    }
    for (size_t i = 0; i < domain.len; i++) {
        char c = domain.data[i];
        if (!rt_is_alpha(c) && !rt_is_digit(c) && c != '-' && c != '.' &&
            c != '_')
            return false;
    }
    *out = domain;
    return true;
}

// The moment for Expires; false when the cookie has none.
static bool expiry(const rt_cookie_options *options, int64_t now_us,
                   int64_t *out)
{
    if (options->expires_us || options->expired) {
        *out = options->expires_us;
        return true;
    }
    int64_t age_us;
    if (__builtin_mul_overflow(options->max_age_s, RT_TIME_SECOND, &age_us) ||
        __builtin_add_overflow(now_us, age_us, out))
        *out = options->max_age_s < 0 ? RT_TIME_MIN : RT_TIME_MAX;
    return options->max_age_s != 0;
}

static void put_lifetime(rt_buf *buf, const rt_cookie_options *options,
                         int64_t now_us)
{
    int64_t expires;

    if (expiry(options, now_us, &expires)) {
        rt_buf_put_cstr(buf, "; Expires=");
        rt_http_date_put(buf, expires);
    }
    if (options->expired || options->max_age_s) {
        rt_buf_put_cstr(buf, "; Max-Age=");
        rt_buf_put_int(buf, options->expired ? 0 : options->max_age_s);
    }
}

rt_status rt_cookie_dump(rt_arena *arena, rt_str name, rt_str value,
                         const rt_cookie_options *options, int64_t now_us,
                         rt_str *out)
{
    static const rt_cookie_options none = {0};
    rt_str domain;
    rt_buf buf;

    if (!options)
        options = &none;
    if (!rt_is_token(name) || !clean_domain(options->domain, &domain) ||
        options->samesite >= RT_COUNT(samesite_names))
        return RT_E_SYNTAX;

    rt_buf_init(&buf, arena);
    rt_buf_put(&buf, name);
    rt_buf_put_char(&buf, '=');
    put_value(&buf, value);
    if (domain.len > 0) {
        rt_buf_put_cstr(&buf, "; Domain=");
        rt_buf_put(&buf, domain);
    }
    put_lifetime(&buf, options, now_us);
    if (options->secure || options->partitioned)
        rt_buf_put_cstr(&buf, "; Secure");
    if (options->httponly)
        rt_buf_put_cstr(&buf, "; HttpOnly");
    rt_str path = options->path ? rt_str_from(options->path) : RT_STR("/");
    if (path.len > 0) {
        rt_buf_put_cstr(&buf, "; Path=");
        rt_percent_put(&buf, path, RT_PERCENT_COOKIE_PATH);
    }
    if (options->samesite != RT_SAMESITE_UNSET) {
        rt_buf_put_cstr(&buf, "; SameSite=");
        rt_buf_put_cstr(&buf, samesite_names[options->samesite]);
    }
    if (options->partitioned)
        rt_buf_put_cstr(&buf, "; Partitioned");
    *out = rt_buf_str(&buf);
    return RT_OK;
}
