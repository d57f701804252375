// Tagged JSON: values that JSON has no word for, as objects with one key.
//
//     (1, 2)            {" t":[1,2]}            a tuple
//     b"\0"             {" b":"AA=="}           bytes
//     Markup("<b>")     {" m":"<b>"}            a safe string
//     UUID(...)         {" u":"12345678..."}    32 digits, no dashes
//     datetime(...)     {" d":"Thu, 29 Feb 2024 12:30:45 GMT"}
//     {" t": 1}         {" di":{" t__":1}}      what only looks like one of these
//
// Sessions are written this way, so that what was put into one comes out as it
// was. Dates lose what is below a second.
//
// Source: Flask (flask.json.tag), whose bytes these are.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/error.h>
#include <retort/base/json.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/value.h>

RT_C_BEGIN

// Write a value.
//
//   style    NULL means all zero; Flask's sessions are compact and sorted
//   errors   as rt_json_dump; `*out` is untouched
rt_status rt_tagged_json_dump(rt_arena *arena, rt_value value,
                              const rt_json_style *style, rt_str *out,
                              rt_error *err);

// Read a text.
//
//   memory   `*out` lies in `arena` and views nothing of `text`
//   errors   as rt_json_parse; RT_E_SYNTAX also for a tag with what it cannot
//            stand for. `*out` is untouched
rt_status rt_tagged_json_parse(rt_arena *arena, rt_str text,
                               const rt_json_limits *limits, rt_value *out,
                               rt_error *err);

RT_C_END
