// Errors of templates: what kind, where, and through which frames.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/error.h>

RT_C_BEGIN

// X(constant, name): the names are those of Jinja2, and for failures of values
// those of Python, so that people and tests can compare.
#define RT_TEMPLATE_ERRORS(X)                                   \
    X(RT_TEMPLATE_OK, "")                                       \
    X(RT_TEMPLATE_SYNTAX_ERROR, "TemplateSyntaxError")          \
    X(RT_TEMPLATE_ASSERTION_ERROR, "TemplateAssertionError")    \
    X(RT_TEMPLATE_NOT_FOUND, "TemplateNotFound")                \
    X(RT_TEMPLATES_NOT_FOUND, "TemplatesNotFound")              \
    X(RT_TEMPLATE_RUNTIME_ERROR, "TemplateRuntimeError")        \
    X(RT_TEMPLATE_UNDEFINED_ERROR, "UndefinedError")            \
    X(RT_TEMPLATE_SECURITY_ERROR, "SecurityError")              \
    X(RT_TEMPLATE_FILTER_ARGUMENT_ERROR, "FilterArgumentError") \
    X(RT_TEMPLATE_TYPE_ERROR, "TypeError")                      \
    X(RT_TEMPLATE_VALUE_ERROR, "ValueError")                    \
    X(RT_TEMPLATE_ZERO_DIVISION_ERROR, "ZeroDivisionError")     \
    X(RT_TEMPLATE_OVERFLOW_ERROR, "OverflowError")              \
    X(RT_TEMPLATE_INDEX_ERROR, "IndexError")                    \
    X(RT_TEMPLATE_KEY_ERROR, "KeyError")                        \
    X(RT_TEMPLATE_ATTRIBUTE_ERROR, "AttributeError")            \
    X(RT_TEMPLATE_ASSERTION_FAILED, "AssertionError")           \
    X(RT_TEMPLATE_RUNTIME_FAILURE, "RuntimeError")              \
    X(RT_TEMPLATE_LIMIT_ERROR, "LimitError")

#define RT__TEMPLATE_ERROR_ENUM(name, text) name,

typedef enum rt_template_error_kind {
    RT_TEMPLATE_ERRORS(RT__TEMPLATE_ERROR_ENUM)
} rt_template_error_kind;

#undef RT__TEMPLATE_ERROR_ENUM

// One frame of the way to an error: "macro field", "include nav.html".
typedef struct rt_template_frame {
    rt_str what;
    rt_str template_name;
    size_t line;
} rt_template_frame;

// An error. Zero-initialise it. Everything it refers to lies in the arena the
// failing call was given.
typedef struct rt_template_error {
    rt_template_error_kind kind;
    rt_str message;       // lower case, no full stop
    rt_str template_name; // where it happened; data is NULL without a name
    size_t line;          // 1-based; 0: not known
    size_t column;        // 1-based, in code points; 0: not known
    rt_str excerpt;       // that line of the source
    const rt_template_frame *frames; // innermost first
    size_t frames_len;
} rt_template_error;

// The name of a kind: "UndefinedError".
const char *rt_template_error_name(rt_template_error_kind kind);

// Write the error as people read it: kind, message, place, excerpt with a
// caret, and the frames.
rt_str rt_template_error_text(rt_arena *arena, const rt_template_error *error);

RT_C_END
