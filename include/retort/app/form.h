// Forms as a view sees them: fields, files, and their limits.
//
//     const char *title = rt_form(req, "title");          // 400 when missing
//     const char *tag = rt_form_get(req, "tag", "none");
//     const rt_upload *doc = rt_file(req, "doc");
//     rt_file_save(doc, path);
//
// The body is read when the form is first asked for. It is a form by its content
// type, whatever the method; any other body is left alone, and its form is empty.
// A body that rt_body has read before is parsed from there; after the form was
// read, rt_body has nothing left.
//
// Follows flask.Request: form, files, values.
#pragma once

#include <retort/app/request.h>
#include <retort/base/attributes.h>
#include <retort/base/value.h>
#include <retort/http/form.h>
#include <retort/http/path.h>
#include <retort/http/query.h>

RT_C_BEGIN

// ---- fields -----------------------------------------------------------------

// A field of the form.
const char *rt_form(rt_request *req, const char *name);
const char *rt_form_get(rt_request *req, const char *name,
                        const char *otherwise);

// The same as a number; `otherwise` also where the text is none.
int64_t rt_form_int(rt_request *req, const char *name, int64_t otherwise);
double rt_form_float(rt_request *req, const char *name, double otherwise);

// The same as a switch, as rt_query_bool reads it. A checkbox sends "on", or
// nothing.
bool rt_form_bool(rt_request *req, const char *name, bool otherwise);

// All values of a field, as a list; and all fields as a dict of lists.
rt_value rt_form_all(rt_request *req, const char *name);
rt_value rt_form_dict(rt_request *req);

// All fields in order, to step through.
const rt_params *rt_form_params(rt_request *req);

// The fields of the query, and behind them those of the form; of a GET the
// query's alone.
const rt_params *rt_values(rt_request *req);

// True when the body was to be a form, but is damaged: cut, without a boundary,
// not UTF-8. Its form is empty, as in Flask; a view may rather answer 400.
bool rt_form_is_damaged(rt_request *req);

// ---- files ------------------------------------------------------------------

// A file of the form: 400 when there is none, NULL. A browser sends a file
// without name or contents for a field in which nothing was chosen.
const rt_upload *rt_file(rt_request *req, const char *name);
const rt_upload *rt_file_get(rt_request *req, const char *name);

// All files in order:
//
//     rt_vec_each(const rt_upload, file, rt_files(req)) use(file);
const rt_uploads *rt_files(rt_request *req);

// ---- limits -------------------------------------------------------------------

// Set for this request, before its form is read, how many bytes its fields may
// have together and how many parts it may consist of. Otherwise the keys
// MAX_FORM_MEMORY_SIZE and MAX_FORM_PARTS count, and in every case the limit of
// the body (rt_set_max_body). RT_FORM_UNLIMITED is none. What exceeds a limit
// is 413.
void rt_set_max_form_memory(rt_request *req, uint64_t bytes);
void rt_set_max_form_parts(rt_request *req, uint64_t parts);

RT_C_END
