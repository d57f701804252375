// Grammar:
//
//     file     = *( *blank [ variable ] *blank [ comment ] newline )
//     variable = [ "export" blank ] name [ *blank "=" *blank value ]
//     value    = "'" text "'" | '"' text '"' | bare
//     bare     = text up to the end of the line or to a blank and "#"
#include "retort/app/env_file.h"

#include <stdlib.h>

#include <retort/base/buf.h>
#include <retort/base/utf8.h>

#include "app/config.h"

typedef struct parser {
    rt_arena *arena;
    rt_str text;
    size_t at;
    rt_params *out;
    rt_error *err;
} parser;

static char peek(const parser *p)
{
    return p->at < p->text.len ? p->text.data[p->at] : '\n';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(parser *p)
{
    while (p->at < p->text.len && is_blank(peek(p)))
        p->at++;
}

static void skip_line(parser *p)
{
    while (p->at < p->text.len && peek(p) != '\n')
        p->at++;
    p->at += p->at < p->text.len;
}

static rt_status fail(parser *p, size_t at, rt_status status,
                      const char *message)
{
    if (!p->err)
        return status;
    rt_str rest = p->text;
    rt_error err = {.status = status, .message = rt_str_from(message)};
    size_t start = 0;
    while (rest.data) {
        rt_str line = rt_str_cut(&rest, '\n');
        err.line++;
        if (at > start + line.len && rest.data) {
            start += line.len + 1;
            continue;
        }
        err.column = 1 + rt_utf8_len(rt_str_slice(line, 0, at - start));
        err.excerpt = rt_str_trim(line).len ? line : (rt_str){0};
        break;
    }
    *p->err = err;
    return status;
}

static bool is_name_char(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '_' || c == '.' || c == '-';
}

static rt_str take_name(parser *p)
{
    size_t start = p->at;
    while (p->at < p->text.len && is_name_char(peek(p)))
        p->at++;
    return rt_str_slice(p->text, start, p->at - start);
}

// ---- values -----------------------------------------------------------------

// A variable of the file so far, the newest of the name, or of the environment.
static rt_str look_up(const parser *p, rt_str name)
{
    for (size_t i = p->out->len; i-- > 0;)
        if (rt_str_eq(p->out->items[i].name, name))
            return p->out->items[i].value;
    const char *text = getenv(rt_str_cstr(p->arena, name));
    return text ? rt_str_from(text) : (rt_str){0};
}

// Append what `${NAME}` at the front of `rest` stands for and step past it;
// false when it is something else.
static bool put_variable(const parser *p, rt_str *rest, rt_buf *out)
{
    size_t close = rt_str_find_char(*rest, '}');
    if (!rt_str_starts_with(*rest, RT_STR("${")) || close == RT_STR_NONE)
        return false;
    rt_str name = rt_str_slice(*rest, 2, close - 2);
    rt_str otherwise = {0};
    size_t colon = rt_str_find(name, RT_STR(":-"));
    if (colon != RT_STR_NONE) {
        otherwise = rt_str_slice(name, colon + 2, name.len);
        name.len = colon;
    }
    rt_str value = look_up(p, name);
    rt_buf_put(out, value.data ? value : otherwise);
    rt_str_take(rest, close + 1);
    return true;
}

static rt_str expand(const parser *p, rt_str text)
{
    rt_buf out;
    rt_buf_init(&out, p->arena);
    while (text.len) {
        if (text.data[0] == '$' && put_variable(p, &text, &out))
            continue;
        rt_buf_put_char(&out, text.data[0]);
        rt_str_take(&text, 1);
    }
    return rt_buf_str(&out);
}

static char escaped(char c)
{
    switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: return c;
    }
}

// The byte a backslash and `c` stand for, or 0 where they stand for themselves:
// in single quotes all but a quote and a backslash.
static char unescape(char quote, char c)
{
    if (c == '\\' || c == quote)
        return c;
    return quote == '"' && escaped(c) != c ? escaped(c) : 0;
}

static rt_status take_quoted(parser *p, rt_str *out)
{
    char quote = peek(p);
    size_t open = p->at++;
    rt_buf buf;
    rt_buf_init(&buf, p->arena);
    while (p->at < p->text.len && peek(p) != quote) {
        char c = p->text.data[p->at++];
        char next = c == '\\' ? peek(p) : 0;
        if (next && unescape(quote, next)) {
            c = unescape(quote, next);
            p->at++;
        }
        rt_buf_put_char(&buf, c);
    }
    if (p->at == p->text.len)
        return fail(p, open, RT_E_SYNTAX, "the quote is never closed");
    p->at++;
    rt_str text = rt_buf_str(&buf);
    *out = quote == '"' ? expand(p, text) : text;

    skip_blanks(p);
    if (p->at < p->text.len && peek(p) != '\n' && peek(p) != '#')
        return fail(p, p->at, RT_E_SYNTAX,
                    "nothing but a comment may follow the closing quote");
    return RT_OK;
}

static rt_str take_bare(parser *p)
{
    size_t start = p->at;
    while (p->at < p->text.len && peek(p) != '\n') {
        if (peek(p) == '#' &&
            (p->at == start || is_blank(p->text.data[p->at - 1])))
            break;
        p->at++;
    }
    rt_str text = rt_str_slice(p->text, start, p->at - start);
    while (text.len && is_blank(text.data[text.len - 1]))
        text.len--;
    return expand(p, text);
}

static rt_status take_value(parser *p, rt_str *out)
{
    skip_blanks(p);
    if (p->at < p->text.len && (peek(p) == '"' || peek(p) == '\''))
        return take_quoted(p, out);
    *out = take_bare(p);
    return RT_OK;
}

// ---- lines -----------------------------------------------------------------------

static rt_status take_line(parser *p)
{
    skip_blanks(p);
    if (p->at == p->text.len || peek(p) == '\n' || peek(p) == '#') {
        skip_line(p);
        return RT_OK;
    }
    rt_str name = take_name(p);
    if (rt_str_eq(name, RT_STR("export")) && is_blank(peek(p))) {
        skip_blanks(p);
        name = take_name(p);
    }
    if (!name.len)
        return fail(p, p->at, RT_E_SYNTAX,
                    "a variable's name is expected here");

    skip_blanks(p);
    rt_str value = {0};
    if (p->at == p->text.len || peek(p) == '\n' || peek(p) == '#') {
        skip_line(p);
        return RT_OK;
    }
    if (peek(p) != '=')
        return fail(p, p->at, RT_E_SYNTAX, "\"=\" is expected here");
    p->at++;
    rt_status status = take_value(p, &value);
    if (status)
        return status;
    if (p->out->len == RT_PARAMS_MAX)
        return fail(p, p->at, RT_E_LIMIT, "too many variables");
    rt_params_add(p->out, p->arena, rt_str_copy(p->arena, name), value);
    skip_line(p);
    return RT_OK;
}

rt_status rt_env_file_parse(rt_arena *arena, rt_str text, rt_params *out,
                            rt_error *err)
{
    parser p = {.arena = arena, .text = text, .out = out, .err = err};
    size_t valid = rt_utf8_valid_prefix(text);
    if (valid < text.len)
        return fail(&p, valid, RT_E_UTF8, "this is not UTF-8");
    rt_status status = RT_OK;
    while (!status && p.at < text.len)
        status = take_line(&p);
    return status;
}

rt_status rt_env_file_load(rt_arena *arena, const char *path, rt_error *err)
{
    rt_str text;
    rt_params variables = {0};
    rt_status status =
        rt__file_read(arena, path, RT_ENV_FILE_BYTES, &text, err);
    if (!status)
        status = rt_env_file_parse(arena, text, &variables, err);
    // Of two of one name the last one counts, but for the environment's own.
    for (size_t i = variables.len; !status && i-- > 0;) {
        const rt_param *v = &variables.items[i];
        if (!memchr(v->value.data, '\0', v->value.len))
            setenv(v->name.data, v->value.data, 0);
    }
    if (status && err)
        err->file = rt_str_from(path);
    return status;
}
