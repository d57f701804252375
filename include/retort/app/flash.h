// Flashed messages: what one request tells the user in the next page.
//
//     rt_flash(req, "Your post was saved.");
//     rt_flash(req, "Title is required.", .category = "error");
//
//     {% for category, text in get_flashed_messages(with_categories=true) %}
//
// They are kept in the session, as "_flashes", where Flask keeps its own.
//
// Follows flask.flash and flask.get_flashed_messages.
#pragma once

#include <stdbool.h>

#include <retort/app/session.h>
#include <retort/base/attributes.h>
#include <retort/base/value.h>

RT_C_BEGIN

typedef struct rt_flash_options {
    const char *category; // NULL: "message"
    rt_site site;         // set by the macro
    int unused;
} rt_flash_options;

// Keep a message, text or any other value a session takes, for the next page that
// shows them.
//
//   errors   as rt_session_set
#define rt_flash(...)                                   \
    rt_flash_value(RT__REQUEST(RT_ARG1(__VA_ARGS__)),   \
                   RT(RT_ARG2(__VA_ARGS__)),            \
                   &(rt_flash_options){.site = RT_HERE, \
                                       RT__TAIL3(__VA_ARGS__, .unused = 0)})
void rt_flash_value(rt_request *req, rt_value message,
                    const rt_flash_options *options);

typedef struct rt_flashed_options {
    bool with_categories;          // tuples of category and message
    const char *const *categories; // only these, NULL at the end
    int unused;
} rt_flashed_options;

// Take the messages out of the session, as a list; further calls in the same
// request give the same ones again.
//
//     rt_flashed(req)
//     rt_flashed(req, .categories = (const char *const[]){"error", NULL})
#define rt_flashed(...)                                                    \
    rt_flashed_list(RT_ARG1(__VA_ARGS__), &(rt_flashed_options){RT__TAIL2( \
                                              __VA_ARGS__, .unused = 0)})
rt_value rt_flashed_list(rt_request *req, const rt_flashed_options *options);

RT_C_END
