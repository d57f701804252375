// The grammar of a rule:
//
//     rule     = "/" *( "/" | literal | variable )
//     literal  = 1*( any but "/" and "<" )
//     variable = "<" [ name [ "(" arguments ] ":" ] name ">"
//
// Arguments are in rule_text.c.
#include "routing/pattern.h"

#include <assert.h>

#include <retort/base/utf8.h>
#include <retort/http/percent.h>

#include "routing/conv.h"
#include "routing/rule_text.h"

// A pattern in the making.
typedef struct parser {
    rt__rule_text t;
    rt__patterns *shared;
    bool merge;

    RT_VEC(const rt__part *) parts;
    RT_VEC(rt_url_variable) variables;
    RT_VEC(const rt__conv *) convs;
    RT_VEC(rt__trace) traces;
    rt_buf encoded; // the literal of the trace in the making

    // The part in the making.
    RT_VEC(rt__element) elements;
    RT_VEC(uint32_t) static_lens;
    rt_buf literal; // of the element in the making
    size_t start;   // in the text
    uint32_t convs_len;
    bool final;
} parser;

static void end_literal(parser *p)
{
    if (!p->literal.len)
        return;
    rt_vec_push(p->t.scratch, &p->elements)->literal = rt_buf_str(&p->literal);
    rt_buf_init(&p->literal, p->t.scratch);
}

// What stands around the converters is looked at first.
static void set_ends(rt__part *part)
{
    const rt__element *first = part->elements;
    const rt__element *last = first + part->elements_len - 1;
    if (!first->conv)
        part->prefix = first->literal;
    if (!last->conv)
        part->suffix = last->literal;
}

// Copy a part with converters to where it stays.
static rt__part *keep_part(const parser *p, bool slashed)
{
    rt_arena *arena = p->shared->arena;
    rt__element *elements = rt_new(arena, rt__element, p->elements.len);
    for (size_t i = 0; i < p->elements.len; i++) {
        const rt__element *e = &p->elements.items[i];
        if (e->conv) {
            elements[i].conv = rt_arena_copy(arena, e->conv, sizeof *e->conv);
        } else {
            elements[i].literal = rt_str_copy(arena, e->literal);
        }
    }

    rt__part *part = rt_new(arena, rt__part, 1);
    *part = (rt__part){
        .elements = elements,
        .elements_len = (uint32_t)p->elements.len,
        .convs_len = p->convs_len,
        .final = p->final,
        .slashed = slashed,
        .static_lens = rt_arena_copy(arena, p->static_lens.items,
                                     p->static_lens.len * sizeof(uint32_t)),
        .statics_len = (uint32_t)p->static_lens.len,
    };
    set_ends(part);
    return part;
}

// The part of an earlier rule that was written the same, or a new one. What is
// written the same is the same unless slashes are merged in one only.
static const rt__part *share_part(const parser *p, rt_str source, bool slashed)
{
    rt_str key = rt_str_concat(p->t.scratch,
                               p->merge ? RT_STR("+") : RT_STR("-"), source);
    rt_map_entry *entry = rt_map_find(&p->shared->parts, key);
    if (entry)
        return entry->value;

    rt__part *part = keep_part(p, slashed);
    rt_map_put(&p->shared->parts, key, part);
    return part;
}

// A part without converters is needed no longer than its rule is parsed.
static const rt__part *static_part(const parser *p, rt_str source)
{
    rt__part *part = rt_new(p->t.scratch, rt__part, 1);
    part->text = source;
    return part;
}

static void add_convs(parser *p, const rt__part *part)
{
    for (uint32_t i = 0; i < part->elements_len; i++) {
        const rt__conv *conv = part->elements[i].conv;
        if (!conv)
            continue;
        rt_url_variable *variable = &p->variables.items[p->convs.len];
        variable->kind = rt__conv_value_kind(conv);
        *rt_vec_push(p->t.scratch, &p->convs) = conv;
    }
}

static rt_status end_part(parser *p, bool slashed)
{
    if (p->parts.len == RT_URL_RULE_SEGMENTS_MAX) {
        return rt__rule_fail(&p->t, p->t.at, RT_E_LIMIT,
                             "a rule has at most %d segments",
                             RT_URL_RULE_SEGMENTS_MAX);
    }

    end_literal(p);
    rt_str source = {p->t.text.data + p->start, p->t.at - p->start};
    const rt__part *part =
        p->convs_len ? share_part(p, source, slashed) : static_part(p, source);
    *rt_vec_push(p->t.scratch, &p->parts) = part;
    add_convs(p, part);

    memset(&p->elements, 0, sizeof p->elements);
    memset(&p->static_lens, 0, sizeof p->static_lens);
    p->convs_len = 0;
    p->final = false;
    return RT_OK;
}

static void end_trace(parser *p)
{
    if (!p->encoded.len)
        return;
    rt_vec_push(p->t.scratch, &p->traces)->literal = rt_buf_str(&p->encoded);
    rt_buf_init(&p->encoded, p->t.arena);
}

static rt_status parse_slash(parser *p)
{
    bool repeated = p->t.text.data[p->t.at - 1] == '/';
    if (repeated && p->merge) {
        p->start += !p->final;
        p->t.at++;
        return RT_OK;
    }

    rt_status status = RT_OK;
    rt_buf_put_char(&p->encoded, '/');
    if (p->final) {
        rt_buf_put_char(&p->literal, '/');
    } else {
        status = end_part(p, false);
    }
    p->t.at++;
    if (!p->final)
        p->start = p->t.at;
    return status;
}

static void parse_literal(parser *p)
{
    size_t start = p->t.at;
    while (p->t.at < p->t.text.len && p->t.text.data[p->t.at] != '/' &&
           p->t.text.data[p->t.at] != '<')
        p->t.at++;

    rt_str literal = rt_str_slice(p->t.text, start, p->t.at - start);
    rt_buf_put(&p->literal, literal);
    rt_percent_put(&p->encoded, literal, RT_PERCENT_PATH);
    *rt_vec_push(p->t.scratch, &p->static_lens) =
        (uint32_t)rt_utf8_len(literal);
}

static rt_status add_variable(parser *p, rt_str name, size_t at,
                              rt_str converter, const rt__conv *conv)
{
    rt_vec_each(rt_url_variable, v, &p->variables) {
        if (rt_str_eq(name, rt_str_from(v->name))) {
            return rt__rule_fail(&p->t, at, RT_E_EXISTS,
                                 "variable \"%s\" comes twice", v->name);
        }
    }
    if (p->variables.len == RT_URL_RULE_VARIABLES_MAX) {
        return rt__rule_fail(&p->t, at, RT_E_LIMIT,
                             "a rule has at most %d variables",
                             RT_URL_RULE_VARIABLES_MAX);
    }
    if (p->convs_len == RT_URL_PART_VARIABLES_MAX) {
        return rt__rule_fail(&p->t, at, RT_E_LIMIT,
                             "a segment has at most %d variables",
                             RT_URL_PART_VARIABLES_MAX);
    }

    end_literal(p);
    rt_vec_push(p->t.scratch, &p->elements)->conv = conv;
    p->convs_len++;
    p->final = p->final || conv->crosses_slash;

    end_trace(p);
    *rt_vec_push(p->t.scratch, &p->traces) =
        (rt__trace){.is_variable = true,
                    .variable = (uint32_t)p->variables.len};
    *rt_vec_push(p->t.scratch, &p->variables) = (rt_url_variable){
        .name = rt_str_cstr(p->t.arena, name),
        .converter = rt_str_cstr(p->t.arena, converter),
    };
    return RT_OK;
}

// variable = "<" [ name [ "(" arguments ] ":" ] name ">"
static rt_status parse_variable(parser *p)
{
    rt__rule_text *t = &p->t;
    rt__arguments arguments = {0};
    size_t open = t->at++;
    size_t at = t->at;
    rt_str name = rt__rule_name(t);
    rt_str converter = RT_STR("default");
    bool has_arguments = name.len && rt__rule_skip(t, '(');

    if (has_arguments) {
        rt_status status = rt__rule_arguments(t, &arguments);
        if (status)
            return status;
    }
    rt__conv *conv = rt_new(t->scratch, rt__conv, 1);
    size_t converter_at = at;
    if (name.len && rt__rule_skip(t, ':')) {
        converter = name;
        at = t->at;
        name = rt__rule_name(t);
    } else if (has_arguments) {
        return rt__rule_fail(t, t->at, RT_E_SYNTAX,
                             "a colon and the variable's name are expected "
                             "here");
    }
    if (!name.len) {
        return rt__rule_fail(t, at, RT_E_SYNTAX,
                             "a variable's name is expected here");
    }
    if (!rt__rule_skip(t, '>')) {
        if (t->at == t->text.len) {
            return rt__rule_fail(t, open, RT_E_SYNTAX,
                                 "the bracket is never closed");
        }
        return rt__rule_fail(t, t->at, RT_E_SYNTAX, "\">\" is expected here");
    }

    rt_status status =
        rt__conv_setup(t, p->shared, converter, converter_at, &arguments, conv);
    if (status)
        return status;
    return add_variable(p, name, at, converter, conv);
}

static rt_status parse_rule(parser *p)
{
    while (p->t.at < p->t.text.len) {
        rt_status status = RT_OK;
        switch (rt__rule_peek(&p->t)) {
        case '/': status = parse_slash(p); break;
        case '<': status = parse_variable(p); break;
        default: parse_literal(p); break;
        }
        if (status)
            return status;
    }
    end_trace(p);

    bool slashed = p->final && p->literal.len &&
                   p->literal.data[p->literal.len - 1] == '/';
    if (slashed)
        p->literal.len--;
    rt_status status = end_part(p, slashed);
    p->start = p->t.at;
    if (!status && slashed)
        status = end_part(p, false);
    return status;
}

// A host is one part, as a segment is.
static rt_status parse_host(parser *p)
{
    while (p->t.at < p->t.text.len) {
        rt_status status = RT_OK;
        switch (rt__rule_peek(&p->t)) {
        case '/':
            return rt__rule_fail(&p->t, p->t.at, RT_E_SYNTAX,
                                 "a host has no slash");
        case '<': status = parse_variable(p); break;
        default: parse_literal(p); break;
        }
        if (status)
            return status;
    }
    if (p->final) {
        return rt__rule_fail(&p->t, 0, RT_E_SYNTAX,
                             "a host has no converter that takes slashes");
    }
    end_trace(p);
    return end_part(p, false);
}

static rt_status check_text(const rt__rule_text *t)
{
    if (t->text.len > RT_URL_RULE_BYTES_MAX) {
        return rt__rule_fail(t, 0, RT_E_LIMIT, "a rule has at most %d bytes",
                             RT_URL_RULE_BYTES_MAX);
    }
    size_t valid = rt_utf8_valid_prefix(t->text);
    if (valid < t->text.len)
        return rt__rule_fail(t, valid, RT_E_UTF8, "this is not UTF-8");
    return RT_OK;
}

static rt_status parse_path(parser *p)
{
    rt_status status = check_text(&p->t);
    if (status)
        return status;
    if (rt__rule_peek(&p->t) != '/')
        return rt__rule_fail(&p->t, 0, RT_E_SYNTAX,
                             "a rule begins with a slash");
    // The slash every rule begins with is no step of its own.
    p->t.at = p->start = 1;
    rt_buf_put_char(&p->encoded, '/');
    return parse_rule(p);
}

rt_status rt__pattern_parse(rt__patterns *shared, rt_arena *scratch,
                            rt_str text, rt_str host, bool merge,
                            rt__pattern *out, rt_error *err)
{
    parser p = {
        .t = {.arena = shared->arena,
              .scratch = scratch,
              .text = host,
              .err = err},
        .shared = shared,
        .merge = merge,
    };
    rt_buf_init(&p.encoded, shared->arena);
    rt_buf_init(&p.literal, scratch);

    rt_status status = check_text(&p.t);
    if (!status && host.len)
        status = parse_host(&p);
    if (status)
        return status;
    assert(!host.len || p.parts.items);
    *out = (rt__pattern){
        .host = host.len ? p.parts.items[0] : NULL,
        .host_variables_len = p.variables.len,
        .host_traces_len = p.traces.len,
    };

    p.parts.len = 0;
    p.t.text = text;
    p.t.at = p.start = 0;
    status = parse_path(&p);
    if (status)
        return status;
    *out = (rt__pattern){
        .host = out->host,
        .host_variables_len = out->host_variables_len,
        .host_traces_len = out->host_traces_len,
        .parts = p.parts.items,
        .parts_len = p.parts.len,
        .variables = p.variables.items,
        .convs = p.convs.items,
        .variables_len = p.variables.len,
        .traces = p.traces.items,
        .traces_len = p.traces.len,
    };
    return RT_OK;
}
