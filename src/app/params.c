#include "app/params.h"

#include <math.h>

#include <retort/base/number.h>

#include "app/app.h"

const char *rt__text_of(rt_request *req, rt_str s)
{
    if (s.len && memchr(s.data, '\0', s.len))
        rt_abort(req, 400, "A value contains a NUL character.");
    return rt_str_cstr(req->arena, s);
}

const char *rt__param_text(rt_request *req, const rt_params *params,
                           const char *name, const char *otherwise)
{
    rt_str value = rt_params_get(params, rt_str_from(name));
    return value.data ? rt__text_of(req, value) : otherwise;
}

const char *rt__param_required(rt_request *req, const rt_params *params,
                               const char *what, const char *name)
{
    const char *value = rt__param_text(req, params, name, NULL);
    if (!value)
        rt__param_missing(req, what, name);
    return value;
}

int64_t rt__param_int(const rt_params *params, const char *name,
                      int64_t otherwise)
{
    int64_t n = otherwise;
    rt_str value = rt_params_get(params, rt_str_from(name));
    // As Python's int() reads it: white space around and a plus are fine.
    value = rt_str_trim(value);
    if (value.len > 1 && value.data[0] == '+' && rt_is_digit(value.data[1]))
        value = rt_str_slice(value, 1, SIZE_MAX);
    rt_str_parse_int(value, &n);
    return n;
}

double rt__param_float(const rt_params *params, const char *name,
                       double otherwise)
{
    double x = otherwise;
    rt_str value = rt_params_get(params, rt_str_from(name));
    if (!rt_str_parse_double(rt_str_trim(value), &x) || isinf(x))
        return otherwise;
    return x;
}

static bool is_one_of(rt_str word, const char *const *words)
{
    while (*words && !rt_str_eq_nocase(word, rt_str_from(*words)))
        words++;
    return *words;
}

bool rt__param_bool(const rt_params *params, const char *name, bool otherwise)
{
    static const char *const yes[] = {"1", "true", "yes", "on", NULL};
    static const char *const no[] = {"0", "false", "no", "off", NULL};
    rt_str value = rt_str_trim(rt_params_get(params, rt_str_from(name)));
    if (is_one_of(value, yes))
        return true;
    return is_one_of(value, no) ? false : otherwise;
}

rt_value rt__param_list(rt_request *req, const rt_params *params,
                        const char *name)
{
    rt_value list = rt_list_new(req->arena);
    size_t at = 0;
    const rt_param *p;
    while ((p = rt_params_next(params, rt_str_from(name), &at)))
        (void)rt_list_push(list, rt_value_str(p->value));
    return list;
}

rt_value rt__param_dict(rt_request *req, const rt_params *params)
{
    rt_value dict = rt_dict_new(req->arena);
    for (size_t i = 0; i < params->len; i++) {
        rt_value list = rt_dict_get_str(dict, params->items[i].name);
        if (rt_value_is_undefined(list)) {
            list = rt_list_new(req->arena);
            (void)rt_dict_set_str(dict, params->items[i].name, list);
        }
        (void)rt_list_push(list, rt_value_str(params->items[i].value));
    }
    return dict;
}

void rt__param_missing(rt_request *req, const char *what, const char *name)
{
    rt_app *app = rt_app_of(req);
    if (rt_app_is_debug(app) ||
        rt_config_bool(app, "TRAP_BAD_REQUEST_ERRORS", false))
        rt_abort(req, 400, "The {} {!r} is missing.", what, name);
    rt_abort(req, 400);
}
