// Calling views: one case per type of view, made from the tables of view.h.
#include "retort/app/view.h"

#include "app/app.h"

static const char *text(rt_request *req, rt_value v)
{
    rt_str s = rt_value_text(req->arena, v);
    if (s.len && memchr(s.data, '\0', s.len))
        rt_abort(req, 404); // DESIGN: a NUL in a path is no text for a view
    return rt_value_as_cstr(req->arena, v);
}

typedef union parameter {
    const char *s;
    int64_t i;
    double f;
    rt_value v;
} parameter;

static parameter convert(rt_request *req, int digit, rt_value v)
{
    parameter p = {.i = 0};
    switch (digit) {
    case 1: p.s = text(req, v); break;
    case 2: p.i = rt_value_as_int(v, 0); break;
    case 3: p.f = rt_value_as_float(v, 0); break;
    default: p.v = v;
    }
    return p;
}

#define P1 s
#define P2 i
#define P3 f
#define P4 v

#define ONE(n)                                              \
    case n:                                                 \
        return ((rt_response * (*)(rt_request *, RT__T##n)) \
                    view.fn)(req, p[0].P##n);
#define TWO(n, m)                                                     \
    case n + m * 5:                                                   \
        return ((rt_response * (*)(rt_request *, RT__T##n, RT__T##m)) \
                    view.fn)(req, p[0].P##n, p[1].P##m);
#define THREE(n, m, k)                                                      \
    case n + m * 5 + k * 25:                                                \
        return (                                                            \
            (rt_response * (*)(rt_request *, RT__T##n, RT__T##m, RT__T##k)) \
                view.fn)(req, p[0].P##n, p[1].P##m, p[2].P##k);

#define EACH_TWO(n) TWO(n, 1) TWO(n, 2) TWO(n, 3) TWO(n, 4)
#define EACH_THREE_OF(n, m) \
    THREE(n, m, 1) THREE(n, m, 2) THREE(n, m, 3) THREE(n, m, 4)
#define EACH_THREE(n)   \
    EACH_THREE_OF(n, 1) \
    EACH_THREE_OF(n, 2) EACH_THREE_OF(n, 3) EACH_THREE_OF(n, 4)

// NOLINTNEXTLINE(readability-function-size): one case per type of view
static rt_response *call(rt_view view, rt_request *req, const parameter *p)
{
    // clang-format off
    switch (view.type) {
    ONE(1) ONE(2) ONE(3) ONE(4)
    EACH_TWO(1) EACH_TWO(2) EACH_TWO(3) EACH_TWO(4)
    EACH_THREE(1) EACH_THREE(2) EACH_THREE(3) EACH_THREE(4)
    default: return ((rt_response * (*)(rt_request *)) view.fn)(req);
    }
    // clang-format on
}

rt_response *rt__view_call(const rt_view *view, rt_request *req,
                           const rt_pair *args, size_t n)
{
    if (view->type == 0)
        return ((rt_response * (*)(rt_request *)) view->fn)(req);

    parameter p[3] = {{0}, {0}, {0}};
    int type = view->type;
    for (int i = 0; type > 0; i++, type /= 5)
        p[i] = convert(req, type % 5,
                       (size_t)i < n ? args[i].value : rt_value_none());
    return call(*view, req, p);
}

int rt__view_parameters(int type)
{
    return (type > 0) + (type >= 5) + (type >= 25);
}

const char *rt__view_parameter_name(int digit)
{
    switch (digit) {
    case 1: return "const char *";
    case 2: return "int64_t";
    case 3: return "double";
    default: return "rt_value";
    }
}
