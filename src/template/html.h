// Markup back into text: character references and tags.
//
// Source: HTML, section 13.2.5.72 (character references), by the rules of
// Python's html.unescape; markupsafe's Markup.striptags.
#pragma once

#include <retort/base/buf.h>
#include <retort/base/str.h>

// Append text with its character references replaced: &lt; &#60; &#x3c;, and
// those HTML reads without a semicolon. What is none stays as it is.
void rt__put_unescaped(rt_buf *out, rt_str s);

// Append text without comments and tags, with each run of white space as one
// space, and with its character references replaced.
//
//   memory   `out` has the arena for what is between the steps
void rt__put_without_tags(rt_buf *out, rt_str s);
