// Forms: the fields and files in the body of a request.
//
//     rt_form_data form;
//     rt_status st = rt_form_read(&form, arena, content_type, &source, NULL);
//     rt_str title = rt_params_get(&form.fields, RT_STR("title"));
//     const rt_upload *doc = rt_form_file(&form, RT_STR("doc"));
//
// The body is pulled piece by piece. A file is kept in memory while it is small
// and else lies in a temporary file without a name, which is closed with the
// arena; all files of a form share one. So memory is bounded whatever is sent.
//
// Follows werkzeug.formparser, with two differences: the memory limit counts
// the bytes of all fields together, and nothing else; and bodies without a
// Content-Length are held to it too.
//
// Source: RFC 7578; the URL standard of the WHATWG.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/vec.h>
#include <retort/http/headers.h>
#include <retort/http/multipart.h>
#include <retort/http/query.h>

RT_C_BEGIN

// What a client may size.
#define RT_FORM_MEMORY       500000u // bytes of all fields
#define RT_FORM_PARTS        RT_MULTIPART_PARTS
// A file of more bytes is put into the temporary file, and so is each further
// file once those in memory have so many together.
#define RT_FORM_FILE_MEMORY  512000u
#define RT_FORM_FILES_MEMORY 2048000u

// A limit that lets nothing through, since zero is the default; and none.
#define RT_FORM_NOTHING   (UINT64_MAX - 1)
#define RT_FORM_UNLIMITED UINT64_MAX

// Options of rt_form_read. Zero means the default.
typedef struct rt_form_options {
    uint64_t max_memory;
    uint64_t max_parts;
    const char *temporary_dir; // NULL: TMPDIR, else /tmp
} rt_form_options;

// Where a body comes from.
typedef struct rt_form_source {
    // Read the next piece, valid until the next call; an empty one is the end.
    rt_status (*read)(void *arg, rt_str *piece);
    void *arg;
    int64_t content_length; // -1: not known
} rt_form_source;

// A file that was sent. The functions at the end read it, wherever it lies.
typedef struct rt_upload {
    rt_str field;        // name of the form field; data is NULL without one
    rt_str filename;     // as the client named it: rt_secure_filename makes a
                         // name of it that may be used; empty: none was chosen
    rt_str content_type; // as the client says; data is NULL where it says none
    rt_headers headers;  // of the part
    uint64_t size;       // in bytes
    rt_str data;         // the contents; data is NULL when they lie in `fd`
    int fd;              // -1: in memory
    int64_t offset;      // where in `fd` the contents begin
} rt_upload;

typedef RT_VEC(rt_upload) rt_uploads;

// What a form consists of.
typedef struct rt_form_data {
    rt_params fields;
    rt_uploads files;
    // The body is not what its type says: incomplete, without a boundary, not
    // UTF-8. Then there are neither fields nor files. Werkzeug ignores it; a
    // strict server answers 400.
    bool damaged;
} rt_form_data;

// True when a body of that content type is a form.
bool rt_form_is_type(rt_arena *arena, rt_str content_type);

// Read a form. For types that are none it is empty and nothing is read.
//
//   memory   texts lie in `arena`, NUL-terminated; a temporary file is closed
//            when the arena is reset
//   limits   of `options`, which may be NULL; RT_PARAMS_MAX fields of an
//            urlencoded form
//   errors   RT_E_LIMIT    beyond a limit: the answer is 413
//            those of source->read, and of the system when the temporary file
//            cannot be written
rt_status rt_form_read(rt_form_data *form, rt_arena *arena, rt_str content_type,
                       const rt_form_source *source,
                       const rt_form_options *options);

// The first file of that field, or NULL.
const rt_upload *rt_form_file(const rt_form_data *form, rt_str field);

// ---- reading files ----------------------------------------------------------

// All of a file.
//
//   memory   file->data, or a copy in `arena`
rt_status rt_file_read(const rt_upload *file, rt_arena *arena, rt_str *out);

// Up to `len` bytes from `offset`; `*got` is less only at the end of the file.
rt_status rt_file_read_at(const rt_upload *file, uint64_t offset, void *buffer,
                          size_t len, size_t *got);

// Write all of a file to a descriptor, from its present position.
rt_status rt_file_copy(const rt_upload *file, int fd);

// Write all of a file to a path, which is made or overwritten.
//
//   errors   RT_E_NOT_FOUND   there is no such folder; as of the system. What
//                             was written before an error stays
rt_status rt_file_save(const rt_upload *file, const char *path);

RT_C_END
