// What views ask of the query and of forms, which are both rt_params.
#pragma once

#include <retort/app/request.h>
#include <retort/http/query.h>

// Text for an application: NUL-terminated. A NUL inside is 400.
const char *rt__text_of(rt_request *req, rt_str s);

// The first value of a name, as text or as a number; and text that must be there,
// of a kind of field that errors name so.
const char *rt__param_text(rt_request *req, const rt_params *params,
                           const char *name, const char *otherwise);
const char *rt__param_required(rt_request *req, const rt_params *params,
                               const char *what, const char *name);
int64_t rt__param_int(const rt_params *params, const char *name,
                      int64_t otherwise);
double rt__param_float(const rt_params *params, const char *name,
                       double otherwise);
bool rt__param_bool(const rt_params *params, const char *name, bool otherwise);

// All values of a name, as a list; and all of them as a dict of lists.
rt_value rt__param_list(rt_request *req, const rt_params *params,
                        const char *name);
rt_value rt__param_dict(rt_request *req, const rt_params *params);

// End the request for a field that is not there: `what` names its kind.
RT_NORETURN void rt__param_missing(rt_request *req, const char *what,
                                   const char *name);
