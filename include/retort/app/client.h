// The test client: requests to an application without a socket.
//
//     rt_client *client = rt_client_new(app);
//     rt_reply reply = rt_client_get(client, "/hello/ada");
//     CHECK_EQ(reply.status, 200);
//     CHECK_EQ(reply.body, "Hello ada!");
//     rt_client_free(client);
//
// It keeps cookies between requests as a browser does, and follows redirects
// when asked to. Views may wait: the reactor is turned until they are done.
//
// Follows flask.testing.FlaskClient.
#pragma once

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/base/value.h>

RT_C_BEGIN

typedef struct rt_client rt_client;

// What came back. Everything in it lives until the client is freed.
typedef struct rt_reply {
    int status;
    rt_str reason;
    rt_headers headers;
    rt_str body;     // NUL-terminated behind its length
    bool incomplete; // the stream was cut
    rt_str url;      // of the last request: path and query
    int redirects;   // how many were followed
} rt_reply;

// A file to send with a form.
typedef struct rt_client_file {
    const char *field;
    const char *filename; // NULL: an empty name, as if none was chosen
    const char *type;     // NULL: none is sent
    rt_str data;
} rt_client_file;

// Files for the options below.
//
//     .files = RT_FILES({.field = "doc", .filename = "a.txt",
//                        .data = RT_STR("text")})
#define RT_FILES(...) ((const rt_client_file[]){__VA_ARGS__, {0}})

// What to send; zero is the default.
typedef struct rt_client_options {
    const rt_pair *headers; // RT_FIELDS("Accept", "text/html")
    rt_str body;
    const char *type;            // Content-Type of the body
    const rt_value *json;        // RT_JSON(value): body and type at once
    const rt_pair *form;         // RT_FIELDS("title", "x"): the same for a form
    const rt_client_file *files; // RT_FILES({.field = "doc", ...}): with files
    const char *host;            // default "localhost"
    bool https;
    bool follow_redirects; // at most 20
    bool no_cookies;       // send none and keep none
    int unused;
} rt_client_options;

// Headers and form fields (up to 32), and a JSON body, for the options above.
#define RT_FIELDS(...)                                                      \
    ((const rt_pair[]){RT__CAT(RT__P, RT__HALF(RT_ARG_COUNT(__VA_ARGS__)))( \
                           __VA_ARGS__),                                    \
                       {0}})
#define RT__HALF(n) RT__CAT(RT__HALF_, n)
#define RT__HALF_1  _ODD
#define RT__HALF_2  1
#define RT__HALF_3  _ODD
#define RT__HALF_4  2
#define RT__HALF_5  _ODD
#define RT__HALF_6  3
#define RT__HALF_7  _ODD
#define RT__HALF_8  4
#define RT__HALF_9  _ODD
#define RT__HALF_10 5
#define RT__HALF_11 _ODD
#define RT__HALF_12 6
#define RT__HALF_13 _ODD
#define RT__HALF_14 7
#define RT__HALF_15 _ODD
#define RT__HALF_16 8
#define RT__HALF_17 _ODD
#define RT__HALF_18 9
#define RT__HALF_19 _ODD
#define RT__HALF_20 10
#define RT__HALF_21 _ODD
#define RT__HALF_22 11
#define RT__HALF_23 _ODD
#define RT__HALF_24 12
#define RT__HALF_25 _ODD
#define RT__HALF_26 13
#define RT__HALF_27 _ODD
#define RT__HALF_28 14
#define RT__HALF_29 _ODD
#define RT__HALF_30 15
#define RT__HALF_31 _ODD
#define RT__HALF_32 16
#define RT__HALF_33 _ODD
#define RT__HALF_34 17
#define RT__HALF_35 _ODD
#define RT__HALF_36 18
#define RT__HALF_37 _ODD
#define RT__HALF_38 19
#define RT__HALF_39 _ODD
#define RT__HALF_40 20
#define RT__HALF_41 _ODD
#define RT__HALF_42 21
#define RT__HALF_43 _ODD
#define RT__HALF_44 22
#define RT__HALF_45 _ODD
#define RT__HALF_46 23
#define RT__HALF_47 _ODD
#define RT__HALF_48 24
#define RT__HALF_49 _ODD
#define RT__HALF_50 25
#define RT__HALF_51 _ODD
#define RT__HALF_52 26
#define RT__HALF_53 _ODD
#define RT__HALF_54 27
#define RT__HALF_55 _ODD
#define RT__HALF_56 28
#define RT__HALF_57 _ODD
#define RT__HALF_58 29
#define RT__HALF_59 _ODD
#define RT__HALF_60 30
#define RT__HALF_61 _ODD
#define RT__HALF_62 31
#define RT__HALF_63 _ODD
#define RT__HALF_64 32
#define RT__P_ODD(...)                                                       \
    {                                                                        \
        (const char *)0 +                                                    \
            0 * sizeof(struct {                                              \
                _Static_assert(0, "headers are pairs: a key is missing its " \
                                  "value");                                  \
                int unused;                                                  \
            }),                                                              \
        {                                                                    \
            0                                                                \
        }                                                                    \
    }
#define RT_JSON(x) ((const rt_value[]){RT(x)})

// Make a client of an application, or of any gateway. The gateway's worker
// starts here and stops in rt_client_free.
rt_client *rt_client_new(rt_app *app);
rt_client *rt_client_of_gateway(rt_gateway gateway);
void rt_client_free(rt_client *client);

// Send a request. `url` is a path with or without query, or absolute.
//
//     rt_client_get(client, "/")
//     rt_client_post(client, "/echo", .body = RT_STR("x"), .type = "text/plain")
//     rt_client_request(client, "PURGE", "/cache")
#define rt_client_request(...)                                 \
    rt_client_send(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                   RT_ARG3(__VA_ARGS__),                       \
                   &(rt_client_options){RT__TAIL4(__VA_ARGS__, .unused = 0)})
#define RT__CLIENT(method, ...)                                        \
    rt_client_send(RT_ARG1(__VA_ARGS__), method, RT_ARG2(__VA_ARGS__), \
                   &(rt_client_options){RT__TAIL3(__VA_ARGS__, .unused = 0)})
#define rt_client_get(...)    RT__CLIENT("GET", __VA_ARGS__)
#define rt_client_head(...)   RT__CLIENT("HEAD", __VA_ARGS__)
#define rt_client_post(...)   RT__CLIENT("POST", __VA_ARGS__)
#define rt_client_put(...)    RT__CLIENT("PUT", __VA_ARGS__)
#define rt_client_patch(...)  RT__CLIENT("PATCH", __VA_ARGS__)
#define rt_client_delete(...) RT__CLIENT("DELETE", __VA_ARGS__)
rt_reply rt_client_send(rt_client *client, const char *method, const char *url,
                        const rt_client_options *options);

// Call a function with a request, as a view of that URL would have it, to test
// what takes one:
//
//     static void check_page(rt_request *req, void *arg)
//     {
//         CHECK_EQ(page_of(req), 3);
//     }
//
//     rt_client_call(client, "GET", "/items?page=3", check_page, NULL);
//
// The rule is matched, cookies and the session are there. Hooks are not called
// but teardowns, nothing is answered, and the session is not saved. Returns 0, or
// the status that the function aborted with. Follows app.test_request_context().
//
//   errors   a programming error: a client of no application
#define rt_client_call(client, method, url, ...)                               \
    rt_client_call_with(                                                       \
        (client), (method), (url), RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
        &(rt_client_options){RT__TAIL3(__VA_ARGS__, .unused = 0)})
int rt_client_call_with(rt_client *client, const char *method, const char *url,
                        void (*fn)(rt_request *req, void *arg), void *arg,
                        const rt_client_options *options);

// A header's first value, or NULL.
const char *rt_reply_header(const rt_reply *reply, const char *name);

// The body read as JSON; undefined when it is not JSON.
rt_value rt_reply_json(rt_client *client, const rt_reply *reply);

// What the last request has rendered and flashed, with those it was redirected
// to: lists of tuples, of a template's name and its context, and of a category and
// a message. A template from a string has none as its name. And the context of a
// template by its name; undefined when it was not rendered.
//
//     rt_value context = rt_client_context(client, "post.html");
//     CHECK_EQ(rt_value_as_str(rt_dict_get_str(context, RT_STR("title"))), "Tea");
//
// Of the application the client was made of, not of those mounted in it.
//
//   memory   copies that live until the client is freed; of objects, their text
rt_value rt_client_rendered(const rt_client *client);
rt_value rt_client_flashed(const rt_client *client);
rt_value rt_client_context(const rt_client *client, const char *name);

// What the last request failed with, where no handler was for it: the error
// behind a 500, with the kind that rt_raise was called with. NULL: nothing. With
// TESTING, or PROPAGATE_EXCEPTIONS, the handlers of 500 are not called, and the
// page says it, too.
//
//     const rt_http_error *failure = rt_client_failure(client);
//     CHECK_EQ(failure->message, "no tea left");
//     CHECK(failure->kind == &out_of_stock);
//
// Of the application the client was made of. It lives until the next request.
const rt_http_error *rt_client_failure(const rt_client *client);

// What a cookie the client holds stands for, or NULL; set one, as localhost would
// for all paths; forget all.
const char *rt_client_cookie(const rt_client *client, const char *name);
void rt_client_set_cookie(rt_client *client, const char *name,
                          const char *value);
void rt_client_clear_cookies(rt_client *client);

// The session the client's cookie stands for, between two requests; and the same
// changed, with the cookie that goes with it.
//
//     rt_client_session_set(client, "user_id", 7);
//
//     rt_value session = rt_client_session(client);
//     CHECK_EQ(rt_value_as_int(rt_dict_get_str(session, RT_STR("n")), 0), 3);
//     rt_client_session_save(client, session);
//
//   memory   the dict lives until the client is freed
//   errors   a programming error: a client of no application, or of one without
//            SECRET_KEY, and a session that cannot be saved
rt_value rt_client_session(rt_client *client);
void rt_client_session_save(rt_client *client, rt_value session);
#define rt_client_session_set(client, name, x) \
    rt_client_session_set_value((client), (name), RT(x))
void rt_client_session_set_value(rt_client *client, const char *name,
                                 rt_value value);

RT_C_END
