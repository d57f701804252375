// Python's literals for rows of tests: values and calls as a reader of Python
// would write them.
//
//     'text' "text" 12 1.5 True None [1, 2] (1,) {'a': 1} b'bytes'
//     Markup('<b>') range(1, 9, 2) undefined
//
// What is misspelt ends the test.
#pragma once

#include <stdlib.h>

#include <retort/base/utf8.h>
#include <retort/base/value.h>
#include <retort/test.h>

#include "template/runtime.h"

typedef struct literal_reader {
    rt_render *r;
    const char *at;
} literal_reader;

static rt_value literal_value(literal_reader *l);

static void literal_space(literal_reader *l)
{
    while (*l->at == ' ')
        l->at++;
}

static bool literal_skip(literal_reader *l, const char *token)
{
    literal_space(l);
    size_t len = strlen(token);
    if (strncmp(l->at, token, len) != 0)
        return false;
    l->at += len;
    return true;
}

static void literal_escape(literal_reader *l, rt_buf *buf)
{
    static const char names[] = "n\nt\tr\rf\fv\v\\\\'\'\"\"0";
    char c = *l->at++;
    if (c == 'x' || c == 'u' || c == 'U') {
        char digits[9] = {0};
        size_t n = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        memcpy(digits, l->at, n);
        l->at += n;
        rt_buf_put_rune(buf, (uint32_t)strtoul(digits, NULL, 16));
        return;
    }
    for (size_t i = 0; i + 1 < sizeof names; i += 2) {
        if (names[i] == c) {
            rt_buf_put_char(buf, names[i + 1]);
            return;
        }
    }
    REQUIRE(false && "an escape literals do not have");
}

static rt_str literal_text(literal_reader *l)
{
    rt_buf buf;
    rt_buf_init(&buf, l->r->arena);
    char quote = *l->at++;
    while (*l->at && *l->at != quote) {
        if (*l->at != '\\') {
            rt_buf_put_char(&buf, *l->at++);
            continue;
        }
        l->at++;
        literal_escape(l, &buf);
    }
    REQUIRE(*l->at == quote);
    l->at++;
    return rt_buf_str(&buf);
}

// Bytes are written with \xhh for what is no ASCII.
static rt_value literal_bytes(literal_reader *l)
{
    rt_str text = literal_text(l);
    rt_buf buf;
    rt_buf_init(&buf, l->r->arena);
    while (text.len) {
        uint32_t rune;
        REQUIRE(rt_utf8_next(&text, &rune) == RT_OK);
        rt_buf_put_char(&buf, (char)rune);
    }
    rt_str bytes = rt_buf_str(&buf);
    return rt_value_bytes(bytes.data, bytes.len);
}

// Elements up to `end`; a tuple needs a comma, else it is a bracketed value.
static rt_value literal_list(literal_reader *l, const char *end)
{
    rt_value list = rt_list_new(l->r->arena);
    bool comma = false;
    while (!literal_skip(l, end)) {
        (void)rt_list_push(list, literal_value(l));
        comma = literal_skip(l, ",");
        REQUIRE(comma || literal_skip(l, end) || (false && "no end of a list"));
        if (!comma)
            break;
    }
    if (*end == ']')
        return list;
    if (rt_list_len(list) == 1 && !comma)
        return rt_list_get(list, 0);
    return rt_tuple_of(l->r->arena, rt_list_items(list), rt_list_len(list));
}

static rt_value literal_dict(literal_reader *l)
{
    rt_value dict = rt_dict_new(l->r->arena);
    while (!literal_skip(l, "}")) {
        rt_value key = literal_value(l);
        REQUIRE(literal_skip(l, ":"));
        REQUIRE(rt_dict_set(dict, key, literal_value(l)) == RT_OK);
        (void)literal_skip(l, ",");
    }
    return dict;
}

static rt_value literal_range(literal_reader *l)
{
    rt_value args = literal_list(l, ")");
    int64_t bounds[3] = {0, 0, 1};
    if (!rt_value_is_list(args))
        bounds[1] = rt_value_as_int(args, 0);
    for (size_t i = 0; i < rt_list_len(args) && i < 3; i++)
        bounds[i] = rt_value_as_int(rt_list_items(args)[i], 0);
    return rt__range_new(l->r, bounds[0], bounds[1], bounds[2]);
}

static rt_value literal_number(literal_reader *l)
{
    char *end;
    const char *start = l->at;
    size_t len = strspn(start, "+-0123456789");
    if (start[len] == '.' || start[len] == 'e' || start[len] == 'n' ||
        start[len] == 'i') {
        double x = strtod(start, &end);
        l->at = end;
        return rt_value_float(x);
    }
    rt_value number;
    REQUIRE(len > 0 && "a literal");
    REQUIRE(rt__text_is_int(l->r, rt_str_of(start, len), 10, &number));
    l->at += len;
    return number;
}

static rt_value literal_value(literal_reader *l)
{
    literal_space(l);
    if (*l->at == '\'' || *l->at == '"')
        return rt_value_str(literal_text(l));
    if (literal_skip(l, "b'")) {
        l->at--;
        return literal_bytes(l);
    }
    if (literal_skip(l, "["))
        return literal_list(l, "]");
    if (literal_skip(l, "("))
        return literal_list(l, ")");
    if (literal_skip(l, "{"))
        return literal_dict(l);
    if (literal_skip(l, "Markup("))
        return rt_value_safe(rt_value_as_str(literal_list(l, ")")));
    if (literal_skip(l, "range("))
        return literal_range(l);
    if (literal_skip(l, "True"))
        return rt_value_bool(true);
    if (literal_skip(l, "False"))
        return rt_value_bool(false);
    if (literal_skip(l, "None"))
        return rt_value_none();
    if (literal_skip(l, "undefined"))
        return rt__undefined_name(l->r, RT_STR("x"));
    return literal_number(l);
}

static inline rt_value literal(rt_render *r, const char *text)
{
    literal_reader l = {r, text};
    return literal_value(&l);
}

// The arguments of a call, behind its parenthesis: positional ones, then pairs
// of name and value.
typedef struct literal_args {
    rt_value args[8];
    size_t n;
    rt_value named[16];
    size_t n_named;
} literal_args;

static inline void literal_call_args(literal_reader *l, literal_args *out)
{
    *out = (literal_args){.n = 0};
    while (!literal_skip(l, ")")) {
        literal_space(l);
        size_t name = strspn(l->at, "abcdefghijklmnopqrstuvwxyz_");
        REQUIRE(out->n < 8 && out->n_named < 8);
        if (name && l->at[name] == '=') {
            rt_value *pair = &out->named[2 * out->n_named++];
            pair[0] = rt_value_str(rt_str_of(l->at, name));
            l->at += name + 1;
            pair[1] = literal_value(l);
        } else {
            out->args[out->n++] = literal_value(l);
        }
        (void)literal_skip(l, ",");
    }
}
