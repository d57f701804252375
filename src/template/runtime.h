// The runtime of templates: what operators, filters, tests, methods and globals
// share. Nothing here knows of bytecode.
//
// Everything allocates in `r->arena`, which ends with the render. A function
// that can fail returns an rt_status; with rt__raise it has said why, and the
// VM adds the place. The first error of a render counts; after it everything
// returns as soon as it can.
#pragma once

#include <retort/base/buf.h>
#include <retort/base/format.h>
#include <retort/base/value.h>
#include <retort/template/environment.h>
#include <retort/template/error.h>

typedef struct rt_render rt_render;

// One render. The VM's own state follows in vm.h; this head is what the runtime
// may use.
struct rt_render {
    rt_arena *arena;
    const struct rt_template_env *env;
    rt_undefined_mode undefined;
    rt_sandbox_mode sandbox;
    const rt_template_policies *policies;
    bool autoescape;         // of the code that is running now
    rt_template_error error; // kind is RT_TEMPLATE_OK until something failed
    uint64_t steps_left; // of loops in the runtime, too; UINT64_MAX: no limit
    size_t range_max;    // 0: no limit
    size_t memory_max;   // bytes of the arena; 0: no limit
    int depth;           // of nested calls
};

// ---- errors ----------------------------------------------------------------

// What raised is never RT_OK: said for compilers and analyzers, which then know
// that a result is set wherever it is looked at.
static inline rt_status rt__failed(rt_status st)
{
    if (st == RT_OK)
        __builtin_unreachable();
    return st;
}

// Note an error and return a failing status:
// return rt__raise(r, RT_TEMPLATE_TYPE_ERROR, "{} is not a number", kind);
#define rt__raise(...)                                                      \
    rt__failed(rt__raise_values(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                                "" RT_ARG3(__VA_ARGS__),                    \
                                RT_VALUES_FROM4(__VA_ARGS__)))
rt_status rt__raise_values(rt_render *r, rt_template_error_kind kind,
                           const char *format, const rt_value *values,
                           size_t n);

// The same with a ready message, which is viewed.
rt_status rt__raise_text(rt_render *r, rt_template_error_kind kind,
                         rt_str text);

rt_status rt__step_failed(rt_render *r);

// Count work that grows with its input; fails when the render's steps are used
// up. Loops of the runtime call it once per element.
static inline rt_status rt__step(rt_render *r, size_t n)
{
    if (RT_UNLIKELY(r->steps_left < n))
        return rt__step_failed(r);
    r->steps_left -= n; // UINT64_MAX lasts for centuries
    return RT_OK;
}

// The same for work on bytes: comparing, hashing, counting characters. What
// names and most texts of pages have is for nothing.
#define RT__BYTES_PER_STEP 64u

static inline rt_status rt__step_bytes(rt_render *r, size_t bytes)
{
    return RT_LIKELY(bytes < RT__BYTES_PER_STEP)
               ? RT_OK
               : rt__step(r, bytes / RT__BYTES_PER_STEP);
}

// What one value may grow to by `*`, padding, formatting and powers. More is
// a LimitError, before memory is spent.
#define RT__TEXT_BYTES_MAX    ((size_t)64 << 20)
#define RT__LIST_ITEMS_MAX    ((size_t)4 << 20)
#define RT__INT_BITS_MAX      ((size_t)1 << 18)
// Decimal digits of an integer as text: more are a ValueError, as in Python.
#define RT__INT_DIGITS_MAX    4300
// The message of an error is cut there.
#define RT__MESSAGE_BYTES_MAX ((size_t)4096)

// Fail with a LimitError if text (a list) of that size would be too large;
// else count the work.
rt_status rt__check_text(rt_render *r, size_t bytes);
rt_status rt__check_items(rt_render *r, size_t items);

// Fail with a LimitError where so many bytes more were too many for the render.
rt_status rt__memory_failed(rt_render *r);

static inline rt_status rt__check_memory(rt_render *r, size_t more)
{
    if (RT_LIKELY(!r->memory_max) ||
        rt_arena_bytes(r->arena) + more <= r->memory_max)
        return RT_OK;
    return rt__memory_failed(r);
}

// Turn the status of a buffer into an error: a full one is a LimitError.
rt_status rt__buf_status(rt_render *r, const rt_buf *buf);

// Let a buffer hold no more than what is left of the render's memory.
void rt__buf_limit_memory(rt_render *r, rt_buf *buf);

// A buffer in the render's arena that holds RT__TEXT_BYTES_MAX at most.
static inline void rt__buf_init(rt_render *r, rt_buf *buf)
{
    rt_buf_init(buf, r->arena);
    buf->limit = RT__TEXT_BYTES_MAX;
    if (RT_UNLIKELY(r->memory_max))
        rt__buf_limit_memory(r, buf);
}

// ---- builtins: filters, tests, methods, globals ------------------------------

// `a` holds the arguments bound to the parameters, in order; one that was not
// given is absent. For filters, tests and methods a[0] is what they are applied
// to. With RT__VARARGS the function takes `n` positional ones and the named
// ones in `named` (a dict, or undefined when there are none) instead.
typedef rt_status rt__builtin_fn(rt_render *r, const rt_value *a, size_t n,
                                 rt_value named, rt_value *out);

typedef struct rt__builtin {
    const char *name;
    rt__builtin_fn *fn;
    const char *params; // "value length killwords end leeway"
    unsigned required;  // how many of them must be given
    unsigned flags;     // RT__PURE ...
} rt__builtin;

#define RT__PURE       1u  // same arguments, same result: may be folded
#define RT__VARARGS    2u  // see above
#define RT__MUTATES    4u  // changes a[0]: forbidden in the immutable sandbox
#define RT__CONTEXT    8u  // looks at the render beyond its head: never folded
#define RT__POSITIONAL 16u // keyword arguments are a TypeError
#define RT__PARAMS_MAX 16

// An argument that was not given.
#define RT__VALUE_ABSENT 2u // in rt_value.flags of an undefined

// An undefined value that behaves as the default ones in every mode: of an
// inline if without else.
#define RT__VALUE_LENIENT 4u

static inline rt_value rt__absent(void)
{
    return (rt_value){.kind = RT_UNDEFINED, .flags = RT__VALUE_ABSENT};
}

static inline bool rt__is_absent(rt_value v)
{
    return v.kind == RT_UNDEFINED && (v.flags & RT__VALUE_ABSENT);
}

// Bind arguments to parameters and call. `what` names the kind for messages
// ("filter", "method"). `named` is n_named pairs of name (string) and value.
//
//   errors   TypeError, as Python words it: too many, unknown, given twice, or
//            missing arguments
rt_status rt__builtin_call(rt_render *r, const rt__builtin *b,
                           const rt_value *args, size_t n,
                           const rt_value *named, size_t n_named,
                           rt_value *out);

// Look a name up; NULL when there is none.
const rt__builtin *rt__filter_find(rt_str name);
const rt__builtin *rt__test_find(rt_str name);
// All tests, by name.
const rt__builtin *rt__tests(size_t *n);
const rt__builtin *rt__global_find(
    rt_str name); // range, dict, lipsum, cycler..
const rt__builtin *rt__method_find(rt_value self, rt_str name); // of its type

// Call a filter or test by name, as `map`, `select` and their like do; knows
// the environment's own ones, too.
rt_status rt__filter_apply(rt_render *r, rt_str name, const rt_value *args,
                           size_t n, const rt_value *named, size_t n_named,
                           rt_value *out);
rt_status rt__test_apply(rt_render *r, rt_str name, const rt_value *args,
                         size_t n, const rt_value *named, size_t n_named,
                         bool *out);

// Call any value: builtins, bound methods, macros, host objects.
rt_status rt__call(rt_render *r, rt_value callee, const rt_value *args,
                   size_t n, const rt_value *named, size_t n_named,
                   rt_value *out);
bool rt__is_callable(rt_value v);

// A builtin, or a method bound to its object, as a value.
rt_value rt__builtin_value(rt_render *r, const rt__builtin *b);
rt_value rt__bound_method(rt_render *r, rt_value self, const rt__builtin *b);
// Whether a value is one of these, and calling it.
bool rt__is_builtin(rt_value v);
rt_status rt__builtin_value_call(rt_render *r, rt_value callee,
                                 const rt_value *args, size_t n,
                                 const rt_value *named, size_t n_named,
                                 rt_value *out);

// ---- undefined ---------------------------------------------------------------

// Why a value is undefined; what a message about it says.
typedef struct rt__undefined {
    rt_str hint;     // a whole message, or empty
    rt_value name;   // "x" in "'x' is undefined"; of elements any value
    rt_value object; // that has no such attribute; undefined when not one
    bool has_object;
    bool security; // using it is a SecurityError
} rt__undefined;

rt_value rt__undefined_name(rt_render *r, rt_str name);
rt_value rt__undefined_attr(rt_render *r, rt_value object, rt_value name);
rt_value rt__undefined_hint(rt_render *r, rt_str hint);
// The same that raises SecurityError when it is used.
rt_value rt__undefined_unsafe(rt_render *r, rt_value object, rt_str name);

// The mode that an undefined value follows.
static inline rt_undefined_mode rt__undefined_mode_of(const rt_render *r,
                                                      rt_value v)
{
    return v.flags & RT__VALUE_LENIENT ? RT_UNDEFINED_DEFAULT : r->undefined;
}

// Fail because an undefined value was used: UndefinedError (SecurityError).
rt_status rt__undefined_fail(rt_render *r, rt_value undefined);

// Fail if the mode says that even looking (truth, text, iteration, equality) is
// an error: strict. OK for values that are defined.
rt_status rt__undefined_touch(rt_render *r, rt_value v);

// str() of an undefined value: empty, a description in debug mode, an error in
// strict mode.
rt_status rt__undefined_text(rt_render *r, rt_value v, rt_str *out);

// ---- types and text -----------------------------------------------------------

// Python's name of a value's type for messages: "int", "str", "NoneType",
// "Markup", "list", "dict", "tuple", "range", "Undefined", "dict_items" ...
const char *rt__type_name(rt_value v);

// str(v) appended, with escaping when `escape` and v is not safe. Fails for
// strict undefined. Host objects' text is safe where they say so.
rt_status rt__put_text(rt_render *r, rt_buf *out, rt_value v, bool escape);

// str(v) as string; a safe string stays what it is (soft_str).
rt_status rt__to_text(rt_render *r, rt_value v, rt_str *out);

// repr(v), for all values of the runtime.
rt_status rt__put_repr(rt_render *r, rt_buf *out, rt_value v);
// ascii(v): the same with escapes for what is not ASCII.
rt_status rt__put_ascii_repr(rt_render *r, rt_buf *out, rt_value v);

// escape(v): a safe string.
rt_status rt__escape(rt_render *r, rt_value v, rt_value *out);

// A string like `model`: safe when that is safe.
static inline rt_value rt__text_like(rt_value model, rt_str s)
{
    return model.kind == RT_SAFE ? rt_value_safe(s) : rt_value_str(s);
}

// Text, bytes, lists and tuples: what has positions, `+` and `*`.
static inline bool rt__is_sequence(rt_value v)
{
    return rt_value_is_text(v) || v.kind == RT_BYTES || rt_value_is_list(v);
}

// Truth, with strict undefined failing.
rt_status rt__truth(rt_render *r, rt_value v, bool *out);

// len(v); TypeError for what has none.
rt_status rt__length(rt_render *r, rt_value v, size_t *out);
bool rt__has_length(rt_value v);

// ---- iteration ------------------------------------------------------------------

// Stepping through any iterable. Lists are followed while they grow, as in
// Python; a dict that changes its size ends with a RuntimeError.
typedef struct rt__iter {
    rt_value source;
    size_t at;  // lists: index; text: byte offset; objects: their state
    size_t len; // dicts: entries at the beginning
} rt__iter;

// errors   TypeError: 'int' object is not iterable
rt_status rt__iter_init(rt_render *r, rt_value v, rt__iter *it);
// False at the end or after an error (look at r->error.kind).
bool rt__iter_next(rt_render *r, rt__iter *it, rt_value *out);
// All elements as a new list.
rt_status rt__to_list(rt_render *r, rt_value v, rt_value *out);

// A lazy sequence that can be walked once (Python's generators): `next` is
// called with `self` until it returns false; errors go to r->error.
typedef bool rt__generator_fn(rt_render *r, void *self, rt_value *out);
rt_value rt__generator_new(rt_render *r, rt__generator_fn *next, void *self);

// ---- objects of the runtime (objects.c) --------------------------------------------

rt_value rt__range_new(rt_render *r, int64_t start, int64_t stop, int64_t step);
bool rt__is_range(rt_value v, int64_t *start, int64_t *stop, int64_t *step);
rt_value rt__namespace_new(rt_render *r);
bool rt__is_namespace(rt_value v, rt_value *dict);

// dict_keys, dict_values, dict_items: live views.
typedef enum rt__view_kind {
    RT__KEYS,
    RT__VALUES,
    RT__ITEMS
} rt__view_kind;

rt_value rt__dict_view_new(rt_render *r, rt_value dict, rt__view_kind kind);

// ---- operators (ops.c and neighbours) -----------------------------------------------

typedef enum rt__op {
    RT__ADD,
    RT__SUB,
    RT__MUL,
    RT__DIV,
    RT__FLOORDIV,
    RT__MOD,
    RT__POW,
} rt__op;

typedef enum rt__cmp {
    RT__EQ,
    RT__NE,
    RT__LT,
    RT__LE,
    RT__GT,
    RT__GE,
    RT__IN,
    RT__NOT_IN,
} rt__cmp;

rt_status rt__binary(rt_render *r, rt__op op, rt_value a, rt_value b,
                     rt_value *out);
rt_status rt__negate(rt_render *r, rt_value v, rt_value *out);
rt_status rt__positive(rt_render *r, rt_value v, rt_value *out);
rt_status rt__compare(rt_render *r, rt__cmp cmp, rt_value a, rt_value b,
                      bool *out);
// Fail with a TypeError if a value cannot be the key of a dict.
rt_status rt__check_key(rt_render *r, rt_value key);
// Count what looking a key up costs: it is hashed, and compared.
rt_status rt__step_key(rt_render *r, rt_value key);

// Order two values as sort does: negative, zero, positive.
rt_status rt__order(rt_render *r, rt_value a, rt_value b, int *out);
// a ~ b ~ c: markup_join when escaping, else str_join.
rt_status rt__concat(rt_render *r, const rt_value *parts, size_t n,
                     rt_value *out);
// v[start:stop:step]; absent bounds are none.
rt_status rt__slice(rt_render *r, rt_value v, rt_value start, rt_value stop,
                    rt_value step, rt_value *out);

// environment.getattr (a.b: attribute, then item) and getitem (a["b"]: item,
// then attribute); undefined when there is neither, never an error by itself.
rt_status rt__get_attr(rt_render *r, rt_value object, rt_str name,
                       rt_value *out);
// The same for a name whose hash (rt_value_hash of the text) is known.
rt_status rt__get_attr_hashed(rt_render *r, rt_value object, rt_str name,
                              uint64_t hash, rt_value *out);
rt_status rt__get_item(rt_render *r, rt_value object, rt_value key,
                       rt_value *out);
// The attribute alone: methods of builtin types, attributes of host objects.
bool rt__find_attr(rt_render *r, rt_value object, rt_str name, rt_value *out);
// object[key] as Python has it.
//
//   errors   KeyError, IndexError, TypeError, UndefinedError
rt_status rt__subscript(rt_render *r, rt_value object, rt_value key,
                        rt_value *out);

// ---- numbers ---------------------------------------------------------------------------

// Integers beyond 64 bits are objects of the runtime (bigint.c); they come from
// arithmetic and literals and print, compare and compute like others. What fits
// 64 bits is always an RT_INT.
bool rt__is_bigint(rt_value v);
// An integer of any size, bool included; false otherwise.
bool rt__is_integer(rt_value v);

// int(text, base): white space around, a sign, a prefix where base is 0 or asks
// for it, single underscores between digits, decimal digits of any script.
//
//   errors   ValueError; rt__text_is_int returns false instead
rt_status rt__int_parse(rt_render *r, rt_str text, int base, rt_value *out);
bool rt__text_is_int(rt_render *r, rt_str text, int base, rt_value *out);

// float(text): white space around, underscores, inf, infinity, nan.
bool rt__text_is_float(rt_render *r, rt_str text, double *out);

// int(v) and float(v), for numbers and text.
//
//   errors   TypeError, ValueError, OverflowError, UndefinedError
rt_status rt__to_int(rt_render *r, rt_value v, rt_value *out);
rt_status rt__to_float(rt_render *r, rt_value v, double *out);

// int(x), of any size.
//
//   errors   OverflowError for infinity, ValueError for NaN
rt_status rt__int_from_double(rt_render *r, double x, rt_value *out);

// int.bit_length() of any integer.
size_t rt__int_bit_length(rt_value v);

// operator.index(v) for counts and positions: what does not fit is cut to the
// ends of int64_t.
//
//   errors   TypeError: 'str' object cannot be interpreted as an integer
rt_status rt__index(rt_render *r, rt_value v, int64_t *out);

// Append a double in one of Python's presentations: 'e', 'f', 'g', in capitals
// too, rounded correctly whatever the precision; 'r' is repr.
#define RT__FLOAT_ALT     1u // '#': always a point, g keeps trailing zeros
#define RT__FLOAT_ADD_DOT 2u // at least one digit behind the point
void rt__put_float(rt_buf *out, double x, char type, int precision,
                   unsigned flags);

// ---- formatting ------------------------------------------------------------------------

// format % args. A safe format escapes the arguments as Markup does and makes
// the result safe.
rt_status rt__percent_format(rt_render *r, rt_value format, rt_value args,
                             rt_value *out);

// format.format(*args, **named), and with NULL for `args` format.format_map of
// any `named`; a safe format as above. In the sandbox attributes are looked up
// by its rules.
rt_status rt__str_format(rt_render *r, rt_value format, const rt_value *args,
                         size_t n, rt_value named, rt_value *out);

// format(v, spec), appended.
rt_status rt__put_formatted(rt_render *r, rt_buf *out, rt_value v, rt_str spec);
