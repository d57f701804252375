// Converters at work. See pattern.h for the structure.
#pragma once

#include "routing/pattern.h"
#include "routing/rule_text.h"

// Bytes of a UUID's text.
#define RT__UUID_LEN 36

// Find the converter `name` and give it arguments. `at` is where the name
// stands.
rt_status rt__conv_setup(const rt__rule_text *t, const rt__patterns *shared,
                         rt_str name, size_t at, const rt__arguments *arguments,
                         rt__conv *out);

// True when two converters match the same texts.
bool rt__conv_equal(const rt__conv *a, const rt__conv *b);

// The kind of the values; RT_UNDEFINED: any.
rt_kind rt__conv_value_kind(const rt__conv *conv);

// True when the whole of `text` has the converter's form.
bool rt__conv_match(const rt__conv *conv, rt_str text);

// Make the value of a text that has the form. A failing status: it is out of
// the converter's bounds.
//
//   memory   texts are copied into `arena` and NUL-terminated
rt_status rt__conv_parse(const rt__conv *conv, rt_arena *arena, rt_str text,
                         rt_value *out);

// Append the percent-encoded text of a value. On errors `err`, which may be
// NULL, gets the message.
rt_status rt__conv_format(const rt__conv *conv, rt_value value, rt_buf *out,
                          rt_error *err);
