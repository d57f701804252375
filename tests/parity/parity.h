// What the parts of the parity application share.
//
// The application is a port of a Flask program, endpoint by endpoint: each one
// says what the framework understood of a request, or shows one behaviour.
// replay.py sends it recorded requests and compares the answers with Flask's.
#pragma once

#include <retort.h>
#include <retort/base/time.h>
#include <retort/http/date.h>
#include <retort/http/header_value.h>

// 2024-02-29 12:30:45 UTC.
#define FIXED_TIME (INT64_C(1709209845) * RT_TIME_SECOND)

// The parts, one file each. A blueprint is made anew by each call.
rt_blueprint *echo_blueprint(void);
rt_blueprint *routes_blueprint(rt_app *app);
rt_blueprint *responses_blueprint(void);
rt_blueprint *errors_blueprint(void);
rt_blueprint *crash_blueprint(void);
rt_blueprint *hooks_blueprint(void);
rt_blueprint *nested_blueprint(void);
rt_blueprint *language_blueprint(void);
rt_blueprint *sessions_blueprint(void);
rt_blueprint *templates_blueprint(void);
rt_blueprint *limits_blueprint(void);
rt_blueprint *utilities_blueprint(void);

// The applications that are mounted below /mnt.
rt_app *sub_app(void);
rt_app *host_app(void);
rt_app *proxy_app(void);

// The hooks and receivers of the main application, and its template functions.
void install_hooks(rt_app *app);
void install_template_functions(rt_app *app);

// What the endpoints raise. NARROW is a kind of PARITY.
extern const rt_error_kind parity_error, narrow_parity_error, unhandled_error;

// A text as `.arg`, which is a pointer to what may change.
#define ARG(text)                  \
    (__extension__({               \
        static char arg_[] = text; \
        arg_;                      \
    }))

// ---- helpers -----------------------------------------------------------------

// Params as [[name, [values...]], ...], sorted by name.
rt_value pairs_of(rt_request *req, const rt_params *params);

// A field of the query as a value, which may have any text; `otherwise` where
// there is none.
rt_value query_value(rt_request *req, const char *name, const char *otherwise);
bool query_is(rt_request *req, const char *name, const char *text);

// The names of a dict in order.
rt_value sorted_keys(rt_request *req, rt_value dict);
void sort_texts(rt_value list);

// None where there is none.
rt_value text_or_none(rt_str text);
rt_value date_or_none(rt_request *req, rt_status found, int64_t us);

// All that a request says of itself, as JSON.
rt_response *describe_request(rt_request *req);

// Write down one step of the request, for X-Trace.
void note(rt_request *req, const char *what);
