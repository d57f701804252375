// Text as Python's str methods treat it, where Werkzeug uses them on headers.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/str.h>

// Without Unicode's white space at both ends, or at the front: str.strip().
rt_str rt__text_trim(rt_str s);
rt_str rt__text_trim_left(rt_str s);

// In ASCII lower case; `s` itself when it is.
rt_str rt__text_lower_ascii(rt_arena *arena, rt_str s);
