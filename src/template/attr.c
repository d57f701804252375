// Attributes and items: what `a.b` and `a["b"]` find.
//
// `a.b` looks for an attribute, then for an item; `a["b"]` the other way round.
// So `d.items` of a dict is its method and `d["items"]` its entry. What is not
// found is undefined and remembers what it was looked for in.
//
// Follows jinja2.environment.Environment.getattr and getitem, and the versions
// of jinja2.sandbox.
#include <retort/base/hash.h>
#include <retort/base/time.h>
#include <retort/base/utf8.h>

#include "template/bigint.h"
#include "template/filters.h"
#include "template/text_unicode.h"

// ---- attributes that are no methods ----------------------------------------------

static bool int_attr(rt_value v, rt_str name, rt_value *out)
{
    if (rt_str_eq(name, RT_STR("real")) ||
        rt_str_eq(name, RT_STR("numerator"))) {
        *out = v.kind == RT_BOOL ? rt_value_int(v.as.boolean) : v;
        return true;
    }
    if (rt_str_eq(name, RT_STR("imag"))) {
        *out = rt_value_int(0);
        return true;
    }
    *out = rt_value_int(1);
    return rt_str_eq(name, RT_STR("denominator"));
}

static bool float_attr(rt_value v, rt_str name, rt_value *out)
{
    if (rt_str_eq(name, RT_STR("real"))) {
        *out = v;
        return true;
    }
    *out = rt_value_float(0);
    return rt_str_eq(name, RT_STR("imag"));
}

static bool date_attr(rt_value v, rt_str name, rt_value *out)
{
    rt_civil_time t = rt_time_civil(v.as.date_us);

    const struct {
        rt_str name;
        int64_t value;
    } parts[] = {
        {RT_STR("year"), t.year},     {RT_STR("month"), t.month},
        {RT_STR("day"), t.day},       {RT_STR("hour"), t.hour},
        {RT_STR("minute"), t.minute}, {RT_STR("second"), t.second},
        {RT_STR("fold"), 0},          {RT_STR("microsecond"), t.microsecond},
    };

    for (size_t i = 0; i < RT_COUNT(parts); i++) {
        if (!rt_str_eq(name, parts[i].name))
            continue;
        *out = rt_value_int(parts[i].value);
        return true;
    }
    *out = rt_value_cstr("UTC");
    return rt_str_eq(name, RT_STR("tzinfo"));
}

static rt_value uuid_int(rt_render *r, const uint8_t *uuid)
{
    uint32_t *limbs = rt_new(r->arena, uint32_t, 4);

    for (int i = 0; i < 16; i++)
        limbs[3 - i / 4] = limbs[3 - i / 4] << 8 | uuid[i];
    return rt__int_value(r, false, limbs, 4);
}

static bool uuid_attr(rt_render *r, rt_value v, rt_str name, rt_value *out)
{
    rt_buf buf;

    if (rt_str_eq(name, RT_STR("int"))) {
        *out = uuid_int(r, v.as.uuid);
        return true;
    }
    rt_buf_init(&buf, r->arena);
    if (rt_str_eq(name, RT_STR("urn"))) {
        rt_buf_put_cstr(&buf, "urn:uuid:");
        rt_value_put_text(&buf, v);
    } else if (rt_str_eq(name, RT_STR("hex"))) {
        for (int i = 0; i < 16; i++)
            rt_buf_put_hex(&buf, v.as.uuid[i], 2);
    } else {
        return false;
    }
    *out = rt_value_str(rt_buf_str(&buf));
    return true;
}

// Names of host objects that begin with "_" are theirs.
static bool object_attr(rt_render *r, rt_value v, rt_str name, rt_value *out)
{
    const rt_object *object = v.as.object;

    if (!object->vtable->attr)
        return rt__is_bigint(v) && int_attr(v, name, out);
    if (name.len && name.data[0] == '_' && !rt__is_namespace(v, NULL))
        return false;
    *out = object->vtable->attr(object->self, r->arena, name);
    // An undefined value that says why is an answer of its own.
    return out->kind != RT_UNDEFINED || out->as.undefined;
}

static bool find_data(rt_render *r, rt_value object, rt_str name, rt_value *out)
{
    switch (rt_value_kind(object)) {
    case RT_BOOL:
    case RT_INT: return int_attr(object, name, out);
    case RT_FLOAT: return float_attr(object, name, out);
    case RT_DATE: return date_attr(object, name, out);
    case RT_UUID: return uuid_attr(r, object, name, out);
    case RT_TUPLE: return rt__group_attr(object, name, out);
    case RT_OBJECT: return object_attr(r, object, name, out);
    default: return false;
    }
}

// ---- the sandbox ---------------------------------------------------------------------

// Attributes that every object has in Python, none of which exists here. In the
// sandbox they are undefined in a way that says so.
static bool is_python_internal(rt_str name)
{
    static const char *const names[] = {
        "__call__",
        "__class__",
        "__contains__",
        "__delattr__",
        "__dict__",
        "__dir__",
        "__doc__",
        "__eq__",
        "__format__",
        "__ge__",
        "__getattribute__",
        "__getitem__",
        "__getstate__",
        "__gt__",
        "__hash__",
        "__init__",
        "__init_subclass__",
        "__iter__",
        "__le__",
        "__len__",
        "__lt__",
        "__module__",
        "__ne__",
        "__new__",
        "__reduce__",
        "__reduce_ex__",
        "__repr__",
        "__setattr__",
        "__sizeof__",
        "__str__",
        "__subclasshook__",
    };

    if (!rt_str_starts_with(name, RT_STR("__")))
        return false;
    for (size_t i = 0; i < RT_COUNT(names); i++) {
        if (rt_str_eq(name, rt_str_from(names[i])))
            return true;
    }
    return false;
}

// What an attribute that was found becomes under the sandbox's rules.
static void guard(rt_render *r, rt_value object, rt_str name, bool mutates,
                  rt_value *out)
{
    if (r->sandbox == RT_SANDBOX_OFF)
        return;
    if ((name.len && name.data[0] == '_') ||
        (mutates && r->sandbox == RT_SANDBOX_IMMUTABLE))
        *out = rt__undefined_unsafe(r, object, name);
}

// ---- looking up ------------------------------------------------------------------------

// An attribute; under the sandbox's rules when `guarded`.
static bool find_attr(rt_render *r, rt_value object, rt_str name, bool guarded,
                      rt_value *out)
{
    const rt__builtin *method;
    bool mutates = false;

    if (!find_data(r, object, name, out)) {
        method = rt__method_find(object, name);
        if (!method) {
            if (!guarded || r->sandbox == RT_SANDBOX_OFF ||
                !is_python_internal(name))
                return false;
        } else {
            mutates = method->flags & RT__MUTATES;
            *out = rt__bound_method(r, object, method);
        }
    }
    if (guarded)
        guard(r, object, name, mutates, out);
    return true;
}

bool rt__find_attr(rt_render *r, rt_value object, rt_str name, rt_value *out)
{
    return object.kind != RT_UNDEFINED &&
           find_attr(r, object, name, false, out);
}

static bool text_item(rt_value text, int64_t index, rt_value *out)
{
    rt_str s = rt_value_as_str(text);

    if (index < 0)
        index += (int64_t)rt__text_len(s);
    if (index < 0)
        return false;
    size_t start = rt__text_offset(s, (size_t)index);
    if (start >= s.len)
        return false;
    rt_str rest = rt_str_of(s.data + start, s.len - start);
    uint32_t rune;
    (void)rt_utf8_next(&rest, &rune);
    *out = rt__text_like(text, rt_str_of(s.data + start,
                                         (size_t)(rest.data - s.data) - start));
    return true;
}

static bool bytes_item(rt_value bytes, int64_t index, rt_value *out)
{
    if (index < 0)
        index += bytes.len;
    if (index < 0 || index >= bytes.len)
        return false;
    *out = rt_value_int((unsigned char)bytes.as.text[index]);
    return true;
}

// object[key]; false when there is none, whatever the reason.
static bool find_item(rt_render *r, rt_value object, rt_value key,
                      rt_value *out)
{
    bool is_index = key.kind == RT_INT || key.kind == RT_BOOL;
    int64_t index = is_index ? rt_value_as_int(key, 0) : 0;

    switch (rt_value_kind(object)) {
    case RT_DICT:
        *out = rt_dict_get(object, key);
        return out->kind != RT_UNDEFINED || rt_dict_has(object, key);
    case RT_LIST:
    case RT_TUPLE:
        if (!is_index)
            return false;
        *out = rt_list_get(object, index);
        return out->kind != RT_UNDEFINED ||
               (index < (int64_t)rt_list_len(object) &&
                index >= -(int64_t)rt_list_len(object));
    case RT_STRING:
    case RT_SAFE: return is_index && text_item(object, index, out);
    case RT_BYTES: return is_index && bytes_item(object, index, out);
    case RT_OBJECT:
        if (!object.as.object->vtable->item)
            return false;
        *out = object.as.object->vtable->item(object.as.object->self, r->arena,
                                              key);
        return out->kind != RT_UNDEFINED;
    default: return false;
    }
}

// Count what finding an item costs: characters are counted from the front, keys
// are hashed.
static rt_status step_item(rt_render *r, rt_value object, rt_value key)
{
    if (rt_value_is_text(object))
        return rt__step_bytes(r, object.len);
    return object.kind == RT_DICT ? rt__step_key(r, key) : RT_OK;
}

// What an undefined value's attributes are.
static rt_status attr_of_undefined(rt_render *r, rt_value object, rt_str name,
                                   rt_value *out)
{
    bool chains = rt__undefined_mode_of(r, object) == RT_UNDEFINED_CHAINABLE;
    bool dunder = rt_str_starts_with(name, RT_STR("__")) &&
                  rt_str_ends_with(name, RT_STR("__"));

    *out = object;
    // In the chainable mode every name is an attribute, private ones too.
    if (r->sandbox != RT_SANDBOX_OFF &&
        (is_python_internal(name) ||
         (chains && !dunder && name.len && name.data[0] == '_'))) {
        *out = rt__undefined_unsafe(r, object, name);
        return RT_OK;
    }
    return chains ? RT_OK : rt__undefined_fail(r, object);
}

rt_status rt__get_attr(rt_render *r, rt_value object, rt_str name,
                       rt_value *out)
{
    if (object.kind == RT_UNDEFINED)
        return attr_of_undefined(r, object, name, out);
    rt_status st = rt__step_bytes(r, name.len);
    if (st)
        return st;
    if (!find_attr(r, object, name, true, out) &&
        !find_item(r, object, rt_value_str(name), out))
        *out = rt__undefined_attr(r, object, rt_value_str(name));
    return RT_OK;
}

// Whether a name could be that of a dict's method, by its length and its first
// letter, so that rt__method_find need not be asked for nearly every entry.
static bool may_be_dict_method(rt_str name)
{
    char c = name.data[0];

    switch (name.len) {
    case 3: return c == 'g' || c == 'p'; // get pop
    case 4: return c == 'c' || c == 'k'; // copy keys
    case 5: return c == 'c' || c == 'i'; // clear items
    case 6: return c == 'u' || c == 'v'; // update values
    case 7: return c == 'p';             // popitem
    case 10: return c == 's';            // setdefault
    default: return false;
    }
}

rt_status rt__get_attr_hashed(rt_render *r, rt_value object, rt_str name,
                              uint64_t hash, rt_value *out)
{
    if (object.kind == RT_DICT && name.len && name.data[0] != '_') {
        const rt_dict_entry *e = rt_dict_find_hashed(object, name, hash);
        if (e &&
            (!may_be_dict_method(name) || !rt__method_find(object, name))) {
            *out = e->value;
            return RT_OK;
        }
    }
    return rt__get_attr(r, object, name, out);
}

rt_status rt__get_item(rt_render *r, rt_value object, rt_value key,
                       rt_value *out)
{
    if (object.kind == RT_UNDEFINED) {
        *out = object;
        return rt__undefined_mode_of(r, object) == RT_UNDEFINED_CHAINABLE
                   ? RT_OK
                   : rt__undefined_fail(r, object);
    }
    rt_status st = step_item(r, object, key);
    if (!st && object.kind == RT_DICT && key.kind == RT_UNDEFINED)
        st = rt__undefined_touch(r, key); // its hash is asked for
    if (st)
        return st;
    if (!find_item(r, object, key, out) &&
        !(rt_value_is_text(key) &&
          find_attr(r, object, rt_value_as_str(key), true, out)))
        *out = rt__undefined_attr(r, object, key);
    return RT_OK;
}

rt_status rt__subscript(rt_render *r, rt_value object, rt_value key,
                        rt_value *out)
{
    const char *type = rt__type_name(object);
    const char *name = rt_value_is_text(object)  ? "string"
                       : object.kind == RT_BYTES ? "byte"
                                                 : type;
    bool range = rt__is_range(object, NULL, NULL, NULL);
    bool sequence = rt__is_sequence(object) || range;

    if (sequence && !rt__is_integer(key)) {
        return rt_value_is_text(object)
                   ? rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                               "string indices must be integers, not {!r}",
                               rt__type_name(key))
                   : rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                               "{} indices must be integers or slices, not {}",
                               name, rt__type_name(key));
    }
    rt_status st = step_item(r, object, key);
    if (st || find_item(r, object, key, out))
        return st;
    if (object.kind == RT_UNDEFINED)
        return rt__get_item(r, object, key, out);
    if (sequence) {
        return rt__raise(r, RT_TEMPLATE_INDEX_ERROR, "{}index out of range",
                         object.kind == RT_BYTES    ? ""
                         : range                    ? "range object "
                         : rt_value_is_text(object) ? "string "
                         : object.kind == RT_LIST   ? "list "
                                                    : "tuple ");
    }
    if (object.kind == RT_DICT) {
        st = rt__check_key(r, key);
        return st ? st : rt__raise(r, RT_TEMPLATE_KEY_ERROR, "{!r}", key);
    }
    if (object.kind == RT_OBJECT && object.as.object->vtable->item)
        return rt__raise(r, RT_TEMPLATE_KEY_ERROR, "{!r}", key);
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{!r} object is not subscriptable", type);
}
