// What the files about sessions share.
#pragma once

#include <retort/app/session.h>
#include <retort/base/json.h>
#include <retort/crypto/sign.h>
#include <retort/http/cookie.h>

// What the settings of an application say of its sessions.
typedef struct rt__session_settings {
    rt_str *keys; // SECRET_KEY and its fallbacks
    size_t keys_len;
    rt_signer *signer; // of the cookies; NULL without a key
    const char *cookie_name;
    rt_cookie_options cookie;
    bool secure_under_tls;
    int64_t lifetime_s;
    bool refresh;
    bool notice_nested; // SESSION_NESTED_CHANGES
    size_t cookie_bytes_max;
    rt_json_style style;
    rt_session_store store; // open is NULL: the signed cookie
} rt__session_settings;

// The session of a request, once it has been opened.
typedef struct rt__session {
    rt_value data;    // a dict
    rt_str cookie;    // as it came; data is NULL when none did
    rt_str origin;    // the data's text as it was opened; data NULL: not kept
    bool unavailable; // there is no secret key
    bool is_new;
    bool accessed; // by the application
    bool modified;
    bool refused; // it was too large to be saved
} rt__session;

struct rt__context;

// Read the settings of an application, when it starts.
void rt__session_apply(rt_app *app);

// Open the session of a request, without counting that as access.
rt__session *rt__session_open(struct rt__context *ctx);

// True when a session that nobody has asked for may have to be saved again, as its
// expiry moves on.
bool rt__session_may_refresh(const struct rt__context *ctx);

// Put the session into the response: after the after-hooks, where aborting is
// possible.
void rt__session_save(struct rt__context *ctx);

// The signed cookie: read it, an empty dict when it is none of ours; and write it.
rt_value rt__session_unsign(const rt__session_settings *settings,
                            rt_arena *arena, rt_str cookie, rt_str *origin);
rt_str rt__session_sign(const rt__session_settings *settings, rt_arena *arena,
                        rt_str text);

// `session` as templates see it: opened only when it is looked at.
rt_value rt__session_object(rt_request *req);

// The template function get_flashed_messages.
struct rt_template_call;
rt_status rt__call_flashed(struct rt_template_call *call, rt_value *out);

// What rt_session_set_value keeps of a value: text is copied, lists and dicts are
// kept themselves.
rt_value rt__keep(rt_arena *arena, rt_value v);

// The value of a cookie; data is NULL when there is none.
rt_str rt__cookie_find(struct rt__context *ctx, rt_str name);
