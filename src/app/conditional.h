// Conditions of requests, in both ways of deciding them.
#pragma once

#include "app/app.h"

// Whether the client's copy is good as Werkzeug decides it, for a whole answer or
// `by_range` for a part; and whether If-Match was asked, which makes it 412.
bool rt__werkzeug_is_unmodified(const rt_request *req,
                                const rt_validators *current, bool by_range,
                                int64_t now_us);
bool rt__werkzeug_has_if_match(const rt_request *req);

// Make a response 304, without body and what describes one.
void rt__make_not_modified(rt_response *response);
