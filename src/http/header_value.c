#include "retort/http/header_value.h"

#include <retort/base/utf8.h>
#include <retort/http/field.h>
#include <retort/http/percent.h>

#include "http/charset.h"
#include "http/text.h"

// ---- options ----------------------------------------------------------------

// One option as it was written: a token, or a string with its quotes.
typedef struct raw_option {
    rt_str name;
    rt_str value;
} raw_option;

// One option whose pieces are put together.
typedef struct option {
    rt_str name;
    rt_str first; // the value, while it is one piece
    rt_buf value; // once there are more
    bool joined;
} option;

typedef struct options {
    rt_arena *arena;
    option items[RT_HEADER_OPTIONS_MAX];
    size_t len;
    rt_charset charset;   // of the last value with a charset of its own
    rt_charset continued; // which pieces without one have
} options;

static size_t token_len(rt_str s)
{
    size_t n = 0;

    while (n < s.len && rt_is_tchar(s.data[n]))
        n++;
    return n;
}

// The length of the quoted string at the front, both quotes included; 0 when it
// does not end. Only quotes and backslashes are escaped.
static size_t string_len(rt_str s)
{
    size_t i = 1;

    while (i < s.len && s.data[i] != '"') {
        bool escape = s.data[i] == '\\' && i + 1 < s.len &&
                      (s.data[i + 1] == '"' || s.data[i + 1] == '\\');
        i += escape ? 2 : 1;
    }
    return i < s.len ? i + 1 : 0;
}

// Take `name=value` off the front, or leave the cursor somewhere before the next
// semicolon.
static bool take_option(rt_str *cursor, raw_option *out)
{
    size_t len = token_len(*cursor);
    if (len == 0 || len == cursor->len || cursor->data[len] != '=')
        return false;
    out->name = rt_str_take(cursor, len);
    rt_str_take(cursor, 1);

    len = token_len(*cursor);
    if (len > 0) {
        // Of a token what is behind it is looked at for a semicolon too, and a
        // token has none.
        out->value = rt_str_take(cursor, len);
        return true;
    }
    len = cursor->len && cursor->data[0] == '"' ? string_len(*cursor) : 0;
    out->value = rt_str_take(cursor, len);
    return len > 0;
}

// Undo the escapes between two quotes.
static rt_str unescape(rt_arena *arena, rt_str s)
{
    static const rt_str escapes[] = {{"\\\\", 2}, {"\\\"", 2}, {"%22", 3}};
    static const char stands_for[] = {'\\', '"', '"'};

    if (rt_str_find_char(s, '\\') == RT_STR_NONE &&
        rt_str_find_char(s, '%') == RT_STR_NONE)
        return s;

    char *text = rt_arena_alloc(arena, s.len);
    size_t n = 0;
    while (s.len > 0) {
        size_t i = 0;
        while (i < RT_COUNT(escapes) && !rt_str_skip(&s, escapes[i]))
            i++;
        text[n++] =
            i < RT_COUNT(escapes) ? stands_for[i] : rt_str_take(&s, 1).data[0];
    }
    return rt_str_of(text, n);
}

// Split `charset'language'value`. False when it is not of that form.
static bool split_charset(rt_str text, rt_str *charset, rt_str *value)
{
    rt_str rest = text;
    rt_str name = rt_str_take(&rest, token_len(rest));
    size_t quote = rt_str_find_char(name, '\'');
    if (quote == RT_STR_NONE)
        return false;
    rest = rt_str_slice(name, quote + 1, SIZE_MAX);
    size_t second = rt_str_find_char(rest, '\'');
    if (second == RT_STR_NONE || second + 1 == rest.len)
        return false;
    *charset = rt_str_slice(name, 0, quote);
    *value = rt_str_slice(rest, second + 1, SIZE_MAX);
    return true;
}

// Decode the value of a name with a star. A piece without a charset has that of
// the value before it; an unknown charset leaves the value as it is.
static rt_str decode_extended(options *o, rt_str value)
{
    rt_str name;

    if (split_charset(value, &name, &value))
        o->charset = name.len ? rt__charset_find(name) : RT_CHARSET_NONE;
    if (o->charset == RT_CHARSET_NONE)
        o->charset = o->continued;
    if (o->charset == RT_CHARSET_NONE || o->charset == RT_CHARSET_UNKNOWN)
        return value;
    o->continued = o->charset;
    return rt__charset_unquote(o->arena, o->charset, value);
}

// Remove `*12` from the end of a name: the number of a piece.
static bool cut_piece_number(rt_str *name)
{
    size_t len = name->len;

    while (len > 0 && rt_is_digit(name->data[len - 1]))
        len--;
    if (len == name->len || len == 0 || name->data[len - 1] != '*')
        return false;
    name->len = len - 1;
    return true;
}

// Find an option or make it; NULL when there are too many.
static option *option_of(options *o, rt_str name, bool *is_new)
{
    *is_new = false;
    for (size_t i = 0; i < o->len; i++) {
        if (rt_str_eq(o->items[i].name, name))
            return &o->items[i];
    }
    if (o->len == RT_COUNT(o->items))
        return NULL;
    *is_new = true;
    o->items[o->len] = (option){.name = name};
    return &o->items[o->len++];
}

static void set_option(options *o, rt_str name, rt_str value)
{
    bool is_piece = cut_piece_number(&name);
    bool is_new;
    option *item = option_of(o, name, &is_new);

    if (!item)
        return;
    if (is_new || !is_piece) {
        item->first = value;
        item->joined = false;
        return;
    }
    if (!item->joined) {
        rt_buf_init(&item->value, o->arena);
        rt_buf_put(&item->value, item->first);
        item->joined = true;
    }
    rt_buf_put(&item->value, value);
}

static void add_option(options *o, raw_option raw)
{
    rt_str name = rt__text_lower_ascii(o->arena, raw.name);
    rt_str value = raw.value;

    if (name.data[name.len - 1] == '*') {
        name.len--;
        value = decode_extended(o, value);
    }
    // Also a value that was decoded to quotes loses them; a single one is both.
    if (value.data[0] == '"' && value.data[value.len - 1] == '"') {
        rt_str inside =
            rt_str_slice(value, 1, value.len > 1 ? value.len - 2 : 0);
        value = unescape(o->arena, inside);
    }
    set_option(o, name, value);
}

static rt_params collect(options *o)
{
    rt_params params = {0};

    for (size_t i = 0; i < o->len; i++) {
        option *item = &o->items[i];
        rt_str value = item->joined ? rt_buf_str(&item->value) : item->first;
        rt_params_add(&params, o->arena, item->name, value);
    }
    return params;
}

rt_header_options rt_header_options_parse(rt_arena *arena, rt_str text)
{
    rt_header_options out = {0};
    rt_str rest = text;
    options o;

    out.value = rt__text_trim(rt_str_cut(&rest, ';'));
    if (out.value.len == 0)
        return out;
    o.arena = arena;
    o.len = 0;
    o.charset = RT_CHARSET_NONE;
    o.continued = RT_CHARSET_NONE;
    while (rest.len > 0) {
        raw_option raw;
        rest = rt__text_trim_left(rest);
        if (take_option(&rest, &raw))
            add_option(&o, raw);
        (void)rt_str_cut(&rest, ';');
    }
    out.params = collect(&o);
    return out;
}

// ---- lists and dicts ----------------------------------------------------------

rt_str rt_header_unquote(rt_arena *arena, rt_str s)
{
    if (s.len < 2 || s.data[0] != '"' || s.data[s.len - 1] != '"')
        return s;
    s = rt_str_slice(s, 1, s.len - 2);
    if (rt_str_find_char(s, '\\') == RT_STR_NONE)
        return s;

    char *text = rt_arena_alloc(arena, s.len);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '\\' && i + 1 < s.len && s.data[i + 1] != '\n')
            i++;
        text[n++] = s.data[i];
    }
    return rt_str_of(text, n);
}

// The length of the member at the front, up to a comma that is not in quotes;
// RT_STR_NONE when a quote does not close.
static size_t member_len(rt_str s)
{
    bool quoted = false;

    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"') {
            quoted = !quoted;
        } else if (quoted && s.data[i] == '\\') {
            i++;
        } else if (!quoted && s.data[i] == ',') {
            return i;
        }
    }
    return quoted ? RT_STR_NONE : s.len;
}

rt_header_list rt_header_list_parse(rt_arena *arena, rt_str text)
{
    rt_header_list list = {0};
    rt_str rest = text;

    while (rest.len > 0) {
        size_t len = member_len(rest);
        if (len == RT_STR_NONE)
            return (rt_header_list){0};
        rt_str member = rt__text_trim(rt_str_take(&rest, len));
        rt_str_take(&rest, 1); // the comma
        if (member.len > 0)
            *rt_vec_push(arena, &list) = rt_header_unquote(arena, member);
    }
    return list;
}

static void dict_set(rt_params *dict, rt_arena *arena, rt_str key, rt_str value)
{
    size_t i = 0;

    while (i < dict->len && !rt_str_eq(dict->items[i].name, key))
        i++;
    if (i == RT_HEADER_OPTIONS_MAX)
        return;
    if (i == dict->len)
        rt_params_add(dict, arena, key, value);
    dict->items[i].value = value; // data may be NULL, which add does not keep
}

// The value of a key with a star.
static rt_str dict_decode(rt_arena *arena, rt_str value)
{
    rt_str name;

    if (!split_charset(value, &name, &value))
        return value;
    rt_charset charset = rt__charset_find(name);
    return charset == RT_CHARSET_UNKNOWN
               ? value
               : rt__charset_unquote(arena, charset, value);
}

rt_params rt_header_dict_parse(rt_arena *arena, rt_str text)
{
    rt_params dict = {0};
    rt_header_list list = rt_header_list_parse(arena, text);

    rt_vec_each(rt_str, member, &list) {
        rt_str value = *member;
        rt_str key = rt__text_trim(rt_str_cut(&value, '='));
        if (key.len == 0)
            continue;
        if (value.data) {
            value = rt__text_trim(value);
            if (key.data[key.len - 1] == '*') {
                key.len--;
                value = dict_decode(arena, value);
            }
            value = rt_header_unquote(arena, value);
        }
        dict_set(&dict, arena, key, value);
    }
    return dict;
}

// ---- writing --------------------------------------------------------------------

void rt_header_put_string(rt_buf *buf, rt_str s)
{
    rt_buf_put_char(buf, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"' || s.data[i] == '\\')
            rt_buf_put_char(buf, '\\');
        rt_buf_put_char(buf, s.data[i]);
    }
    rt_buf_put_char(buf, '"');
}

void rt_header_put_value(rt_buf *buf, rt_str s)
{
    if (rt_is_token(s)) {
        rt_buf_put(buf, s);
    } else {
        rt_header_put_string(buf, s);
    }
}

static void put_param(rt_buf *buf, const rt_param *param)
{
    rt_buf_put(buf, param->name);
    if (!param->value.data)
        return;
    rt_buf_put_char(buf, '=');
    if (rt_str_ends_with(param->name, RT_STR("*"))) {
        rt_buf_put(buf, param->value);
    } else {
        rt_header_put_value(buf, param->value);
    }
}

void rt_header_put_options(rt_buf *buf, rt_str value, const rt_params *params)
{
    bool first = !value.data;

    rt_buf_put(buf, value);
    for (size_t i = 0; i < params->len; i++) {
        if (!params->items[i].value.data)
            continue;
        if (!first)
            rt_buf_put(buf, RT_STR("; "));
        first = false;
        put_param(buf, &params->items[i]);
    }
}

void rt_header_put_list(rt_buf *buf, const rt_str *members, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            rt_buf_put(buf, RT_STR(", "));
        rt_header_put_value(buf, members[i]);
    }
}

void rt_header_put_dict(rt_buf *buf, const rt_params *params)
{
    for (size_t i = 0; i < params->len; i++) {
        if (i > 0)
            rt_buf_put(buf, RT_STR(", "));
        put_param(buf, &params->items[i]);
    }
}
