// Sessions: what an application remembers of a client from one request to the
// next.
//
//     rt_session_set(req, "user_id", id);
//     rt_value id = rt_session_get(req, "user_id");    // undefined when absent
//     rt_session_clear(req);
//
// By default the session itself is a cookie, signed with SECRET_KEY: the client
// can read it but not change it. Flask writes and reads the same cookie, so that
// applications of both kinds share sessions when they share the key. A cookie that
// is forged, damaged or too old is an empty session, never an error.
//
// The session is opened when first asked for and saved after the after-hooks.
// Whatever changed is saved, inside of lists and dicts too.
//
//   errors   writing without a SECRET_KEY, or more than a cookie may hold
//            (MAX_COOKIE_SIZE), is 500, and the log says why and where
//
// docs/sessions.md has the settings. Follows flask.sessions.
#pragma once

#include <stdbool.h>

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/value.h>

RT_C_BEGIN

// All of the session, a dict: it may be changed as any other. Without SECRET_KEY
// it is empty and frozen.
rt_value rt_session(rt_request *req);

// One value. Names and text are copied; a list or a dict is kept itself, so that
// what is put into it later is saved too. What the values may be is what has
// JSON, and tuples, bytes, dates, UUIDs and safe strings.
#define rt_session_set(req, name, x) \
    rt_session_set_value(RT__REQUEST(req), (name), RT(x), RT_HERE)
void rt_session_set_value(rt_request *req, const char *name, rt_value value,
                          rt_site site);
rt_value rt_session_get(rt_request *req, const char *name);
bool rt_session_has(rt_request *req, const char *name);

// Take a value out of the session; undefined when it is not there.
rt_value rt_session_pop(rt_request *req, const char *name);

// Remove all there is; the cookie is then deleted.
void rt_session_clear(rt_request *req);

// Whether the session outlives the browser's: then the cookie has an expiry,
// PERMANENT_SESSION_LIFETIME from now, which moves on with each request unless
// SESSION_REFRESH_EACH_REQUEST is false. (Kept in the session, as "_permanent".)
bool rt_session_is_permanent(rt_request *req);
void rt_session_set_permanent(rt_request *req, bool permanent);

// Whether the store began this session with this request. The signed cookie's
// never says so, as in Flask: it cannot tell a new one from an empty one.
bool rt_session_is_new(rt_request *req);

// Whether one of the functions above has changed the session; and have it saved
// whether or not it has changed. With SESSION_NESTED_CHANGES set to false, as in
// Flask, a change inside of a list or dict is saved only if this is called.
bool rt_session_is_modified(rt_request *req);
void rt_session_set_modified(rt_request *req);

// ---- elsewhere --------------------------------------------------------------

// Keeps sessions in another place than the cookie, which then has whatever the
// store finds them by. Both functions run where views do: they may wait, and
// abort.
typedef struct rt_session_store {
    // Find the session of a cookie, NULL when the client sent none: a dict in the
    // request's arena, or undefined, which begins a new session.
    rt_value (*open)(rt_request *req, const char *cookie, void *arg);
    // Keep a session that has changed, or that is permanent and was used. Returns
    // the cookie that finds it next time. An empty session is to be forgotten;
    // what is returned is not looked at then.
    const char *(*save)(rt_request *req, rt_value session, const char *cookie,
                        void *arg);
    void *arg;
} rt_session_store;

// Use a store for the sessions of an application. SECRET_KEY is not needed then.
//
//   memory   the struct is copied
#define rt_session_store_use(app, store) \
    rt_app_set_session_store((app), (store), RT_HERE)
void rt_app_set_session_store(rt_app *app, const rt_session_store *store,
                              rt_site site);

RT_C_END
