// The session in a signed cookie, and the settings it follows.
//
// Follows flask.sessions.SecureCookieSessionInterface.
#include <retort/base/time.h>
#include <retort/crypto/token.h>
#include <retort/http/tagged_json.h>

#include "app/app.h"

// ---- settings ---------------------------------------------------------------

// The key that signs, then those that only verify.
static void read_keys(rt_app *app, rt__session_settings *s)
{
    rt_str key = rt_value_as_str(rt_config_get(app, "SECRET_KEY"));
    rt_value fallbacks = rt_config_get(app, "SECRET_KEY_FALLBACKS");
    if (!key.len)
        return;
    s->keys = rt_new(&app->arena, rt_str, 1 + rt_list_len(fallbacks));
    s->keys[s->keys_len++] = key;
    rt_list_each(old, fallbacks) {
        if (!rt_value_as_str(*old).len) {
            rt_misuse(app->options.site,
                      "SECRET_KEY_FALLBACKS: a key must be text");
        }
        s->keys[s->keys_len++] = rt_value_as_str(*old);
    }
    s->signer =
        rt_signer_new(&app->arena, s->keys, s->keys_len,
                      &(rt_signer_options){.salt = "cookie-session",
                                           .derivation = RT_DERIVE_HMAC});
}

// None is Lax; the empty text, no attribute at all.
static rt_samesite read_samesite(rt_app *app)
{
    rt_samesite out = RT_SAMESITE_UNSET;
    const char *text = rt_config_text(app, "SESSION_COOKIE_SAMESITE", "Lax");
    if (*text && rt_samesite_parse(rt_str_from(text), &out)) {
        rt_misuse(app->options.site,
                  "SESSION_COOKIE_SAMESITE must be \"Strict\", \"Lax\" or "
                  "\"None\", not \"%s\"",
                  text);
    }
    return out;
}

static const char *read_path(rt_app *app)
{
    const char *path = rt_config_text(app, "SESSION_COOKIE_PATH", "");
    return *path ? path : rt_config_text(app, "APPLICATION_ROOT", "/");
}

static void check_cookie(rt_app *app, const rt__session_settings *s)
{
    rt_arena scratch = {0};
    rt_str line;
    if (rt_cookie_dump(&scratch, rt_str_from(s->cookie_name), RT_STR(""),
                       &s->cookie, 0, &line)) {
        rt_misuse(app->options.site, "SESSION_COOKIE_NAME must be a token, and "
                                     "SESSION_COOKIE_DOMAIN a host");
    }
    rt_arena_deinit(&scratch);
}

void rt__session_apply(rt_app *app)
{
    rt__session_settings *s = &app->session;
    s->cookie_name = rt_config_text(app, "SESSION_COOKIE_NAME", "session");
    s->cookie = (rt_cookie_options){
        .domain = rt_config_text(app, "SESSION_COOKIE_DOMAIN", NULL),
        .path = read_path(app),
        .httponly = rt_config_bool(app, "SESSION_COOKIE_HTTPONLY", true),
        .secure = rt_config_bool(app, "SESSION_COOKIE_SECURE", false),
        .partitioned = rt_config_bool(app, "SESSION_COOKIE_PARTITIONED", false),
        .samesite = read_samesite(app)};
    s->secure_under_tls =
        rt_value_is_none(rt_config_get(app, "SESSION_COOKIE_SECURE"));
    s->lifetime_s = rt_config_int(app, "PERMANENT_SESSION_LIFETIME", 2678400);
    s->refresh = rt_config_bool(app, "SESSION_REFRESH_EACH_REQUEST", true);
    s->notice_nested = rt_config_bool(app, "SESSION_NESTED_CHANGES", true);
    int64_t most = rt_config_int(app, "MAX_COOKIE_SIZE", RT_COOKIE_BYTES_MAX);
    s->cookie_bytes_max = most > 0 ? (size_t)most : SIZE_MAX;
    s->style = (rt_json_style){.compact = true,
                               .sort_keys = !app->options.json_keep_order,
                               .unicode = app->options.json_unicode};
    check_cookie(app, s);
    read_keys(app, s);
}

// ---- the cookie -------------------------------------------------------------

rt_value rt__session_unsign(const rt__session_settings *settings,
                            rt_arena *arena, rt_str cookie, rt_str *origin)
{
    rt_age_limit limit = {rt_time_now(), settings->lifetime_s};
    rt_signed payload;
    rt_value data;
    rt_str text;

    if (!rt_signer_unsign_at(settings->signer, arena, cookie, limit,
                             &payload) &&
        !rt_token_unpack(arena, payload.value, &text) &&
        !rt_tagged_json_parse(arena, text, NULL, &data, NULL) &&
        data.kind == RT_DICT) {
        *origin = text;
        return data;
    }
    return rt_dict_new(arena);
}

rt_str rt__session_sign(const rt__session_settings *settings, rt_arena *arena,
                        rt_str text)
{
    return rt_signer_sign_at(settings->signer, arena,
                             rt_token_pack(arena, text), rt_time_now());
}
