// Typed views: functions that take the request and what its rule matched.
//
//     static rt_response *show(rt_request *req, int64_t id);
//     static rt_response *page(rt_request *req, const char *lang, rt_value key);
//
// A view has up to three parameters behind the request, each of `const char *`,
// `int64_t`, `double` or `rt_value`. RT_VIEW turns such a function into an
// rt_view: the function and a number for its type, from which the app finds
// the call to make. Any other function type is a compile error.
//
// The number is read in base 5, one digit per parameter, the first one lowest:
// 0 none, 1 text, 2 integer, 3 float, 4 value.
#pragma once

#include <stdint.h>

#include <retort/base/attributes.h>
#include <retort/base/value.h>
#include <retort/http/request.h>
#include <retort/http/response.h>

RT_C_BEGIN

// A function of any type; cast back before the call.
typedef void (*rt_any_fn)(void);

// A view with its type.
typedef struct rt_view {
    rt_any_fn fn;
    int type;         // base 5, see above
    const char *name; // of the function: the default endpoint
} rt_view;

#define RT__T1 const char *
#define RT__T2 int64_t
#define RT__T3 double
#define RT__T4 rt_value

// X(code, ...) for each list of one, two and three parameter types.
// clang-format off
#define RT__EACH1(X) \
    X(1, RT__T1) X(2, RT__T2) X(3, RT__T3) X(4, RT__T4)

#define RT__EACH2_OF(X, n, T) \
    X(n + 1 * 5, T, RT__T1)   \
    X(n + 2 * 5, T, RT__T2)   \
    X(n + 3 * 5, T, RT__T3)   \
    X(n + 4 * 5, T, RT__T4)
#define RT__EACH2(X)           \
    RT__EACH2_OF(X, 1, RT__T1) \
    RT__EACH2_OF(X, 2, RT__T2) \
    RT__EACH2_OF(X, 3, RT__T3) \
    RT__EACH2_OF(X, 4, RT__T4)

#define RT__EACH3_OF(X, n, T, U) \
    X(n + 1 * 25, T, U, RT__T1)  \
    X(n + 2 * 25, T, U, RT__T2)  \
    X(n + 3 * 25, T, U, RT__T3)  \
    X(n + 4 * 25, T, U, RT__T4)
#define RT__EACH3_FROM(X, n, T)           \
    RT__EACH3_OF(X, n + 1 * 5, T, RT__T1) \
    RT__EACH3_OF(X, n + 2 * 5, T, RT__T2) \
    RT__EACH3_OF(X, n + 3 * 5, T, RT__T3) \
    RT__EACH3_OF(X, n + 4 * 5, T, RT__T4)
#define RT__EACH3(X)             \
    RT__EACH3_FROM(X, 1, RT__T1) \
    RT__EACH3_FROM(X, 2, RT__T2) \
    RT__EACH3_FROM(X, 3, RT__T3) \
    RT__EACH3_FROM(X, 4, RT__T4)
// clang-format on

#define RT__VIEW_TYPE(code, ...) \
    rt_response *(*)(rt_request *, __VA_ARGS__) : (code),

// What a compiler names when a function is no view.
struct
    rt__a_view_takes_an_rt_request_and_const_char_int64_t_double_or_rt_value {
    int unused;
};

#define RT__NO_VIEW                                                            \
    (struct                                                                    \
     rt__a_view_takes_an_rt_request_and_const_char_int64_t_double_or_rt_value) \
    {                                                                          \
        0                                                                      \
    }

// The number of a view's type.
// clang-format off
#define RT_VIEW_TYPE(view)                                              \
    _Generic((view), RT__EACH1(RT__VIEW_TYPE) RT__EACH2(RT__VIEW_TYPE)  \
                     RT__EACH3(RT__VIEW_TYPE)                           \
                     rt_response *(*)(rt_request *) : 0,                \
                     default : RT__NO_VIEW)
// clang-format on

// Make an rt_view of a function.
#define RT_VIEW(view) \
    ((rt_view){(rt_any_fn)(view), RT_VIEW_TYPE(view), RT__STRING(view)})
#define RT__STRING(x)  RT__STRING_(x)
#define RT__STRING_(x) #x

RT_C_END
