// Undefined values: what is said about them, and what may be done with them.
//
// Follows jinja2.runtime.Undefined and its kinds.
#include "template/runtime.h"

static rt_value make(rt_render *r, rt__undefined why)
{
    rt__undefined *kept = rt_new(r->arena, rt__undefined, 1);

    *kept = why;
    return (rt_value){.kind = RT_UNDEFINED, .as.undefined = kept};
}

rt_value rt__undefined_name(rt_render *r, rt_str name)
{
    return make(r, (rt__undefined){.name = rt_value_str(name)});
}

rt_value rt__undefined_attr(rt_render *r, rt_value object, rt_value name)
{
    return make(
        r, (rt__undefined){.name = name, .object = object, .has_object = true});
}

rt_value rt__undefined_hint(rt_render *r, rt_str hint)
{
    return make(r, (rt__undefined){.hint = hint});
}

rt_value rt__undefined_unsafe(rt_render *r, rt_value object, rt_str name)
{
    rt_str hint =
        rt_format(r->arena,
                  "access to attribute {!r} of {!r} object is unsafe.", name,
                  rt__type_name(object));

    return make(r, (rt__undefined){.hint = hint,
                                   .name = rt_value_str(name),
                                   .object = object,
                                   .has_object = true,
                                   .security = true});
}

// "dict object", "markupsafe.Markup object", "None".
static rt_str object_name(rt_render *r, rt_value object)
{
    if (object.kind == RT_NONE)
        return RT_STR("None");
    const char *module = object.kind == RT_SAFE ? "markupsafe." : "";
    if (rt__is_namespace(object, NULL))
        module = "jinja2.utils.";
    return rt_format(r->arena, "{}{} object", module, rt__type_name(object));
}

static rt_str message(rt_render *r, const rt__undefined *why)
{
    if (!why)
        return RT_STR("a value is undefined");
    if (why->hint.len)
        return why->hint;
    if (!why->has_object)
        return rt_format(r->arena, "{!r} is undefined", why->name);
    rt_str object = object_name(r, why->object);
    if (rt_value_is_text(why->name)) {
        return rt_format(r->arena, "{!r} has no attribute {!r}", object,
                         why->name);
    }
    return rt_format(r->arena, "{} has no element {!r}", object, why->name);
}

rt_status rt__undefined_fail(rt_render *r, rt_value undefined)
{
    const rt__undefined *why = undefined.as.undefined;

    return rt__raise_text(r,
                          why && why->security ? RT_TEMPLATE_SECURITY_ERROR
                                               : RT_TEMPLATE_UNDEFINED_ERROR,
                          message(r, why));
}

rt_status rt__undefined_touch(rt_render *r, rt_value v)
{
    if (v.kind == RT_UNDEFINED &&
        rt__undefined_mode_of(r, v) == RT_UNDEFINED_STRICT)
        return rt__undefined_fail(r, v);
    return RT_OK;
}

rt_status rt__undefined_text(rt_render *r, rt_value v, rt_str *out)
{
    const rt__undefined *why = v.as.undefined;

    *out = RT_STR("");
    if (rt__undefined_mode_of(r, v) != RT_UNDEFINED_DEBUG)
        return rt__undefined_touch(r, v);
    if (!why) {
        *out = RT_STR("{{ undefined }}");
    } else if (why->hint.len) {
        *out = rt_format(r->arena, "{{{{ undefined value printed: {} }}}}",
                         why->hint);
    } else if (!why->has_object) {
        *out = rt_format(r->arena, "{{{{ {} }}}}", why->name);
    } else {
        *out = rt_format(r->arena, "{{{{ no such element: {}[{!r}] }}}}",
                         object_name(r, why->object), why->name);
    }
    return RT_OK;
}
