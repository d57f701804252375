// Reading the text of a rule: the cursor, names, arguments, and errors that
// know their column.
#pragma once

#include <stdbool.h>

#include <retort/base/error.h>
#include <retort/base/vec.h>
#include <retort/routing/converter.h>

// A rule's text while it is parsed.
typedef struct rt__rule_text {
    rt_arena *arena;   // for what is kept
    rt_arena *scratch; // for what is not
    rt_str text;
    size_t at;
    rt_error *err; // may be NULL
} rt__rule_text;

// One argument of a converter.
typedef struct rt__argument {
    rt_str name;    // empty: given by its place
    rt_value value; // what the text means: a number, true, none, or a string
    rt_str word;    // the text itself, without quotes
    size_t at;      // where it starts
} rt__argument;

typedef RT_VEC(rt__argument) rt__arguments;

// The next byte, 0 at the end; step past it when it is `c`.
static inline char rt__rule_peek(const rt__rule_text *t)
{
    return t->at < t->text.len ? t->text.data[t->at] : 0;
}

static inline bool rt__rule_skip(rt__rule_text *t, char c)
{
    if (t->at == t->text.len || t->text.data[t->at] != c)
        return false;
    t->at++;
    return true;
}

// Fill the error, if anybody wants it, and return `status`. `at` is the byte
// that is wrong.
rt_status rt__rule_fail(const rt__rule_text *t, size_t at, rt_status status,
                        const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Read a name: a letter or _, then letters, digits and _. Empty when there is
// none.
rt_str rt__rule_name(rt__rule_text *t);

// Read arguments up to and with the closing parenthesis; the opening one has
// been read.
rt_status rt__rule_arguments(rt__rule_text *t, rt__arguments *out);
