// Builtins: binding arguments to the parameters of functions written in C, and
// builtins as values.
#include <stddef.h>

#include <retort/base/hash.h>

#include "template/filters.h"
#include "template/methods.h"

// ---- parameters --------------------------------------------------------------------

// Parameters are one text, "value width"; the messages count and name them.

static size_t count_params(const char *params)
{
    size_t n = *params != 0;
    for (const char *at = params; *at; at++)
        n += *at == ' ';
    return n;
}

static rt_str param_at(const char *params, size_t index)
{
    rt_str rest = rt_str_from(params);
    for (size_t i = 0; i < index; i++)
        rt_str_cut(&rest, ' ');
    return rt_str_cut(&rest, ' ');
}

// Methods are given their object, which nobody counts or names.
static size_t count_hidden(const char *params)
{
    return rt_str_eq(param_at(params, 0), RT_STR("self"));
}

static bool find_param(const char *params, rt_str name, size_t *index)
{
    rt_str rest = rt_str_from(params);
    for (size_t i = 0; rest.len; i++) {
        if (rt_str_eq(rt_str_cut(&rest, ' '), name)) {
            *index = i;
            return i >= count_hidden(params);
        }
    }
    return false;
}

// ---- what can be wrong with arguments -----------------------------------------------

static rt_status too_many(rt_render *r, const rt__builtin *b, size_t given)
{
    size_t hidden = count_hidden(b->params);
    size_t most = count_params(b->params) - hidden;
    size_t least = b->required - hidden;
    const char *were = given - hidden == 1 ? "was" : "were";

    if (least == most)
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "{}() takes {} positional argument{} but {} {} given",
                         b->name, most, most == 1 ? "" : "s", given - hidden,
                         were);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{}() takes from {} to {} positional arguments but {} {} "
                     "given",
                     b->name, least, most, given - hidden, were);
}

// 'a' -- 'a' and 'b' -- 'a', 'b', and 'c'
static rt_str name_missing(rt_render *r, const rt__builtin *b,
                           const rt_value *a, size_t missing)
{
    rt_buf names;
    size_t done = 0;

    rt_buf_init(&names, r->arena);
    for (size_t i = 0; i < b->required; i++) {
        if (!rt__is_absent(a[i]))
            continue;
        if (done && missing > 2)
            rt_buf_put_char(&names, ',');
        if (done)
            rt_buf_put_cstr(&names, done + 1 == missing ? " and " : " ");
        rt_buf_format(&names, "{!r}", param_at(b->params, i));
        done++;
    }
    return rt_buf_str(&names);
}

static rt_status check_missing(rt_render *r, const rt__builtin *b,
                               const rt_value *a)
{
    size_t missing = 0;

    for (size_t i = 0; i < b->required; i++)
        missing += rt__is_absent(a[i]);
    if (!missing)
        return RT_OK;
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{}() missing {} required positional argument{}: {}",
                     b->name, missing, missing == 1 ? "" : "s",
                     name_missing(r, b, a, missing));
}

static rt_status no_keywords(rt_render *r, const rt__builtin *b)
{
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{}() takes no keyword arguments", b->name);
}

// ---- calling -------------------------------------------------------------------------

// Put named arguments where their parameters are; the first `n` are taken.
static rt_status bind_named(rt_render *r, const rt__builtin *b, rt_value *a,
                            const rt_value *named, size_t n_named)
{
    for (size_t i = 0; i < n_named; i++) {
        rt_str name = rt_value_as_str(named[2 * i]);
        size_t index;
        if (!find_param(b->params, name, &index))
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "{}() got an unexpected keyword argument {!r}",
                             b->name, name);
        if (!rt__is_absent(a[index]))
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "{}() got multiple values for argument {!r}",
                             b->name, name);
        a[index] = named[2 * i + 1];
    }
    return RT_OK;
}

static rt_status call_with_varargs(rt_render *r, const rt__builtin *b,
                                   const rt_value *args, size_t n,
                                   const rt_value *named, size_t n_named,
                                   rt_value *out)
{
    rt_value dict = rt_value_undefined();

    if (n < b->required) {
        rt_value a[RT__PARAMS_MAX];
        for (size_t i = 0; i < b->required; i++)
            a[i] = i < n ? args[i] : rt__absent();
        return check_missing(r, b, a);
    }
    if (n_named && (b->flags & RT__POSITIONAL))
        return no_keywords(r, b);
    if (n_named)
        dict = rt_dict_new(r->arena);
    for (size_t i = 0; i < n_named; i++) {
        rt_status st = rt_dict_set(dict, named[2 * i], named[2 * i + 1]);
        if (st)
            return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                             "keywords must be strings");
    }
    return b->fn(r, args, n, dict, out);
}

rt_status rt__builtin_call(rt_render *r, const rt__builtin *b,
                           const rt_value *args, size_t n,
                           const rt_value *named, size_t n_named, rt_value *out)
{
    rt_value a[RT__PARAMS_MAX];
    rt_status st;

    if (b->flags & RT__VARARGS)
        return call_with_varargs(r, b, args, n, named, n_named, out);
    if (b->flags & RT__POSITIONAL) {
        if (n && count_hidden(b->params)) {
            st = rt__method_check(r, b, args, n, n_named);
        } else {
            st = n_named ? no_keywords(r, b) : RT_OK;
        }
        if (st)
            return st;
    }
    // What is given fits mostly; then nothing need be counted.
    bool fits = n <= b->required || n <= count_params(b->params);
    size_t taken = fits ? n : count_params(b->params);
    for (size_t i = 0; i < taken; i++)
        a[i] = args[i];
    for (size_t i = taken; i < RT__PARAMS_MAX; i++)
        a[i] = rt__absent();
    if (n_named && (st = bind_named(r, b, a, named, n_named)))
        return st;
    if (!fits)
        return too_many(r, b, n);
    if (n < b->required && (st = check_missing(r, b, a)))
        return st;
    return b->fn(r, a, taken, rt_value_undefined(), out);
}

const rt__builtin *rt__builtin_find(const rt__builtin *table, size_t n,
                                    rt_str name)
{
    size_t low = 0;

    while (low < n) {
        size_t middle = low + (n - low) / 2;
        int order = rt_str_compare(rt_str_from(table[middle].name), name);
        if (order == 0)
            return &table[middle];
        if (order < 0) {
            low = middle + 1;
        } else {
            n = middle;
        }
    }
    return NULL;
}

// ---- builtins as values -----------------------------------------------------------------

typedef struct builtin_value {
    const rt__builtin *builtin;
    rt_value self; // absent: not a method
} builtin_value;

// Names of what is a class or a function in Python.
static void put_builtin(void *self, rt_buf *out)
{
    static const struct {
        const char *name;
        const char *text;
    } globals[] = {
        {"cycler", "<class 'jinja2.utils.Cycler'>"},
        {"dict", "<class 'dict'>"},
        {"joiner", "<class 'jinja2.utils.Joiner'>"},
        {"lipsum", "<function generate_lorem_ipsum>"},
        {"namespace", "<class 'jinja2.utils.Namespace'>"},
        {"range", "<class 'range'>"},
    };

    const builtin_value *v = self;

    if (!rt__is_absent(v->self)) {
        rt_buf_format(out, "<built-in method {} of {} object>",
                      v->builtin->name, rt__type_name(v->self));
        return;
    }
    for (size_t i = 0; i < RT_COUNT(globals); i++) {
        if (!strcmp(globals[i].name, v->builtin->name)) {
            rt_buf_put_cstr(out, globals[i].text);
            return;
        }
    }
    rt_buf_format(out, "<built-in function {}>", v->builtin->name);
}

static bool builtin_equal(void *self, rt_value other);

static uint64_t builtin_hash(void *self)
{
    return rt_hash_int((uint64_t)(uintptr_t)((builtin_value *)self)->builtin);
}

static const rt_vtable builtin_vtable = {.name = "builtin_function_or_method",
                                         .text = put_builtin,
                                         .equal = builtin_equal,
                                         .hash = builtin_hash};

static const builtin_value *builtin_of(rt_value v)
{
    return v.kind == RT_OBJECT && v.as.object->vtable == &builtin_vtable
               ? v.as.object->self
               : NULL;
}

static bool builtin_equal(void *self, rt_value other)
{
    const builtin_value *a = self;
    const builtin_value *b = builtin_of(other);

    if (!b || a->builtin != b->builtin)
        return false;
    return (rt__is_absent(a->self) && rt__is_absent(b->self)) ||
           rt__is_same(a->self, b->self);
}

rt_value rt__bound_method(rt_render *r, rt_value self, const rt__builtin *b)
{
    builtin_value *v = rt_new(r->arena, builtin_value, 1);

    *v = (builtin_value){b, self};
    return rt_object_new(r->arena, &builtin_vtable, v);
}

rt_value rt__builtin_value(rt_render *r, const rt__builtin *b)
{
    return rt__bound_method(r, rt__absent(), b);
}

bool rt__is_builtin(rt_value v)
{
    return builtin_of(v) != NULL;
}

rt_status rt__builtin_value_call(rt_render *r, rt_value callee,
                                 const rt_value *args, size_t n,
                                 const rt_value *named, size_t n_named,
                                 rt_value *out)
{
    const builtin_value *v = builtin_of(callee);
    rt_value some[RT__PARAMS_MAX + 1];
    rt_value *all = some;

    if (rt__is_absent(v->self))
        return rt__builtin_call(r, v->builtin, args, n, named, n_named, out);
    if (n > RT__PARAMS_MAX)
        all = rt_new(r->arena, rt_value, n + 1);
    all[0] = v->self;
    for (size_t i = 0; i < n; i++)
        all[i + 1] = args[i];
    return rt__builtin_call(r, v->builtin, all, n + 1, named, n_named, out);
}

// ---- identity ------------------------------------------------------------------------------

static bool is_same_text(rt_value a, rt_value b)
{
    // One character of Latin-1 is always the same object.
    bool single = a.len == 1 || (a.len == 2 && (uint8_t)a.as.text[0] < 0xc4);

    if (a.len != b.len)
        return false;
    return a.as.text == b.as.text || a.len == 0 ||
           (single && !memcmp(a.as.text, b.as.text, a.len));
}

bool rt__is_same(rt_value a, rt_value b)
{
    if (a.kind != b.kind)
        return false;
    switch (rt_value_kind(a)) {
    case RT_NONE: return true;
    case RT_BOOL: return a.as.boolean == b.as.boolean;
    case RT_INT:
    case RT_FLOAT: return a.as.integer == b.as.integer; // the same bits
    case RT_STRING: return is_same_text(a, b);
    case RT_SAFE:
    case RT_BYTES: return a.len == b.len && a.as.text == b.as.text;
    case RT_DATE: return a.as.date_us == b.as.date_us;
    case RT_UUID: return a.as.uuid == b.as.uuid;
    case RT_DICT: return a.as.dict == b.as.dict;
    case RT_LIST: return a.as.list == b.as.list;
    case RT_TUPLE:
        return a.as.list == b.as.list || (!rt_list_len(a) && !rt_list_len(b));
    case RT_OBJECT:
        return a.as.object == b.as.object ||
               (rt__is_builtin(a) && rt_value_equal(a, b));
    case RT_UNDEFINED:
        return a.as.undefined && a.as.undefined == b.as.undefined;
    }
    return false;
}
