#include "template/token.h"

#include <retort/base/utf8.h>

#include "template/chars.h"

const char *rt__token_kind_name(rt__token_kind kind)
{
#define NAME(constant, text) [RT__TOK_##constant] = #constant,
    static const char *const names[] = {RT__TOKENS(NAME)};
#undef NAME
    return names[kind];
}

const char *rt__token_kind_text(rt__token_kind kind)
{
#define TEXT(constant, text) [RT__TOK_##constant] = text,
    static const char *const texts[] = {RT__TOKENS(TEXT)};
#undef TEXT
    return texts[kind];
}

// ---- words -----------------------------------------------------------------

static const rt_str words[] = {
#define WORD(constant, text) {text, sizeof(text) - 1},
    RT__WORDS(WORD)
#undef WORD
};

const char *rt__word_text(rt__word word)
{
    return word == RT__WORD_OTHER ? "" : words[word - 1].data;
}

// The first word of each length; the one after the longest ends the table.
#define LONGEST 13
static const uint8_t first_of_len[LONGEST + 2] = {
    [2] = RT__WORD_AS,          [3] = RT__WORD_AND,
    [4] = RT__WORD_CALL,        [5] = RT__WORD_BLOCK,
    [6] = RT__WORD_ENDFOR,      [7] = RT__WORD_CONTEXT,
    [8] = RT__WORD_CONTINUE,    [9] = RT__WORD_ENDFILTER,
    [10] = RT__WORD_AUTOESCAPE, [13] = RT__WORD_ENDAUTOESCAPE,
};

rt__word rt__word_find(rt_str name)
{
    if (name.len > LONGEST || !first_of_len[name.len])
        return RT__WORD_OTHER;
    for (size_t i = first_of_len[name.len] - 1u;
         i < RT_COUNT(words) && words[i].len == name.len; i++) {
        if (words[i].data[0] == name.data[0] && rt_str_eq(words[i], name))
            return (rt__word)(i + 1);
    }
    return RT__WORD_OTHER;
}

// ---- places ----------------------------------------------------------------

// Code points of a line that an error report shows before and behind its place.
#define EXCERPT_BEFORE 200
#define EXCERPT_BEHIND 60

// The line that begins at `line`, with what would disturb a terminal replaced;
// empty when the place is too far to the right to be shown.
static rt_str excerpt_of(rt_arena *arena, const char *line, const char *end,
                         size_t column)
{
    rt_str rest = rt_str_of(line, (size_t)(end - line));
    rt_buf buf;

    if (column > EXCERPT_BEFORE)
        return (rt_str){0};
    rt_buf_init(&buf, arena);
    for (size_t i = 0; i < column + EXCERPT_BEHIND && rest.len; i++) {
        uint32_t rune;

        if (rt__is_break(*rest.data))
            break;
        if (rt_utf8_next(&rest, &rune) != RT_OK ||
            (rune != '\t' && !rt_utf8_is_printable(rune)))
            rune = RT_UTF8_REPLACEMENT;
        rt_buf_put_rune(&buf, rune);
    }
    return rt_buf_str(&buf);
}

size_t rt__source_line(rt_str source, size_t offset)
{
    rt_str before = rt_str_slice(source, 0, offset);
    size_t line = 1 + rt__count_breaks(before.data, before.data + before.len);
    bool in_break = offset && offset < source.len &&
                    source.data[offset - 1] == '\r' &&
                    source.data[offset] == '\n';
    return line - in_break;
}

void rt__source_place(rt_arena *arena, rt_str source, size_t offset,
                      rt_template_error *error)
{
    const char *begin = source.data ? source.data : "";
    const char *at = begin + (offset < source.len ? offset : source.len);
    const char *line = at;

    while (line > begin && !rt__is_break(line[-1]))
        line--;
    error->line = 1 + rt__count_breaks(begin, line);
    error->column = 1 + rt_utf8_len(rt_str_of(line, (size_t)(at - line)));
    error->excerpt = excerpt_of(arena, line, begin + source.len, error->column);
}
