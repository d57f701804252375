// Passwords, hashed for keeping.
//
//     scrypt:32768:8:1$dTz7...$6ea1...      n, r, p; salt; hash
//     pbkdf2:sha256:1000000$Lq0k...$9f0b...
//
// Both take a tenth of a second on purpose, so that guessing takes years; scrypt
// also takes 32 MiB while it works. In a view use rt_password_hash and
// rt_password_check of <retort/app/security.h>, which do not hold up other requests.
//
// Follows werkzeug.security, whose hashes these are.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// What hashing may cost: a stored hash may ask for no more than this.
#define RT_PASSWORD_MEMORY_MAX ((size_t)1 << 30)
#define RT_PASSWORD_ROUNDS_MAX 100000000

// Hash a password with a new random salt.
//
//   method   "scrypt", "scrypt:n:r:p", "pbkdf2", "pbkdf2:digest" or
//            "pbkdf2:digest:rounds"; NULL: scrypt:32768:8:1
//   errors   RT_E_UNSUPPORTED   no such method or digest
//            RT_E_SYNTAX        parameters that are none
//            RT_E_RANGE         parameters that the method does not take
//            RT_E_LIMIT         more memory or rounds than the limits above;
//                               `*out` is untouched
rt_status rt_password_dump(rt_arena *arena, rt_str password, const char *method,
                           rt_str *out);

// Compare a password with a stored hash, in constant time. `*match` is false also
// for text that is no hash at all.
//
//   errors   as above, for the method the text names; `*match` is false
rt_status rt_password_match(rt_str stored, rt_str password, bool *match);

RT_C_END
