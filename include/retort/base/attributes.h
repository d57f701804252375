// Compiler attributes and small macros every header may use.
#pragma once

#include <stddef.h>

// Around the declarations of every public header: C++ calls them as C.
#ifdef __cplusplus
#define RT_C_BEGIN extern "C" {
#define RT_C_END   }
#else
#define RT_C_BEGIN
#define RT_C_END
#endif

#define RT_NORETURN      __attribute__((noreturn))
#define RT_NODISCARD     __attribute__((warn_unused_result))
#define RT_PURE          __attribute__((pure))
#define RT_COLD          __attribute__((cold, noinline))
#define RT_NOINLINE      __attribute__((noinline))
// Where a call would cost more than it saves, and the compiler cannot know.
#define RT_ALWAYS_INLINE inline __attribute__((always_inline))

#define RT_LIKELY(x)   __builtin_expect(!!(x), 1)
#define RT_UNLIKELY(x) __builtin_expect(!!(x), 0)

// The number of elements of an array (not of a pointer).
#define RT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

// Paste and count with macro expansion; internal to the other macros.
#define RT__CAT(a, b)  RT__CAT_(a, b)
#define RT__CAT_(a, b) a##b
