// Values: making, asking, comparing, hashing. Text is in value_text.c, the
// containers are in list.c and dict.c.
#include "retort/base/value.h"

#include <assert.h>
#include <math.h>

#include <retort/base/error.h>
#include <retort/base/hash.h>

#include "base/container.h"

const char *rt_kind_name(rt_kind kind)
{
#define NAME(constant, name) \
    case constant: return name;
    switch (kind) {
        RT_KINDS(NAME)
    }
#undef NAME
    return "?";
}

rt_value rt_value_uint(uint64_t n)
{
    return n > INT64_MAX ? rt_value_float((double)n) : rt_value_int((int64_t)n);
}

static rt_value text_value(rt_kind kind, const void *data, size_t len,
                           unsigned flags)
{
    if (len > RT_VALUE_TEXT_MAX)
        rt_panic("a value's text is too long: %zu bytes", len);
    return (rt_value){.kind = (uint8_t)kind,
                      .flags = (uint8_t)flags,
                      .len = (uint32_t)len,
                      .as.text = data ? data : ""};
}

rt_value rt_value_cstr(const char *cstr)
{
    if (!cstr)
        return rt_value_none();
    return text_value(RT_STRING, cstr, strlen(cstr), RT__VALUE_CSTR);
}

rt_value rt_value_str(rt_str s)
{
    return text_value(RT_STRING, s.data, s.len, 0);
}

rt_value rt_value_safe(rt_str s)
{
    return text_value(RT_SAFE, s.data, s.len, 0);
}

rt_value rt_value_bytes(const void *data, size_t len)
{
    return text_value(RT_BYTES, data, len, 0);
}

rt_value rt_value_null(const void *null)
{
    if (null)
        rt_panic("a pointer is no value: RT() takes only NULL of type void *");
    return rt_value_none();
}

rt_value rt_object_new(rt_arena *arena, const rt_vtable *vtable, void *self)
{
    assert(vtable);
    rt_object *object = rt_new(arena, rt_object, 1);
    *object = (rt_object){vtable, self};
    return (rt_value){.kind = RT_OBJECT, .as.object = object};
}

static bool object_is_true(const rt_object *object)
{
    if (object->vtable->is_true)
        return object->vtable->is_true(object->self);
    if (object->vtable->len)
        return object->vtable->len(object->self) > 0;
    return true;
}

bool rt_value_is_true(rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED:
    case RT_NONE: return false;
    case RT_BOOL: return v.as.boolean;
    case RT_INT: return v.as.integer != 0;
    case RT_FLOAT: return v.as.number != 0;
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES: return v.len > 0;
    case RT_LIST:
    case RT_TUPLE: return rt_list_len(v) > 0;
    case RT_DICT: return rt_dict_len(v) > 0;
    case RT_DATE:
    case RT_UUID: return true;
    case RT_OBJECT: return object_is_true(v.as.object);
    }
    return false;
}

rt_str rt_value_as_str(rt_value v)
{
    if (!rt_value_is_text(v) && v.kind != RT_BYTES)
        return (rt_str){"", 0};
    return (rt_str){v.as.text, v.len};
}

const char *rt_value_as_cstr(rt_arena *arena, rt_value v)
{
    if (rt_value_is_text(v) && v.flags & RT__VALUE_CSTR)
        return v.as.text;
    return rt_str_cstr(arena, rt_value_text(arena, v));
}

int64_t rt_value_as_int(rt_value v, int64_t otherwise)
{
    if (v.kind == RT_INT)
        return v.as.integer;
    if (v.kind == RT_BOOL)
        return v.as.boolean;
    // 2^63 itself is beyond an int64_t, and NaN fails both comparisons.
    if (v.kind == RT_FLOAT && v.as.number >= -0x1p63 && v.as.number < 0x1p63 &&
        trunc(v.as.number) == v.as.number)
        return (int64_t)v.as.number;
    return otherwise;
}

double rt_value_as_float(rt_value v, double otherwise)
{
    switch (rt_value_kind(v)) {
    case RT_BOOL: return v.as.boolean ? 1 : 0;
    case RT_INT: return (double)v.as.integer;
    case RT_FLOAT: return v.as.number;
    default: return otherwise;
    }
}

// Exactly, as Python does: 2^53 + 1 is not the float 2^53.
static bool int_equals_float(int64_t n, double x)
{
    return x >= -0x1p63 && x < 0x1p63 && trunc(x) == x && (int64_t)x == n;
}

static bool numbers_equal(rt_value a, rt_value b)
{
    if (a.kind == RT_FLOAT && b.kind == RT_FLOAT)
        return a.as.number == b.as.number;
    if (a.kind == RT_FLOAT)
        return int_equals_float(rt_value_as_int(b, 0), a.as.number);
    if (b.kind == RT_FLOAT)
        return int_equals_float(rt_value_as_int(a, 0), b.as.number);
    return rt_value_as_int(a, 0) == rt_value_as_int(b, 0);
}

static bool equal_at(rt_value a, rt_value b, int depth);

static bool lists_equal(rt_value a, rt_value b, int depth)
{
    if (rt_list_len(a) != rt_list_len(b))
        return false;
    for (size_t i = 0; i < rt_list_len(a); i++)
        if (!equal_at(rt_list_items(a)[i], rt_list_items(b)[i], depth + 1))
            return false;
    return true;
}

static bool dicts_equal(rt_value a, rt_value b, int depth)
{
    if (rt_dict_len(a) != rt_dict_len(b))
        return false;
    rt_dict_each(e, a) {
        if (!rt_dict_has(b, e->key) ||
            !equal_at(e->value, rt_dict_get(b, e->key), depth + 1))
            return false;
    }
    return true;
}

// Objects that can be equal to other values.
static bool has_equal(rt_value v)
{
    return v.kind == RT_OBJECT && v.as.object->vtable->equal;
}

static bool objects_equal(const rt_object *object, rt_value other)
{
    return object->vtable->equal(object->self, other);
}

static bool equal_at(rt_value a, rt_value b, int depth)
{
    if (depth > RT_VALUE_DEPTH_MAX)
        return false;
    if (has_equal(a))
        return objects_equal(a.as.object, b);
    if (has_equal(b))
        return objects_equal(b.as.object, a);
    if (rt_value_is_number(a) && rt_value_is_number(b))
        return numbers_equal(a, b);
    if (rt_value_is_text(a) && rt_value_is_text(b))
        return rt_str_eq(rt_value_as_str(a), rt_value_as_str(b));
    if (a.kind != b.kind)
        return false;
    switch (rt_value_kind(a)) {
    case RT_BYTES: return rt_str_eq(rt_value_as_str(a), rt_value_as_str(b));
    case RT_LIST:
    case RT_TUPLE: return lists_equal(a, b, depth);
    case RT_DICT: return dicts_equal(a, b, depth);
    case RT_DATE: return a.as.date_us == b.as.date_us;
    case RT_UUID: return memcmp(a.as.uuid, b.as.uuid, 16) == 0;
    case RT_OBJECT: return a.as.object->self == b.as.object->self;
    default: return true; // none and undefined
    }
}

bool rt_value_equal(rt_value a, rt_value b)
{
    return equal_at(a, b, 0);
}

// A float with an integer's value is the same key as that integer.
static uint64_t hash_float(double x)
{
    if (x >= -0x1p63 && x < 0x1p63 && trunc(x) == x)
        return rt_hash_int((uint64_t)(int64_t)x);
    return rt_hash_bytes(&x, sizeof x);
}

static uint64_t hash_object(const rt_object *object)
{
    if (object->vtable->hash)
        return object->vtable->hash(object->self);
    return rt_hash_int((uint64_t)(uintptr_t)object->self);
}

// Elements of a tuple, and of tuples in it, that are hashed at most: one that
// holds another twice, which does the same, has more of them than it looks.
#define HASHED_MAX ((size_t)1 << 20)

static rt_status hash_tuple(rt_value v, int depth, size_t *left, uint64_t *out);

static rt_status hash_at(rt_value v, int depth, size_t *left, uint64_t *out)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED:
    case RT_NONE: *out = rt_hash_int((uint64_t)v.kind << 32); return RT_OK;
    case RT_BOOL: *out = rt_hash_int(v.as.boolean); return RT_OK;
    case RT_INT: *out = rt_hash_int((uint64_t)v.as.integer); return RT_OK;
    case RT_FLOAT: *out = hash_float(v.as.number); return RT_OK;
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES: *out = rt_hash_bytes(v.as.text, v.len); return RT_OK;
    case RT_TUPLE: return hash_tuple(v, depth, left, out);
    case RT_DATE: *out = rt_hash_int((uint64_t)v.as.date_us); return RT_OK;
    case RT_UUID: *out = rt_hash_bytes(v.as.uuid, 16); return RT_OK;
    case RT_OBJECT: *out = hash_object(v.as.object); return RT_OK;
    case RT_LIST:
    case RT_DICT: return RT_E_TYPE;
    }
    return RT_E_TYPE;
}

static rt_status hash_tuple(rt_value v, int depth, size_t *left, uint64_t *out)
{
    if (depth > RT_VALUE_DEPTH_MAX || rt_list_len(v) > *left)
        return RT_E_LIMIT;
    *left -= rt_list_len(v);
    uint64_t sum = rt_list_len(v);
    rt_list_each(item, v) {
        uint64_t part;
        rt_status st = hash_at(*item, depth + 1, left, &part);
        if (st)
            return st;
        sum = rt_hash_int(sum * 31 + part);
    }
    *out = sum;
    return RT_OK;
}

rt_status rt_value_hash(rt_value v, uint64_t *out)
{
    size_t left = HASHED_MAX;
    return hash_at(v, 0, &left, out);
}

static rt_value copy_text(rt_arena *arena, rt_value v)
{
    v.as.text = rt_str_cstr(arena, (rt_str){v.as.text, v.len});
    v.flags |= RT__VALUE_CSTR;
    return v;
}

static rt_value copy_at(rt_arena *arena, rt_value v, int depth)
{
    if (depth > RT_VALUE_DEPTH_MAX)
        rt_panic("a value nested deeper than %d cannot be copied",
                 RT_VALUE_DEPTH_MAX);
    rt_value copy = v;
    switch (rt_value_kind(v)) {
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES: return copy_text(arena, v);
    case RT_UUID: copy.as.uuid = rt_arena_copy(arena, v.as.uuid, 16); break;
    case RT_LIST:
    case RT_TUPLE:
        copy = rt__list_sized(arena, rt_value_kind(v), rt_list_len(v));
        rt_list_each(item, v)
            rt__list_append(copy, copy_at(arena, *item, depth + 1));
        break;
    case RT_DICT:
        copy = rt_dict_new(arena);
        rt_dict_each(e, v) {
            if (rt_dict_set(copy, copy_at(arena, e->key, depth + 1),
                            copy_at(arena, e->value, depth + 1)))
                rt_panic("a dict's own key cannot be set in its copy");
        }
        break;
    case RT_OBJECT:
        return rt_object_new(arena, v.as.object->vtable, v.as.object->self);
    default: break;
    }
    return copy;
}

rt_value rt_value_copy(rt_arena *arena, rt_value v)
{
    return copy_at(arena, v, 0);
}

void rt_value_freeze(rt_value v)
{
    if (rt_value_is_list(v)) {
        if (v.as.list->frozen)
            return; // also ends a cycle
        v.as.list->frozen = true;
        rt_list_each(item, v)
            rt_value_freeze(*item);
    }
    if (v.kind == RT_DICT) {
        if (v.as.dict->frozen)
            return;
        v.as.dict->frozen = true;
        rt_dict_each(e, v)
            rt_value_freeze(e->value);
    }
}
