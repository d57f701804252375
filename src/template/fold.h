// Constant folding: what the compiler knows of expressions already.
#pragma once

#include "template/compile.h"

// An expression with all that is known in it put in as constants; most often it
// is `node` itself.
rt__node *rt__fold(const rt__where *w, rt__node *node);

// The value of an expression, where it is known; objects and undefined values are
// not.
bool rt__fold_known(const rt__where *w, rt__node *node, rt_value *out);

// The text that printing an expression gives, where it is known and no finalize
// of the host has to see it.
bool rt__fold_text(const rt__where *w, rt__node *node, rt_str *out);
