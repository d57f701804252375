// Finding the rule of a request, and what answers where no view does.
#pragma once

#include "app/app.h"

// Find the rule of a request.
void rt__match(rt__context *ctx);

// Answer what no view does: errors and redirects of routing, OPTIONS. NULL: the
// answer is ctx->error.
rt_response *rt__match_answer(rt__context *ctx);

// The host of a request without the port its scheme has anyway; empty where it
// has bytes that no host has.
rt_str rt__request_host(const rt_request *req);

// The host URLs have that are built in a request: of a rule with that host or
// subdomain, or, when its data is NULL, of the request itself.
rt_str rt__host_of(const rt__context *ctx, rt_str rule_host);
