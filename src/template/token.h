// Tokens, and the lexer that makes them.
//
// The source is cut where a tag begins; inside of tags it is cut into names,
// literals and operators:
//
//     Hello {{ user.name|upper }}!
//     ^data ^  ^   ^^   ^^     ^ ^data
//           |  name|name|name  variable end
//           |      dot  pipe
//           variable begin
//
// Comments and the tags of raw blocks are no tokens. Line statements are the
// tokens of a block. The lexer makes one token at a time, so that an error of
// the grammar comes before a bad character behind it.
#pragma once

#include <retort/base/buf.h>
#include <retort/template/error.h>
#include <retort/template/syntax.h>

// Longest source of a template.
#define RT__SOURCE_BYTES_MAX ((size_t)64 << 20)

// Brackets that may be open at once in a tag.
#define RT__BRACKETS_MAX 200

// X(constant, description for messages)
#define RT__TOKENS(X)                             \
    X(END, "end of template")                     \
    X(DATA, "template data")                      \
    X(VARIABLE_BEGIN, "begin of print statement") \
    X(VARIABLE_END, "end of print statement")     \
    X(BLOCK_BEGIN, "begin of statement block")    \
    X(BLOCK_END, "end of statement block")        \
    X(NAME, "name")                               \
    X(STRING, "string")                           \
    X(INTEGER, "integer")                         \
    X(FLOAT, "float")                             \
    X(ADD, "+")                                   \
    X(SUB, "-")                                   \
    X(MUL, "*")                                   \
    X(DIV, "/")                                   \
    X(FLOORDIV, "//")                             \
    X(MOD, "%")                                   \
    X(POW, "**")                                  \
    X(TILDE, "~")                                 \
    X(EQ, "==")                                   \
    X(NE, "!=")                                   \
    X(LT, "<")                                    \
    X(LE, "<=")                                   \
    X(GT, ">")                                    \
    X(GE, ">=")                                   \
    X(ASSIGN, "=")                                \
    X(DOT, ".")                                   \
    X(COMMA, ",")                                 \
    X(COLON, ":")                                 \
    X(SEMICOLON, ";")                             \
    X(PIPE, "|")                                  \
    X(LPAREN, "(")                                \
    X(RPAREN, ")")                                \
    X(LBRACKET, "[")                              \
    X(RBRACKET, "]")                              \
    X(LBRACE, "{")                                \
    X(RBRACE, "}")                                \
    X(ERROR, "error")

typedef enum rt__token_kind {
#define RT__TOKEN_ENUM(name, text) RT__TOK_##name,
    RT__TOKENS(RT__TOKEN_ENUM)
#undef RT__TOKEN_ENUM
} rt__token_kind;

// Names that mean something somewhere. None is reserved: `{{ for }}` prints the
// variable of that name. Sorted by length; lexer_word.c looks them up so.
//
// X(constant, text)
#define RT__WORDS(X)            \
    X(AS, "as")                 \
    X(DO, "do")                 \
    X(IF, "if")                 \
    X(IN, "in")                 \
    X(IS, "is")                 \
    X(OR, "or")                 \
    X(AND, "and")               \
    X(FOR, "for")               \
    X(NOT, "not")               \
    X(SET, "set")               \
    X(CALL, "call")             \
    X(ELIF, "elif")             \
    X(ELSE, "else")             \
    X(FROM, "from")             \
    X(NONE, "none")             \
    X(NONE_, "None")            \
    X(TRUE, "true")             \
    X(TRUE_, "True")            \
    X(WITH, "with")             \
    X(BLOCK, "block")           \
    X(BREAK, "break")           \
    X(DEBUG, "debug")           \
    X(ENDIF, "endif")           \
    X(FALSE, "false")           \
    X(FALSE_, "False")          \
    X(MACRO, "macro")           \
    X(PRINT, "print")           \
    X(TRANS, "trans")           \
    X(ENDFOR, "endfor")         \
    X(ENDSET, "endset")         \
    X(FILTER, "filter")         \
    X(IGNORE, "ignore")         \
    X(IMPORT, "import")         \
    X(SCOPED, "scoped")         \
    X(CONTEXT, "context")       \
    X(ENDCALL, "endcall")       \
    X(ENDWITH, "endwith")       \
    X(EXTENDS, "extends")       \
    X(INCLUDE, "include")       \
    X(MISSING, "missing")       \
    X(TRIMMED, "trimmed")       \
    X(WITHOUT, "without")       \
    X(CONTINUE, "continue")     \
    X(ENDBLOCK, "endblock")     \
    X(ENDMACRO, "endmacro")     \
    X(ENDTRANS, "endtrans")     \
    X(REQUIRED, "required")     \
    X(ENDFILTER, "endfilter")   \
    X(NOTRIMMED, "notrimmed")   \
    X(PLURALIZE, "pluralize")   \
    X(RECURSIVE, "recursive")   \
    X(AUTOESCAPE, "autoescape") \
    X(ENDAUTOESCAPE, "endautoescape")

typedef enum rt__word {
    RT__WORD_OTHER, // any other name
#define RT__WORD_ENUM(name, text) RT__WORD_##name,
    RT__WORDS(RT__WORD_ENUM)
#undef RT__WORD_ENUM
} rt__word;

typedef struct rt__token {
    rt__token_kind kind;
    rt__word word;   // of a NAME
    uint32_t line;   // where it begins, from 1
    uint32_t offset; // the same in bytes
    // NAME: as written. STRING: decoded. INTEGER, FLOAT: without underscores.
    // DATA: with the white space control and newline_sequence applied. Else
    // empty.
    rt_str text;
} rt__token;

// What a lexer is in the middle of.
typedef enum rt__lexer_state {
    RT__LEX_ROOT,
    RT__LEX_BLOCK,
    RT__LEX_VARIABLE,
    RT__LEX_LINE_STATEMENT,
    RT__LEX_ENDED,
    RT__LEX_FAILED,
} rt__lexer_state;

// What begins a tag or a comment.
typedef enum rt__opener_kind {
    RT__OPEN_VARIABLE,
    RT__OPEN_LINE_STATEMENT,
    RT__OPEN_LINE_COMMENT,
    RT__OPEN_COMMENT,
    RT__OPEN_BLOCK,
    RT__OPENERS, // those above have a text
    RT__OPEN_RAW = RT__OPENERS,
    RT__OPEN_NONE,
} rt__opener_kind;

typedef struct rt__opener {
    rt_str text;   // empty: there is none
    unsigned rank; // of those that begin at one place the least wins
} rt__opener;

// A lexer. Initialise with rt__lexer_init; the fields belong to it.
typedef struct rt__lexer {
    const char *begin;
    const char *end; // without a trailing line break that is dropped
    const char *source_end;
    const char *at;
    rt_arena *arena;
    rt_template_error *error;
    rt__lexer_state state;
    uint32_t line;
    uint32_t last_line; // of the last token
    uint32_t last_offset;

    rt__opener_kind opened; // a tag begins at `at`
    const char *opened_text;
    const char *opened_end;

    bool line_starting; // what was matched last ended with a line break
    bool has_cr;        // line breaks other than "\n" occur
    bool trim_blocks;
    bool lstrip_blocks;
    rt_str newline;
    rt_str block_end;
    rt_str variable_end;
    rt_str comment_end;
    rt__opener openers[RT__OPENERS];
    bool many_starts; // openers begin with different bytes
    char only_start;
    bool starts[256]; // bytes an opener begins with

    uint32_t brackets_len;
    char brackets[RT__BRACKETS_MAX]; // the closing ones that are awaited
} rt__lexer;

// Start at the front of `source`, in template data or, for an expression alone,
// as if behind a variable's start delimiter.
//
//   memory   tokens view `source`, or lie in `arena`
//   errors   RT_E_LIMIT, RT_E_UTF8; `*error` is filled as by rt__lexer_next
rt_status rt__lexer_init(rt__lexer *lexer, rt_arena *arena,
                         const rt_template_syntax *syntax, rt_str source,
                         bool expression, rt_template_error *error);

// Make the next token. After the last one it is END for ever, whose line is the
// one of the last token; after an error it is ERROR for ever, and `*error` has
// kind, message, line, column and excerpt.
void rt__lexer_next(rt__lexer *lexer, rt__token *out);

// The constant's name and the description of a kind, the text of a word.
const char *rt__token_kind_name(rt__token_kind kind);
const char *rt__token_kind_text(rt__token_kind kind);
const char *rt__word_text(rt__word word);
rt__word rt__word_find(rt_str name);

// Fill in line, column and excerpt of an error at a byte of the source. Breaks
// of lines are "\n", "\r\n" and "\r".
//
//   memory   the excerpt is in `arena`; a line too long to be read has none
void rt__source_place(rt_arena *arena, rt_str source, size_t offset,
                      rt_template_error *error);

// The line alone.
size_t rt__source_line(rt_str source, size_t offset);

// Append text in quotes, on one line.
void rt__put_quoted(rt_buf *out, rt_str text);

// Write all tokens of a source, one a line: line, kind, text in quotes.
//
//   errors   of the lexer; what came before is in `out`
rt_status rt__tokens_dump(const rt_template_syntax *syntax, rt_str source,
                          rt_arena *arena, rt_buf *out,
                          rt_template_error *error);
