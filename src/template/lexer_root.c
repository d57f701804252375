// The lexer outside of tags: where they begin, what comes before them, comments
// and raw blocks.
//
// Of the start delimiters and prefixes the one wins that begins first, and of
// those that begin at the same place the longest. White space before the prefix
// of a line belongs to it, so that it may begin earlier than it is found:
//
//     data  data   ## comment
//               ^ begins here
//
// The quirks are Jinja's; templates rely on them.
#include <assert.h>
#include <string.h>

#include "template/chars.h"
#include "template/lexer.h"

// ---- where tags begin ------------------------------------------------------

// A tag's beginning.
typedef struct opening {
    rt__opener_kind kind;
    const char *start; // where it begins, white space before a prefix included
    const char *text;  // where its delimiter or prefix is
    const char *end;   // behind the sign
    char sign;         // '-', '+' or NUL
    unsigned rank;
} opening;

static bool is_line_start(const rt__lexer *lexer, const char *at)
{
    return at == lexer->begin || rt__is_break(at[-1]);
}

// Where the statement whose prefix is at `at` begins: with the line. NULL when
// something else precedes it there.
static const char *line_statement_start(const rt__lexer *lexer, const char *at)
{
    while (at > lexer->at &&
           (at[-1] == ' ' || at[-1] == '\t' || at[-1] == '\v'))
        at--;
    return is_line_start(lexer, at) ? at : NULL;
}

// Where the comment whose prefix is at `at` begins: behind the last character
// that is no white space, or with the line. White space that a tag has stripped
// is in the way.
static const char *line_comment_start(const rt__lexer *lexer, const char *at)
{
    for (size_t len; at > lexer->at && !rt__is_break(at[-1]); at -= len) {
        if ((len = rt__space_len_before(lexer->at, at)) == 0)
            break;
    }
    if (is_line_start(lexer, at) || !rt__space_len_before(lexer->begin, at))
        return at;
    return NULL;
}

static const char *opener_start(const rt__lexer *lexer, rt__opener_kind kind,
                                const char *at)
{
    switch (kind) {
    case RT__OPEN_LINE_STATEMENT: return line_statement_start(lexer, at);
    case RT__OPEN_LINE_COMMENT: return line_comment_start(lexer, at);
    default: return at;
    }
}

static void take_sign(const rt__lexer *lexer, opening *o)
{
    if (o->end < lexer->end && (*o->end == '-' || *o->end == '+'))
        o->sign = *o->end++;
}

// Look for openers whose text is at `at`.
static bool find_opener(const rt__lexer *lexer, const char *at, opening *out)
{
    rt_str rest = rt__lexer_rest(lexer, at);
    bool found = false;

    for (unsigned kind = 0; kind < RT__OPENERS; kind++) {
        const rt__opener *opener = &lexer->openers[kind];
        const char *start;

        if (!opener->text.len || !rt_str_starts_with(rest, opener->text) ||
            (start = opener_start(lexer, kind, at)) == NULL)
            continue;
        if (found && (start > out->start ||
                      (start == out->start && opener->rank > out->rank)))
            continue;
        *out = (opening){.kind = kind,
                         .start = start,
                         .text = at,
                         .end = at + opener->text.len,
                         .rank = opener->rank};
        found = true;
    }
    if (found)
        take_sign(lexer, out);
    return found;
}

// raw = "{%" [ "-" | "+" ] "raw" ( "-%}" white space | "%}" )
//
// Looked for before anything else that begins with a block's delimiter.
static bool find_raw(const rt__lexer *lexer, const char *at, opening *out)
{
    rt_str rest = rt__lexer_rest(lexer, at);
    opening raw = {.kind = RT__OPEN_RAW, .start = at, .text = at};

    if (!rt_str_skip(&rest, lexer->openers[RT__OPEN_BLOCK].text))
        return false;
    raw.end = rest.data;
    take_sign(lexer, &raw);
    rest = rt__lexer_rest(lexer, rt__skip_space(raw.end, lexer->end));
    if (!rt_str_skip(&rest, RT_STR("raw")))
        return false;
    rest = rt__lexer_rest(lexer, rt__skip_space(rest.data, lexer->end));
    rt_str behind = rest;
    if (rt_str_skip(&behind, RT_STR("-")) &&
        rt_str_skip(&behind, lexer->block_end)) {
        raw.end = rt__skip_space(behind.data, lexer->end);
    } else if (rt_str_skip(&rest, lexer->block_end)) {
        raw.end = rest.data;
    } else {
        return false;
    }
    *out = raw;
    return true;
}

static const char *next_start(const rt__lexer *lexer, const char *at)
{
    if (!lexer->many_starts)
        return memchr(at, lexer->only_start, (size_t)(lexer->end - at));
    while (at < lexer->end && !lexer->starts[(unsigned char)*at])
        at++;
    return at < lexer->end ? at : NULL;
}

static bool find_opening(const rt__lexer *lexer, opening *out)
{
    const char *at = lexer->at;

    while (at < lexer->end && (at = next_start(lexer, at)) != NULL) {
        opening raw;

        bool found = find_opener(lexer, at, out);
        if (find_raw(lexer, at, &raw) && (!found || raw.start <= out->start)) {
            *out = raw;
            return true;
        }
        if (found)
            return true;
        at++;
    }
    return false;
}

// ---- what precedes a tag ---------------------------------------------------

// The text from `from` to the tag at `to`, without the white space that its
// sign or lstrip_blocks takes away.
static rt_str strip_before(const rt__lexer *lexer, const char *from,
                           const char *to, char sign, bool is_variable)
{
    const char *end = to;
    size_t len;

    if (sign == '-') {
        while ((len = rt__space_len_before(from, end)) != 0)
            end -= len;
    } else if (sign != '+' && lexer->lstrip_blocks && !is_variable) {
        while (end > from && !rt__is_break(end[-1]) &&
               (len = rt__space_len_before(from, end)) != 0)
            end -= len;
        bool line_start =
            end == from ? lexer->line_starting : rt__is_break(end[-1]);
        if (!line_start)
            end = to;
    }
    return rt_str_of(from, (size_t)(end - from));
}

static void put_data(rt__lexer *lexer, rt__token *out, rt_str text)
{
    rt__token_begin(lexer, out);
    out->kind = RT__TOK_DATA;
    out->text = rt__lexer_newlines(lexer, text);
}

// What ends a comment or a raw block: "+END", "-END" with the white space
// behind it, or "END" with the line break that trim_blocks drops. `*at` is at
// the sign or at END; true when it has stepped over all that.
static bool skip_end(const rt__lexer *lexer, rt_str end, const char **at)
{
    rt_str rest = rt__lexer_rest(lexer, *at);
    char sign = rest.len ? *rest.data : '\0';

    if (sign == '+' || sign == '-') {
        rt_str behind = rt_str_slice(rest, 1, rest.len);
        if (rt_str_skip(&behind, end)) {
            *at = sign == '-' ? rt__skip_space(behind.data, lexer->end)
                              : behind.data;
            return true;
        }
    }
    if (!rt_str_skip(&rest, end))
        return false;
    *at = rest.data;
    if (lexer->trim_blocks)
        *at += rt__break_len(rest.data, lexer->end);
    return true;
}

// ---- comments and raw blocks -----------------------------------------------

// `lexer->at` is behind the start of a comment. A source that ends right there
// is well formed, as it is to Jinja.
static bool skip_comment(rt__lexer *lexer)
{
    rt_str rest = rt__lexer_rest(lexer, lexer->at);
    size_t found = rt_str_find(rest, lexer->comment_end);

    if (found == RT_STR_NONE) {
        if (!rest.len)
            return true;
        rt__lexer_fail(lexer, lexer->at, RT_STR("missing end of comment"));
        return false;
    }
    const char *end = rest.data + found;
    if (found && (end[-1] == '-' || end[-1] == '+'))
        end--;
    bool skipped = skip_end(lexer, lexer->comment_end, &end);
    assert(skipped);
    (void)skipped;
    rt__lexer_step(lexer, end);
    return true;
}

static void skip_line_comment(rt__lexer *lexer)
{
    const char *at = lexer->at;

    while (at < lexer->end && !rt__is_break(*at))
        at++;
    rt__lexer_step(lexer, at);
}

// endraw = "{%" [ "-" | "+" ] "endraw" ( "+%}" | "-%}" white space | "%}" )
static bool find_endraw(const rt__lexer *lexer, opening *out)
{
    rt_str start = lexer->openers[RT__OPEN_BLOCK].text;
    rt_str rest = rt__lexer_rest(lexer, lexer->at);

    for (size_t at; (at = rt_str_find(rest, start)) != RT_STR_NONE;) {
        opening o = {.start = rest.data + at};

        o.end = o.start + start.len;
        rest = rt__lexer_rest(lexer, o.start + 1);
        take_sign(lexer, &o);
        rt_str tag = rt__lexer_rest(lexer, rt__skip_space(o.end, lexer->end));
        if (!rt_str_skip(&tag, RT_STR("endraw")))
            continue;
        o.end = rt__skip_space(tag.data, lexer->end);
        if (skip_end(lexer, lexer->block_end, &o.end)) {
            *out = o;
            return true;
        }
    }
    return false;
}

// A raw block as data. `lexer->at` is behind its tag. False when there is none,
// and after an error.
static bool lex_raw(rt__lexer *lexer, rt__token *out)
{
    opening end;

    if (!find_endraw(lexer, &end)) {
        if (lexer->at < lexer->end) {
            rt__lexer_fail(lexer, lexer->at,
                           RT_STR("missing end of raw block"));
        }
        return false;
    }
    rt_str text = strip_before(lexer, lexer->at, end.start, end.sign, false);
    if (text.len)
        put_data(lexer, out, text);
    rt__lexer_step(lexer, end.end);
    return text.len > 0;
}

// ---- template data ---------------------------------------------------------

// Go on behind the beginning of a tag. False when it has no token.
static bool enter(rt__lexer *lexer, rt__token *out)
{
    rt__opener_kind kind = lexer->opened;

    lexer->opened = RT__OPEN_NONE;
    lexer->at = lexer->opened_text;
    rt__token_begin(lexer, out);
    rt__lexer_step(lexer, lexer->opened_end);
    switch (kind) {
    case RT__OPEN_VARIABLE:
        out->kind = RT__TOK_VARIABLE_BEGIN;
        lexer->state = RT__LEX_VARIABLE;
        return true;
    case RT__OPEN_BLOCK:
        out->kind = RT__TOK_BLOCK_BEGIN;
        lexer->state = RT__LEX_BLOCK;
        return true;
    case RT__OPEN_LINE_STATEMENT:
        out->kind = RT__TOK_BLOCK_BEGIN;
        lexer->state = RT__LEX_LINE_STATEMENT;
        return true;
    case RT__OPEN_COMMENT: skip_comment(lexer); return false;
    case RT__OPEN_LINE_COMMENT: skip_line_comment(lexer); return false;
    default: return lex_raw(lexer, out);
    }
}

// The data up to the next tag, if there is any; then `lexer->opened` says which
// tag that is.
static bool lex_data(rt__lexer *lexer, rt__token *out)
{
    opening o = {.start = lexer->end, .kind = RT__OPEN_NONE};

    if (find_opening(lexer, &o)) {
        lexer->opened = o.kind;
        lexer->opened_text = o.text;
        lexer->opened_end = o.end;
    }
    rt_str text = rt_str_of(lexer->at, (size_t)(o.start - lexer->at));
    if (o.kind != RT__OPEN_NONE) {
        text = strip_before(lexer, lexer->at, o.start, o.sign,
                            o.kind == RT__OPEN_VARIABLE);
    }
    if (text.len)
        put_data(lexer, out, text);
    rt__lexer_step(lexer, o.start);
    return text.len > 0;
}

void rt__lex_root(rt__lexer *lexer, rt__token *out)
{
    for (;;) {
        bool made = lexer->opened != RT__OPEN_NONE ? enter(lexer, out)
                                                   : lex_data(lexer, out);
        if (made)
            return;
        if (lexer->state == RT__LEX_FAILED) {
            out->kind = RT__TOK_ERROR;
            return;
        }
        if (lexer->opened == RT__OPEN_NONE && lexer->at == lexer->end) {
            out->kind = RT__TOK_END;
            return;
        }
    }
}
