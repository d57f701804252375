// Rules: what is asked of a single one.
#include "retort/routing/rule.h"

#include "routing/conv.h"
#include "routing/map.h"

rt_str rt_url_rule_text(const rt_url_rule *rule)
{
    return rule->text;
}

rt_str rt_url_rule_host(const rt_url_rule *rule)
{
    return rule->host;
}

bool rt_url_rule_is_websocket(const rt_url_rule *rule)
{
    return rule->websocket;
}

const char *rt_url_rule_endpoint(const rt_url_rule *rule)
{
    return rule->endpoint;
}

void *rt_url_rule_data(const rt_url_rule *rule)
{
    return rule->data;
}

rt_url_defaults rt_url_rule_defaults(const rt_url_rule *rule)
{
    return rule->defaults;
}

bool rt_url_rule_is_build_only(const rt_url_rule *rule)
{
    return rule->build_only;
}

const rt_url_variable *rt_url_rule_variables(const rt_url_rule *rule, size_t *n)
{
    *n = rule->variables_len;
    return rule->variables;
}

rt_method_set rt_url_rule_methods(const rt_url_rule *rule)
{
    return rule->methods;
}

bool rt_url_rule_any_method(const rt_url_rule *rule)
{
    return rule->any_method;
}

rt_str rt_url_rule_dump(rt_arena *arena, const rt_url_rule *rule)
{
    rt_buf buf;
    rt_buf_init(&buf, arena);
    rt_buf_put(&buf, rule->host);
    rt_buf_put(&buf, rule->text);
    rt_buf_put_cstr(&buf, rule->websocket ? " (WebSocket " : " (");
    rt_buf_put(&buf, rule->any_method
                         ? RT_STR("any method")
                         : rt_method_set_dump(arena, rule->methods));
    rt_buf_put_cstr(&buf, ") -> ");
    rt_buf_put_cstr(&buf, rule->endpoint);
    return rt_buf_str(&buf);
}

bool rt__rule_has_name(const rt_url_rule *rule, const char *name)
{
    for (size_t i = 0; i < rule->names_len; i++) {
        if (!strcmp(rule->names[i], name))
            return true;
    }
    return false;
}

const rt_value *rt__args_get(const rt_pair *args, size_t args_len,
                             const char *name)
{
    for (size_t i = args_len; i-- > 0;) {
        if (!strcmp(args[i].name, name))
            return &args[i].value;
    }
    return NULL;
}

static const rt_value *get_default(const rt_url_rule *rule, const char *name)
{
    return rt__args_get(rule->defaults.items, rule->defaults.len, name);
}

bool rt__rule_suits(const rt_url_rule *rule, const rt_pair *args,
                    size_t args_len)
{
    for (size_t i = 0; i < rule->names_len; i++) {
        const rt_value *given = rt__args_get(args, args_len, rule->names[i]);
        const rt_value *other = get_default(rule, rule->names[i]);
        if (!given && !other)
            return false;
        if (given && other && !rt_value_equal(*given, *other))
            return false;
    }
    return true;
}

static rt_status put_variable(const rt_url_rule *rule, uint32_t variable,
                              const rt_pair *args, size_t args_len, rt_buf *out,
                              rt_error *err)
{
    const char *name = rule->variables[variable].name;
    const rt_value *value = rt__args_get(args, args_len, name);
    if (!value)
        value = get_default(rule, name);

    rt_error reason = {0};
    rt_status status =
        rt__conv_format(rule->convs[variable], *value, out, &reason);
    if (status && err) {
        rt_buf message;
        rt_buf_init(&message, out->arena);
        rt_buf_printf(&message,
                      "cannot build endpoint \"%s\": \"%s\": ", rule->endpoint,
                      name);
        rt_buf_put(&message, reason.message);
        *err = (rt_error){.status = status, .message = rt_buf_str(&message)};
    }
    return status;
}

static rt_status put_traces(const rt_url_rule *rule, size_t from, size_t to,
                            const rt_pair *args, size_t args_len, rt_buf *out,
                            rt_error *err)
{
    for (size_t i = from; i < to; i++) {
        const rt__trace *trace = &rule->traces[i];
        rt_status status = RT_OK;
        if (trace->is_variable) {
            status =
                put_variable(rule, trace->variable, args, args_len, out, err);
        } else {
            rt_buf_put(out, trace->literal);
        }
        if (status)
            return status;
    }
    return RT_OK;
}

rt_status rt__rule_put_host(const rt_url_rule *rule, const rt_pair *args,
                            size_t args_len, rt_buf *out, rt_error *err)
{
    return put_traces(rule, 0, rule->host_traces_len, args, args_len, out, err);
}

// Take the next `<name>` of what a rule redirects to: what is before it, and the
// name, whose data is NULL at the end.
static rt_str cut_literal(rt_str *rest, rt_str *name)
{
    size_t open = rt_str_find(*rest, RT_STR("<"));
    size_t close = open == RT_STR_NONE ? open : rt_str_find(*rest, RT_STR(">"));
    *name = (rt_str){0};
    rt_str literal = *rest;
    if (close == RT_STR_NONE || close < open) {
        *rest = (rt_str){0};
        return literal;
    }
    literal.len = open;
    *name = rt_str_slice(*rest, open + 1, close - open - 1);
    *rest = rt_str_slice(*rest, close + 1, rest->len);
    return literal;
}

rt_status rt__rule_put_redirect(const rt_url_rule *rule, const rt_pair *args,
                                size_t args_len, rt_buf *out)
{
    rt_str rest = rule->redirect_to;
    while (rest.data) {
        rt_str name, literal = cut_literal(&rest, &name);
        rt_buf_put(out, literal);
        for (uint32_t i = 0; name.data && i < rule->variables_len; i++) {
            if (!rt_str_eq(name, rt_str_from(rule->variables[i].name)))
                continue;
            rt_status status = put_variable(rule, i, args, args_len, out, NULL);
            if (status)
                return status;
        }
    }
    return RT_OK;
}

bool rt__rule_knows_redirect(const rt_url_rule *rule, rt_str *unknown)
{
    rt_str rest = rule->redirect_to;
    while (rest.data) {
        cut_literal(&rest, unknown);
        bool known = !unknown->data;
        for (size_t i = 0; i < rule->variables_len; i++)
            known |= rt_str_eq(*unknown, rt_str_from(rule->variables[i].name));
        if (!known)
            return false;
    }
    return true;
}

rt_status rt__rule_put_path(const rt_url_rule *rule, const rt_pair *args,
                            size_t args_len, rt_buf *out, rt_error *err)
{
    size_t start = out->len;
    rt_status status = put_traces(rule, rule->host_traces_len, rule->traces_len,
                                  args, args_len, out, err);
    if (status)
        return status;

    // "//host/" would be another site.
    size_t slashes = 0;
    while (start + slashes < out->len && out->data[start + slashes] == '/')
        slashes++;
    if (slashes > 1) {
        memmove(out->data + start, out->data + start + slashes - 1,
                out->len - start - slashes + 1);
        out->len -= slashes - 1;
    }
    return RT_OK;
}
