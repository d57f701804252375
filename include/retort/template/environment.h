// Environments: how templates are written, loaded and run.
//
// An environment is made once, gets its filters, tests and globals, and is
// immutable from the first template on. It belongs to one thread.
//
//     rt_template_env *env = rt_template_env_new(
//         .loader = rt_template_folder(arena, "templates"),
//         .autoescape = RT_AUTOESCAPE_BY_NAME);
//
// Follows jinja2.Environment.
#pragma once

#include <retort/base/attributes.h>
#include <retort/base/pairs.h>
#include <retort/base/value.h>
#include <retort/template/error.h>
#include <retort/template/loader.h>
#include <retort/template/syntax.h>

RT_C_BEGIN

typedef struct rt_template_env rt_template_env;

// How undefined values behave (jinja2.Undefined and its kinds).
typedef enum rt_undefined_mode {
    RT_UNDEFINED_DEFAULT,   // prints as nothing, fails in operations
    RT_UNDEFINED_STRICT,    // fails when it is looked at
    RT_UNDEFINED_CHAINABLE, // its attributes are undefined, too
    RT_UNDEFINED_DEBUG,     // prints what is missing
} rt_undefined_mode;

// What a template by an untrusted author may do (jinja2.sandbox).
typedef enum rt_sandbox_mode {
    RT_SANDBOX_OFF,
    RT_SANDBOX_ON,
    RT_SANDBOX_IMMUTABLE, // forbids methods that change lists and dicts, too
} rt_sandbox_mode;

// Whether what is printed is escaped for HTML.
typedef enum rt_autoescape_mode {
    RT_AUTOESCAPE_OFF,
    RT_AUTOESCAPE_ON,
    RT_AUTOESCAPE_BY_NAME, // by suffix, see rt_template_suffixes
} rt_autoescape_mode;

// Which names are escaped (jinja2.select_autoescape). NULL lists are the
// defaults; a list ends with NULL; suffixes are given without their dot and
// compared without case.
typedef struct rt_template_suffixes {
    const char *const *enabled;  // html, htm, xml, xhtml, svg
    const char *const *disabled; // none
    bool otherwise;              // names with no known suffix
    bool plain_strings;          // templates without name are not escaped
} rt_template_suffixes;

// What filters look at; zero is Jinja's default.
typedef struct rt_template_policies {
    const int64_t *truncate_leeway; // NULL: 5
    rt_str urlize_rel;              // data NULL: "noopener"; empty: none
    rt_str urlize_target;           // data NULL: none
    rt_value urlize_extra_schemes;  // a list of texts; zero: none
    bool json_keep_order;           // tojson does not sort keys
    bool json_unicode;              // tojson writes characters as they are
    rt_str json_item_separator;     // data NULL: ", "
    rt_str json_key_separator;      // data NULL: ": "
    bool i18n_trimmed;              // trans blocks are trimmed by default
} rt_template_policies;

// What one render may use; zero means no limit but those in brackets.
typedef struct rt_template_limits {
    size_t output_bytes;
    uint64_t steps;      // turns, calls, elements, 64 bytes each of texts
    int depth;           // of macros, includes and recursive loops [200]
    size_t memory_bytes; // of the render's arena
    size_t range_items;  // in the sandbox [100,000]
} rt_template_limits;

#define RT_TEMPLATE_DEPTH       200
#define RT_TEMPLATE_RANGE_ITEMS 100000
#define RT_TEMPLATE_CACHE_SIZE  400

// Translations for `trans` blocks and the functions gettext, ngettext, pgettext
// and npgettext. The data of `context` and `plural` is NULL where there is none;
// `n` chooses the form, and is 2 for what is no whole number. Returns the message itself when there is no translation.
typedef struct rt_template_translator {
    rt_str (*translate)(void *arg, rt_arena *arena, rt_str context,
                        rt_str message, rt_str plural, int64_t n);
    void *arg;
    bool newstyle; // placeholders are filled in by the functions
} rt_template_translator;

// Options of an environment; zero is the default.
typedef struct rt_template_options {
    rt_template_syntax syntax;
    rt_template_loader loader; // none: only templates from strings
    rt_autoescape_mode autoescape;
    rt_template_suffixes suffixes;
    rt_undefined_mode undefined;
    rt_sandbox_mode sandbox;
    rt_template_policies policies;
    rt_template_limits limits;
    rt_template_translator translator;
    // Applied to each value before it is printed.
    rt_status (*finalize)(void *arg, rt_arena *arena, rt_value value,
                          rt_value *out);
    void *finalize_arg;
    size_t cache_size; // templates kept; 0: 400
    bool no_reload;    // do not look whether a source has changed
    int reload_ms;     // look at most so often at each; 0: whenever it is got
} rt_template_options;

#define rt_template_env_new(...) \
    rt_template_env_create(&(rt_template_options){__VA_ARGS__})
rt_template_env *rt_template_env_create(const rt_template_options *options);

// Free an environment; NULL is none. Give its templates back first. One that is
// held all the same keeps the environment until it is given back, and so does
// the arena of a render until it is reset; what the options point to (the loader,
// arguments of functions) must last as long.
void rt_template_env_free(rt_template_env *env);

// Change when to look whether a source has changed, in an environment that is
// in use, too: whenever a template is got (0), after so many milliseconds, or
// never (negative). A server looks seldom, for looking costs more than a small
// page; whoever writes templates wants to see them at once.
void rt_template_env_set_reload(rt_template_env *env, int ms);

// ---- functions of the host ---------------------------------------------------

// A call from a template to a function of the host.
typedef struct rt_template_call {
    rt_arena *arena;      // of the render
    const rt_value *args; // positional; args[0] is what a filter is applied to
    size_t args_len;
    const rt_pair *named; // keyword arguments
    size_t named_len;
    bool autoescape; // the mode where the call stands
    void *arg;       // of the registration
    void *data;      // of the render
    struct rt_render *render;
} rt_template_call;

// Called with its arguments; may wait or abort where its caller may. To fail,
// return what rt_template_fail returns.
typedef rt_status rt_template_fn(rt_template_call *call, rt_value *out);

// Same arguments, same result: the compiler may call it for constants.
#define RT_TEMPLATE_PURE 1u

// A keyword argument, or `otherwise`; a positional one the same way.
rt_value rt_template_named(const rt_template_call *call, const char *name,
                           rt_value otherwise);
rt_value rt_template_arg(const rt_template_call *call, size_t index,
                         rt_value otherwise);

// What a name means where the call stands: variables, then globals.
rt_value rt_template_lookup(const rt_template_call *call, const char *name);

// Fail with an error of a kind: rt_template_fail(call, RT_TEMPLATE_VALUE_ERROR,
// "{} is no colour", name).
#define rt_template_fail(...)                                           \
    rt_template_fail_values(RT_ARG1(__VA_ARGS__), RT_ARG2(__VA_ARGS__), \
                            "" RT_ARG3(__VA_ARGS__),                    \
                            RT_VALUES_FROM4(__VA_ARGS__))
rt_status rt_template_fail_values(rt_template_call *call,
                                  rt_template_error_kind kind,
                                  const char *format, const rt_value *values,
                                  size_t n);

// Register filters, tests (whose result is taken for its truth) and globals.
// The name is copied. A global may also be any value, which is frozen.
void rt_template_env_filter(rt_template_env *env, const char *name,
                            rt_template_fn *fn, void *arg, unsigned flags);
void rt_template_env_test(rt_template_env *env, const char *name,
                          rt_template_fn *fn, void *arg, unsigned flags);
void rt_template_env_function(rt_template_env *env, const char *name,
                              rt_template_fn *fn, void *arg, unsigned flags);
void rt_template_env_global(rt_template_env *env, const char *name,
                            rt_value value);

RT_C_END
