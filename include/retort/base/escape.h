// Escaping text for HTML.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/buf.h>

RT_C_BEGIN

// Append text with & < > " ' as character references, as MarkupSafe writes
// them: &amp; &lt; &gt; &#34; &#39;.
void rt_buf_put_html(rt_buf *buf, rt_str s);

// The same as a string; `s` itself when nothing needs escaping.
rt_str rt_html_escape(rt_arena *arena, rt_str s);

RT_C_END
