// Status: how a library function says that it did not work.
//
// Library floors return an rt_status and never log. RT_OK is zero, so
// `if (status)` reads "if it failed". What a person must read as well fills an
// rt_error (see error.h). The list is one macro, so that the enum, the names
// and the descriptions cannot drift apart.
#pragma once

#include <retort/base/attributes.h>

RT_C_BEGIN

// X(constant, text)
#define RT_STATUSES(X)                         \
    X(RT_OK, "ok")                             \
    X(RT_E_SYNTAX, "malformed input")          \
    X(RT_E_UTF8, "invalid UTF-8")              \
    X(RT_E_RANGE, "number out of range")       \
    X(RT_E_TYPE, "wrong type")                 \
    X(RT_E_LIMIT, "limit exceeded")            \
    X(RT_E_NOT_FOUND, "not found")             \
    X(RT_E_EXISTS, "exists already")           \
    X(RT_E_FROZEN, "value may not be changed") \
    X(RT_E_UNSUPPORTED, "not supported")       \
    X(RT_E_TIMEOUT, "timed out")               \
    X(RT_E_CANCELLED, "cancelled")             \
    X(RT_E_CLOSED, "closed by the peer")       \
    X(RT_E_AGAIN, "not ready")                 \
    X(RT_E_BUSY, "busy")                       \
    X(RT_E_ACCESS, "access denied")            \
    X(RT_E_SIGNATURE, "bad signature")         \
    X(RT_E_EXPIRED, "expired")                 \
    X(RT_E_IO, "input or output failed")       \
    X(RT_E_SYSTEM, "the system refused")

#define RT__STATUS_ENUM(name, text) name,

// An ignored status is a warning under clang, which `script/check` runs.
#ifdef __clang__
typedef enum __attribute__((warn_unused_result)) rt_status {
    RT_STATUSES(RT__STATUS_ENUM)
} rt_status;
#else
typedef enum rt_status {
    RT_STATUSES(RT__STATUS_ENUM)
} rt_status;
#endif

#undef RT__STATUS_ENUM

// Say in words what `status` means: "not found".
const char *rt_status_text(rt_status status);

// Name the constant: "RT_E_NOT_FOUND".
const char *rt_status_name(rt_status status);

// Translate an errno value, ENOENT to RT_E_NOT_FOUND and so on; what has no
// status of its own is RT_E_SYSTEM. Zero is RT_OK.
rt_status rt_status_from_errno(int error);

RT_C_END
