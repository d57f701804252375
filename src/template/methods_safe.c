// Methods that safe strings have and others do not: the way back to text.
//
// Follows markupsafe.Markup.
#include <retort/base/attributes.h>

#include "template/html.h"
#include "template/methods.h"

// Give as plain text what `put` makes of the markup.
static rt_status plain(rt_render *r, rt_value self,
                       void (*put)(rt_buf *out, rt_str s), rt_value *out)
{
    rt_str s = rt_value_as_str(self);
    rt_buf buf;
    rt_status st = rt__check_text(r, s.len);
    rt__buf_init(r, &buf);
    if (!st)
        put(&buf, s);
    *out = rt_value_str(rt_buf_str(&buf));
    return st ? st : rt__buf_status(r, &buf);
}

static rt_status safe_unescape(RT__METHOD_ARGS)
{
    return plain(r, a[0], rt__put_unescaped, out);
}

static rt_status safe_striptags(RT__METHOD_ARGS)
{
    return plain(r, a[0], rt__put_without_tags, out);
}

// A class method: it escapes its argument, whatever it is called on.
static rt_status safe_escape(RT__METHOD_ARGS)
{
    return rt__escape(r, a[1], out);
}

static const rt__method rows[] = {
    RT__METHOD_ROW("escape", safe_escape, "self s", 2, RT__POSITIONAL),
    RT__METHOD_ROW("unescape", safe_unescape, "self", 1, RT__POSITIONAL),
    RT__METHOD_ROW("striptags", safe_striptags, "self", 1, RT__POSITIONAL),
};

const rt__methods rt__safe_methods = {rows, RT_COUNT(rows)};
