// Converters and their arguments: what a rule says between the parentheses.
#include <stdint.h>

#include "routing/conv.h"

// The parameters of a built-in converter, in the order in which arguments
// without name are given.
typedef struct conv_type {
    const char *name;
    rt__conv_kind kind;
    int weight;
    const char *params[4];
} conv_type;

static const conv_type builtins[] = {
    {"default", CONV_STRING, 100, {"minlength", "maxlength", "length"}},
    {"string", CONV_STRING, 100, {"minlength", "maxlength", "length"}},
    {"path", CONV_PATH, 200, {0}},
    {"any", CONV_ANY, 100, {0}},
    {"int", CONV_INT, 50, {"fixed_digits", "min", "max", "signed"}},
    {"float", CONV_FLOAT, 50, {"min", "max", "signed"}},
    {"uuid", CONV_UUID, 100, {0}},
};

#define PARAMS_MAX RT_COUNT(builtins[0].params)

// The arguments of a built-in converter by parameter; NULL: not given.
typedef struct bound {
    const rt__argument *by_param[PARAMS_MAX];
} bound;

static size_t find_param(const conv_type *type, rt_str name)
{
    for (size_t i = 0; i < PARAMS_MAX && type->params[i]; i++) {
        if (rt_str_eq(name, rt_str_from(type->params[i])))
            return i;
    }
    return PARAMS_MAX;
}

static rt_status bind(const rt__rule_text *t, const conv_type *type,
                      const rt__arguments *arguments, bound *out)
{
    size_t place = 0;
    for (size_t i = 0; i < arguments->len; i++) {
        const rt__argument *a = &arguments->items[i];
        size_t param = a->name.len ? find_param(type, a->name) : place++;

        if (param >= PARAMS_MAX || !type->params[param]) {
            if (a->name.len) {
                return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                                     "converter \"%s\" has no argument "
                                     "\"%.*s\"",
                                     type->name, RT_STR_ARG(a->name));
            }
            return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                                 "converter \"%s\" takes no argument here",
                                 type->name);
        }
        if (out->by_param[param]) {
            return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                                 "argument \"%s\" is given twice",
                                 type->params[param]);
        }
        out->by_param[param] = a;
    }
    return RT_OK;
}

static bool is_given(const rt__argument *a)
{
    return a && a->value.kind != RT_NONE;
}

static rt_status want_int(const rt__rule_text *t, const rt__argument *a,
                          int64_t least, int64_t *out)
{
    if (a->value.kind != RT_INT || a->value.as.integer < least) {
        return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                             least == INT64_MIN
                                 ? "an integer is expected here"
                                 : "an integer of at least %lld is expected "
                                   "here",
                             (long long)least);
    }
    *out = a->value.as.integer;
    return RT_OK;
}

static rt_status want_float(const rt__rule_text *t, const rt__argument *a,
                            double *out)
{
    if (a->value.kind != RT_INT && a->value.kind != RT_FLOAT) {
        return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                             "a number is expected here");
    }
    *out = rt_value_as_float(a->value, 0);
    return RT_OK;
}

static rt_status want_bool(const rt__rule_text *t, const rt__argument *a,
                           bool *out)
{
    if (a->value.kind != RT_BOOL) {
        return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                             "true or false is expected here");
    }
    *out = a->value.as.boolean;
    return RT_OK;
}

// A length in code points: `otherwise` where the argument is not given.
static rt_status want_len(const rt__rule_text *t, const rt__argument *a,
                          size_t otherwise, size_t *out)
{
    int64_t len = 0;
    if (!is_given(a)) {
        *out = otherwise;
        return RT_OK;
    }
    rt_status status = want_int(t, a, 1, &len);
    *out = (size_t)len;
    return status;
}

static rt_status setup_string(const rt__rule_text *t, const bound *b,
                              rt__conv *out)
{
    const rt__argument *length = b->by_param[2];
    rt_status status = want_len(t, b->by_param[0], 1, &out->min_len);
    if (!status)
        status = want_len(t, b->by_param[1], SIZE_MAX, &out->max_len);
    if (!status && is_given(length)) {
        status = want_len(t, length, 1, &out->min_len);
        out->max_len = out->min_len;
    }
    if (!status && out->min_len > out->max_len) {
        return rt__rule_fail(t, b->by_param[1]->at, RT_E_SYNTAX,
                             "maxlength is less than minlength");
    }
    return status;
}

static const char empty_range[] = "max is less than min, so nothing matches";

static rt_status setup_int(const rt__rule_text *t, const bound *b,
                           rt__conv *out)
{
    rt_status status = RT_OK;
    out->has_min = is_given(b->by_param[1]);
    out->has_max = is_given(b->by_param[2]);

    if (is_given(b->by_param[0])) {
        int64_t digits = 0;
        status = want_int(t, b->by_param[0], 0, &digits);
        out->fixed_digits = (size_t)digits;
    }
    if (!status && out->has_min)
        status = want_int(t, b->by_param[1], INT64_MIN, &out->min);
    if (!status && out->has_max)
        status = want_int(t, b->by_param[2], INT64_MIN, &out->max);
    if (!status && is_given(b->by_param[3]))
        status = want_bool(t, b->by_param[3], &out->is_signed);
    if (!status && out->has_min && out->has_max && out->min > out->max)
        return rt__rule_fail(t, b->by_param[2]->at, RT_E_SYNTAX, empty_range);
    return status;
}

static rt_status setup_float(const rt__rule_text *t, const bound *b,
                             rt__conv *out)
{
    rt_status status = RT_OK;
    out->has_min = is_given(b->by_param[0]);
    out->has_max = is_given(b->by_param[1]);

    if (out->has_min)
        status = want_float(t, b->by_param[0], &out->min_float);
    if (!status && out->has_max)
        status = want_float(t, b->by_param[1], &out->max_float);
    if (!status && is_given(b->by_param[2]))
        status = want_bool(t, b->by_param[2], &out->is_signed);
    if (!status && out->has_min && out->has_max &&
        out->min_float > out->max_float)
        return rt__rule_fail(t, b->by_param[1]->at, RT_E_SYNTAX, empty_range);
    return status;
}

static rt_status setup_any(const rt__rule_text *t, size_t at,
                           const rt__arguments *arguments, rt__conv *out)
{
    if (!arguments->len) {
        return rt__rule_fail(t, at, RT_E_SYNTAX,
                             "converter \"any\" needs at least one word");
    }

    rt_str *words = rt_new(t->arena, rt_str, arguments->len);
    for (size_t i = 0; i < arguments->len; i++) {
        const rt__argument *a = &arguments->items[i];
        if (a->name.len) {
            return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                                 "converter \"any\" has no argument \"%.*s\"",
                                 RT_STR_ARG(a->name));
        }
        if (!a->word.len || rt_str_find_char(a->word, '/') != RT_STR_NONE) {
            return rt__rule_fail(t, a->at, RT_E_SYNTAX,
                                 "a word is part of one segment: not empty, "
                                 "and without a slash");
        }
        words[i] = a->word;
    }
    out->words = words;
    out->words_len = arguments->len;
    return RT_OK;
}

static rt_status setup_builtin(const rt__rule_text *t, const conv_type *type,
                               size_t at, const rt__arguments *arguments,
                               rt__conv *out)
{
    *out = (rt__conv){
        .kind = type->kind,
        .weight = type->weight,
        .crosses_slash = type->kind == CONV_PATH,
    };
    if (type->kind == CONV_ANY)
        return setup_any(t, at, arguments, out);

    bound b = {0};
    rt_status status = bind(t, type, arguments, &b);
    if (status)
        return status;
    switch (type->kind) {
    case CONV_STRING: return setup_string(t, &b, out);
    case CONV_INT: return setup_int(t, &b, out);
    case CONV_FLOAT: return setup_float(t, &b, out);
    default: return RT_OK; // takes no arguments
    }
}

static rt_status setup_custom(const rt__rule_text *t,
                              const rt_url_converter *custom, size_t at,
                              const rt__arguments *arguments, rt__conv *out)
{
    *out = (rt__conv){
        .kind = CONV_CUSTOM,
        .weight = custom->weight ? custom->weight : 100,
        .crosses_slash = custom->crosses_slash,
        .custom = custom,
        .self = custom->arg,
        .args = rt_list_new(t->arena),
        .named = rt_dict_new(t->arena),
    };
    if (!custom->setup) {
        if (arguments->len) {
            return rt__rule_fail(t, arguments->items[0].at, RT_E_SYNTAX,
                                 "converter \"%s\" takes no arguments",
                                 custom->name);
        }
        return RT_OK;
    }

    for (size_t i = 0; i < arguments->len; i++) {
        const rt__argument *a = &arguments->items[i];
        rt_status status = a->name.len
                               ? rt_dict_set_str(out->named, a->name, a->value)
                               : rt_list_push(out->args, a->value);
        if (status) {
            return rt__rule_fail(t, a->at, status, "%s",
                                 rt_status_text(status));
        }
    }

    rt_error reason = {0};
    rt_status status = custom->setup(custom->arg, t->arena, out->args,
                                     out->named, &out->self, &reason);
    if (status && reason.message.len) {
        return rt__rule_fail(t, at, status, "converter \"%s\": %.*s",
                             custom->name, RT_STR_ARG(reason.message));
    }
    if (status) {
        return rt__rule_fail(t, at, status,
                             "converter \"%s\" refuses its arguments: %s",
                             custom->name, rt_status_text(status));
    }
    return RT_OK;
}

rt_status rt__conv_setup(const rt__rule_text *t, const rt__patterns *shared,
                         rt_str name, size_t at, const rt__arguments *arguments,
                         rt__conv *out)
{
    for (size_t i = shared->customs.len; i > 0; i--) {
        const rt_url_converter *custom = shared->customs.items[i - 1];
        if (rt_str_eq(name, rt_str_from(custom->name)))
            return setup_custom(t, custom, at, arguments, out);
    }
    for (size_t i = 0; i < RT_COUNT(builtins); i++) {
        if (rt_str_eq(name, rt_str_from(builtins[i].name)))
            return setup_builtin(t, &builtins[i], at, arguments, out);
    }
    return rt__rule_fail(t, at, RT_E_NOT_FOUND,
                         "there is no converter \"%.*s\"", RT_STR_ARG(name));
}

static bool words_equal(const rt__conv *a, const rt__conv *b)
{
    if (a->words_len != b->words_len)
        return false;
    for (size_t i = 0; i < a->words_len; i++) {
        if (!rt_str_eq(a->words[i], b->words[i]))
            return false;
    }
    return true;
}

// Bounds and fixed digits are left out: they are looked at when the rule has
// been chosen, so rules that differ in nothing else can never both match.
bool rt__conv_equal(const rt__conv *a, const rt__conv *b)
{
    return a->kind == b->kind && a->weight == b->weight &&
           a->crosses_slash == b->crosses_slash &&
           a->is_signed == b->is_signed && a->min_len == b->min_len &&
           a->max_len == b->max_len && words_equal(a, b) &&
           a->custom == b->custom && rt_value_equal(a->args, b->args) &&
           rt_value_equal(a->named, b->named);
}

rt_kind rt__conv_value_kind(const rt__conv *conv)
{
    switch (conv->kind) {
    case CONV_INT: return RT_INT;
    case CONV_FLOAT: return RT_FLOAT;
    case CONV_CUSTOM:
        return conv->custom->parse ? conv->custom->kind : RT_STRING;
    default: return RT_STRING;
    }
}
