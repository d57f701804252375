// Values: the one dynamic type.
//
// An rt_value serves template contexts, JSON, sessions, configuration, SQL
// parameters and rows. It is 16 bytes and passed by value; what it refers to
// (text, lists, dicts) lies in an arena and lives as long as that.
//
// RT(x) makes a value from a C expression:
//
//     RT(true)  RT(42)  RT(2.5)  RT("text")  RT(an_rt_str)  RT(a_value)
//
// Python's rules hold: 1, 1.0 and true are equal and one key of a dict; dicts
// keep the order of insertion; text of a value is what str() gives.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// In C11 `true` is an int, and RT(true) would be the number 1. These are of
// type bool and still work in #if.
#ifndef __cplusplus
#undef true
#undef false
#define true ((_Bool) + 1)
#define false ((_Bool) + 0)
#endif

// X(constant, name)
#define RT_KINDS(X)              \
    X(RT_UNDEFINED, "undefined") \
    X(RT_NONE, "none")           \
    X(RT_BOOL, "bool")           \
    X(RT_INT, "int")             \
    X(RT_FLOAT, "float")         \
    X(RT_STRING, "string")       \
    X(RT_SAFE, "safe string")    \
    X(RT_BYTES, "bytes")         \
    X(RT_LIST, "list")           \
    X(RT_TUPLE, "tuple")         \
    X(RT_DICT, "dict")           \
    X(RT_DATE, "date")           \
    X(RT_UUID, "uuid")           \
    X(RT_OBJECT, "object")

#define RT__KIND_ENUM(name, text) name,

typedef enum rt_kind {
    RT_KINDS(RT__KIND_ENUM)
} rt_kind;

#undef RT__KIND_ENUM

typedef struct rt_list rt_list;     // items of a list or tuple
typedef struct rt_dict rt_dict;     // items of a dict
typedef struct rt_object rt_object; // a host object and its vtable

// A value. Make one with RT or the functions below, read it with rt_value_as_*;
// the fields are for code that must be fast.
typedef struct rt_value {
    uint8_t kind;  // an rt_kind
    uint8_t flags; // RT__VALUE_*
    uint16_t unused;
    uint32_t len; // bytes of text

    union {
        bool boolean;
        int64_t integer;
        double number;
        const char *text; // string, safe string, bytes
        rt_list *list;
        rt_dict *dict;
        int64_t date_us;     // microseconds since 1970-01-01 UTC
        const uint8_t *uuid; // 16 bytes
        rt_object *object;
        const void *undefined; // why it is, for who made it; or NULL
    } as;
} rt_value;

#define RT__VALUE_CSTR 1u // text is NUL-terminated behind its length

// Longest text one value holds; longer text is a programming error, for every
// input is limited below it.
#define RT_VALUE_TEXT_MAX ((size_t)UINT32_MAX - 1)

// ---- making -------------------------------------------------------------

static inline rt_value rt_value_undefined(void)
{
    return (rt_value){.kind = RT_UNDEFINED};
}

static inline rt_value rt_value_none(void)
{
    return (rt_value){.kind = RT_NONE};
}

static inline rt_value rt_value_bool(bool b)
{
    return (rt_value){.kind = RT_BOOL, .as = {.boolean = b}};
}

static inline rt_value rt_value_int(int64_t n)
{
    return (rt_value){.kind = RT_INT, .as = {.integer = n}};
}

static inline rt_value rt_value_float(double x)
{
    return (rt_value){.kind = RT_FLOAT, .as = {.number = x}};
}

// An unsigned integer. A value's integers have 64 bits with sign, so above
// INT64_MAX it is the nearest float, which has 53 bits of it: what must keep each
// digit, such as an identifier, goes as text (docs/adr/0005).
rt_value rt_value_uint(uint64_t n);

// Text is viewed, not copied. NULL is none.
rt_value rt_value_cstr(const char *cstr);
rt_value rt_value_str(rt_str s);

// Text that is markup already and is not escaped again (Markup).
rt_value rt_value_safe(rt_str s);

rt_value rt_value_bytes(const void *data, size_t len);

// A time, in microseconds since the epoch, UTC.
static inline rt_value rt_value_date(int64_t us)
{
    return (rt_value){.kind = RT_DATE, .as = {.date_us = us}};
}

// A UUID of 16 bytes, viewed.
static inline rt_value rt_value_uuid(const uint8_t bytes[16])
{
    return (rt_value){.kind = RT_UUID, .as = {.uuid = bytes}};
}

// NULL of any pointer type is none; any other pointer is a programming error.
rt_value rt_value_null(const void *null);

static inline rt_value rt_value_same(rt_value v)
{
    return v;
}

// Make a value from an expression. An unsupported type (a struct, a foreign
// pointer) is a compile error that says `not compatible with any association`.
#define RT(x) \
    _Generic((x),                          \
        bool: rt_value_bool,               \
        char: rt_value_int,                \
        signed char: rt_value_int,         \
        unsigned char: rt_value_int,       \
        short: rt_value_int,               \
        unsigned short: rt_value_int,      \
        int: rt_value_int,                 \
        unsigned int: rt_value_int,        \
        long: rt_value_int,                \
        unsigned long: rt_value_uint,      \
        long long: rt_value_int,           \
        unsigned long long: rt_value_uint, \
        float: rt_value_float,             \
        double: rt_value_float,            \
        char *: rt_value_cstr,             \
        const char *: rt_value_cstr,       \
        void *: rt_value_null,             \
        rt_str: rt_value_str,              \
        rt_value: rt_value_same)(x)

// ---- asking -------------------------------------------------------------

// The name of a kind as messages give it: "int".
const char *rt_kind_name(rt_kind kind);

static inline rt_kind rt_value_kind(rt_value v)
{
    return (rt_kind)v.kind;
}

static inline bool rt_value_is_none(rt_value v)
{
    return v.kind == RT_NONE;
}

static inline bool rt_value_is_undefined(rt_value v)
{
    return v.kind == RT_UNDEFINED;
}

// String or safe string.
static inline bool rt_value_is_text(rt_value v)
{
    return v.kind == RT_STRING || v.kind == RT_SAFE;
}

// Bool, int or float.
static inline bool rt_value_is_number(rt_value v)
{
    return v.kind >= RT_BOOL && v.kind <= RT_FLOAT;
}

static inline bool rt_value_is_list(rt_value v)
{
    return v.kind == RT_LIST || v.kind == RT_TUPLE;
}

// Python's truth: none, undefined, zero and what is empty are false.
bool rt_value_is_true(rt_value v);

// The bytes of a string, safe string or bytes; empty for other kinds.
rt_str rt_value_as_str(rt_value v);

// A NUL-terminated string: the value's own where it has the NUL already, else
// a copy in `arena`. Other kinds give their text.
const char *rt_value_as_cstr(rt_arena *arena, rt_value v);

// A number as integer or float, `otherwise` for what is none. A float with a
// fraction is no integer.
int64_t rt_value_as_int(rt_value v, int64_t otherwise);
double rt_value_as_float(rt_value v, double otherwise);

// Equality and hash as in Python; values of different kinds (but numbers) are
// different. Nesting is followed to RT_VALUE_DEPTH_MAX.
bool rt_value_equal(rt_value a, rt_value b);

// Hash a key.
//
//   errors   RT_E_TYPE    lists and dicts cannot be keys
//            RT_E_LIMIT   tuples nested too deeply, or with millions of elements
rt_status rt_value_hash(rt_value v, uint64_t *out);

// Append str(v) and repr(v), in Python's spelling: True, None, 1.0, ['a'].
void rt_value_put_text(rt_buf *buf, rt_value v);
void rt_value_put_repr(rt_buf *buf, rt_value v);

// The same as a string.
rt_str rt_value_text(rt_arena *arena, rt_value v);
rt_str rt_value_repr(rt_arena *arena, rt_value v);

// Nesting deeper than this is cut by repr and refused by JSON and copies.
#define RT_VALUE_DEPTH_MAX 200

// Copy a value with all it refers to into `arena`. Objects are not copied but
// referred to. The copy is not frozen.
rt_value rt_value_copy(rt_arena *arena, rt_value v);

// Make a value unchangeable, with all it refers to; for what lives as long as
// the process. Changing it afterwards is RT_E_FROZEN.
void rt_value_freeze(rt_value v);

// ---- lists and tuples -----------------------------------------------------

// A list whose memory comes from `arena`, now and when it grows.
rt_value rt_list_new(rt_arena *arena);

// A list (tuple) of copies of `n` values.
rt_value rt_list_of(rt_arena *arena, const rt_value *items, size_t n);
rt_value rt_tuple_of(rt_arena *arena, const rt_value *items, size_t n);

// The length of a list or tuple; 0 for other kinds.
size_t rt_list_len(rt_value list);

// The items of a list or tuple, valid until it changes.
const rt_value *rt_list_items(rt_value list);

// One item, counted from the end when negative; undefined beyond the ends.
rt_value rt_list_get(rt_value list, int64_t index);

// Step through the items: start with `*at` zero; false at the end. The list may
// change meanwhile.
bool rt_list_next(rt_value list, size_t *at, rt_value *out);

// Change a list. `index` as in rt_list_get; insert cuts it to the ends.
//
//   errors   RT_E_TYPE   not a list (tuples do not change)
//            RT_E_FROZEN, RT_E_RANGE (no such index)
rt_status rt_list_push(rt_value list, rt_value item);
rt_status rt_list_set(rt_value list, int64_t index, rt_value item);
rt_status rt_list_insert(rt_value list, int64_t index, rt_value item);
rt_status rt_list_remove(rt_value list, int64_t index);

// Visit the items: rt_list_each(item, list) use(*item);
#define rt_list_each(var, list)                                   \
    for (const rt_value *var = rt_list_items(list),               \
                        *rt__end_##var = var + rt_list_len(list); \
         var != rt__end_##var; var++)

// ---- dicts --------------------------------------------------------------

// One entry of a dict.
typedef struct rt_dict_entry {
    rt_value key;
    rt_value value;
    uint64_t hash; // of the key
} rt_dict_entry;

// An empty dict that keeps the order of insertion.
rt_value rt_dict_new(rt_arena *arena);

// The number of entries; 0 for other kinds.
size_t rt_dict_len(rt_value dict);

// Look a key up; undefined when absent (or when `dict` is no dict). `has`
// tells an absent entry from one whose value is undefined.
rt_value rt_dict_get(rt_value dict, rt_value key);
rt_value rt_dict_get_str(rt_value dict, rt_str key);
bool rt_dict_has(rt_value dict, rt_value key);

// The entry of a text, by the hash rt_value_hash gives for it: for names that
// are looked up again and again. NULL when absent.
const rt_dict_entry *rt_dict_find_hashed(rt_value dict, rt_str key,
                                         uint64_t hash);

// The same for a place that looks into one dict after the other, which are
// mostly alike, as rows are: the key remembers where the last one had it, and
// looks there first.
typedef struct rt_dict_key {
    rt_str text;
    uint64_t hash; // of the text, as above
    uint32_t hint; // starts with zero
} rt_dict_key;

const rt_dict_entry *rt_dict_find_key(rt_value dict, rt_dict_key *key);

// Insert or replace; a replaced entry keeps its place and its key. Text of the
// key is viewed: copy what lives shorter.
//
//   errors   RT_E_TYPE   not a dict, or a key that cannot be hashed
//            RT_E_FROZEN
rt_status rt_dict_set(rt_value dict, rt_value key, rt_value value);
rt_status rt_dict_set_str(rt_value dict, rt_str key, rt_value value);

// The same for a text whose hash is known, as in rt_dict_find_hashed.
rt_status rt_dict_set_hashed(rt_value dict, rt_str key, uint64_t hash,
                             rt_value value);

// Remove an entry; RT_E_NOT_FOUND when there is none.
rt_status rt_dict_remove(rt_value dict, rt_value key);

// Step through the entries in order: start with `*at` zero; NULL at the end.
// Removing the entry just visited is allowed, inserting is not.
const rt_dict_entry *rt_dict_next(rt_value dict, size_t *at);

// Visit the entries: rt_dict_each(entry, dict) use(entry->key, entry->value);
#define rt_dict_each(var, dict)                                            \
    for (size_t rt__at_##var = 0, rt__go_##var = 1; rt__go_##var;          \
         rt__go_##var = 0)                                                 \
        for (const rt_dict_entry *var = rt_dict_next(dict, &rt__at_##var); \
             var; var = rt_dict_next(dict, &rt__at_##var))

// ---- objects ------------------------------------------------------------

// Where repr() writes. An object hands the values inside it to rt_repr_put,
// which finds what holds itself and writes [...] there, as Python does.
typedef struct rt_repr {
    rt_buf *buf;
    const struct rt_repr_place *inside; // what is being written
    int depth;
} rt_repr;

void rt_repr_put(rt_repr *to, rt_value v);

// What a host object can do. Every entry may be NULL. Callbacks get the arena
// of whoever asks and may yield or abort where their caller may.
typedef struct rt_vtable {
    const char *name; // of the type, for messages
    // Get an attribute (object.name) or an item (object[key]); undefined when
    // there is none.
    rt_value (*attr)(void *self, rt_arena *arena, rt_str name);
    rt_value (*item)(void *self, rt_arena *arena, rt_value key);
    // Step through the elements: `*state` starts at 0 and belongs to the
    // callee; false at the end.
    bool (*next)(void *self, rt_arena *arena, size_t *state, rt_value *out);
    // Call with positional arguments followed by `n_named` name, value pairs.
    rt_status (*call)(void *self, rt_arena *arena, const rt_value *args,
                      size_t n_args, size_t n_named, rt_value *out);
    void (*text)(void *self, rt_buf *out); // str(object)
    void (*repr)(void *self, rt_repr *to); // repr(object); NULL: its text
    void (*json)(void *self, rt_buf *out); // NULL: it has no JSON
    size_t (*len)(void *self);
    bool (*is_true)(void *self);
    // Equality with any value; NULL: an object is equal to itself alone. What is
    // equal must hash alike.
    bool (*equal)(void *self, rt_value other);
    uint64_t (*hash)(void *self); // NULL: by identity
    // Its text is markup already: it prints unescaped (__html__).
    bool markup;
} rt_vtable;

struct rt_object {
    const rt_vtable *vtable;
    void *self;
};

// A host object as value: `self` is viewed, not copied.
rt_value rt_object_new(rt_arena *arena, const rt_vtable *vtable, void *self);

// Whether a value's text is markup, which is not escaped again: a safe string,
// or an object that says so.
static inline bool rt_value_is_markup(rt_value v)
{
    return v.kind == RT_SAFE ||
           (v.kind == RT_OBJECT && v.as.object->vtable->markup);
}

RT_C_END
