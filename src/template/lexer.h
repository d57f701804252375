// The parts of the lexer to each other.
#pragma once

#include "template/token.h"

// Note an error at `at` and return RT__TOK_ERROR; the lexer has stopped.
rt__token_kind rt__lexer_fail(rt__lexer *lexer, const char *at, rt_str message);

// Make the next token: outside of tags (lexer_root.c), inside of one
// (lexer_tag.c).
void rt__lex_root(rt__lexer *lexer, rt__token *out);
void rt__lex_tag(rt__lexer *lexer, rt__token *out);

// Begin a token here.
static inline void rt__token_begin(const rt__lexer *lexer, rt__token *out)
{
    out->word = RT__WORD_OTHER;
    out->line = lexer->line;
    out->offset = (uint32_t)(lexer->at - lexer->begin);
    out->text = (rt_str){0};
}

// Step to `to` and count the lines on the way.
void rt__lexer_step(rt__lexer *lexer, const char *to);

// Text with its line breaks as newline_sequence wants them.
rt_str rt__lexer_newlines(rt__lexer *lexer, rt_str text);

// What is left of the source.
static inline rt_str rt__lexer_rest(const rt__lexer *lexer, const char *at)
{
    return rt_str_of(at, (size_t)(lexer->end - at));
}

// Decode what stands between the quotes of a string, as Python's unicode-escape
// codec does.
//
//   errors   RT_E_SYNTAX   `*message` says why
rt_status rt__decode_string(rt__lexer *lexer, rt_str text, rt_str *out,
                            const char **message);
