// Signals: what happens in an application, for those who only want to know.
//
//     static void count(rt_request *req, const rt_event *event, void *arg);
//     rt_signal_connect(app, RT_REQUEST_FINISHED, count, .arg = &counter);
//
// A receiver changes nothing; hooks are for that. Receivers are called in the
// order of their registration.
//
// Follows flask.signals.
#pragma once

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/value.h>

RT_C_BEGIN

typedef enum rt_signal {
    RT_REQUEST_STARTED,        // before anything else, hooks included
    RT_REQUEST_FINISHED,       // with the response, which is about to be sent
    RT_REQUEST_EXCEPTION,      // a failure nobody handled, before its 500
    RT_REQUEST_TEARING_DOWN,   // behind the teardowns
    RT_BEFORE_RENDER_TEMPLATE, // with the template's name and context
    RT_TEMPLATE_RENDERED,      // the same
    RT_MESSAGE_FLASHED,        // with the message and its category
    RT_SIGNALS                 // how many there are
} rt_signal;

// What is told. Members that have nothing to do with the signal are zero.
typedef struct rt_event {
    rt_signal signal;
    rt_response *response;      // finished
    const rt_http_error *error; // exception; tearing down: or NULL
    const char *template_name;  // templates; NULL: from a string
    rt_value context;           // templates
    rt_value message;           // flashed
    const char *category;       // flashed
} rt_event;

typedef void rt_signal_fn(rt_request *req, const rt_event *event, void *arg);

#define rt_signal_connect(...)                                        \
    rt_app_connect_signal(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                          RT__FN(rt_signal_fn, RT_ARG3(__VA_ARGS__)), \
                          RT__HOOK3(__VA_ARGS__))
void rt_app_connect_signal(rt_app *app, rt_signal signal, rt_signal_fn *fn,
                           const rt_hook_options *options);

RT_C_END
