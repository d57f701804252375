// The lexer's ground: the delimiters it looks for, its errors, and what both of
// its halves need.
#include "template/lexer.h"

#include <assert.h>
#include <string.h>

#include <retort/base/format.h>
#include <retort/base/utf8.h>

#include "template/chars.h"

// X(option, the default)
#define DELIMITERS(X)            \
    X(block_start, "{%")         \
    X(block_end, "%}")           \
    X(variable_start, "{{")      \
    X(variable_end, "}}")        \
    X(comment_start, "{#")       \
    X(comment_end, "#}")         \
    X(line_statement_prefix, "") \
    X(line_comment_prefix, "")   \
    X(newline_sequence, "\n")

// The texts of a syntax with the defaults filled in.
typedef struct delimiters {
#define MEMBER(name, otherwise) rt_str name;
    DELIMITERS(MEMBER)
#undef MEMBER
} delimiters;

static rt_str text_or(const char *text, const char *otherwise)
{
    return rt_str_from(text && *text ? text : otherwise);
}

static delimiters delimiters_of(const rt_template_syntax *syntax)
{
#define FILL(name, otherwise) .name = text_or(syntax->name, otherwise),
    return (delimiters){DELIMITERS(FILL)};
#undef FILL
}

const char *rt_template_syntax_problem(const rt_template_syntax *syntax)
{
    delimiters d = delimiters_of(syntax);
    const rt_str starts[] = {d.block_start, d.variable_start, d.comment_start,
                             d.line_statement_prefix, d.line_comment_prefix};
    const rt_str ends[] = {d.block_end, d.variable_end, d.comment_end};

    for (size_t i = 0; i < RT_COUNT(starts); i++) {
        if (starts[i].len > RT_TEMPLATE_DELIMITER_MAX)
            return "a delimiter is too long";
        for (size_t k = 0; k < i; k++) {
            if (starts[i].len && rt_str_eq(starts[i], starts[k]))
                return "two start delimiters are the same";
        }
    }
    for (size_t i = 0; i < RT_COUNT(ends); i++) {
        if (ends[i].len > RT_TEMPLATE_DELIMITER_MAX)
            return "a delimiter is too long";
    }
    if (!rt_str_eq(d.newline_sequence, RT_STR("\n")) &&
        !rt_str_eq(d.newline_sequence, RT_STR("\r\n")) &&
        !rt_str_eq(d.newline_sequence, RT_STR("\r")))
        return "the newline sequence is no line break";
    return NULL;
}

// ---- starting --------------------------------------------------------------

// An opener with its rank: the longer first, `order` decides between those of
// one length.
static void set_opener(rt__lexer *lexer, rt__opener_kind kind, rt_str text,
                       unsigned order)
{
    rt__opener *opener = &lexer->openers[kind];

    opener->text = text;
    opener->rank = order - 8 * (unsigned)rt_utf8_len(text);
    if (!text.len)
        return;
    lexer->starts[(unsigned char)text.data[0]] = true;
    if (!lexer->only_start) {
        lexer->only_start = text.data[0];
    } else if (lexer->only_start != text.data[0]) {
        lexer->many_starts = true;
    }
}

static void set_openers(rt__lexer *lexer, const delimiters *d)
{
    const unsigned last = UINT32_MAX / 2;

    set_opener(lexer, RT__OPEN_VARIABLE, d->variable_start, last);
    set_opener(lexer, RT__OPEN_LINE_STATEMENT, d->line_statement_prefix,
               last + 1);
    set_opener(lexer, RT__OPEN_LINE_COMMENT, d->line_comment_prefix, last + 2);
    set_opener(lexer, RT__OPEN_COMMENT, d->comment_start, last + 3);
    set_opener(lexer, RT__OPEN_BLOCK, d->block_start, last + 4);
}

static rt_status refuse(rt__lexer *lexer, rt_status status, size_t at,
                        rt_template_error_kind kind, rt_str message)
{
    lexer->error->kind = kind;
    lexer->error->message = message;
    rt__source_place(lexer->arena,
                     rt_str_of(lexer->begin,
                               (size_t)(lexer->source_end - lexer->begin)),
                     at, lexer->error);
    return status;
}

rt_status rt__lexer_init(rt__lexer *lexer, rt_arena *arena,
                         const rt_template_syntax *syntax, rt_str source,
                         bool expression, rt_template_error *error)
{
    delimiters d = delimiters_of(syntax);

    assert(!rt_template_syntax_problem(syntax));
    assert(error);
    if (!source.data)
        source.data = "";
    memset(lexer, 0, sizeof *lexer);
    lexer->begin = lexer->at = source.data;
    lexer->end = lexer->source_end = source.data + source.len;
    lexer->arena = arena;
    lexer->error = error;
    lexer->state = expression ? RT__LEX_VARIABLE : RT__LEX_ROOT;
    lexer->opened = RT__OPEN_NONE;
    lexer->line = lexer->last_line = 1;
    lexer->line_starting = true;
    lexer->trim_blocks = syntax->trim_blocks;
    lexer->lstrip_blocks = syntax->lstrip_blocks;
    lexer->newline = d.newline_sequence;
    lexer->block_end = d.block_end;
    lexer->variable_end = d.variable_end;
    lexer->comment_end = d.comment_end;
    set_openers(lexer, &d);

    if (source.len > RT__SOURCE_BYTES_MAX) {
        return refuse(lexer, RT_E_LIMIT, 0, RT_TEMPLATE_LIMIT_ERROR,
                      rt_format(arena, "template of more than {} bytes",
                                (int64_t)RT__SOURCE_BYTES_MAX));
    }
    size_t valid = rt_utf8_valid_prefix(source);
    if (valid < source.len) {
        return refuse(lexer, RT_E_UTF8, valid, RT_TEMPLATE_SYNTAX_ERROR,
                      RT_STR("template is not valid UTF-8"));
    }

    if (!syntax->keep_trailing_newline && source.len) {
        const char *end = lexer->end;
        if (end[-1] == '\n' && source.len > 1 && end[-2] == '\r') {
            lexer->end -= 2;
        } else if (rt__is_break(end[-1])) {
            lexer->end -= 1;
        }
    }
    lexer->has_cr = memchr(source.data, '\r', source.len) != NULL;
    return RT_OK;
}

// ---- shared with the inside of tags ----------------------------------------

rt__token_kind rt__lexer_fail(rt__lexer *lexer, const char *at, rt_str message)
{
    lexer->state = RT__LEX_FAILED;
    (void)!refuse(lexer, RT_E_SYNTAX, (size_t)(at - lexer->begin),
                  RT_TEMPLATE_SYNTAX_ERROR, message);
    return RT__TOK_ERROR;
}

void rt__lexer_step(rt__lexer *lexer, const char *to)
{
    const char *at = lexer->at;

    assert(to >= at && to <= lexer->end);
    if (lexer->has_cr) {
        lexer->line += (uint32_t)rt__count_breaks(at, to);
    } else {
        while (at < to && (at = memchr(at, '\n', (size_t)(to - at))) != NULL) {
            lexer->line++;
            at++;
        }
    }
    lexer->line_starting = to > lexer->at && rt__is_break(to[-1]);
    lexer->at = to;
}

rt_str rt__lexer_newlines(rt__lexer *lexer, rt_str text)
{
    const char *at = text.data;
    const char *end = text.data + text.len;
    rt_buf buf;

    if (!lexer->has_cr && lexer->newline.data[0] == '\n')
        return text;
    rt_buf_init(&buf, lexer->arena);
    while (at < end) {
        const char *from = at;

        while (at < end && !rt__is_break(*at))
            at++;
        rt_buf_put_bytes(&buf, from, (size_t)(at - from));
        if (at < end)
            rt_buf_put(&buf, lexer->newline);
        at += rt__break_len(at, end);
    }
    return rt_buf_str(&buf);
}

// ---- tokens ----------------------------------------------------------------

// The end is reported in the line of the last token, as far to the right as it
// goes: that is where something is missing.
static void put_end(rt__lexer *lexer, rt__token *out)
{
    const char *at = lexer->begin + lexer->last_offset;

    while (at < lexer->end && !rt__is_break(*at))
        at++;
    *out = (rt__token){.kind = RT__TOK_END,
                       .line = lexer->last_line,
                       .offset = (uint32_t)(at - lexer->begin)};
    lexer->state = RT__LEX_ENDED;
}

void rt__lexer_next(rt__lexer *lexer, rt__token *out)
{
    switch (lexer->state) {
    case RT__LEX_ROOT: rt__lex_root(lexer, out); break;
    case RT__LEX_FAILED: out->kind = RT__TOK_ERROR; break;
    case RT__LEX_ENDED: out->kind = RT__TOK_END; break;
    default: rt__lex_tag(lexer, out); break;
    }
    if (out->kind == RT__TOK_END) {
        put_end(lexer, out);
    } else if (out->kind == RT__TOK_ERROR) {
        *out = (rt__token){.kind = RT__TOK_ERROR, .line = lexer->line};
    } else {
        lexer->last_line = out->line;
        lexer->last_offset = out->offset;
    }
}
