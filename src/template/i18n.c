// gettext, ngettext, pgettext, npgettext and _, over the translator of the
// environment.
//
// New style fills the keyword arguments into the message, which is markup where
// the template escapes.
#include "template/vm.h"

static rt_status text_of(rt_render *r, rt_value v, rt_str *out)
{
    return rt__to_text(r, v, out);
}

static rt_status fill_in(rt_render *r, rt_str message, rt_value named,
                         rt_value *out)
{
    const rt_template_translator *tr = &r->env->options.translator;
    *out = rt_value_str(message);
    if (!tr->newstyle && rt_dict_len(named))
        return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                         "a translation function got an unexpected keyword "
                         "argument");
    if (!tr->newstyle)
        return RT_OK;
    if (r->autoescape)
        *out = rt_value_safe(message);
    if (named.kind != RT_DICT)
        named = rt_dict_new(r->arena);
    return rt__percent_format(r, *out, named, out);
}

static rt_status translate(rt_render *r, rt_value context, rt_value singular,
                           rt_value plural, rt_value count, rt_value named,
                           rt_value *out)
{
    const rt_template_translator *tr = &r->env->options.translator;
    rt_str c = {NULL, 0}, s, p = {NULL, 0};
    rt_status st = text_of(r, singular, &s);
    if (!st && !rt__is_absent(context))
        st = text_of(r, context, &c);
    if (!st && !rt__is_absent(plural))
        st = text_of(r, plural, &p);
    if (st)
        return st;
    if (!rt__is_absent(plural) && !p.data)
        p = RT_STR(""); // there is one, and it is empty
    int64_t n = rt_value_as_int(count, 2);
    if (tr->newstyle && !rt__is_absent(plural)) {
        if (named.kind != RT_DICT)
            named = rt_dict_new(r->arena);
        if (!rt_dict_has(named, rt_value_str(RT_STR("num"))))
            (void)!rt_dict_set_str(named, RT_STR("num"), count);
    }
    return fill_in(r, tr->translate(tr->arg, r->arena, c, s, p, n), named, out);
}

static rt_status too_few(rt_render *r, const char *name, size_t n)
{
    return rt__raise(r, RT_TEMPLATE_TYPE_ERROR,
                     "{}() takes {} positional arguments", name, n);
}

static rt_status call_gettext(rt_render *r, const rt_value *a, size_t n,
                              rt_value named, rt_value *out)
{
    if (n != 1)
        return too_few(r, "gettext", 1);
    return translate(r, rt__absent(), a[0], rt__absent(), rt_value_int(1),
                     named, out);
}

static rt_status call_ngettext(rt_render *r, const rt_value *a, size_t n,
                               rt_value named, rt_value *out)
{
    if (n != 3)
        return too_few(r, "ngettext", 3);
    return translate(r, rt__absent(), a[0], a[1], a[2], named, out);
}

static rt_status call_pgettext(rt_render *r, const rt_value *a, size_t n,
                               rt_value named, rt_value *out)
{
    if (n != 2)
        return too_few(r, "pgettext", 2);
    return translate(r, a[0], a[1], rt__absent(), rt_value_int(1), named, out);
}

static rt_status call_npgettext(rt_render *r, const rt_value *a, size_t n,
                                rt_value named, rt_value *out)
{
    if (n != 4)
        return too_few(r, "npgettext", 4);
    return translate(r, a[0], a[1], a[2], a[3], named, out);
}

static const rt__builtin functions[] = {
    {"_", call_gettext, "", 0, RT__VARARGS | RT__CONTEXT},
    {"gettext", call_gettext, "", 0, RT__VARARGS | RT__CONTEXT},
    {"ngettext", call_ngettext, "", 0, RT__VARARGS | RT__CONTEXT},
    {"pgettext", call_pgettext, "", 0, RT__VARARGS | RT__CONTEXT},
    {"npgettext", call_npgettext, "", 0, RT__VARARGS | RT__CONTEXT},
};

const rt__builtin *rt__i18n_find(const rt_template_env *env, rt_str name)
{
    if (!env->options.translator.translate)
        return NULL;
    for (size_t i = 0; i < RT_COUNT(functions); i++)
        if (rt_str_eq(name, rt_str_from(functions[i].name)))
            return &functions[i];
    return NULL;
}
