// Converters: how a variable of a rule reads its piece of the path.
//
// Built in are
//
//     <x>                      text without a slash; <string:x> is the same
//     <string(minlength=2,maxlength=4):x>   or length=3, in code points
//     <int:x> <int(fixed_digits=4,min=5,max=10,signed=true):x>
//     <float:x> <float(min=0.5,max=2.5,signed=true):x>
//     <path:x>                 text with slashes; does not begin with one
//     <any(red, "light blue"):x>            one of the words
//     <uuid:x>                 a UUID; its value is text in lower case
//
// An application adds its own by name, and may replace a built-in one; the name
// `default` is what a variable without converter uses.
//
// Source: Werkzeug's routing, whose order and whose answers these are.
#pragma once

#include <stdbool.h>

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/buf.h>
#include <retort/base/error.h>
#include <retort/base/status.h>
#include <retort/base/str.h>
#include <retort/base/value.h>

RT_C_BEGIN

// A converter of the application's. `name` is required; what is NULL or zero
// does what a string does.
typedef struct rt_url_converter {
    const char *name; // a letter or _, then letters, digits and _
    int weight; // lower is tried first; 0: 100. int 50, string 100, path 200
    bool crosses_slash; // its text may contain slashes
    rt_kind kind; // of the values, to check views at start; undefined: any
    void *arg;    // given to `setup`; without `setup`, to the others

    // Read the arguments a rule gives: `args` is a list, `named` a dict. They
    // are integers, floats, true, false, none and strings. What is put into
    // `*self` goes to the functions below. NULL: the converter takes no
    // arguments.
    //
    //   memory   `arena` lives as long as the map
    //   errors   any status; `err->message` says what is wrong
    rt_status (*setup)(void *arg, rt_arena *arena, rt_value args,
                       rt_value named, void **self, rt_error *err);

    // True when text, never empty, has the right form. Otherwise other rules
    // are tried.
    bool (*match)(void *self, rt_str text);

    // Make the value of text that `match` let through. A failing status ends
    // the search: no rule has that path.
    rt_status (*parse)(void *self, rt_arena *arena, rt_str text, rt_value *out);

    // Write the text `parse` would read; it is percent-encoded afterwards. A
    // failing status means that the value does not fit.
    rt_status (*format)(void *self, rt_value value, rt_buf *out);
} rt_url_converter;

RT_C_END
