#include "retort/http/auth.h"

#include <retort/base/base64.h>
#include <retort/base/buf.h>
#include <retort/base/utf8.h>
#include <retort/http/field.h>
#include <retort/http/header_value.h>

// ---- reading -----------------------------------------------------------------

// An equals sign that is no padding at the end makes it parameters.
static bool has_params(rt_str rest)
{
    while (rest.len > 0 && rest.data[rest.len - 1] == '=')
        rest.len--;
    return rt_str_find_char(rest, '=') != RT_STR_NONE;
}

static void read_scheme(rt_arena *arena, rt_str header, rt_str *rest,
                        rt_auth *out)
{
    *rest = header;
    out->scheme = rt_str_lower(arena, rt_str_cut(rest, ' '));
    *rest = rt_str_trim(*rest);
}

rt_status rt_challenge_parse(rt_arena *arena, rt_str header, rt_auth *out)
{
    rt_auth auth = {0};
    rt_str rest;

    if (header.len == 0)
        return RT_E_SYNTAX;
    read_scheme(arena, header, &rest, &auth);
    if (has_params(rest)) {
        auth.params = rt_header_dict_parse(arena, rt_utf8_repair(arena, rest));
    } else {
        auth.token = rest.data ? rest : RT_STR("");
    }
    *out = auth;
    return RT_OK;
}

static rt_status read_basic(rt_arena *arena, rt_str text, rt_auth *out)
{
    rt_str password;

    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.data[i] >= 0x80)
            return RT_E_SYNTAX;
    }
    rt_status st = rt_base64_decode_lax(arena, text, &password);
    if (st)
        return st;
    if (!rt_utf8_valid(password))
        return RT_E_UTF8;
    out->username = rt_str_cut(&password, ':');
    out->password = password.data ? password : RT_STR("");
    return RT_OK;
}

rt_status rt_auth_parse(rt_arena *arena, rt_str header, rt_auth *out)
{
    rt_auth auth = {0};
    rt_str rest;

    if (header.len == 0)
        return RT_E_SYNTAX;
    read_scheme(arena, header, &rest, &auth);
    if (!rt_str_eq(auth.scheme, RT_STR("basic")))
        return rt_challenge_parse(arena, header, out);
    rt_status st = read_basic(arena, rest, &auth);
    if (st)
        return st;
    *out = auth;
    return RT_OK;
}

// ---- writing -----------------------------------------------------------------

// "basic" is written "Basic", "aws4-hmac" "Aws4-Hmac".
static void put_scheme(rt_buf *buf, rt_str scheme)
{
    bool inside = false;

    for (size_t i = 0; i < scheme.len; i++) {
        char c = scheme.data[i];
        rt_buf_put_char(buf, inside ? rt_to_lower(c) : rt_to_upper(c));
        inside = rt_is_alpha(c);
    }
}

static rt_status end(rt_buf *buf, rt_str *out)
{
    rt_str text = rt_buf_str(buf);
    if (!rt_is_field_value(text))
        return RT_E_SYNTAX;
    *out = text;
    return RT_OK;
}

rt_status rt_auth_dump(rt_arena *arena, const rt_auth *auth, rt_str *out)
{
    rt_buf buf, pair;

    rt_buf_init(&buf, arena);
    put_scheme(&buf, auth->scheme);
    rt_buf_put_char(&buf, ' ');
    if (rt_str_eq(auth->scheme, RT_STR("basic"))) {
        rt_buf_init(&pair, arena);
        rt_buf_put(&pair, auth->username);
        rt_buf_put_char(&pair, ':');
        rt_buf_put(&pair, auth->password);
        rt_base64_put(&buf, rt_buf_str(&pair));
    } else if (auth->token.data) {
        rt_buf_put(&buf, auth->token);
    } else {
        rt_header_put_dict(&buf, &auth->params);
    }
    return end(&buf, out);
}

// RFC 9110 11.5: a realm is never a token. The others are what clients expect.
static bool is_always_quoted(rt_str name, bool is_digest)
{
    static const char *const names[] = {"realm", "domain", "nonce", "opaque",
                                        "qop"};

    if (!is_digest)
        return rt_str_eq_nocase(name, RT_STR("realm"));
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        if (rt_str_eq(name, rt_str_from(names[i])))
            return true;
    }
    return false;
}

static void put_params(rt_buf *buf, const rt_params *params, bool is_digest)
{
    for (size_t i = 0; i < params->len; i++) {
        rt_param *param = &params->items[i];
        rt_buf_put_cstr(buf, i > 0 ? ", " : "");
        if (is_always_quoted(param->name, is_digest)) {
            rt_buf_put(buf, param->name);
            rt_buf_put_char(buf, '=');
            rt_header_put_string(buf, param->value);
        } else {
            rt_header_put_dict(buf, &(rt_params){.items = param, .len = 1});
        }
    }
}

rt_status rt_challenge_dump(rt_arena *arena, const rt_auth *challenge,
                            rt_str *out)
{
    rt_buf buf;

    rt_buf_init(&buf, arena);
    put_scheme(&buf, challenge->scheme);
    if (challenge->token.data) {
        rt_buf_put_char(&buf, ' ');
        rt_buf_put(&buf, challenge->token);
    } else if (challenge->params.len > 0) {
        rt_buf_put_char(&buf, ' ');
        put_params(&buf, &challenge->params,
                   rt_str_eq(challenge->scheme, RT_STR("digest")));
    }
    return end(&buf, out);
}
