// Builtin filters: the table of all of them, and what their files share.
//
// Follows jinja2.filters. A filter's file is named for what it works on; its
// function is written FILTER(name). Arguments come bound to the parameters, and
// what was not given is absent.
#pragma once

#include <retort/base/buf.h>

#include "template/runtime.h"

// X(name, function, parameters, how many are required, flags), by name
#define RT__FILTERS(X)                                                       \
    X("abs", abs, "x", 1, RT__PURE | RT__POSITIONAL)                         \
    X("attr", attr, "obj name", 2, 0)                                        \
    X("batch", batch, "value linecount fill_with", 2, 0)                     \
    X("capitalize", capitalize, "s", 1, RT__PURE)                            \
    X("center", center, "value width", 1, RT__PURE)                          \
    X("count", length, "obj", 1, RT__PURE | RT__POSITIONAL)                  \
    X("d", default, "value default_value boolean", 1, RT__PURE)              \
    X("default", default, "value default_value boolean", 1, RT__PURE)        \
    X("dictsort", dictsort, "value case_sensitive by reverse", 1, 0)         \
    X("e", escape, "s", 1, RT__PURE | RT__POSITIONAL)                        \
    X("escape", escape, "s", 1, RT__PURE | RT__POSITIONAL)                   \
    X("filesizeformat", filesizeformat, "value binary", 1, RT__PURE)         \
    X("first", first, "seq", 1, RT__PURE)                                    \
    X("float", float, "value default", 1, RT__PURE)                          \
    X("forceescape", forceescape, "value", 1, RT__PURE)                      \
    X("format", format, "value", 1, RT__PURE | RT__VARARGS)                  \
    X("groupby", groupby, "value attribute default case_sensitive", 2, 0)    \
    X("indent", indent, "s width first blank", 1, RT__PURE)                  \
    X("int", int, "value default base", 1, RT__PURE)                         \
    X("items", items, "value", 1, 0)                                         \
    X("join", join, "value d attribute", 1, RT__PURE)                        \
    X("last", last, "seq", 1, RT__PURE)                                      \
    X("length", length, "obj", 1, RT__PURE | RT__POSITIONAL)                 \
    X("list", list, "value", 1, 0)                                           \
    X("lower", lower, "s", 1, RT__PURE)                                      \
    X("map", map, "value", 1, RT__VARARGS | RT__CONTEXT)                     \
    X("max", max, "value case_sensitive attribute", 1, RT__PURE)             \
    X("min", min, "value case_sensitive attribute", 1, RT__PURE)             \
    X("pprint", pprint, "value", 1, RT__PURE)                                \
    X("random", random, "seq", 1, RT__CONTEXT)                               \
    X("reject", reject, "value", 1, RT__VARARGS | RT__CONTEXT)               \
    X("rejectattr", rejectattr, "value", 1, RT__VARARGS | RT__CONTEXT)       \
    X("replace", replace, "s old new count", 3, RT__PURE)                    \
    X("reverse", reverse, "value", 1, 0)                                     \
    X("round", round, "value precision method", 1, RT__PURE)                 \
    X("safe", safe, "value", 1, RT__PURE)                                    \
    X("select", select, "value", 1, RT__VARARGS | RT__CONTEXT)               \
    X("selectattr", selectattr, "value", 1, RT__VARARGS | RT__CONTEXT)       \
    X("slice", slice, "value slices fill_with", 2, 0)                        \
    X("sort", sort, "value reverse case_sensitive attribute", 1, 0)          \
    X("string", string, "s", 1, RT__PURE)                                    \
    X("striptags", striptags, "value", 1, RT__PURE)                          \
    X("sum", sum, "iterable attribute start", 1, RT__PURE)                   \
    X("title", title, "s", 1, RT__PURE)                                      \
    X("tojson", tojson, "value indent", 1, RT__PURE)                         \
    X("trim", trim, "value chars", 1, RT__PURE)                              \
    X("truncate", truncate, "s length killwords end leeway", 1, RT__PURE)    \
    X("unique", unique, "value case_sensitive attribute", 1, 0)              \
    X("upper", upper, "s", 1, RT__PURE)                                      \
    X("urlencode", urlencode, "value", 1, RT__PURE)                          \
    X("urlize", urlize,                                                      \
      "value trim_url_limit nofollow target rel extra_schemes", 1, RT__PURE) \
    X("wordcount", wordcount, "s", 1, RT__PURE)                              \
    X("wordwrap", wordwrap,                                                  \
      "s width break_long_words wrapstring break_on_hyphens", 1, RT__PURE)   \
    X("xmlattr", xmlattr, "d autospace", 1, RT__PURE)

// A filter has one function, whatever its names.
#define RT__DECLARE_FILTER(name, fn, ...) rt__builtin_fn rt__filter_##fn;
RT__FILTERS(RT__DECLARE_FILTER)
#undef RT__DECLARE_FILTER

// The head of a builtin's function; few look at everything.
#define RT__BUILTIN(fn)                                     \
    rt_status fn(__attribute__((unused)) rt_render *r,      \
                 __attribute__((unused)) const rt_value *a, \
                 __attribute__((unused)) size_t n,          \
                 __attribute__((unused)) rt_value named, rt_value *out)
#define FILTER(name) RT__BUILTIN(rt__filter_##name)

// Look a name up in a table ordered by name.
const rt__builtin *rt__builtin_find(const rt__builtin *table, size_t n,
                                    rt_str name);

// ---- arguments -------------------------------------------------------------------

// Whether an argument is as good as not given.
static inline bool rt__is_none(rt_value v)
{
    return v.kind == RT_NONE || rt__is_absent(v);
}

static inline rt_value rt__or(rt_value v, rt_value otherwise)
{
    return rt__is_absent(v) ? otherwise : v;
}

// An integer argument (rt__index); absent is `otherwise`.
rt_status rt__arg_int(rt_render *r, rt_value v, int64_t otherwise,
                      int64_t *out);

// An argument taken for its truth; absent is `otherwise`.
rt_status rt__arg_bool(rt_render *r, rt_value v, bool otherwise, bool *out);

// soft_str(v): text as it is, anything else as plain text.
rt_status rt__soft_text(rt_render *r, rt_value v, rt_value *out);

// What a value is when compared without case: text in lower case.
rt_status rt__ignore_case(rt_render *r, rt_value v, rt_value *out);

// Forget an error of one of two kinds, as `except` does; false when there is
// another one or none.
bool rt__caught(rt_render *r, rt_template_error_kind a,
                rt_template_error_kind b);

// Finish with a text, of which `model` says whether it is safe.
rt_status rt__give_text(rt_render *r, rt_buf *buf, rt_value model,
                        rt_value *out);

// A number below `bound`, which no template can foresee.
uint64_t rt__random(uint64_t bound);

// Whether two values are one object, as Python's `is` says.
bool rt__is_same(rt_value a, rt_value b);

// ---- attributes of elements (getter.c) --------------------------------------------

// A way to an attribute, "address.city" or "0", which `attribute=` names. With
// no parts it is the element itself.
typedef struct rt__getter {
    rt_value *parts; // texts and integers
    size_t len;
    bool ignore_case;   // text is taken in lower case
    rt_value otherwise; // instead of what is undefined; none or absent: nothing
} rt__getter;

// Make a getter of the value of `attribute=`: none, a text, or any key.
rt_status rt__getter_init(rt_render *r, rt__getter *g, rt_value attribute,
                          bool ignore_case, rt_value otherwise);

rt_status rt__getter_get(rt_render *r, const rt__getter *g, rt_value item,
                         rt_value *out);

// ---- groups (filters_sort.c) --------------------------------------------------------

// A pair of groupby: a tuple that has names for its two values.
#define RT__VALUE_GROUP 4u // in rt_value.flags of a tuple
rt_value rt__group_new(rt_render *r, rt_value grouper, rt_value list);
bool rt__group_attr(rt_value group, rt_str name, rt_value *out);
