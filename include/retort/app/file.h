// Files: sent from disk or memory, whole or in parts, with the headers that let
// clients keep them.
//
//     return rt_send_file(req, "reports/may.pdf", .as_attachment = true);
//     return rt_send_from_directory(req, "uploads", name);
//     return rt_send_bytes(req, csv, .download_name = "table.csv");
//
// The type is guessed from the name. ETag, Last-Modified and Cache-Control are
// set, and conditions and ranges of the request answered. On a socket the bytes
// go from the file to the network without passing through the program.
//
// Relative paths are below the root path of the application.
//
// Follows flask.send_file and flask.send_from_directory.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/app/app.h>
#include <retort/base/attributes.h>
#include <retort/http/cache_control.h>

RT_C_BEGIN

// Options of the functions below; zero is the default.
typedef struct rt_file_options {
    const char *type;          // media type; NULL: by the name
    bool as_attachment;        // browsers save it instead of showing it
    const char *download_name; // NULL: the last part of the path
    rt_seconds max_age;        // not set: SEND_FILE_MAX_AGE_DEFAULT of the
                               // configuration, else caches must ask each time
    const char *etag; // NULL: of the time, size and path; of memory none
    bool no_etag;
    int64_t last_modified_us; // 0: of the file; of memory none
    rt_switch conditional;    // RT_OFF: conditions and ranges are not looked at

    // Send `name.br` or `name.gz` where it lies beside the file and the client
    // accepts it; whoever built the files made them.
    bool precompressed;
    rt_site site; // set by the macro
    int unused;   // ends the list a macro makes
} rt_file_options;

#define RT__FILE_OPTIONS(...)                                \
    &(rt_file_options)                                       \
    {                                                        \
        .site = RT_HERE, RT__TAIL3(__VA_ARGS__, .unused = 0) \
    }

// Send a file whose path the program knows. Never give it a path from a client:
// rt_send_from_directory is for that.
//
//   errors   a file that cannot be opened is 500, the log says why
#define rt_send_file(...)                                                 \
    rt_file_send(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                 RT__FILE_OPTIONS(__VA_ARGS__))
rt_response *rt_file_send(rt_request *req, const char *path,
                          const rt_file_options *options);

// Send bytes. Without `.type` they need a `.download_name` to guess it from.
//
//   memory   viewed; they must live as long as the request
#define rt_send_bytes(...)                                \
    rt_file_send_bytes(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                       RT_ARG2(__VA_ARGS__), RT__FILE_OPTIONS(__VA_ARGS__))
rt_response *rt_file_send_bytes(rt_request *req, rt_str bytes,
                                const rt_file_options *options);

// Send a file below `folder` by a name from a client. What does not exist, is no
// file, or would lie outside is 404. Symbolic links are followed as long as they
// stay inside the folder.
#define rt_send_from_directory(...)                                            \
    rt_file_send_from(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                      rt_str_from(RT_ARG3(__VA_ARGS__)),                       \
                      &(rt_file_options){.site = RT_HERE,                      \
                                         RT__TAIL4(__VA_ARGS__, .unused = 0)})
rt_response *rt_file_send_from(rt_request *req, const char *folder, rt_str name,
                               const rt_file_options *options);

// Serve a folder below a path: rt_static(app, "/assets", "build/assets"). The
// endpoint is the last part of the path, and URLs are built as
// rt_url_for(req, "assets", "filename", "site.css"). The folder "static" is
// served by itself where it exists; rt_app_new's `.static_folder` names another
// one, "" none.
#define rt_static(app, prefix, ...)                    \
    rt_scope_add_static(                               \
        RT_SCOPE(app), (prefix), RT_ARG1(__VA_ARGS__), \
        &(rt_file_options){RT__TAIL2(__VA_ARGS__, .unused = 0)}, RT_HERE)
void rt_scope_add_static(rt_scope *scope, const char *prefix,
                         const char *folder, const rt_file_options *options,
                         rt_site site);

// The URL of a file in a static folder, with a fingerprint that changes with the
// file: "/static/site.css?v=Zk3hT0aLwQ". Answers to it may be kept for a year, as
// another version has another URL. A file that is not there gets none.
//
//     rt_static_url(req, "static", "site.css")
const char *rt_static_url(rt_request *req, const char *endpoint,
                          const char *filename);

RT_C_END
