// What operators know of the runtime's own objects.
#pragma once

#include "template/runtime.h"

// item in range. `range` is one, `item` any value.
bool rt__range_has(rt_value range, rt_value item);

// A view's dict and what it shows of it; false for other values.
bool rt__is_dict_view(rt_value v, rt_value *dict, rt__view_kind *kind);
