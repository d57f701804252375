// What a value is: its type's name, truth and length, as Python has them.
#include <retort/base/utf8.h>

#include "template/runtime.h"

const char *rt__type_name(rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED: return "Undefined";
    case RT_NONE: return "NoneType";
    case RT_BOOL: return "bool";
    case RT_INT: return "int";
    case RT_FLOAT: return "float";
    case RT_STRING: return "str";
    case RT_SAFE: return "Markup";
    case RT_BYTES: return "bytes";
    case RT_LIST: return "list";
    case RT_TUPLE: return "tuple";
    case RT_DICT: return "dict";
    case RT_DATE: return "datetime";
    case RT_UUID: return "UUID";
    case RT_OBJECT: break;
    }
    const char *name = v.as.object->vtable->name;
    return name ? name : "object";
}

rt_status rt__truth(rt_render *r, rt_value v, bool *out)
{
    *out = rt_value_is_true(v);
    return rt__undefined_touch(r, v);
}

bool rt__has_length(rt_value v)
{
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED:
    case RT_STRING:
    case RT_SAFE:
    case RT_BYTES:
    case RT_LIST:
    case RT_TUPLE:
    case RT_DICT: return true;
    case RT_OBJECT: return v.as.object->vtable->len != NULL;
    default: return false;
    }
}

rt_status rt__length(rt_render *r, rt_value v, size_t *out)
{
    *out = 0;
    switch (rt_value_kind(v)) {
    case RT_UNDEFINED: return rt__undefined_touch(r, v);
    case RT_STRING:
    case RT_SAFE:
        *out = rt_utf8_len(rt_value_as_str(v));
        return rt__step_bytes(r, v.len);
    case RT_BYTES: *out = v.len; return RT_OK;
    case RT_LIST:
    case RT_TUPLE: *out = rt_list_len(v); return RT_OK;
    case RT_DICT: *out = rt_dict_len(v); return RT_OK;
    case RT_OBJECT:
        if (!v.as.object->vtable->len)
            break;
        *out = v.as.object->vtable->len(v.as.object->self);
        return RT_OK;
    default: break;
    }
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "object of type {!r} has no len()", rt__type_name(v));
}
