// Authentication: the credentials of a client and the challenge of a server.
//
//     Authorization: Basic YWxhZGRpbjpvcGVu       user name and password
//     Authorization: Bearer mF_9.B5f-4.1JqM       a token
//     Authorization: Digest username="a", ...     parameters
//     WWW-Authenticate: Basic realm="staff"
//
// Source: RFC 9110, section 11; RFC 7617 for Basic; follows Werkzeug's
// Authorization and WWWAuthenticate.
#pragma once

#include <stdbool.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/http/query.h>

RT_C_BEGIN

// A scheme with either a token or parameters. For credentials and challenges.
typedef struct rt_auth {
    rt_str scheme;    // in lower case: "basic", "bearer", "digest"
    rt_str token;     // data NULL: it has parameters
    rt_params params; // in order, names as they were sent; of Basic none

    // Basic: valid UTF-8, which may contain anything, NUL as well. A password
    // without colon before it is empty.
    rt_str username;
    rt_str password;
} rt_auth;

// Read the value of an Authorization header.
//
//   memory   views `header`; lies in `arena` where it had to be decoded
//   errors   RT_E_SYNTAX   empty, or the credentials of Basic are no Base64
//            RT_E_UTF8     they are no UTF-8; `*out` is untouched
rt_status rt_auth_parse(rt_arena *arena, rt_str header, rt_auth *out);

// Read the value of a WWW-Authenticate header with one challenge.
//
//   errors   RT_E_SYNTAX   empty
rt_status rt_challenge_parse(rt_arena *arena, rt_str header, rt_auth *out);

// Write an Authorization header: Basic from user name and password, others from
// the token or the parameters.
//
//   errors   RT_E_SYNTAX   a byte no header may have; `*out` is untouched
rt_status rt_auth_dump(rt_arena *arena, const rt_auth *auth, rt_str *out);

// Write a WWW-Authenticate header. A realm is always quoted (RFC 9110, section
// 11.5), and so are Digest's domain, nonce, opaque and qop, as clients expect.
//
//   errors   as rt_auth_dump
rt_status rt_challenge_dump(rt_arena *arena, const rt_auth *challenge,
                            rt_str *out);

RT_C_END
