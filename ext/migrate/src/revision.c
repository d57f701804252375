#include "revision.h"

#include <string.h>

static rt_status fail(rt_arena *arena, rt_error *err, rt_status status,
                      rt_str path, size_t line, const char *what, rt_str about)
{
    if (err) {
        rt_buf message;
        rt_buf_init(&message, arena);
        rt_buf_put_cstr(&message, what);
        rt_buf_put(&message, about);
        *err = (rt_error){.status = status,
                          .message = rt_buf_str(&message),
                          .file = path,
                          .line = line};
    }
    return status;
}

// The rest of a line that begins with a word, "-- down:" for one.
static bool after(rt_str line, const char *word, rt_str *rest)
{
    rt_str cursor = rt_str_trim(line);
    if (!rt_str_skip(&cursor, rt_str_from(word)))
        return false;
    *rest = rt_str_trim(cursor);
    return true;
}

// section = "--" ( "upgrade" | "downgrade" ) [ engine ]
static bool section_of(rt_str line, rt_str *direction, rt_str *engine)
{
    rt_str rest;
    if (!after(line, "-- ", &rest))
        return false;
    rt_str word = rt_str_cut(&rest, ' ');
    if (!rt_str_eq(word, RT_STR("upgrade")) &&
        !rt_str_eq(word, RT_STR("downgrade")))
        return false;
    rt_str name = rt_str_trim(rest);
    // A sentence that begins with the word is a comment.
    if (rt_str_find_char(name, ' ') < name.len)
        return false;
    *direction = word;
    *engine = name;
    return true;
}

static bool is_engine(rt_str name)
{
    return !name.len || rt_str_eq(name, RT_STR("sqlite")) ||
           rt_str_eq(name, RT_STR("postgresql")) ||
           rt_str_eq(name, RT_STR("mariadb"));
}

static rt_status parse_down(rt_arena *arena, rt_str path, size_t line,
                            rt_str list, rt__revision *out, rt_error *err)
{
    while (list.len) {
        rt_str id = rt_str_trim(rt_str_cut(&list, ','));
        if (!id.len)
            continue;
        if (out->n_down == RT__DOWN_MAX) {
            return fail(arena, err, RT_E_LIMIT, path, line,
                        "it follows too many revisions", RT_STR(""));
        }
        out->down[out->n_down++] = id;
    }
    return RT_OK;
}

rt_status rt__revision_parse(rt_arena *arena, rt_str path, rt_str text,
                             rt__revision *out, rt_error *err)
{
    rt__revision found = {.path = path, .text = text};
    rt_str rest = text, value, engine;
    for (size_t line_no = 1; rest.len; line_no++) {
        rt_str line = rt_str_cut(&rest, '\n');
        if (after(line, "-- revision:", &value)) {
            found.id = value;
        } else if (after(line, "-- message:", &value)) {
            found.message = value;
        } else if (after(line, "-- down:", &value)) {
            rt_status status =
                parse_down(arena, path, line_no, value, &found, err);
            if (status)
                return status;
        } else if (section_of(line, &value, &engine) && !is_engine(engine)) {
            return fail(arena, err, RT_E_SYNTAX, path, line_no,
                        "there is no engine ", engine);
        }
    }
    if (!found.id.len) {
        return fail(arena, err, RT_E_SYNTAX, path, 1,
                    "no line \"-- revision: ...\"", RT_STR(""));
    }
    *out = found;
    return RT_OK;
}

rt__section rt__revision_section(const rt__revision *revision,
                                 const char *direction, rt_db_engine engine)
{
    rt_str wanted = rt_str_from(direction);
    rt_str engine_name = rt_str_from(rt_db_engine_name(engine));
    rt__section general = {0}, special = {0}, *current = NULL;
    rt_str rest = revision->text, word, name;
    for (size_t line_no = 1; rest.len; line_no++) {
        rt_str line = rt_str_cut(&rest, '\n');
        if (section_of(line, &word, &name)) {
            current = NULL;
            if (rt_str_eq(word, wanted) && !name.len) {
                current = &general;
            } else if (rt_str_eq(word, wanted) &&
                       rt_str_eq(name, engine_name)) {
                current = &special;
            }
            if (current) {
                *current = (rt__section){.sql = {rest.data, 0},
                                         .line = line_no + 1,
                                         .found = true};
            }
        } else if (current) {
            current->sql.len =
                (size_t)(line.data + line.len - current->sql.data);
        }
    }
    return special.found ? special : general;
}

// ---- statements -----------------------------------------------------------------

// Where what ends a piece is over; the end of the text where it does not end.
static size_t past(rt_str s, size_t i, rt_str mark)
{
    size_t end = rt_str_find(rt_str_slice(s, i, s.len), mark);
    return end == RT_STR_NONE ? s.len : i + end + mark.len;
}

// Past a quoted piece that begins at `i`, a comment or a dollar quote; `i` itself
// where none does.
static size_t skip_quoted(rt_str s, size_t i)
{
    char c = s.data[i];
    if (c == '\'' || c == '"' || c == '`') {
        for (i++; i < s.len && s.data[i] != c; i++)
            ;
        return i < s.len ? i + 1 : i;
    }
    if (c == '-' && i + 1 < s.len && s.data[i + 1] == '-') {
        while (i < s.len && s.data[i] != '\n')
            i++;
        return i;
    }
    if (c == '/' && i + 1 < s.len && s.data[i + 1] == '*')
        return past(s, i + 2, RT_STR("*/"));
    if (c == '$') {
        size_t tag = i + 1;
        while (tag < s.len && (rt_is_alpha(s.data[tag]) || s.data[tag] == '_'))
            tag++;
        if (tag >= s.len || s.data[tag] != '$')
            return i;
        return past(s, tag + 1, rt_str_slice(s, i, tag + 1 - i));
    }
    return i;
}

static bool is_word_at(rt_str s, size_t i, const char *word)
{
    size_t len = strlen(word);
    if (i + len > s.len ||
        (i && (rt_is_alpha(s.data[i - 1]) || s.data[i - 1] == '_')))
        return false;
    if (i + len < s.len &&
        (rt_is_alpha(s.data[i + len]) || s.data[i + len] == '_'))
        return false;
    return rt_str_eq_nocase(rt_str_slice(s, i, len), rt_str_from(word));
}

// Where a statement ends: at its semicolon, or at the end of the text. A trigger's
// body has semicolons of its own, between BEGIN and END; CASE ... END nests there.
static size_t statement_end(rt_str s)
{
    bool trigger = false;
    int depth = 0;
    for (size_t i = 0; i < s.len;) {
        size_t next = skip_quoted(s, i);
        if (next > i) {
            i = next;
            continue;
        }
        if (is_word_at(s, i, "TRIGGER"))
            trigger = true;
        if (trigger && (is_word_at(s, i, "BEGIN") || is_word_at(s, i, "CASE")))
            depth++;
        if (trigger && depth && is_word_at(s, i, "END"))
            depth--;
        if (s.data[i] == ';' && !depth)
            return i;
        i++;
    }
    return s.len;
}

static size_t count_lines(const char *from, const char *to)
{
    size_t n = 0;
    for (; from < to; from++)
        n += *from == '\n';
    return n;
}

// White space and comments in front of a statement.
static size_t blank_len(rt_str s)
{
    size_t i = 0;
    while (i < s.len) {
        size_t next = i;
        if (s.data[i] == '-' || s.data[i] == '/') {
            next = skip_quoted(s, i);
        } else if (rt_is_space(s.data[i]) || s.data[i] == ';') {
            next = i + 1;
        }
        if (next == i)
            break;
        i = next;
    }
    return i;
}

bool rt__sql_next_statement(rt_str *rest, rt_str *statement, size_t *line)
{
    size_t blank = blank_len(*rest);
    *line += count_lines(rest->data, rest->data + blank);
    rt_str s = rt_str_slice(*rest, blank, rest->len);
    if (!s.len)
        return false;
    size_t end = statement_end(s);
    *statement = rt_str_trim(rt_str_slice(s, 0, end));
    *rest = rt_str_slice(s, end < s.len ? end + 1 : end, s.len);
    return true;
}
