// Coroutines with the portable switch: the definitions here take the place of
// the ones in the static library.
#ifndef RT_CORO_UCONTEXT
#define RT_CORO_UCONTEXT 1
// NOLINTNEXTLINE(bugprone-suspicious-include): in place of the library's
#include "base/switch_ucontext.c"
#endif

#include "coroutine_cases.h"
