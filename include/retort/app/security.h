// Signed text and passwords, in views.
//
//     const char *token = rt_sign(req, user_id, .salt = "reset-password");
//     rt_status st = rt_unsign(req, token, &user_id, .salt = "reset-password",
//                              .max_age_s = 3600);
//
//     const char *hash = rt_password_hash(req, password);
//     if (!rt_password_check(req, hash, password))
//
// The floor below has what these are made of: <retort/crypto/sign.h>, token.h and
// password.h. docs/security.md shows both in use.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/value.h>

RT_C_BEGIN

// What a signature is for and how long it holds.
typedef struct rt_sign_options {
    const char *salt;  // NULL: "itsdangerous"
    int64_t max_age_s; // of rt_unsign: older tokens have expired; 0: any age
    rt_site site;      // set by the macros
    int unused;
} rt_sign_options;

// A value as a token that can stand in a URL, signed with SECRET_KEY: what
// itsdangerous.URLSafeTimedSerializer(secret_key, salt).dumps(value) gives.
// Anybody can read it; nobody else can make one. Give each purpose a salt of its
// own, so that a token for one is not valid for another.
//
//   errors   without SECRET_KEY, or a value without JSON, the request ends with
//            500
#define rt_sign(...)                                                           \
    rt_sign_value(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT(RT_ARG2(__VA_ARGS__)), \
                  &(rt_sign_options){.site = RT_HERE,                          \
                                     RT__TAIL3(__VA_ARGS__, .unused = 0)})
const char *rt_sign_value(rt_request *req, rt_value value,
                          const rt_sign_options *options);

// The value of a token; keys in SECRET_KEY_FALLBACKS are taken too.
//
//   errors   RT_E_SIGNATURE   not signed by us for this, or changed
//            RT_E_EXPIRED     older than `max_age_s`, or from the future
//            another status   signed, but not a token. `*out` is untouched
#define rt_unsign(...)                                                       \
    rt_unsign_value(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                    RT_ARG3(__VA_ARGS__),                                    \
                    &(rt_sign_options){.site = RT_HERE,                      \
                                       RT__TAIL4(__VA_ARGS__, .unused = 0)})
rt_status rt_unsign_value(rt_request *req, const char *token, rt_value *out,
                          const rt_sign_options *options);

// Hash a password for keeping: Werkzeug's scrypt with a new salt. Takes a tenth of
// a second, on another thread: meanwhile the worker serves others.
const char *rt_password_hash(rt_request *req, const char *password);

// Compare a password with a kept hash, one of Werkzeug's too. NULL as hash takes
// as long as one that does not match, so that a login form does not tell who has
// an account. Text that is no hash matches nothing; a method nobody knows ends
// the request with 500.
bool rt_password_check(rt_request *req, const char *hash, const char *password);

RT_C_END
